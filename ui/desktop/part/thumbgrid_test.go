package part_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

// pictures is a grid of n pictures, five beside each other, in a window.
func pictures(t testing.TB, n int) (*part.ThumbnailGrid, fyne.Window) {
	start(t)
	l := part.NewLoader(paint, 1, 1<<24, func(func()) {})
	t.Cleanup(l.Close)
	g := part.NewThumbnailGrid(l, 180, func() int { return n }, thumb)
	w := open(t, g, 930, 600)
	w.Canvas().Focus(g.Focusable())
	return g, w
}

// at is the middle of the picture in a row and a column.
func at(row, column int) fyne.Position {
	return fyne.NewPos(float32(column)*184+90, float32(row)*165+70)
}

func TestPicturesAreSelectedByPointer(t *testing.T) {
	g, w := pictures(t, 100)
	changes := 0
	g.OnChanged = func() { changes++ }
	test.TapCanvas(w.Canvas(), at(0, 1))
	test.TapCanvas(w.Canvas(), at(1, 2))
	if got := g.Selected(); !same(got, []int{7}) || changes != 2 {
		t.Errorf("selected %v after %d changes", got, changes)
	}
	if w.Canvas().Focused() != g.Focusable() {
		t.Error("the keys do not act where the pointer was")
	}
}

func TestPicturesAreSelectedWithHeldKeys(t *testing.T) {
	g, _ := pictures(t, 100)
	press := func(where fyne.Position, with fyne.KeyModifier) {
		for _, cell := range cells(g) {
			if p := fyne.CurrentApp().Driver().AbsolutePositionForObject(cell.(fyne.CanvasObject)); where.X >= p.X &&
				where.X < p.X+180 && where.Y >= p.Y && where.Y < p.Y+150 {
				cell.MouseDown(&desktop.MouseEvent{Modifier: with, Button: desktop.MouseButtonPrimary})
				cell.(fyne.Tappable).Tapped(&fyne.PointEvent{})
				return
			}
		}
		t.Fatalf("no picture at %v", where)
	}
	press(at(0, 1), 0)
	press(at(0, 3), fyne.KeyModifierControl)
	if !same(g.Selected(), []int{1, 3}) {
		t.Errorf("Ctrl selects %v", g.Selected())
	}
	press(at(0, 1), fyne.KeyModifierControl)
	if !same(g.Selected(), []int{3}) {
		t.Errorf("Ctrl again leaves %v", g.Selected())
	}
	press(at(0, 2), 0)
	press(at(1, 0), fyne.KeyModifierShift)
	if !same(g.Selected(), []int{2, 3, 4, 5}) {
		t.Errorf("Shift selects %v", g.Selected())
	}
	press(at(0, 0), fyne.KeyModifierShift)
	if !same(g.Selected(), []int{0, 1, 2}) {
		t.Errorf("Shift the other way selects %v", g.Selected())
	}
}

func TestPicturesAreSelectedByKeys(t *testing.T) {
	g, w := pictures(t, 12)
	typed, opened := "", -1
	g.OnTyped = func(r rune) { typed += string(r) }
	g.OnOpened = func(i int) { opened = i }
	key(w, fyne.KeyRight)
	key(w, fyne.KeyDown)
	key(w, fyne.KeyDown) // there is no picture below: the last one
	if !same(g.Selected(), []int{11}) {
		t.Errorf("arrows select %v", g.Selected())
	}
	key(w, fyne.KeyHome)
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	g.Focusable().(desktop.Keyable).KeyDown(shift)
	key(w, fyne.KeyRight)
	key(w, fyne.KeyRight)
	g.Focusable().(desktop.Keyable).KeyUp(shift)
	if !same(g.Selected(), []int{0, 1, 2}) {
		t.Errorf("Shift and arrows select %v", g.Selected())
	}
	key(w, fyne.KeySpace)
	if !same(g.Selected(), []int{0, 1}) {
		t.Errorf("Space leaves %v", g.Selected())
	}
	g.Focusable().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	if len(g.Selected()) != 12 {
		t.Errorf("Ctrl+A selects %v", g.Selected())
	}
	key(w, fyne.KeyReturn)
	g.Focusable().TypedRune('3')
	g.Focusable().TypedRune(' ')
	if opened != 2 || typed != "3" {
		t.Errorf("opened %d, typed %q", opened, typed)
	}
	var passed []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { passed = append(passed, e.Name) })
	key(w, fyne.KeyEscape)
	if len(g.Selected()) != 0 || len(passed) != 0 {
		t.Errorf("Escape leaves %v, passes %v", g.Selected(), passed)
	}
	key(w, fyne.KeyEscape) // nothing is selected any more: this one is for the window
	key(w, fyne.KeyF1)
	if len(passed) != 2 {
		t.Errorf("the window got %v", passed)
	}
}

func TestSelectionEndsWithItsPictures(t *testing.T) {
	g, _ := pictures(t, 12)
	g.Select(3, 11, 50, -1)
	if !same(g.Selected(), []int{3, 11}) {
		t.Errorf("selected %v", g.Selected())
	}
	g.Length = func() int { return 5 }
	g.Refresh()
	if !same(g.Selected(), []int{3}) {
		t.Errorf("selected %v of five", g.Selected())
	}
	g.Length = func() int { return 0 }
	g.Refresh()
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeyUp, fyne.KeyEnd, fyne.KeySpace, fyne.KeyReturn} {
		g.Focusable().TypedKey(&fyne.KeyEvent{Name: name}) // an empty grid takes keys without harm
	}
	if len(g.Selected()) != 0 {
		t.Errorf("selected %v of none", g.Selected())
	}
}

func TestKeysShowWhereTheyAct(t *testing.T) {
	g, w := pictures(t, 12)
	g.Select()
	here := w.Canvas().Capture()
	w.Canvas().Unfocus()
	if equal(here, w.Canvas().Capture()) {
		t.Error("the focus does not show")
	}
}

// cells finds the cells of a grid that can be pressed.
func cells(g *part.ThumbnailGrid) []desktop.Mouseable {
	var found []desktop.Mouseable
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if cell, ok := o.(desktop.Mouseable); ok {
			if _, tappable := o.(fyne.Tappable); tappable {
				found = append(found, cell)
				return
			}
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				look(child)
			}
		}
	}
	look(g)
	return found
}

func TestPictureThatComesLaterIsShown(t *testing.T) {
	start(t)
	d := &desk{}
	l := part.NewLoader(paint, 1, 1<<24, d.do)
	defer l.Close()
	g := part.NewThumbnailGrid(l, 180, func() int { return 1 }, thumb)
	w := open(t, g, 300, 200)
	before := w.Canvas().Capture()
	for d.frame() == 0 {
	}
	if equal(before, w.Canvas().Capture()) {
		t.Error("the picture came and does not show")
	}
}

func TestSmallScreenHasTwoRowsAndTwoColumnsOfPictures(t *testing.T) {
	g, w := pictures(t, 100)
	for _, c := range []struct {
		room        fyne.Size
		least, most float32
	}{{fyne.NewSize(930, 600), 180, 180}, {fyne.NewSize(330, 600), 150, 165}, {fyne.NewSize(600, 240), part.LeastThumb, 130},
		{fyne.NewSize(300, 100), part.LeastThumb, part.LeastThumb}, {fyne.NewSize(930, 600), 180, 180}} {
		w.Resize(c.room)
		columns, rows := map[float32]bool{}, map[float32]bool{}
		for _, cell := range cells(g) {
			o := cell.(fyne.CanvasObject)
			if edge := o.Size().Width; edge < c.least || edge > c.most {
				t.Errorf("in %v a picture is %v wide", c.room, edge)
			}
			p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
			if p.X+o.Size().Width <= c.room.Width {
				columns[p.X] = true
			}
			if p.Y+o.Size().Height <= c.room.Height {
				rows[p.Y] = true
			}
		}
		if c.room.Height > 200 && (len(columns) < 2 || len(rows) < 2) {
			t.Errorf("in %v there are %d columns and %d rows", c.room, len(columns), len(rows))
		}
	}
}

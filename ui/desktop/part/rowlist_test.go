package part_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

func TestRowListIsWorkedByKeys(t *testing.T) {
	start(t)
	list := board(1000)
	w := open(t, list, 800, 400)
	var selected, opened []int
	list.OnSelected = func(i int) { selected = append(selected, i) }
	list.OnOpened = func(i int) { opened = append(opened, i) }
	w.Canvas().Focus(list.Focusable())
	key(w, fyne.KeyReturn) // nothing is selected yet
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyEnd, fyne.KeyDown, fyne.KeyReturn, fyne.KeyHome} {
		key(w, name)
	}
	if want := []int{0, 1, 0, 999, 0}; !same(selected, want) {
		t.Errorf("selected %v, want %v", selected, want)
	}
	if !same(opened, []int{999}) {
		t.Errorf("opened %v", opened)
	}
	key(w, fyne.KeyPageDown)
	if page := list.Selected(); page < 5 || page > 12 {
		t.Errorf("a page is %d rows", page)
	}
}

func TestRowListSelectsByPointerAndTellsOnce(t *testing.T) {
	start(t)
	list := board(50)
	w := open(t, list, 800, 400)
	calls := 0
	list.OnSelected = func(int) { calls++ }
	test.TapCanvas(w.Canvas(), fyne.NewPos(100, 60))
	test.TapCanvas(w.Canvas(), fyne.NewPos(100, 60))
	if list.Selected() != 0 || calls != 1 {
		t.Errorf("row %d after %d calls", list.Selected(), calls)
	}
	list.Select(-1)
	list.Select(50)
	if list.Selected() != 0 {
		t.Error("a row that is not there was selected")
	}
}

func TestSelectionEndsWithItsRow(t *testing.T) {
	start(t)
	n := 10
	list := board(0)
	list.Length = func() int { return n }
	open(t, list, 800, 400)
	list.Select(9)
	n = 5
	list.Refresh()
	if list.Selected() != -1 {
		t.Errorf("row %d of 5 is selected", list.Selected())
	}
	n = 0
	list.Refresh()
	list.Focusable().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) // an empty list takes keys without harm
}

func TestFocusedSelectionShowsWithoutColours(t *testing.T) {
	start(t)
	list := board(50)
	w := open(t, list, 800, 400)
	list.Select(3)
	blurred := w.Canvas().Capture()
	w.Canvas().Focus(list.Focusable())
	if equal(blurred, w.Canvas().Capture()) {
		t.Error("the focus does not show")
	}
}

func TestRowListHoldsOnlyWhatCanBeSeen(t *testing.T) {
	start(t)
	filled := map[int]bool{}
	list := board(10_000)
	fill := list.Row
	list.Row = func(i int, cells []part.Cell) { filled[i] = true; fill(i, cells) }
	open(t, list, 800, 400)
	if len(filled) > 20 {
		t.Errorf("%d rows were filled for a window of ten", len(filled))
	}
}

func same(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// BenchmarkRowListScroll turns the wheel over 10,000 rows, three rows at a time, without painting.
func BenchmarkRowListScroll(b *testing.B) {
	start(b)
	list := board(10_000)
	w := open(b, list, 1100, 800)
	down := float32(-120)
	i := 0
	for b.Loop() {
		if i++; i%3000 == 0 {
			down = -down
		}
		test.Scroll(w.Canvas(), fyne.NewPos(100, 300), 0, down)
	}
}

// BenchmarkRowListKey presses Down in 10,000 rows.
func BenchmarkRowListKey(b *testing.B) {
	start(b)
	list := board(10_000)
	open(b, list, 1100, 800)
	i := 0
	for b.Loop() {
		list.Focusable().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		if i++; i%9000 == 0 {
			list.Select(0)
		}
	}
}

func TestTheFirstRowSelectedWhileTheListIsHiddenIsInSightWhenItShows(t *testing.T) {
	start(t)
	list := board(50)
	w := open(t, container.NewStack(list), 800, 0)
	list.Hide()
	list.Select(0)
	list.Show()
	w.Resize(fyne.NewSize(800, 400))
	if offset := list.Focusable().(interface{ GetScrollOffset() float32 }).GetScrollOffset(); offset != 0 {
		t.Errorf("the list has scrolled %v past it", offset)
	}
}

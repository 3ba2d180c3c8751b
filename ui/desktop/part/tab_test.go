package part_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

func TestTabShowsThatItIsSelectedAndIsPressedByKey(t *testing.T) {
	start(t)
	pressed := 0
	tab := part.NewTab("People", func() { pressed++ })
	w := open(t, container.NewHBox(tab), 200, 60)
	before := w.Canvas().Capture()
	tab.SetSelected(true)
	if !tab.Selected() || equal(before, w.Canvas().Capture()) {
		t.Error("the selected tab looks like the others")
	}
	test.Tap(tab)
	w.Canvas().Focus(tab)
	key(w, fyne.KeySpace)
	if pressed != 2 {
		t.Errorf("pressed %d times", pressed)
	}
}

func TestSideTabsAreWalkedWithUpAndDown(t *testing.T) {
	start(t)
	moved := 0
	tab := part.NewSideTab("Forms", nil)
	tab.OnMoved = func(by int) { moved += 10 * by }
	w := open(t, container.NewVBox(tab), 200, 60)
	before := w.Canvas().Capture()
	tab.SetSelected(true)
	if equal(before, w.Canvas().Capture()) {
		t.Error("the selected tab looks like the others")
	}
	w.Canvas().Focus(tab)
	key(w, fyne.KeyDown)
	key(w, fyne.KeyDown)
	key(w, fyne.KeyUp)
	if moved != 10 {
		t.Errorf("moved by %d", moved)
	}
}

func TestKeysOfTheScreenWorkWhereverTheFocusIs(t *testing.T) {
	start(t)
	list := part.NewRowList([]part.Column{{Title: "Name"}}, func() int { return 1 }, func(_ int, cells []part.Cell) { cells[0].Text = "Ola" })
	button, tab, line, entry := part.NewButton("Save", nil), part.NewTab("People", nil), part.NewTwoStateLine(nil), part.NewEntry("")
	choose, check := part.NewSelect([]string{"Web"}, nil), part.NewCheck("Only these", nil)
	w := open(t, container.NewBorder(container.NewVBox(button, tab, entry, choose, check), line, nil, nil, list), 300, 300)
	var runes, keys int
	w.Canvas().SetOnTypedRune(func(rune) { runes++ })
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { keys++ })
	for _, f := range []fyne.Focusable{button, tab, line, list.Focusable(), choose, check} {
		f.TypedRune('n')
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	}
	entry.TypedRune('n')
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if runes != 6 || keys != 7 || check.Checked || entry.Text != "n" {
		t.Errorf("%d letters and %d keys reach the window; the entry holds %q", runes, keys, entry.Text)
	}
}

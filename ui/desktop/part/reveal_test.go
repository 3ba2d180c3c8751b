package part_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
)

func TestWhatGetsTheFocusIsScrolledIntoSight(t *testing.T) {
	start(t)
	column := container.NewVBox()
	var controls []fyne.Focusable
	for i := range 6 {
		entry, choice := part.NewEntry(""), part.NewSelect([]string{"one"}, nil)
		check, button := part.NewCheck("check", nil), part.NewButton("press", func() {})
		controls = append(controls, entry, choice, check, button)
		column.Add(part.Field(fmt.Sprint("Name ", i), entry, ""))
		column.Add(container.NewVBox(choice, check, button))
	}
	below := part.NewButton("Save", func() {})
	scroll := container.NewVScroll(part.Pane(column))
	w := open(t, container.NewBorder(nil, below, nil, nil, scroll), 300, 200)
	driver := fyne.CurrentApp().Driver()
	sees := func(f fyne.Focusable) {
		t.Helper()
		w.Canvas().Focus(f)
		o := f.(fyne.CanvasObject)
		at := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(scroll).Y
		if at < 0 || at+o.Size().Height > scroll.Size().Height {
			t.Errorf("%T has the focus at %v of %v", f, at, scroll.Size().Height)
		}
	}
	for _, f := range controls {
		sees(f)
	}
	for i := range controls {
		sees(controls[len(controls)-1-i])
	}
	sees(controls[12])
	before := scroll.Offset
	w.Canvas().Focus(below)
	if scroll.Offset != before {
		t.Error("what stands outside has scrolled it")
	}
}

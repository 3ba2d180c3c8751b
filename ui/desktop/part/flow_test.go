package part_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

func TestAFlowTakesAsManyLinesAsTheWidthAsksFor(t *testing.T) {
	start(t)
	sized := func(width, height float32) fyne.CanvasObject {
		return container.New(layout.NewGridWrapLayout(fyne.NewSize(width, height)), widget.NewLabel(""))
	}
	low, high, hidden, last := sized(100, 36), sized(100, 60), sized(100, 36), sized(100, 36)
	hidden.Hide()
	flow := part.Flow(10, low, high, hidden, last)
	for _, c := range []struct {
		width, height float32
		low, last     fyne.Position
	}{
		{400, 60, fyne.NewPos(0, 12), fyne.NewPos(220, 12)}, // one line, in whose middle the low ones stand
		{219, 60 + 8 + 36, fyne.NewPos(0, 12), fyne.NewPos(0, 68)},
		{100, 36 + 8 + 60 + 8 + 36, fyne.NewPos(0, 0), fyne.NewPos(0, 112)},
	} {
		flow.Resize(fyne.NewSize(c.width, 200))
		if least := flow.MinSize(); least != fyne.NewSize(100, c.height) {
			t.Errorf("at %v it wants %v", c.width, least)
		}
		if low.Position() != c.low || last.Position() != c.last {
			t.Errorf("at %v the first stands at %v and the last at %v", c.width, low.Position(), last.Position())
		}
	}
}

package part_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

func TestStepsThatHaveNoRoomAreSaidInWords(t *testing.T) {
	start(t)
	s := part.NewSteps(0)
	s.Set(8, 20, "Step 9 of 20")
	for width, discs := range map[float32]int{1200: 20, 300: 0} {
		s.Resize(fyne.NewSize(width, 56))
		seen, end := 0, float32(0)
		for _, o := range screentest.Visible(s) {
			switch o := o.(type) {
			case *canvas.Rectangle:
				seen++
			case *canvas.Text:
				end = o.Position().X + o.Size().Width
			}
		}
		if seen != discs || end == 0 || end > width {
			t.Errorf("at %v there are %d discs, and the words end at %v", width, seen, end)
		}
	}
}

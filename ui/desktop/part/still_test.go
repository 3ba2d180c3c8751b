package part_test

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

func TestStillKeepsItsWidthHoweverLongItsName(t *testing.T) {
	test.NewTempApp(t)
	for _, name := range []string{"a.jpg", strings.Repeat("Storhaug ", 20)} {
		still := part.NewStill(image.NewRGBA(image.Rect(0, 0, 8, 6)), name, 80)
		if got := still.MinSize().Width; got != 80 {
			t.Errorf("%q is %v wide", name, got)
		}
		for _, o := range test.WidgetRenderer(still).Objects() {
			if text, ok := o.(*canvas.Text); ok && text.MinSize().Width > 80 {
				t.Errorf("%q goes over the edge: %q", name, text.Text)
			}
		}
		if got := fyne.Accessible(still).AccessibilityLabel(); got != name {
			t.Errorf("it is called %q, not %q", got, name)
		}
	}
}

package part_test

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

func TestARoomySelectShowsItsLongestOptionWholeUnlessItWouldBeTooWide(t *testing.T) {
	test.NewTempApp(t)
	choose := part.NewSelect([]string{"Alle", "Må spørjast på nytt før neste sommar"}, nil)
	choose.SetSelected("Må spørjast på nytt før neste sommar")
	for most, whole := range map[float32]bool{400: true, 140: false} {
		roomy := part.Roomy(choose, most)
		size := roomy.MinSize()
		roomy.Resize(size)
		cut := screentest.Cut(roomy, size, func(string) bool { return true })
		if (len(cut) == 0) != whole {
			t.Errorf("in %v units of at most %v, cut is %q", size.Width, most, cut)
		}
	}
	short := part.NewSelect([]string{"Alle"}, nil)
	if a, b := part.Roomy(short, 400).MinSize().Width, part.Framed(short).MinSize().Width; a != b {
		t.Errorf("a short select is %v units wide, framed it is %v", a, b)
	}
}

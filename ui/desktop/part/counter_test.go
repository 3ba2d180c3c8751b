package part_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

func TestACounterThatHoldsIsToldByShapeAndWord(t *testing.T) {
	start(t)
	pressed := 0
	c := part.NewCounter(part.MarkRefused, "only these are shown", func() { pressed++ })
	c.Set("3 said no", false)
	w := open(t, container.NewHBox(c), 200, 60)
	before, size := w.Canvas().Capture(), c.MinSize()
	if c.AccessibilityLabel() != "3 said no" || size.Height < 36 {
		t.Errorf("%q, %v", c.AccessibilityLabel(), size)
	}
	c.Set("3 said no", true)
	if equal(before, w.Canvas().Capture()) || !strings.Contains(c.AccessibilityLabel(), "only these") || !c.Holds() {
		t.Error("that it holds is not told")
	}
	if c.MinSize() != size {
		t.Error("what stands beside it moves when it holds")
	}
	test.Tap(c)
	w.Canvas().Focus(c)
	key(w, fyne.KeySpace)
	key(w, fyne.KeyReturn)
	if pressed != 3 {
		t.Errorf("pressed %d times", pressed)
	}
}

func TestAStripShortensWhatThereIsNoRoomForAndSaysAllOfIt(t *testing.T) {
	start(t)
	const all = "2 no photo: somebody with a very long name in a red jacket · Siv Berg (5A)"
	pressed := 0
	s := part.NewStrip(part.MarkAvoid, "only these are shown", func() { pressed++ })
	s.Set(all, false)
	w := open(t, s, 200, 60)
	if least := s.MinSize(); least.Width > 60 || least.Height < 36 || s.Natural() < 400 {
		t.Errorf("it wants %v, and %v at best", least, s.Natural())
	}
	if s.AccessibilityLabel() != all {
		t.Errorf("it says %q", s.AccessibilityLabel())
	}
	narrow := w.Canvas().Capture()
	s.Set(all, true)
	if equal(narrow, w.Canvas().Capture()) || !strings.HasSuffix(s.AccessibilityLabel(), "only these are shown") {
		t.Error("that it holds is not told")
	}
	w.Canvas().Focus(s)
	key(w, fyne.KeySpace)
	test.Tap(s)
	if pressed != 2 {
		t.Errorf("pressed %d times", pressed)
	}
}

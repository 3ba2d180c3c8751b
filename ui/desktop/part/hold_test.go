package part_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"samtykke/ui/desktop/part"
)

// wait is a clock that a test lets run: it calls what was asked for in turn.
type wait struct {
	passed time.Duration
	next   func()
	after  time.Duration
}

func (w *wait) After(d time.Duration, f func()) func() bool {
	w.next, w.after = f, d
	return func() bool { w.next = nil; return true }
}

func (w *wait) run(d time.Duration) {
	for until := w.passed + d; w.next != nil && w.passed+w.after <= until; {
		f := w.next
		w.next = nil
		w.passed += w.after
		f()
	}
}

func TestHoldButtonWaitsUntilItHasBeenHeldLongEnough(t *testing.T) {
	start(t)
	held, clock := 0, &wait{}
	b := part.NewHoldButton("For the photographer", nil, func() { held++ })
	b.After = clock.After
	w := open(t, b, 300, 60)
	b.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	before := w.Canvas().Capture()
	clock.run(1900 * time.Millisecond)
	if held != 0 {
		t.Error("goes off early")
	}
	if equal(before, w.Canvas().Capture()) {
		t.Error("does not show how long it has been held")
	}
	b.MouseUp(&desktop.MouseEvent{})
	clock.run(time.Minute)
	if held != 0 {
		t.Error("goes off after it was let go")
	}
	b.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	clock.run(2 * time.Second)
	if held != 1 {
		t.Error("does not go off")
	}
}

func TestHoldButtonIsHeldByKeyToo(t *testing.T) {
	start(t)
	held, clock := 0, &wait{}
	b := part.NewHoldButton("For the photographer", nil, func() { held++ })
	b.After = clock.After
	w := open(t, b, 300, 60)
	w.Canvas().Focus(b)
	space := &fyne.KeyEvent{Name: fyne.KeySpace}
	b.TypedKey(space) // a mere press
	clock.run(time.Minute)
	b.KeyDown(space)
	clock.run(time.Second)
	w.Canvas().Unfocus()
	clock.run(time.Minute)
	if held != 0 {
		t.Error("goes off without having been held")
	}
	b.KeyDown(space)
	clock.run(2 * time.Second)
	b.KeyUp(space)
	if held != 1 {
		t.Errorf("went off %d times", held)
	}
}

package part_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

func TestButtonIsPressedByPointerSpaceAndEnter(t *testing.T) {
	start(t)
	pressed := 0
	b := part.NewButton("Hand over", func() { pressed++ })
	w := open(t, b, 200, 60)
	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 20))
	w.Canvas().FocusNext()
	for _, name := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyA} {
		key(w, name)
	}
	if pressed != 4 {
		t.Errorf("pressed %d times, want 4", pressed)
	}
	b.Disable()
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if pressed != 4 {
		t.Error("a button that is off was pressed")
	}
}

func TestEveryButtonShowsFocusPointerAndBeingOff(t *testing.T) {
	start(t)
	for name, make := range map[string]func(string, func()) *part.Button{
		"plain": part.NewButton, "primary": part.NewPrimaryButton, "danger": part.NewDangerButton, "quiet": part.NewQuietButton,
	} {
		b := make("Erase", nil).WithKey("E")
		w := open(t, b, 160, 50)
		rest := w.Canvas().Capture()
		b.FocusGained()
		focused := w.Canvas().Capture()
		b.FocusLost()
		b.MouseIn(&desktop.MouseEvent{})
		hovered := w.Canvas().Capture()
		b.MouseDown(&desktop.MouseEvent{})
		held := w.Canvas().Capture()
		b.MouseOut()
		if !equal(rest, w.Canvas().Capture()) {
			t.Errorf("%s does not come to rest", name)
		}
		b.Disable()
		off := w.Canvas().Capture()
		if equal(rest, focused) || equal(rest, hovered) || equal(hovered, held) || equal(rest, off) {
			t.Errorf("%s does not show its state", name)
		}
	}
}

func TestButtonIsATargetForAFingerInSubjectMode(t *testing.T) {
	start(t)
	b := part.NewButton("X", nil)
	open(t, b, 10, 10)
	if h := b.MinSize().Height; h < 36 {
		t.Errorf("a button is %v high", h)
	}
	container.NewThemeOverride(b, look.Large(look.New(look.Light)))
	if min := b.MinSize(); min.Height < 56 || min.Width < 56 {
		t.Errorf("in subject mode a button is %v", min)
	}
}

func TestButtonGrowsWithItsWord(t *testing.T) {
	start(t)
	b := part.NewButton("Da", nil)
	open(t, b, 10, 10)
	short := b.MinSize().Width
	b.SetText("Jeg samtykker ikke til dette")
	if b.MinSize().Width <= short || b.AccessibilityLabel() != "Jeg samtykker ikke til dette" {
		t.Error("a longer word needs more room and is said")
	}
}

package desktop_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

// beside is the window on the second screen, nil while there is none.
func (d *desk) beside() fyne.Window {
	for _, w := range d.app.Driver().AllWindows() {
		if w != d.window.Fyne() && strings.HasSuffix(w.Title(), "Signing") {
			return w
		}
	}
	return nil
}

// pressBeside presses a button on the second screen.
func (d *desk) pressBeside(word string) {
	d.Helper()
	var found *part.Button
	d.until("to press "+word+" on the second screen", func() bool {
		if d.beside() == nil {
			return false
		}
		d.beside().Resize(fyne.NewSize(1366, 768)) // as the system does with a window that fills a screen
		for _, o := range screentest.Visible(d.beside().Content()) {
			if b, ok := o.(*part.Button); ok && b.Text() == word && !b.Disabled() {
				found = b
			}
		}
		return found != nil
	})
	test.Tap(found)
}

// twoScreens is a desk whose photographer lets people sign on the second screen.
func twoScreens(t *testing.T) *desk {
	d := seated(t)
	d.second = true
	if _, err := d.session().Register(t.Context(), capture.Registration{Shoot: d.session().Shoots()[0].ID, Name: "Kari Nordmann", Born: "1980"}); err != nil {
		t.Fatal(err)
	}
	d.app.Preferences().SetBool("aside", true)
	return d
}

func TestSigningOnTheSecondScreenLeavesTheBoardToThePhotographer(t *testing.T) {
	d := twoScreens(t)
	d.press("Hand over for signing")
	d.pressBeside("English")
	if d.window.Fyne().FullScreen() {
		t.Error("the photographer's own window fills its screen")
	}
	d.see("Kari Nordmann")
	if said := screentest.Said(screentest.Visible(d.beside().Content())); strings.Contains(said, "Kari") {
		t.Errorf("the second screen shows somebody else: %s", said)
	}
	d.press("People")
	d.see("Kari Nordmann")
	d.press("Shoots")
	d.press("Hand over for signing") // somebody has begun there
	d.see("Somebody is signing now.")
	if d.beside() == nil {
		t.Error("whoever was signing has lost the screen")
	}
}

func TestWithOneScreenSigningFillsIt(t *testing.T) {
	d := twoScreens(t)
	d.second = false
	d.press("Hand over for signing")
	d.see("Choose a language")
	if d.beside() != nil || !d.window.Fyne().FullScreen() {
		t.Error("subject mode opened elsewhere")
	}
}

func TestClosingWhileSomebodySignsAsksFirst(t *testing.T) {
	d := twoScreens(t)
	d.press("Hand over for signing")
	d.pressBeside("English")
	d.window.AskToClose()
	d.see("what they have entered is not saved yet")
	if d.beside() == nil {
		t.Fatal("the first press ended it")
	}
	d.window.AskToClose()
	if d.beside() != nil || slices.Contains(d.app.Driver().AllWindows(), d.window.Fyne()) {
		t.Error("the second press does not end it")
	}
	d.window.Stop()
	d.window = nil // it is closed
}

func TestLockingWaitsForWhoeverSignsOnTheSecondScreenAndThenEndsIt(t *testing.T) {
	d := twoScreens(t)
	d.press("Hand over for signing")
	d.pressBeside("English")
	d.window.LockNow()
	if d.beside() == nil || !d.says("Hand over for signing") {
		t.Fatal("locking took the screen from somebody who signs")
	}
	d.see("so the vault is not locked now")
	d.pressBeside("Back")
	d.press("Hand over for signing")
	d.see("Somebody is signing now.")
}

func TestSecondScreenIsTakenBackAtOnceUnlessSomethingWasEntered(t *testing.T) {
	d := twoScreens(t)
	d.press("Hand over for signing")
	d.see("Signing is open on the other screen.")
	d.press("Take the screen back")
	if d.beside() != nil || d.says("Signing is open") {
		t.Fatal("nobody has entered anything, and the screen does not come back")
	}
	d.press("Hand over for signing")
	d.pressBeside("English")
	d.press("Take the screen back")
	d.see("that is not saved. It goes when you take the screen back.")
	if d.beside() == nil {
		t.Fatal("the first press took the screen from somebody who signs")
	}
	d.press("Take the screen back all the same")
	if d.beside() != nil || d.says("all the same") {
		t.Error("the second press does not take it back")
	}
	d.press("Hand over for signing")
	if d.pressBeside("English"); d.beside() == nil {
		t.Error("it cannot be handed over again")
	}
}

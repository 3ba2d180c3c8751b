package desktop_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/ui/desktop"
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

// Fill implements desktop.Screens: what is to be filled is another screen than the first.
func (s *screens) Fill(fyne.Window, fyne.Window) bool { return len(s.room) > 1 }

// screenGoes is somebody signing on the second screen, which is unplugged.
func screenGoes(t *testing.T, begun bool) (*desk, *screens) {
	d := twoScreens(t)
	there := &screens{room: []desktop.Bounds{{Width: 1366, Height: 768}, {X: 1366, Width: 1920, Height: 1080}}}
	d.window.Stop()
	d.window.Fyne().Close()
	must(0, d.door.Close())
	d.screens, d.clock = there, &clock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	d.open()
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("Kari Nordmann")
	d.press("Hand over for signing")
	d.see("Signing is open on the other screen.")
	if begun {
		d.pressBeside("English")
	}
	there.room = there.room[:1]
	d.pass(2 * time.Second)
	return d, there
}

func TestWhatIsBeingSignedComesBackWithTheScreen(t *testing.T) {
	d, there := screenGoes(t, true)
	d.see("The other screen is gone.")
	if d.beside() == nil {
		t.Fatal("what was entered is gone with the screen")
	}
	there.room = append(there.room, desktop.Bounds{X: 1366, Width: 1024, Height: 768})
	d.pass(2 * time.Second)
	d.see("Signing is open on the other screen.")
	d.pressBeside("Back") // what was entered is still there
}

func TestWhatIsBeingSignedCanBeShownOnTheScreenThatIsLeft(t *testing.T) {
	d, _ := screenGoes(t, true)
	d.press("Show it here")
	d.pass(5 * time.Second)
	d.pressBeside("Back")
	d.pass(5 * time.Second)
	if d.beside() == nil {
		t.Error("it ended in front of whoever signs")
	}
}

func TestWithoutTheScreenASigningThatNobodyBeganEnds(t *testing.T) {
	d, _ := screenGoes(t, false)
	d.see("so the signing there has ended")
	if d.beside() != nil || d.says("Signing is open") {
		t.Error("it goes on where nobody sees it")
	}
}

func TestASecondScreenCanBeChosenOnceItIsPluggedIn(t *testing.T) {
	d := seated(t)
	d.press("Settings")
	d.press("Locking and PIN")
	d.see("Lock now")
	if d.says("second screen") {
		t.Fatal("a screen can be chosen that is not there")
	}
	d.second = true
	d.press("Shoots")
	d.press("Settings")
	d.see("Subject mode opens on the second screen")
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

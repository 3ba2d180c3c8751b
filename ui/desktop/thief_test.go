package desktop_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// held lets changes of the vault wait until let is called, as a slow disk does.
type held struct {
	capture.Store
	waits chan struct{}
}

func (h held) Update(ctx context.Context, fn func(capture.Tx) error) error {
	if h.waits != nil {
		<-h.waits
	}
	return h.Store.Update(ctx, fn)
}

// hold lets all changes wait, until the returned function is called.
func (d *desk) hold() (let func()) {
	d.Helper()
	waits := make(chan struct{})
	d.session().Store = held{d.session().Store, waits}
	return func() { close(waits) }
}

func controlL() fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: fyne.KeyL, Modifier: fyne.KeyModifierShortcutDefault}
}

// A page that was begun before the screen was handed over and is ready after it waits until the photographer is back.
func TestNothingOfThePhotographersComesBeforeWhoeverSigns(t *testing.T) {
	d := seated(t)
	person := d.register("Ola Nordmann")
	d.see("Ola Nordmann")
	d.press("Settings")
	d.press("Locking and PIN")
	d.press("Set a PIN")
	d.enter(0, "4711")
	d.enter(1, "4711")
	let := d.hold()
	d.press("Use this PIN")
	d.press("Back")
	d.press("Shoots")
	d.choose(0)
	d.letter('h')
	d.see("Norsk bokmål")
	let()
	d.until("the PIN is set", func() bool { return must(d.session().HasPIN(d.Context())) })
	d.window.Rest()
	d.settle()
	if d.says("Settings") || d.says("Shoots") || d.says(person.Profile.Name) || !d.says("Norsk bokmål") {
		t.Fatalf("whoever signs sees\n%s", strings.Join(d.texts(), "\n"))
	}
	if title := d.window.Fyne().Title(); strings.Contains(title, "Settings") || strings.Contains(title, "PIN") {
		t.Errorf("the title is %q", title)
	}
	d.leave()
	d.see("Settings")
}

// A lock while a withdrawal is on its way breaks nothing off, and nothing crashes on the vault that is gone.
func TestALockInTheMiddleOfAWithdrawalLetsItEnd(t *testing.T) {
	d, person := chosen(t)
	d.press("Withdraw …")
	d.see("No pictures here are affected.")
	let := d.hold()
	d.press("Withdraw consent")
	d.window.Shortcut(controlL())
	d.see("Locking …")
	let()
	d.see("Unlock the vault")
	d.unlock()
	standing := must(d.session().Standings(person.ID))[consent.Scope{Channel: "web", Media: consent.Photo}]
	if standing.Status != consent.StatusWithdrawn {
		t.Errorf("after the lock the answer is %s", standing.Status)
	}
}

// A disk on a network that no longer answers cannot be waited for: a folder that is read from it for ever holds neither the vault open nor
// the program alive.
func TestAReaderThatHangsHoldsNoVaultOpen(t *testing.T) {
	d := seated(t)
	d.window.Hang()
	d.window.Shortcut(controlL())
	d.see("Unlock the vault")
	if d.door.vault != nil {
		t.Error("the vault is still open")
	}
	d.unlock()
	d.see("Nobody is registered yet")
}

func TestNothingUnderWayHoldsAnUnusedVaultOpenForLongerThanAWorkingDay(t *testing.T) {
	for name, begin := range map[string]func(*desk){
		"work that hangs":            func(d *desk) { d.window.Hang() },
		"subject mode with a PIN":    func(d *desk) { d.hand("4711") },
		"an exchange that is waited": func(d *desk) { d.exchangeThatHangs() },
	} {
		d := timed(t)
		d.register("Ola Nordmann")
		d.see("Ola Nordmann")
		begin(d)
		d.pass(7 * time.Hour)
		if d.locked() {
			t.Errorf("%s: it locks although somebody may wait", name)
		}
		d.pass(2 * time.Hour)
		d.locks()
		if d.says("Ola Nordmann") {
			t.Errorf("%s: the locked window names somebody", name)
		}
	}
}

func (d *desk) exchangeThatHangs() {
	d.library.sync = func(ctx context.Context, _ *capture.Session, _ func(capture.SyncProgress)) (capture.SyncReport, error) {
		<-ctx.Done()
		return capture.SyncReport{}, ctx.Err()
	}
	must(0, enrol(d.Context(), d.session(), ""))
	d.press("Sync")
	d.press("Sync now")
	d.see("Connecting")
}

// What was copied may name people. It goes with the lock, unless the reader has copied something else meanwhile.
func TestALockEmptiesTheClipboardOfWhatTheWindowPutThere(t *testing.T) {
	for _, mine := range []bool{true, false} {
		d, person := chosen(t)
		d.window.Shortcut(&fyne.ShortcutCopy{})
		if got := d.app.Clipboard().Content(); got != string(person.Code) {
			t.Fatalf("copied is %q", got)
		}
		want := ""
		if !mine {
			want = "from another program"
			d.app.Clipboard().SetContent(want)
		}
		d.window.Shortcut(controlL())
		d.see("Unlock the vault")
		if got := d.app.Clipboard().Content(); got != want {
			t.Errorf("after the lock the clipboard holds %q", got)
		}
	}
}

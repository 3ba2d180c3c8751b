package desktop_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

// clock is turned by the test. Its timers run on the goroutine that turns it, as the window's do on Fyne's.
type clock struct {
	now    time.Time
	timers []*timer
}

type timer struct {
	at time.Time
	f  func()
}

func (c *clock) time() time.Time { return c.now }

func (c *clock) after(d time.Duration, f func()) func() bool {
	t := &timer{c.now.Add(d), f}
	c.timers = append(c.timers, t)
	return func() bool {
		at := slices.Index(c.timers, t)
		if at >= 0 {
			c.timers = slices.Delete(c.timers, at, at+1)
		}
		return at >= 0
	}
}

// pass lets time pass, minute by minute, so that what the window does in between is done.
func (d *desk) pass(span time.Duration) {
	d.Helper()
	for until := d.clock.now.Add(span); ; {
		d.settle()
		var next *timer
		for _, t := range d.clock.timers {
			if !t.at.After(until) && (next == nil || t.at.Before(next.at)) {
				next = t
			}
		}
		if next == nil {
			d.clock.now = until
			return
		}
		d.clock.timers = slices.DeleteFunc(d.clock.timers, func(t *timer) bool { return t == next })
		d.clock.now = next.at
		next.f()
	}
}

// settle runs what the window has handed over already, and tells whether that was anything.
func (d *desk) settle() (ran bool) {
	for {
		select {
		case f := <-d.calls:
			f()
			ran = true
		default:
			return ran
		}
	}
}

// timed is a desk whose clock the test turns, with a vault that is open and a shoot on the board.
func timed(t *testing.T) *desk {
	t.Helper()
	d := seated(t)
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.clock = &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	d.open()
	d.unlock()
	d.see("Nobody is registered yet")
	return d
}

func (d *desk) unlock() {
	d.Helper()
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("Shoots")
}

// locks waits until the window has locked. Work in the background, which takes real time, may put that off by some looks.
func (d *desk) locks() {
	d.Helper()
	for end := time.Now().Add(30 * time.Second); !d.locked(); {
		if time.Now().After(end) {
			d.Fatal("it never locks")
		}
		d.pass(15 * time.Second)
		select {
		case f := <-d.calls:
			f()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (d *desk) locked() bool { return d.says("Unlock the vault") || d.says("Locking …") }

// move moves the pointer over the window, as Fyne tells it.
func (d *desk) move() {
	d.Helper()
	for _, o := range screentest.Visible(d.window.Fyne().Content()) {
		if w, ok := o.(*part.Watch); ok {
			w.Cursor()
			return
		}
	}
	d.Fatal("nothing watches the pointer")
}

func TestUnusedWindowLocksAndComesBackToWhereItWas(t *testing.T) {
	d := timed(t)
	d.register("Ola Nordmann")
	d.see("Ola Nordmann")
	d.press("People")
	d.see("Ola Nordmann")
	d.pass(14 * time.Minute)
	if d.locked() {
		t.Fatal("it locks before its time")
	}
	d.locks()
	d.see("has not been used for a while")
	for _, gone := range []string{"Ola Nordmann", "Storhaug", "People"} {
		if d.says(gone) || strings.Contains(d.window.Fyne().Title(), gone) {
			t.Errorf("the locked window says %q", gone)
		}
	}
	if d.door.vault != nil {
		t.Fatal("the vault is still open")
	}
	d.enter(0, "not the passphrase")
	d.press("Unlock")
	d.see("does not open this vault")
	d.unlock()
	d.see("Ola Nordmann")
	if !strings.Contains(d.window.Fyne().Title(), "People") {
		t.Errorf("after unlocking it shows %q", d.window.Fyne().Title())
	}
	d.press("Shoots")
	d.see("1 registered") // the same shoot
}

// A clock that was a day ahead is put right by the network, while nobody is at the computer.
func TestAClockThatIsSetBackDoesNotHoldTheVaultOpen(t *testing.T) {
	d := timed(t)
	const ahead = 24 * time.Hour
	d.clock.now = d.clock.now.Add(-ahead)
	for _, timer := range d.clock.timers { // they count the time that passes, whatever the clock says
		timer.at = timer.at.Add(-ahead)
	}
	began := d.clock.now
	d.pass(14 * time.Minute)
	if d.locked() {
		t.Fatal("it locks before its time")
	}
	d.locks()
	if late := d.clock.now.Sub(began) - 15*time.Minute; late > time.Hour {
		t.Errorf("it locks %v late", late)
	}
}

func TestUseOfTheWindowPutsTheLockOff(t *testing.T) {
	d := timed(t)
	d.register("Ola Nordmann")
	d.until("a field", func() bool { return len(d.entries()) > 0 })
	for name, use := range map[string]func(){
		"pointer": d.move,
		"key":     func() { d.key(fyne.KeyF12) },
		"letter":  func() { d.letter('x') },
		"typing":  func() { test.Type(d.entries()[0], "a") },
		"change":  func() { d.register("Kari Nordmann") },
	} {
		if name == "typing" {
			d.window.Fyne().Canvas().Focus(d.entries()[0])
		}
		for range 3 {
			d.pass(13 * time.Minute)
			use()
			d.settle()
		}
		if d.pass(10 * time.Minute); d.locked() {
			t.Fatalf("a %s is no use", name)
		}
		d.move()
	}
	d.pass(16 * time.Minute)
	d.locks()
}

func TestSleepingComputerCountsAsUnused(t *testing.T) {
	d := timed(t)
	d.pass(time.Minute)
	d.clock.now = d.clock.now.Add(8 * time.Hour) // timers do not run while a computer sleeps
	d.move()                                     // somebody opens it
	opened := d.clock.now
	if d.locks(); d.clock.now.Sub(opened) > 5*time.Minute {
		t.Errorf("it shows everything for %v first", d.clock.now.Sub(opened))
	}
}

func TestDamagedPreferencesNeitherKeepTheVaultOpenNorHideTheWindow(t *testing.T) {
	d := timed(t)
	d.app.Preferences().SetInt("lock", -5)
	d.app.Preferences().SetInt("text", 400)
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.unlock()
	if least := d.window.Fyne().Content().MinSize(); least.Width > 1366 || least.Height > 768 {
		t.Errorf("the window needs %v", least)
	}
	d.setting("Locking and PIN")
	began := d.clock.now
	if d.locks(); d.clock.now.Sub(began) > time.Hour {
		t.Errorf("it locks after %v", d.clock.now.Sub(began))
	}
}

func TestLockFollowsTheSettings(t *testing.T) {
	d := timed(t)
	d.setting("Locking and PIN")
	d.see("After 15 minutes")
	d.choice("After 15 minutes").SetSelected("After 5 minutes")
	d.pass(6 * time.Minute)
	d.locks()
	d.unlock()
	d.see("After 5 minutes")
	d.choice("After 5 minutes").SetSelected("Never")
	if d.pass(48 * time.Hour); d.locked() {
		t.Error("it locks although it never shall")
	}
	d.press("Lock now")
	d.see("Locked. Everything that was saved is safe.")
}

func TestControlLLocksAtOnceExceptInSubjectMode(t *testing.T) {
	d := timed(t)
	d.register("Ola Nordmann")
	d.letter('h')
	d.see("Photographer: hold")
	d.window.LockNow()
	d.settle()
	if d.locked() || d.door.vault == nil {
		t.Fatal("whoever signs can lock the vault")
	}
	d.leave()
	d.press("New person")
	d.window.LockNow()
	d.see("Locked. Everything that was saved is safe.")
	d.window.LockNow() // again does nothing
	d.unlock()
}

func TestLockWaitsForTheLibrary(t *testing.T) {
	d := timed(t)
	if err := enrol(t.Context(), d.session(), ""); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	d.library.sync = func(ctx context.Context, _ *capture.Session, _ func(capture.SyncProgress)) (capture.SyncReport, error) {
		select {
		case <-ended:
			return capture.SyncReport{}, nil
		case <-ctx.Done():
			return capture.SyncReport{}, ctx.Err()
		}
	}
	d.press("Sync")
	d.press("Sync now")
	d.see("Connecting")
	if d.pass(time.Hour); d.locked() {
		t.Fatal("an exchange with the library is broken off")
	}
	close(ended)
	d.until("the exchange has ended", func() bool { return d.pressable("Sync now") != nil })
	d.move()
	d.pass(16 * time.Minute)
	d.locks()
}

func TestSubjectModeLocksOnlyWhileNobodyIsInItAndNoPINGuardsIt(t *testing.T) {
	d := timed(t)
	d.letter('h')
	d.see("Photographer: hold")
	d.pass(16 * time.Minute)
	d.locks()
	d.unlock()
	d.see("Nobody is registered yet")
	if err := d.session().SetPIN(t.Context(), "4711"); err != nil {
		t.Fatal(err)
	}
	d.letter('h')
	d.see("Photographer")
	if d.pass(7 * time.Hour); d.locked() {
		t.Error("the next person finds a locked vault, although a PIN guards it")
	}
}

// hand hands the screen over with a PIN set.
func (d *desk) hand(pin string) {
	d.Helper()
	if err := d.session().SetPIN(d.Context(), pin); err != nil {
		d.Fatal(err)
	}
	d.letter('h')
	d.see("Norsk bokmål")
	if slices.ContainsFunc(d.shown(), func(o fyne.CanvasObject) bool { _, hold := o.(*part.HoldButton); return hold }) {
		d.Fatal("the corner can still be held")
	}
}

// pad presses digits on the pad.
func (d *desk) pad(digits string) {
	d.Helper()
	for _, digit := range digits {
		d.press(string(digit))
	}
}

func TestSubjectModeIsLeftWithThePIN(t *testing.T) {
	d := seated(t)
	d.register("Ola Nordmann")
	d.hand("4711")
	d.press("Photographer")
	d.see("The photographer's PIN")
	if d.says("Ola Nordmann") || d.says("Storhaug") {
		t.Error("the pad shows what lies behind it")
	}
	for _, o := range d.shown() {
		if b, ok := o.(*part.Button); ok && len(b.Text()) == 1 && (b.Size().Width < 57 || b.Size().Height < 57) {
			t.Errorf("the key %s is %v, less than 12 mm on a tablet of 120 units to the inch", b.Text(), b.Size())
		}
	}
	d.pad("471")
	d.press("Erase")
	d.pad("12")
	d.press("Go on")
	d.see("tries left: 4")
	d.press("Back")
	d.see("Norsk bokmål")
	d.press("Photographer")
	d.pad("9")
	d.press("Clear")
	test.Type(d.entries()[0], "4x") // by keyboard, where only digits are taken, and by pad, one after the other
	d.pad("7")
	test.Type(d.entries()[0], "1")
	d.pad("1")
	if got := d.entries()[0].Text; got != "4711" {
		t.Errorf("the field holds %q", got)
	}
	d.press("Go on")
	d.see("Shoots")
	d.see("Ola Nordmann")
}

func TestPassphraseDoesInsteadOfAForgottenPIN(t *testing.T) {
	d := seated(t)
	d.hand("4711")
	d.press("Photographer")
	for range 5 {
		d.pad("0000")
		d.press("Go on")
		d.see("or use the passphrase")
	}
	d.see("wait 30 s")
	d.press("Use the passphrase")
	d.enter(0, "not the passphrase")
	d.press("Go on")
	d.see("does not open this vault")
	d.enter(0, passphrase)
	d.press("Go on")
	d.see("Shoots")
	d.letter('h') // and the tries are forgotten
	d.press("Photographer")
	d.pad("4711")
	d.press("Go on")
	d.see("Shoots")
}

func TestClosingTheWindowInSubjectModeNeedsThePIN(t *testing.T) {
	d := seated(t)
	closed := false
	d.window.Fyne().SetOnClosed(func() { closed = true })
	d.hand("4711")
	d.window.AskToClose()
	d.see("The photographer's PIN")
	if closed {
		t.Fatal("the window is closed")
	}
	d.pad("0000")
	d.press("Go on")
	d.see("tries left: 4")
	d.pad("4711")
	d.press("Go on")
	d.until("it is closed", func() bool { return closed })
	d.window.Stop()
	d.window = nil // it cannot be closed twice
}

func TestPINIsSetChangedAndRemovedInTheSettings(t *testing.T) {
	d := seated(t)
	d.setting("Locking and PIN")
	d.press("Set a PIN")
	d.enter(0, "4711")
	d.enter(1, "4712")
	d.press("Use this PIN")
	d.see("not the same")
	d.enter(0, "47")
	d.enter(1, "47")
	d.press("Use this PIN")
	d.see("4 to 8 digits and nothing else")
	d.enter(0, "4711")
	d.enter(1, "4711")
	d.press("Use this PIN")
	d.see("Change the PIN")
	if err := d.session().TryPIN(t.Context(), "4711"); err != nil {
		t.Error(err)
	}
	d.press("Remove the PIN")
	d.see("Set a PIN")
	if set, err := d.session().HasPIN(t.Context()); set || err != nil {
		t.Error(set, err)
	}
}

func TestNewRecoveryKeyIsShownOnceAndReplacesTheOldOne(t *testing.T) {
	d := seated(t)
	d.setting("Passphrase and recovery")
	d.press("Make a new key")
	d.enter(0, "not the passphrase")
	d.press("Make the new key")
	d.see("does not open this vault")
	d.enter(0, passphrase)
	d.press("Make the new key")
	d.see("The old key no longer works")
	d.press("Copy")
	key := d.app.Clipboard().Content()
	if d.pressable("Done") != nil {
		t.Error("one can go on without having kept the key")
	}
	d.press("Print …")
	sheets := func() int { return len(must(filepath.Glob(filepath.Join(d.folder, "viewing", "key", "*")))) }
	if sheets() != 1 {
		t.Errorf("%d pages lie there for printing", sheets())
	}
	d.tick("I have kept the key")
	d.press("Done")
	d.see("If the old one was lost")
	if sheets() > 0 {
		t.Error("the page for printing still lies about")
	}
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.door.Recover(t.Context(), key, "a new passphrase"); err != nil {
		t.Error(err)
	}
}

// ring is a keyring in memory.
type ring struct {
	secrets map[string][]byte
	locked  error
}

func (r *ring) Get(_ context.Context, id string) ([]byte, error) {
	if r.locked != nil || r.secrets[id] == nil {
		return nil, errors.Join(errors.New("not here"), r.locked)
	}
	return bytes.Clone(r.secrets[id]), nil
}

func (r *ring) Set(_ context.Context, id string, secret []byte) error {
	r.secrets[id] = bytes.Clone(secret)
	return r.locked
}

func (r *ring) Delete(_ context.Context, id string) error {
	delete(r.secrets, id)
	return r.locked
}

func TestKeyringOpensTheVaultWhenTheProgramStarts(t *testing.T) {
	d := seated(t)
	restart := func() {
		d.window.Stop()
		if err := d.door.Close(); err != nil {
			t.Fatal(err)
		}
		d.open()
	}
	keyring := &ring{secrets: map[string][]byte{}}
	d.door.keyring = keyring
	restart()
	d.unlock()
	d.setting("Passphrase and recovery")
	d.see("Whoever is logged in as you on this computer can then open the vault")
	d.tick("Let the system's keyring open the vault")
	d.enter(0, "not the passphrase")
	d.press("Turn on")
	d.see("does not open this vault")
	d.enter(0, passphrase)
	d.press("Turn on")
	d.see("opens the vault from now on")
	restart()
	d.see("Nobody is registered yet")

	d.window.LockNow()
	d.until("it is locked", func() bool { return d.locked() && len(d.entries()) > 0 })
	d.unlock() // by hand: a lock that opens itself is none

	keyring.locked = errors.New("locked")
	restart()
	d.see("The system's keyring is locked")
	d.unlock()
	keyring.locked = nil
	d.setting("Passphrase and recovery")
	d.see("Let the system's keyring open the vault")
	d.until("the check shows that it is on", func() bool { return d.checked("Let the system's keyring open the vault") })
	d.tick("Let the system's keyring open the vault")
	d.see("no longer opens the vault")
	if len(keyring.secrets) != 0 {
		t.Error("the secret is still there")
	}
	restart()
	d.unlock()
}

func (d *desk) checked(word string) bool {
	return slices.ContainsFunc(d.shown(), func(o fyne.CanvasObject) bool {
		c, ok := o.(*part.Check)
		return ok && c.Text == word && c.Checked
	})
}

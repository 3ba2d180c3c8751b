package desktop_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/ui/desktop"
	"samtykke/ui/desktop/ending"
)

// reopen opens the window anew and the vault in it.
func (d *desk) reopen() {
	d.Helper()
	d.open()
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("Shoots")
}

// quit ends the window as it is asked to.
func (d *desk) quit() {
	d.Helper()
	d.window.AskToClose()
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		d.Fatal(err)
	}
}

// die ends the window without being asked: what it keeps while it works stays as it is, and report, which may be empty, lies beside it.
func (d *desk) die(report string) {
	d.Helper()
	place, err := os.ReadFile(filepath.Join(d.folder, "running", "running.json"))
	if err != nil {
		d.Fatal(err)
	}
	d.quit()
	if err := os.WriteFile(filepath.Join(d.folder, "running", "running.json"), place, 0o600); err != nil {
		d.Fatal(err)
	}
	if err := ending.New(filepath.Join(d.folder, "running")).Keep(strings.NewReader(report), ending.About{Program: "Samtykke 1.2.3"}); err != nil {
		d.Fatal(err)
	}
}

// marked waits until the window has kept something of where it is.
func (d *desk) marked(what string) {
	d.Helper()
	d.until(what+" to be kept", func() bool {
		place, err := os.ReadFile(filepath.Join(d.folder, "running", "running.json"))
		return err == nil && strings.Contains(string(place), what)
	})
}

func TestAWindowThatEndedUnaskedOffersToGoOnWhereItWas(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.press("People")
	d.see("Kari Nordmann")
	d.choose(0)
	d.marked(string(person.ID))
	d.die("")
	place, err := os.ReadFile(filepath.Join(d.folder, "running", "running.json"))
	if err != nil || strings.Contains(string(place), "Kari") || strings.Contains(string(place), "Storhaug") {
		t.Errorf("what was kept: %s, %v", place, err)
	}
	d.reopen()
	d.see("Samtykke ended unexpectedly the last time")
	if d.says("Show the report") {
		t.Error("a report is offered where there is none")
	}
	d.press("Open where you were")
	d.until("the person", func() bool { return d.says(string(person.Code)) && !d.says("ended unexpectedly") })
}

func TestAReportIsShownAndCopied(t *testing.T) {
	d := seated(t)
	d.marked("shoots")
	d.die("panic: Kari Nordmann\n\ngoroutine 1 [running]:\nsamtykke/ui/desktop.(*shell).show(0x1)\n\tsamtykke/ui/desktop/shell.go:12 +0x1\n")
	d.reopen()
	d.press("Show the report")
	d.see("samtykke/ui/desktop.(*shell).show")
	d.press("Copy the report")
	if got := d.app.Clipboard().Content(); !strings.Contains(got, "shell.go:12") || strings.Contains(got, "Kari") {
		t.Errorf("copied: %s", got)
	}
	d.key(fyne.KeyEscape)
	d.press("Close")
	d.quit()
	d.reopen()
	if d.says("ended unexpectedly") {
		t.Error("it is said twice")
	}
}

func TestAWindowThatEndedAsAskedSaysNothing(t *testing.T) {
	d := seated(t)
	d.marked("shoots")
	d.quit()
	d.reopen()
	d.see("Nobody is registered yet")
	if d.says("ended unexpectedly") {
		t.Error("a clean end is doubted")
	}
}

func TestALockIsNoEnd(t *testing.T) {
	d := seated(t)
	d.marked("shoots")
	d.window.LockNow()
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("Nobody is registered yet")
	if d.says("ended unexpectedly") {
		t.Error("a lock counts as an end")
	}
}

func TestTheShootThatWasWorkedOnLastOpensAgain(t *testing.T) {
	d := seated(t)
	d.until("the shoot to be remembered", func() bool { return d.app.Preferences().String("shoot") != "" })
	must(d.session().AddShoot(t.Context(), capture.ShootDetails{Title: "Second shoot", Date: "2026-11-23"}))
	d.quit()
	d.reopen()
	d.see("Opening of Storhaug school")
	d.quit()
	d.app.Preferences().SetString("shoot", "no-such-shoot")
	d.reopen()
	d.see("Second shoot") // the newest
}

// screens is a computer with one screen, on which the window is where bounds says.
type screens struct {
	bounds   desktop.Bounds
	ordinary bool
	room     []desktop.Bounds
}

func (s *screens) Bounds(fyne.Window) (desktop.Bounds, bool) { return s.bounds, s.ordinary }
func (s *screens) Room() []desktop.Bounds                    { return s.room }

func TestTheWindowComesBackAsLargeAsItWas(t *testing.T) {
	one := desktop.Bounds{Width: 1920, Height: 1080}
	for name, c := range map[string]struct {
		left  screens          // when the window is closed
		room  []desktop.Bounds // when it opens again
		opens fyne.Size
	}{
		"same screen":    {screens{desktop.Bounds{X: 100, Y: 50, Width: 1000, Height: 600}, true, nil}, []desktop.Bounds{one}, fyne.NewSize(1000, 600)},
		"maximised":      {screens{desktop.Bounds{Width: 1920, Height: 1080}, false, nil}, []desktop.Bounds{one}, fyne.NewSize(1366, 768)},
		"smaller screen": {screens{desktop.Bounds{Width: 3000, Height: 600}, true, nil}, []desktop.Bounds{one}, fyne.NewSize(1280, 720)},
		"nobody tells":   {screens{desktop.Bounds{}, true, nil}, nil, fyne.NewSize(1000, 600)},
	} {
		t.Run(name, func(t *testing.T) {
			d := seated(t)
			d.quit()
			d.screens = &c.left
			d.open()
			d.window.Fyne().Resize(fyne.NewSize(1000, 600))
			d.quit()
			d.screens = &screens{room: c.room}
			if d.open(); d.opened != c.opens {
				t.Errorf("the window opens with %v, not %v", d.opened, c.opens)
			}
		})
	}
}

func TestAPlaceThatIsOnNoScreenIsNotUsed(t *testing.T) {
	room := []desktop.Bounds{{Width: 1920, Height: 1080}, {X: 1920, Width: 1280, Height: 1024}}
	for name, c := range map[string]struct {
		b        desktop.Bounds
		at, fits bool
	}{
		"on the first":     {desktop.Bounds{X: 10, Y: 10, Width: 800, Height: 600}, true, true},
		"on the second":    {desktop.Bounds{X: 2000, Y: 10, Width: 800, Height: 600}, true, true},
		"left of all":      {desktop.Bounds{X: -900, Y: 10, Width: 800, Height: 600}, false, true},
		"above all":        {desktop.Bounds{X: 10, Y: -40, Width: 800, Height: 600}, false, true},
		"too large":        {desktop.Bounds{X: 10, Y: 10, Width: 2500, Height: 600}, false, false},
		"never remembered": {desktop.Bounds{}, false, true},
	} {
		if at, fits := c.b.Among(room); at != c.at || fits != c.fits {
			t.Errorf("%s: %v, %v", name, at, fits)
		}
	}
}

package desktop_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/ui/desktop/part"
)

// TestShootIsDoneFromThePersonToTheLibrary is the whole job in one window: a person is registered, signs on the screen that is
// handed over, gets a receipt, pictures come in, and everything goes to the library.
func TestShootIsDoneFromThePersonToTheLibrary(t *testing.T) {
	d := seated(t)
	d.press("New person")
	d.enter(1, "Ola Nordmann")
	d.enter(3, "1980")
	d.press("Save")
	d.see("Ola Nordmann is saved on this laptop.")

	d.letter('h')
	d.see("Choose a language")
	for _, text := range d.texts() {
		if text == "Shoots" || text == "People" {
			t.Error("the photographer's screens are in reach of the subject")
		}
	}
	d.letter('n') // must do nothing here
	d.press("English")
	d.press("Yes, that is me")
	for d.pressable("Yes to everything") == nil {
		d.press("Next")
	}
	d.press("Yes to everything")
	d.press("Yes, that is right")
	d.until("the field for the name", func() bool { return len(d.signingEntries()) > 0 })
	test.Type(d.signingEntries()[0], "Ola Nordmann")
	d.press("Sign and save")
	d.see("Your answers are saved")
	d.leave()

	d.see("1 signed")
	d.see("Ola Nordmann said yes to everything")
	d.see("Saved on this laptop: 1 consent, 0 images")
	d.press("Save")
	d.see("The receipt is in")
	if files := d.receipts(); len(files) != 1 {
		t.Errorf("receipts: %v", files)
	}

	picture := filepath.Join(t.TempDir(), "IMG_1.jpg")
	if err := os.WriteFile(picture, picturetest.Encode(picturetest.Scene(64, 48, 1), picturetest.Options{}), 0o600); err != nil {
		t.Fatal(err)
	}
	d.press("Images")
	d.window.Drop([]fyne.URI{storage.NewFileURI(picture)})
	d.see("Saved on this laptop: 1 consent, 1 image")

	d.library.enrol = enrol
	d.library.sync = func(ctx context.Context, s *capture.Session, _ func(capture.SyncProgress)) (capture.SyncReport, error) {
		return capture.SyncReport{EventsSent: 9}, s.SyncDone(ctx)
	}
	d.press("Sync")
	d.see("This computer belongs to no media library yet")
	d.enter(0, "https://library.example/i/abc")
	d.press("Connect")
	d.press("Sync now")
	d.see("Sent: 9 events")
	d.see("Synced ")
}

func TestPersonWhoIsNotRegisteredSignsAlone(t *testing.T) {
	d := seated(t)
	d.press("Hand over for signing")
	d.press("English")
	d.see("Who are you answering for?")
	d.leave()
	d.see("Nobody is registered yet")
	if n := len(d.session().People(consent.ShootID(""))); n != 0 {
		t.Errorf("%d people after a signing that was given up", n)
	}
}

// signingEntries are the fields that a subject can write in.
func (d *desk) signingEntries() []fyne.Focusable {
	var list []fyne.Focusable
	for _, o := range d.shown() {
		if e, ok := o.(interface {
			fyne.Focusable
			SelectedText() string
			AcceptsTab() bool
		}); ok {
			list = append(list, e)
		}
	}
	return list
}

// leave holds the photographer's corner until the screen is given back.
func (d *desk) leave() {
	d.Helper()
	for _, o := range d.shown() {
		if hold, ok := o.(*part.HoldButton); ok {
			hold.MouseDown(nil)
			d.until("the screen to be given back", func() bool { return d.says("Shoots") })
			return
		}
	}
	d.Fatal("there is no way back for the photographer")
}

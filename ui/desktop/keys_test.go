package desktop_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"samtykke/app/picture/picturetest"
	"samtykke/ui/desktop/part"
)

func TestF1ListsTheKeysOfTheScreenInViewAndThoseThatWorkEverywhere(t *testing.T) {
	d := seated(t)
	listed := func() string {
		d.key(fyne.KeyF1)
		d.see("Keyboard shortcuts")
		list := strings.Join(d.texts(), "\n")
		d.key(fyne.KeyF1)
		d.until("the screen to come back", func() bool { return d.says("Shoots") && !d.says("Keyboard shortcuts") })
		return list
	}
	everywhere := []string{"Lock the vault", "Change screen", "This list"}
	for tab, own := range map[string][]string{
		"Shoots": {"New person", "Hand the screen", "Copy the code"},
		"People": {"Show the QR card", "Find"},
		"Images": {"So many people are in the chosen pictures", "Undo", "Choose all"},
		"Sync":   nil,
	} {
		d.press(tab)
		list := listed()
		for _, text := range append(own, everywhere...) {
			if !strings.Contains(list, text) {
				t.Errorf("in %s, F1 does not list %q:\n%s", tab, text, list)
			}
		}
		if tab != "Shoots" && strings.Contains(list, "New person") && !strings.Contains(strings.Join(own, ""), "New person") {
			t.Errorf("in %s, F1 lists a key of the board", tab)
		}
	}
}

// TestEveryKeyThatIsListedWorks holds the list to what the window listens for.
func TestEveryKeyThatIsListedWorks(t *testing.T) {
	d := seated(t)
	pressed := ""
	list := d.window.Probe(func(key string) { pressed = key })
	if len(list) < 11 {
		t.Fatalf("only %d keys: %v", len(list), list)
	}
	shown := ""
	for _, l := range list {
		if l.Key != "" { // the first of the numbers stands for all
			shown = l.Key
		}
		pressed = ""
		switch {
		case l.Letter != 0:
			d.letter(l.Letter)
		case l.Name != "":
			d.key(l.Name)
		default:
			d.window.Shortcut(l.Shortcut)
		}
		if pressed != shown {
			t.Errorf("%s is listed, but pressing it calls %q", shown, pressed)
		}
	}
}

func TestF1ComesBackToWhatWasBeingWritten(t *testing.T) {
	d := seated(t)
	d.press("New person")
	d.enter(1, "Ola Nordmann")
	d.until("the field to have the focus", func() bool { return d.window.Fyne().Canvas().Focused() != nil })
	d.entries()[1].TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	d.see("Keyboard shortcuts")
	d.press("Back")
	d.until("the form to come back", func() bool { return len(d.entries()) > 1 && d.entries()[1].Text == "Ola Nordmann" })
}

func TestSubjectsSeeNoListOfTheKeys(t *testing.T) {
	d := seated(t)
	d.press("Hand over for signing")
	d.see("Choose a language")
	d.key(fyne.KeyF1)
	if d.says("Keyboard shortcuts") {
		t.Error("F1 leads out of subject mode")
	}
}

func TestCtrlCCopiesTheCodeOfTheChosenPerson(t *testing.T) {
	d, person := chosen(t)
	d.window.Shortcut(&fyne.ShortcutCopy{})
	if got := d.app.Clipboard().Content(); got != string(person.Code) {
		t.Errorf("the clipboard holds %q, not %s", got, person.Code)
	}
	d.see("Copied: " + string(person.Code))
}

func TestCtrlCCopiesTheNamesOfTheChosenPictures(t *testing.T) {
	d := seated(t)
	picture := filepath.Join(t.TempDir(), "IMG_1.jpg")
	if err := os.WriteFile(picture, picturetest.Encode(picturetest.Scene(64, 48, 1), picturetest.Options{}), 0o600); err != nil {
		t.Fatal(err)
	}
	d.press("Images")
	d.window.Drop([]fyne.URI{storage.NewFileURI(picture)})
	d.see("Saved on this laptop: 0 consents, 1 image")
	var grid *part.ThumbnailGrid
	d.until("the picture", func() bool {
		for _, o := range d.shown() {
			if g, ok := o.(*part.ThumbnailGrid); ok && g.Length() == 1 {
				grid = g
			}
		}
		return grid != nil
	})
	grid.Select(0)
	d.window.Shortcut(&fyne.ShortcutCopy{})
	if got := d.app.Clipboard().Content(); got != "IMG_1.jpg" {
		t.Errorf("the clipboard holds %q", got)
	}
}

package desktop_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"samtykke/assets"
)

// dropForm drops a form file with these changes onto the settings.
func (d *desk) dropForm(pairs ...string) {
	d.Helper()
	path := filepath.Join(d.folder, "skjema.json")
	if err := os.WriteFile(path, []byte(strings.NewReplacer(pairs...).Replace(string(assets.DefaultForm()))), 0o600); err != nil {
		d.Fatal(err)
	}
	d.window.Drop([]fyne.URI{storage.NewFileURI(path)})
}

func TestNewVersionIsReadInEveryLanguageAndPublished(t *testing.T) {
	d := seated(t)
	d.setting("Consent forms")
	d.see("default, version 2026.1")
	d.dropForm(`"2026.1"`, `"2026.2"`, `"title": "Samtykke til`, `"title": "Nytt samtykke til`)
	d.see("default, version 2026.2")
	d.see("1 of 7 · Nytt samtykke til")
	d.see("Stavanger kommune vil gjerne bruke")
	d.press("English")
	d.see("1 of 7 · Consent to")
	if len(d.session().Forms()) != 1 {
		t.Error("something was published before anybody said so")
	}
	d.press("Publish")
	d.see("People sign default, version 2026.2, from now on.")
	d.see("default, version 2026.2, published")
	if form, err := d.session().CurrentForm("default"); err != nil || form.Version != "2026.2" || len(d.session().Forms()) != 2 {
		t.Errorf("in use is %v among %d, %v", form, len(d.session().Forms()), err)
	}
}

func TestWrongFormFileIsShownWithWhatToCorrect(t *testing.T) {
	d := seated(t)
	d.setting("Consent forms")
	d.see("default, version 2026.1")
	d.dropForm(`"2026.1"`, `"2026.2"`, `"guardians": 1`, `"guardians": 5`, `{organisation} vil gjerne`, `{organisatoin} vil gjerne`)
	d.see("This form cannot be published yet")
	d.see("Line 21 · minor_policy.guardians")
	d.see("minor_policy.guardians has to be from 1 to 2")
	d.see("texts.nb.purpose")
	if d.pressable("Publish") != nil {
		t.Error("it can be published all the same")
	}
	d.key(fyne.KeyEscape)
	d.see("Used at: Opening of Storhaug school")
	d.dropForm()
	d.see("default, version 2026.1") // published already, and the same: nothing to correct
	d.dropForm(`"title": "Samtykke til`, `"title": "Nytt samtykke til`)
	d.key(fyne.KeyEscape)
	d.see("Used at: Opening of Storhaug school")
	d.dropForm(`"title": "Samtykke til`, `"title": "Nytt samtykke til`)
	d.see("Version 2026.1 of the form default is published already")
}

func TestFormFileIsChosenFromTheDisk(t *testing.T) {
	d := seated(t)
	d.setting("Consent forms")
	d.press("Choose a file …")
	d.until("the page to choose a file on", func() bool { return d.says("Changed") && !d.says("Reading the folder") })
	d.enter(0, filepath.Join(d.folder, "gone.json"))
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("There is nothing at")
	path := filepath.Join(d.folder, "skjema.json")
	if err := os.WriteFile(path, assets.DefaultForm(), 0o600); err != nil {
		t.Fatal(err)
	}
	d.enter(0, path)
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("default, version 2026.1") // published already
}

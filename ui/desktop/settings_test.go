package desktop_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"samtykke/ui/desktop/part"
)

func TestLanguageChangesWhileTheProgramRuns(t *testing.T) {
	d := seated(t)
	d.register("Ola Nordmann")
	d.setting("Languages")
	d.choice("English").SetSelected("Norsk nynorsk")
	d.see("Språket i vindauget")
	d.press("Oppdrag")
	d.see("1 registrerte")
	if d.says("Shoots") {
		t.Error("some of the window still speaks English")
	}
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.see("Lås opp kvelvet")
}

func TestPassphraseIsChangedOnlyWithTheOldOne(t *testing.T) {
	d := seated(t)
	d.setting("Passphrase and recovery")
	d.see("Present passphrase")
	d.enter(0, "not the old one")
	d.enter(1, "a new passphrase")
	d.enter(2, "a new passphrase")
	d.press("Change the passphrase")
	d.see("does not open this vault")
	d.enter(0, passphrase)
	d.press("Change the passphrase")
	d.see("The passphrase has been changed.")
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.enter(0, "a new passphrase")
	d.press("Unlock")
	d.see("Nobody is registered yet")
}

func TestFormIsReadAsTextAndShortcutsAreListed(t *testing.T) {
	d := seated(t)
	d.setting("Consent forms")
	d.see("Used at: Opening of Storhaug school")
	d.press("Read")
	d.see("I have read and understood")
	d.press("Norsk bokmål")
	d.see("Stavanger kommune")
	d.see("Jeg har lest og forstått")
	d.key(fyne.KeyEscape)
	d.see("Used at: Opening of Storhaug school")
	d.key(fyne.KeyF1)
	d.see("Lock the vault")
	d.key(fyne.KeyEscape)
	d.see("Used at: Opening of Storhaug school")
}

// setting brings a section of the settings into view.
func (d *desk) setting(section string) {
	d.Helper()
	d.press("Settings")
	d.press(section)
}

// choice finds a select by what is chosen in it.
func (d *desk) choice(chosen string) *part.Select {
	d.Helper()
	for _, o := range d.shown() {
		if s, ok := o.(*part.Select); ok && s.Selected == chosen {
			return s
		}
	}
	d.Fatalf("nothing offers %q", chosen)
	return nil
}

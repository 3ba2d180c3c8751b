package desktop_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestFirstStartLeadsFromNothingToTheFirstShoot(t *testing.T) {
	d := sit(t)
	d.open()
	d.press("English")
	d.see("At least 8 characters")
	d.enter(0, "short")
	d.enter(1, "short")
	if d.pressable("Next") != nil {
		t.Error("a passphrase that is too short can be chosen")
	}
	d.enter(0, passphrase)
	if d.pressable("Next") != nil {
		t.Error("a passphrase that was mistyped once can be chosen")
	}
	d.enter(1, passphrase)
	d.see("Strong")
	d.press("Next")

	d.enter(0, "Stavanger kommune")
	d.enter(1, "964965226")
	d.enter(2, "not an address")
	d.press("Make the vault")
	d.see("is not an e-mail address")
	d.enter(2, "bilder@example.no")
	d.press("Make the vault")

	d.see("Keep the recovery key")
	if d.pressable("Next") != nil {
		t.Error("one can go on without the key")
	}
	key := ""
	for _, text := range d.texts() {
		if strings.Count(text, "-") >= 7 {
			key = strings.ReplaceAll(text, "\n", "")
		}
	}
	d.press("Copy")
	if got := d.app.Clipboard().Content(); got != key || key == "" {
		t.Errorf("copied %q, shown %q", got, key)
	}
	d.tick("I have kept the key")
	d.press("Next")
	d.press("Start without one")
	d.enter(0, "Opening of Storhaug school")
	d.press("Make the shoot")
	d.see("Nobody is registered yet")
	if title := d.window.Fyne().Title(); !strings.Contains(title, "Opening of Storhaug school") {
		t.Errorf("the window is titled %q", title)
	}
	if shoots := d.session().Shoots(); len(shoots) != 1 {
		t.Errorf("%d shoots", len(shoots))
	}

	// The key that was shown is the one that opens the vault.
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.press("I have forgotten the passphrase")
	d.enter(0, key)
	d.enter(1, "another passphrase")
	d.enter(2, "another passphrase")
	d.press("Unlock")
	d.see("Nobody is registered yet")
}

func TestWrongPassphraseSaysWhatIsSafeAndLetsOneTryAgain(t *testing.T) {
	d := seated(t)
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.enter(0, "something else")
	d.press("Unlock")
	d.see("everything in it is safe")
	d.enter(0, passphrase)
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("Nobody is registered yet")
}

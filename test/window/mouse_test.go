//go:build story

package window_test

import (
	"path/filepath"
	"testing"

	"samtykke/test/drive"
)

// TestPersonIsRegisteredAndGetsACardByMouse registers somebody and shows their card with the mouse; the keys only write.
func TestPersonIsRegisteredAndGetsACardByMouse(test *testing.T) {
	program := drive.Samtykke{Bin: built(test), Vault: filepath.Join(test.TempDir(), "vault")}
	furnish(test, program)
	s := start(test, program)
	s.titled("Unlock")
	s.write(drive.Passphrase)
	s.press("Return")
	s.titled("A school")
	s.rests()
	s.click(t("desktop.person.new"))
	s.see(t("desktop.guardian.add"))
	s.write("Tuva Test") // the form waits for a name
	s.clickBelow(t("desktop.person.phone"))
	s.write("90123456")
	s.click(t("desktop.save"))
	s.see(t("desktop.person.registered", "name", "Tuva Test"))
	s.click(t("desktop.card.show"))
	s.titled("QR card")
	s.keep("card-by-mouse")
	s.click(t("desktop.back"))
	s.titled("A school")
	s.rests() // a person beside the list
	for _, tab := range []string{"people", "images", "sync", "settings"} {
		s.click(t("desktop.tab." + tab))
		s.titled(t("desktop.tab." + tab))
		s.rests()
	}
	s.close()
}

//go:build story

package window_test

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"samtykke/test/drive"
)

func TestPhotographerBeginsAndRegistersAPersonByKeyboard(t *testing.T) {
	program := drive.Samtykke{Bin: watched(t), Vault: filepath.Join(t.TempDir(), "vault")}
	s := start(t, program)
	s.firstStart("Opening of a new school")
	s.keep("5-board")

	s.press("n")
	before := s.still()
	s.write("Ola Nordmann")
	s.press("Tab")
	s.write("90123456")
	s.press("Tab")
	s.write("1980")
	s.until("the form to be filled in", func() bool { return differing(before, s.grab()) > 100 })
	s.press("Return")

	code := s.card()
	picture := s.keep("6-card")
	if read, err := exec.CommandContext(t.Context(), "zbarimg", "--quiet", "--raw", picture).Output(); err != nil || strings.TrimSpace(string(read)) != "SMK1:"+code {
		t.Errorf("zbarimg reads %q on the card of %s: %v", read, code, err)
	}
	s.press("Escape")
	s.titled("Opening of a new school")
	s.keep("7-person")
	s.resize("1024", "700")
	s.keep("8-person-in-a-small-window")
	s.close()

	var found []struct{ Code, Name string }
	if err := program.JSON(t.Context(), &found, "subject", "find", "nordmann"); err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Code != code || found[0].Name != "Ola Nordmann" {
		t.Errorf("the vault holds %+v, the card said %s", found, code)
	}
}

// firstStart goes by keyboard from the first page to the board of a first shoot.
func (s *screen) firstStart(shoot string) {
	s.Helper()
	s.keep("1-language")
	s.press("Tab", "Tab", "Tab", "space") // English is the third
	s.titled("Choose a passphrase")
	s.write(drive.Passphrase)
	s.press("Tab")
	s.write(drive.Passphrase)
	s.keep("2-passphrase")
	s.press("Return")

	s.titled("Whom do you photograph for?")
	s.write("Eksempel kommune")
	s.press("Tab")
	s.write("999999999")
	s.press("Tab")
	s.write("post")
	s.press("Return") // not an address: the page says so and stays
	s.keep("3-organisation")
	s.write("@eksempel.example")
	s.press("Return")

	s.titled("Keep the recovery key")
	s.keep("4-recovery-key")
	s.press("space", "Tab", "space") // I have kept it; Next
	s.titled("Do you have an invitation")
	s.press("Tab", "space") // Start without one
	s.titled("Your first shoot")
	s.write(shoot)
	s.press("Return")
	s.titled(shoot)
}

// built is the program to drive.
func built(t *testing.T) string {
	t.Helper()
	bin := os.Getenv("SAMTYKKE_BIN")
	if bin == "" {
		t.Fatal("SAMTYKKE_BIN does not say where the built program is; run make test")
	}
	return bin
}

// watched is the program in which Fyne watches on which goroutine its widgets are touched, or the usual one where none was built.
func watched(t *testing.T) string {
	t.Helper()
	return cmp.Or(os.Getenv("SAMTYKKE_WATCHED_BIN"), built(t))
}

var cardTitle = regexp.MustCompile(`QR card ([0-9A-Z]{4}-[0-9A-Z]{4})`)

// card shows the card of the person who was registered last, as soon as there is one, and gives the code on it.
func (s *screen) card() string {
	s.Helper()
	code := ""
	s.until("the QR card", func() bool {
		if found := cardTitle.FindStringSubmatch(s.title()); found != nil {
			code = found[1]
			return true
		}
		s.press("q")
		s.until("what the key did", func() bool { s.still(); return true })
		return false
	})
	return code
}

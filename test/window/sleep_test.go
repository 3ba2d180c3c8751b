//go:build story

package window_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"samtykke/test/drive"
)

// TestWindowIsDrawnAfterTheComputerHasSlept stops the program as a laptop stops it whose lid is closed, with the cursor in a field. FYNE_CACHE
// lets Fyne forget in seconds what it otherwise forgets in a minute.
func TestWindowIsDrawnAfterTheComputerHasSlept(test *testing.T) {
	const forgets, asleep = 3 * time.Second, 11 * time.Second // Fyne clears away every ten seconds at most
	program := drive.Samtykke{Bin: built(test), Vault: filepath.Join(test.TempDir(), "vault")}
	furnish(test, program)
	s := start(test, program, "FYNE_CACHE="+forgets.String())
	s.titled("Unlock")
	s.write(drive.Passphrase)
	s.press("Return")
	s.titled("A school")
	s.press("ctrl+f")
	s.write("a")
	before := s.still()
	for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		if err := s.cmd.Process.Signal(signal); err != nil {
			s.Fatal(err)
		}
		if signal == syscall.SIGSTOP {
			time.Sleep(asleep)
		}
	}
	time.Sleep(2 * time.Second) // whatever is forgotten is forgotten now
	s.write("nobody like this")
	s.until("what is typed to show", func() bool { return differing(before, s.grab()) > 1000 })
	s.press("ctrl+a")
	s.write("a")
	s.until("everything to look as before", func() bool { return differing(before, s.grab()) < 100 })
	s.rests()
	s.close()
}

//go:build story

package window_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"samtykke/app/picture/picturetest"
	"samtykke/test/drive"
)

// TestImportGivesItsMemoryBack: within a minute of rest the program holds no more than 150 MB above what it held behind the
// locked window, the pictures that show among them. Those that come in are large and have no preview inside, so that every one is decoded.
func TestImportGivesItsMemoryBack(test *testing.T) {
	program := drive.Samtykke{Bin: built(test), Vault: filepath.Join(test.TempDir(), "vault")}
	furnish(test, program)
	card := filepath.Join(test.TempDir(), "DCIM")
	if err := os.Mkdir(card, 0o700); err != nil {
		test.Fatal(err)
	}
	const pictures = 8
	for n := range pictures {
		large := picturetest.JPEG(6000, 4000, picturetest.Options{Seed: uint64(n + 1), TakenAt: time.Date(2026, 11, 22, 12, n, 0, 0, time.UTC), Orientation: 1})
		if err := os.WriteFile(filepath.Join(card, fmt.Sprintf("IMG_%d.JPG", n)), large, 0o600); err != nil {
			test.Fatal(err)
		}
	}
	s := start(test, program)
	s.titled("Unlock")
	s.still()
	const most = 150
	before := s.held("RssAnon")
	s.write(drive.Passphrase)
	s.press("Return")
	s.titled("A school")
	s.press("ctrl+3")
	s.titled(t("desktop.tab.images"))
	s.click(t("pictures.import"))
	s.click(t("pictures.import.folder"))
	s.choosePath(t("desktop.choose.take.folder"), card)
	s.see(english.N("pictures.imported", pictures, nil))
	s.still()
	rested := time.Now()
	s.until("the memory of the import to be given back", func() bool { return s.held("RssAnon") < before+most })
	test.Logf("%d MB before, %d MB %s after the import, and at the most %d MB with what is read from files", before, s.held("RssAnon"), time.Since(rested).Round(time.Second), s.held("VmHWM"))
}

// held is one of the figures that the system has of the program's memory, in MB.
func (s *screen) held(figure string) int {
	s.Helper()
	status, err := os.ReadFile("/proc/" + s.pid() + "/status")
	if err != nil {
		s.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), figure+":")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		s.Fatalf("%s is not among the figures of the system", figure)
	}
	kilobytes, err := strconv.Atoi(fields[0])
	if err != nil {
		s.Fatal(err)
	}
	return kilobytes >> 10
}

//go:build story

package window_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/test/drive"
)

// Design §3.8 and §3.9: after a working day neither the disk nor the processes beside the window tell a thief whom it was about, and how to
// open the vault.
func TestASessionLeavesNothingAboutPeopleInTheHomeOfItsUser(t *testing.T) {
	program := drive.Samtykke{Bin: built(t), Vault: filepath.Join(t.TempDir(), "vault")}
	s := start(t, program, "SAMTYKKE_PASSPHRASE="+drive.Passphrase)
	s.firstStart("Portrett av Kari Nordmann")
	s.press("n")
	s.still()
	s.write("Ola Nordmann")
	s.press("Tab")
	s.write("90123456")
	s.press("Return")
	code := s.card()
	s.press("Escape")
	s.titled("Portrett av Kari Nordmann")

	secret := []string{"Nordmann", "90123456", "Portrett", code, drive.Passphrase}
	for _, process := range s.children() {
		for _, file := range []string{"cmdline", "environ"} {
			said, err := os.ReadFile(filepath.Join("/proc", process, file))
			if err != nil {
				t.Fatal(err)
			}
			finds(t, "process "+process+" "+file, said, secret)
		}
	}
	searched := s.search(secret)
	s.press("ctrl+l")
	s.titled("Unlock the vault")
	if searched += s.search(secret); searched == 0 {
		t.Error("there was nothing to search")
	}
	s.close()
	s.search(secret)
	finds(t, "what the program said", []byte(s.log.String()), secret)
}

// children are the processes that the window has started.
func (s *screen) children() (ids []string) {
	s.Helper()
	s.until("the process that waits for a crash", func() bool {
		said, err := os.ReadFile(filepath.Join("/proc", s.pid(), "task", s.pid(), "children"))
		ids = strings.Fields(string(said))
		if tasks, globErr := filepath.Glob(filepath.Join("/proc", s.pid(), "task", "*", "children")); err == nil && globErr == nil {
			ids = nil
			for _, task := range tasks {
				said, err := os.ReadFile(task)
				if err == nil {
					ids = append(ids, strings.Fields(string(said))...)
				}
			}
		}
		return len(ids) > 0
	})
	return ids
}

// search reads every file of the home and of the vault, and gives how many there are.
func (s *screen) search(secret []string) (files int) {
	s.Helper()
	for _, folder := range []string{s.home, s.program.Vault} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			files++
			said, err := os.ReadFile(path)
			finds(s.T, path, append([]byte(path+"\n"), said...), secret)
			return err
		})
		if err != nil {
			s.Fatal(err)
		}
	}
	return files
}

func finds(t *testing.T, where string, said []byte, secret []string) {
	t.Helper()
	for _, each := range secret {
		if bytes.Contains(bytes.ToLower(said), bytes.ToLower([]byte(each))) {
			t.Errorf("%s tells %q", where, each)
		}
	}
}

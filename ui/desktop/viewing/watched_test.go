//go:build unix && !darwin

package viewing_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/ui/desktop/viewing"
)

// opener puts a program that opens things into the path: a script, or none.
func opener(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if script != "" {
		if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	t.Setenv("FLATPAK_ID", "")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

func TestWhenNothingShowsAFileItIsSaidWhereItLies(t *testing.T) {
	for name, script := range map[string]string{"there is no such program": "", "it finds none for the file": "exit 3", "the one it found fails": "exit 4"} {
		t.Run(name, func(t *testing.T) {
			opener(t, script)
			f := viewing.Usual("/vault")
			path, err := f.Write("a.pdf", []byte("%PDF-"))
			if err != nil {
				t.Fatal(err)
			}
			err = f.Show(path)
			if where, is := viewing.Unshown(err); !is || where != path || !strings.Contains(err.Error(), path) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAProgramThatShowsAFileIsNoProblem(t *testing.T) {
	seen := filepath.Join(t.TempDir(), "seen")
	opener(t, `echo "$1" > `+seen)
	f := viewing.Usual("/vault")
	path, err := f.Within("subject").Write("a b.pdf", []byte("%PDF-"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Within("subject").Show(path); err != nil {
		t.Error(err)
	}
	if got, _ := os.ReadFile(seen); strings.TrimSpace(string(got)) != viewing.URL(path).String() {
		t.Errorf("it was given %q", got)
	}
}

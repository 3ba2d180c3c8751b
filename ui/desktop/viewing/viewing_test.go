package viewing_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"samtykke/ui/desktop/viewing"
)

func TestOnlyThisUserReadsWhatIsLookedAtAndItGoesWhenCleared(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "samtykke", "viewing")
	f := viewing.New(dir)
	if err := f.Clear(); err != nil {
		t.Errorf("an empty folder cannot be cleared: %v", err)
	}
	first, err := f.Write("a.pdf", []byte("%PDF-"))
	if err != nil {
		t.Fatal(err)
	}
	within, err := f.Within("subject").Write("b.pdf", []byte("%PDF-"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, first: 0o600, within: 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v", path, info.Mode().Perm())
		}
	}
	if err := f.Within("subject").Clear(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(first); err != nil {
		t.Errorf("what the others look at went too: %v", err)
	}
	if _, err := os.Stat(within); err == nil {
		t.Error("what was cleared is still there")
	}
	if err := f.Clear(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder is still there")
	}
}

func TestVaultsHaveFoldersOfTheirOwn(t *testing.T) {
	write := func(vault string) string {
		path, err := viewing.Usual(vault).Write("x", nil)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	home := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, home)
	}
	if a, b := write("/a"), write("/b"); a == b {
		t.Errorf("two vaults share %s", a)
	}
}

package capture_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/storage/vault"
)

func TestOriginalsThatAreMissingOrChangedComeBackFromABackup(t *testing.T) {
	b := mustBench(t)
	b.importCard(2, b.person(capture.Registration{Name: "Ola"}))
	whole := sealedFiles(t, b.dir)
	if len(whole) < 3 {
		t.Fatal(whole)
	}
	backup := b.backUp()
	from, err := vault.OpenBackup(b.ctx, backup, passphrase, lightKDF)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	done, err := b.MendOriginals(b.ctx, from.Originals())
	if err != nil || done.Mended != 0 || done.Lost != nil {
		t.Fatalf("nothing was wrong: %+v, %v", done, err)
	}

	changed := bytes.Clone(mustRead(t, whole[0]))
	changed[len(changed)-20] ^= 1
	err = errors.Join(os.WriteFile(whole[0], changed, 0o600), os.Remove(whole[1]))
	if err != nil {
		t.Fatal(err)
	}
	checked, err := b.vault.Check(b.ctx, true)
	if err != nil || len(checked.Problems) != 2 || !strings.Contains(strings.Join(checked.Problems, "\n"), " is missing; ") {
		t.Errorf("the damage is found as %q, %v", checked.Problems, err)
	}
	// The backup's copy of one of them was changed too: it is not taken for whole.
	name, err := filepath.Rel(b.dir, whole[0])
	if err != nil {
		t.Fatal(err)
	}
	inBackup := filepath.Join(backup, name)
	rotten := mustRead(t, inBackup)
	sound := bytes.Clone(rotten)
	rotten[len(rotten)-20] ^= 1
	if err := os.WriteFile(inBackup, rotten, 0o600); err != nil {
		t.Fatal(err)
	}
	done, err = b.MendOriginals(b.ctx, from.Originals())
	if err != nil || done.Mended != 1 || len(done.Lost) != 1 || !strings.Contains(done.Lost[0], "was changed") {
		t.Errorf("one of two can be mended: %+v, %v", done, err)
	}
	if err := os.WriteFile(inBackup, sound, 0o600); err != nil {
		t.Fatal(err)
	}
	if done, err = b.MendOriginals(b.ctx, from.Originals()); err != nil || done.Mended != 1 || done.Lost != nil {
		t.Errorf("the other one too: %+v, %v", done, err)
	}
	if checked, err = b.vault.Check(b.ctx, true); err != nil || len(checked.Problems) > 0 {
		t.Errorf("afterwards %q, %v", checked.Problems, err)
	}
	if _, wrong, err := b.VerifyOriginals(b.ctx, nil); err != nil || wrong != nil {
		t.Errorf("afterwards %q, %v", wrong, err)
	}
}

// sealedFiles are the originals as they lie on the disk.
func sealedFiles(tb testing.TB, dir string) (found []string) {
	tb.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".age") {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

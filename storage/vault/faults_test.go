package vault_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// explained tells whether an error is one that a person can act on, and not the program's own confusion.
func explained(tb testing.TB, what string, err error) {
	tb.Helper()
	if err == nil {
		tb.Errorf("%s: no error", what)
	} else if p := problem.Of(err); p.Kind == problem.Internal {
		tb.Errorf("%s: %v", what, p)
	}
}

// A folder that is moved while the vault is open, as by somebody who tidies their desktop, or that goes with its disk.
func TestAVaultWhoseFolderGoesWhileItIsOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows moves no folder with open files in it")
	}
	for what, lose := range map[string]func(dir string) error{
		"moved":   func(dir string) error { return os.Rename(dir, dir+"-elsewhere") },
		"removed": os.RemoveAll,
	} {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "vault")
			v, _ := withOriginals(t, dir, 1)
			if err := lose(dir); err != nil {
				t.Fatal(err)
			}
			acknowledged := 1
			if err := v.Update(t.Context(), func(tx capture.Tx) error { return putConsent(tx, 2) }); err == nil {
				acknowledged = 2 // the open file is still the vault's
			}
			_, _, err := v.Originals().Put(t.Context(), strings.NewReader("another picture"))
			explained(t, "import", err)
			_, err = v.CreateBackup(t.Context(), t.TempDir(), vault.BackupOptions{})
			if what == "removed" && err == nil {
				t.Error("a backup without the originals passed")
			}
			explained(t, "change of passphrase", v.ChangePassphrase(t.Context(), passphrase, "a new passphrase"))
			explained(t, "closing", v.Close())
			_, err = vault.Open(t.Context(), dir, passphrase, light)
			wantProblem(t, err, problem.NotFound, "vault-missing")
			if what == "moved" {
				checkConsents(t, MustOpen(t, dir+"-elsewhere"), acknowledged)
			}
		})
	}
}

func TestAVaultThatWasMovedWhileClosedOpensWhereItIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, ids := withOriginals(t, dir, 1)
	MustClose(t, v)
	if err := os.Rename(dir, dir+"-elsewhere"); err != nil {
		t.Fatal(err)
	}
	v = MustOpen(t, dir+"-elsewhere")
	checkConsents(t, v, 1)
	if len(v.Report()) > 0 || !v.Originals().Has(ids[0]) {
		t.Error(v.Report())
	}
}

func TestPermissionLostWhileOpen(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("whoever runs this may write everywhere; TestFolderThatCannotBeWrittenIsNamed proves it with a read-only file system")
	}
	dir := filepath.Join(t.TempDir(), "vault")
	v, _ := withOriginals(t, dir, 1)
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o700) }()
	MustUpdate(t, v, func(tx capture.Tx) error { return putConsent(tx, 2) }) // the open file is still ours
	wantProblem(t, v.ChangePassphrase(t.Context(), passphrase, "a new passphrase"), problem.Invalid, "vault-read-only")
	wantProblem(t, v.Close(), problem.Invalid, "vault-read-only")
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	checkConsents(t, MustOpen(t, dir), 2)
}

// Every file of the folder in turn is something else: empty, cut, a folder. Opening answers with a sentence or mends, and never loses what
// the snapshot has.
func TestEveryFileOfTheFolderMayBeSomethingElse(t *testing.T) {
	for _, name := range []string{"vault.json", "vault.db", "vault.db.snapshot", "previews.db", "vault.lock", "originals"} {
		for what, damage := range map[string]func(path string) error{
			"empty": func(path string) error { return errors.Join(os.RemoveAll(path), os.WriteFile(path, nil, 0o600)) },
			"short": func(path string) error {
				return errors.Join(os.RemoveAll(path), os.WriteFile(path, []byte("{"), 0o600))
			},
			"folder": func(path string) error {
				return errors.Join(os.RemoveAll(path), os.MkdirAll(filepath.Join(path, "inside"), 0o700))
			},
			"gone": os.RemoveAll,
		} {
			dir := filled(t)
			before, err := os.ReadFile(filepath.Join(dir, "vault.db"))
			if err := errors.Join(err, damage(filepath.Join(dir, name))); err != nil {
				t.Fatal(err)
			}
			v, err := vault.Open(t.Context(), dir, passphrase, light)
			if err != nil {
				explained(t, name+" "+what, err)
				if now, err := os.ReadFile(filepath.Join(dir, "vault.db")); name != "vault.db" && (err != nil || string(now) != string(before)) {
					t.Errorf("%s %s: the database was touched: %v", name, what, err)
				}
				continue
			}
			if err := readAll(v, func(n int, err error) {
				if n != 800 {
					t.Errorf("%s %s: %d of 800 values: %v", name, what, n, err)
				}
			}); err != nil {
				t.Errorf("%s %s: %v", name, what, err)
			}
			if err := v.Close(); err != nil {
				explained(t, name+" "+what+" at closing", err)
			}
		}
	}
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	dir := filled(t)
	for _, name := range []string{"notes.txt", ".DS_Store", filepath.Join("originals", "holiday.jpg"), filepath.Join("originals", "ab", "x.age")} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("mine"), 0o600)); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if raw, err := os.ReadFile(path); err != nil || string(raw) != "mine" {
				t.Errorf("%s: %q, %v", name, raw, err)
			}
		}()
	}
	v := MustOpen(t, dir)
	if checked, err := v.Check(t.Context(), true); err != nil || checked.Originals != 0 || len(checked.Problems) > 0 {
		t.Errorf("%+v, %v", checked, err)
	}
	if report := mustBackUp(t, v, vault.BackupOptions{}); report.Files != 2 {
		t.Errorf("%+v", report)
	}
	MustClose(t, v)
}

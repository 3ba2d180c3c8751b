package vault_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// withOriginals makes an open vault with some consents and originals, and returns the originals' hashes.
func withOriginals(tb testing.TB, dir string, n int) (*vault.Vault, []consent.AssetID) {
	tb.Helper()
	v, _ := MustCreate(tb, dir)
	MustUpdate(tb, v, func(tx capture.Tx) error { return errors.Join(putConsent(tx, 0), putConsent(tx, 1)) })
	var ids []consent.AssetID
	for i := range n {
		id, _, err := v.Originals().Put(tb.Context(), strings.NewReader(strings.Repeat(fmt.Sprint("picture ", i), 20_000)))
		if err != nil {
			tb.Fatal(err)
		}
		ids = append(ids, id)
	}
	return v, ids
}

func mustBackUp(tb testing.TB, v *vault.Vault, o vault.BackupOptions) vault.BackupReport {
	tb.Helper()
	report, err := v.CreateBackup(tb.Context(), tb.TempDir(), o)
	if err != nil {
		tb.Fatal(err)
	}
	if len(report.Problems) > 0 {
		tb.Fatal(report.Problems)
	}
	return report
}

func mustOpenBackup(tb testing.TB, dir string) *vault.Backup {
	tb.Helper()
	b, err := vault.OpenBackup(tb.Context(), dir, passphrase, light)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = b.Close() })
	return b
}

func TestABackupOfAVaultInUseRestoresToTheSameVault(t *testing.T) {
	v, ids := withOriginals(t, t.TempDir(), 3)
	var seen []vault.BackupProgress
	report := mustBackUp(t, v, vault.BackupOptions{Program: "samtykke test", Progress: func(p vault.BackupProgress) { seen = append(seen, p) }})
	if report.Files != 5 || report.Events != 2 || report.Bytes == 0 || !strings.Contains(filepath.Base(report.Path), "samtykke-") {
		t.Errorf("%+v", report)
	}
	if last := seen[len(seen)-1]; !last.Verifying || last.Done > last.Total || last.Total != report.Bytes {
		t.Errorf("the last progress is %+v of %d", last, report.Bytes)
	}
	MustUpdate(t, v, func(tx capture.Tx) error { return putConsent(tx, 2) }) // later than the backup
	b := mustOpenBackup(t, report.Path)
	check, err := b.Verify(t.Context(), nil)
	if err != nil || len(check.Problems) > 0 || !check.Complete || check.Events != 2 || check.Bytes != report.Bytes {
		t.Errorf("%+v, %v", check, err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	if err := vault.Restore(t.Context(), b, dir, nil); err != nil {
		t.Fatal(err)
	}
	restored := MustOpen(t, dir)
	if r := restored.Report(); len(r) > 0 {
		t.Error(r)
	}
	checkConsents(t, restored, 1)
	for i, id := range ids {
		o, err := restored.Originals().Open(id)
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, o.Size())
		if _, err := o.ReadAt(raw, 0); err != nil && !errors.Is(err, io.EOF) || string(raw) != strings.Repeat(fmt.Sprint("picture ", i), 20_000) {
			t.Error("another picture", err)
		}
		_ = o.Close()
	}
	if checked, err := restored.Check(t.Context(), true); err != nil || len(checked.Problems) > 0 || checked.Originals != 3 || checked.Values < 20 {
		t.Errorf("%+v, %v", checked, err)
	}
	// What is there is never overwritten: not the vault that was restored, and nobody else's folder.
	wantProblem(t, vault.Restore(t.Context(), b, dir, nil), problem.Conflict, "vault-exists")
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, vault.Restore(t.Context(), b, other, nil), problem.Invalid, "not-a-vault-folder")
}

func TestEveryChangedFileOfABackupIsNamed(t *testing.T) {
	v, _ := withOriginals(t, t.TempDir(), 1)
	report := mustBackUp(t, v, vault.BackupOptions{})
	var files []string
	if err := filepath.WalkDir(report.Path, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	}); err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		flipped := bytes.Clone(whole)
		flipped[len(flipped)/2] ^= 4
		for what, damage := range map[string]func() error{
			"flipped": func() error { return os.WriteFile(path, flipped, 0o600) },
			"cut":     func() error { return os.WriteFile(path, whole[:len(whole)/3], 0o600) },
			"empty":   func() error { return os.WriteFile(path, nil, 0o600) },
			"missing": func() error { return os.Remove(path) },
			"folder":  func() error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
		} {
			if err := damage(); err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(path)
			if words := wrongWith(t, report.Path); !strings.Contains(words, name) && !strings.Contains(words, filepath.Base(report.Path)) {
				t.Errorf("%s %s: %s", name, what, words)
			}
			dir := filepath.Join(t.TempDir(), "restored")
			if b, err := vault.OpenBackup(t.Context(), report.Path, passphrase, light); err == nil {
				if err := vault.Restore(t.Context(), b, dir, nil); problem.Of(err).ID != "backup-damaged" {
					t.Errorf("%s %s: restoring says %v", name, what, err)
				}
				_ = b.Close()
			}
			if vault.Exists(dir) {
				t.Errorf("%s %s: it was restored all the same", name, what)
			}
			if err := errors.Join(os.RemoveAll(path), os.WriteFile(path, whole, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if words := wrongWith(t, report.Path); words != "" {
		t.Error("put back as it was:", words)
	}
}

// wrongWith says what verifying finds, "" for nothing. The check without a passphrase must find it too.
func wrongWith(t *testing.T, dir string) string {
	t.Helper()
	files, filesErr := vault.VerifyBackupFiles(t.Context(), dir, nil)
	b, err := vault.OpenBackup(t.Context(), dir, passphrase, light)
	if err != nil {
		if filesErr == nil && len(files.Problems) == 0 && !strings.Contains(err.Error(), "manifest") {
			t.Error("the manifest alone does not show", err)
		}
		return err.Error()
	}
	defer b.Close()
	check, err := b.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if (len(check.Problems) > 0) != (len(files.Problems) > 0) {
		t.Errorf("with the passphrase %v, without %v", check.Problems, files.Problems)
	}
	return strings.Join(check.Problems, "; ")
}

// A thief who has two backups of one vault cannot put parts of the older into the newer, whatever they write into the manifest.
func TestPartsOfBackupsCannotBeExchanged(t *testing.T) {
	v, _ := withOriginals(t, t.TempDir(), 0)
	older := mustBackUp(t, v, vault.BackupOptions{})
	MustUpdate(t, v, func(tx capture.Tx) error { return putConsent(tx, 2) })
	newer := mustBackUp(t, v, vault.BackupOptions{})
	raw, err := os.ReadFile(filepath.Join(older.Path, "vault.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(newer.Path, "vault.db"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var older1, newer1 map[string]any
	for _, m := range []struct {
		dir  string
		into *map[string]any
	}{{older.Path, &older1}, {newer.Path, &newer1}} {
		raw, err := os.ReadFile(filepath.Join(m.dir, "manifest.json"))
		if err := errors.Join(err, json.Unmarshal(raw, m.into)); err != nil {
			t.Fatal(err)
		}
	}
	newer1["files"] = older1["files"]
	forged, err := json.Marshal(newer1)
	if err := errors.Join(err, os.WriteFile(filepath.Join(newer.Path, "manifest.json"), forged, 0o600)); err != nil {
		t.Fatal(err)
	}
	if check, err := vault.VerifyBackupFiles(t.Context(), newer.Path, nil); err != nil || check.Complete {
		t.Errorf("without the passphrase: %+v, %v", check, err)
	}
	_, err = vault.OpenBackup(t.Context(), newer.Path, passphrase, light)
	wantProblem(t, err, problem.Damaged, "backup-damaged")
}

func TestABackupTellsNothingAndHoldsNothingErased(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	const marker = "MARKER-Kari-Nordmann"
	MustUpdate(t, v, func(tx capture.Tx) error {
		return errors.Join(tx.PutProfile(consent.Profile{Subject: marker, Name: marker}, true),
			tx.PutAssetFile(capture.AssetFile{Asset: marker, Name: marker, Path: "/card/" + marker}))
	})
	before := mustBackUp(t, v, vault.BackupOptions{})
	if !slices.Equal(before.NotIncluded, []string{"/card/" + marker}) {
		t.Error(before.NotIncluded)
	}
	var sealed []byte // the profile as it lies in the older backup
	older := mustOpenBackup(t, before.Path)
	if err := older.View(t.Context(), func(tx capture.Tx) error {
		sealed = vault.SealedProfile(tx, marker)
		return nil
	}); err != nil || len(sealed) == 0 {
		t.Fatal(err)
	}
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.ForgetSubject(marker) })
	after := mustBackUp(t, v, vault.BackupOptions{})
	for what, b := range map[string]struct {
		dir  string
		has  bool
		data []byte
	}{"name before": {before.Path, false, []byte(marker)}, "sealed before": {before.Path, true, sealed}, "sealed after": {after.Path, false, sealed}} {
		if got := contains(t, b.dir, b.data); got != b.has {
			t.Errorf("%s: found %v", what, got)
		}
	}
}

func contains(t *testing.T, dir string, data []byte) (found bool) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		found = found || bytes.Contains(raw, data) || strings.Contains(path, string(data))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestReferencedFilesComeAlongWhenAsked(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	card := filepath.Join(t.TempDir(), "a.jpg")
	picture := []byte("the bytes of a picture")
	if err := os.WriteFile(card, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	id := consent.AssetID(blob(capture.ClassOriginal, "", string(picture)).Hash)
	MustUpdate(t, v, func(tx capture.Tx) error {
		return errors.Join(tx.PutAssetFile(capture.AssetFile{Asset: id, Name: "a.jpg", Path: card}),
			tx.PutAssetFile(capture.AssetFile{Asset: "gone", Name: "b.jpg", Path: card + "-gone"}))
	})
	report := mustBackUp(t, v, vault.BackupOptions{WithReferenced: true})
	if !slices.Equal(report.NotIncluded, []string{card + "-gone"}) || report.Files != 3 {
		t.Errorf("%+v", report)
	}
	if !mustOpenBackup(t, report.Path).Originals().Has(id) {
		t.Error("the picture is not in the backup")
	}
}

// Another picture may lie under a name now; when the vault has that one too, the backup must not lose it.
func TestAReferencedFileThatIsAnotherOneNowTakesNothingAway(t *testing.T) {
	v, ids := withOriginals(t, t.TempDir(), 1)
	card := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(card, []byte(strings.Repeat("picture 0", 20_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	was := consent.AssetID(blob(capture.ClassOriginal, "", "what lay there first").Hash)
	MustUpdate(t, v, func(tx capture.Tx) error {
		return tx.PutAssetFile(capture.AssetFile{Asset: was, Name: "a.jpg", Path: card})
	})
	report := mustBackUp(t, v, vault.BackupOptions{WithReferenced: true})
	if !slices.Equal(report.NotIncluded, []string{card}) {
		t.Errorf("%+v", report)
	}
	if b := mustOpenBackup(t, report.Path); !b.Originals().Has(ids[0]) || b.Originals().Has(was) {
		t.Error("the backup has another picture than the vault")
	}
}

func TestABackupDoesNotLieWithinItsVault(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(t.TempDir(), "below")
	if err := os.Symlink(filepath.Join(dir, "originals"), below); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{dir, filepath.Join(dir, "new", "folder"), link, filepath.Join(dir, "originals"), below, filepath.Join(below, "new")} {
		_, err := v.CreateBackup(t.Context(), out, vault.BackupOptions{})
		wantProblem(t, err, problem.Invalid, "backup-inside-vault")
	}
}

func TestAStoppedBackupLeavesNothing(t *testing.T) {
	v, _ := withOriginals(t, t.TempDir(), 3)
	for _, verifying := range []bool{false, true} {
		out := t.TempDir()
		leftover := filepath.Join(out, filepath.Base(mustBackUp(t, v, vault.BackupOptions{}).Path)[:18]+"-cut-off.partial")
		if err := os.Mkdir(leftover, 0o700); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		_, err := v.CreateBackup(ctx, out, vault.BackupOptions{Progress: func(p vault.BackupProgress) {
			if p.Verifying == verifying {
				stop()
			}
		}})
		stop()
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if left, _ := os.ReadDir(out); len(left) > 0 {
			t.Errorf("verifying %v: %v are left", verifying, left)
		}
	}
}

func TestAStoppedRestoreLeavesNoVaultAndCanBeRepeated(t *testing.T) {
	v, _ := withOriginals(t, t.TempDir(), 3)
	b := mustOpenBackup(t, mustBackUp(t, v, vault.BackupOptions{}).Path)
	dir := filepath.Join(t.TempDir(), "restored")
	ctx, stop := context.WithCancel(t.Context())
	err := vault.Restore(ctx, b, dir, func(p vault.BackupProgress) {
		if !p.Verifying {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || vault.Exists(dir) {
		t.Error(err)
	}
	if _, err := vault.Open(t.Context(), dir, passphrase, light); problem.Of(err).ID != "vault-missing" {
		t.Error(err)
	}
	// As a power cut would leave it: files, the mark, and no header.
	raw, err := os.ReadFile(filepath.Join(mustBackUp(t, v, vault.BackupOptions{}).Path, "vault.json"))
	if err := errors.Join(err, os.MkdirAll(filepath.Join(dir, "originals"), 0o700), os.WriteFile(filepath.Join(dir, "vault.json.new"), raw, 0o600),
		os.WriteFile(filepath.Join(dir, "vault.db"), []byte("half"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := vault.Restore(t.Context(), b, dir, nil); err != nil {
		t.Fatal(err)
	}
	checkConsents(t, MustOpen(t, dir), 1)
}

func TestABackupOpensWithItsOwnPassphrase(t *testing.T) {
	v, _ := withOriginals(t, t.TempDir(), 0)
	report := mustBackUp(t, v, vault.BackupOptions{})
	if err := v.ChangePassphrase(t.Context(), passphrase, "something else entirely"); err != nil {
		t.Fatal(err)
	}
	_, err := vault.OpenBackup(t.Context(), report.Path, "something else entirely", light)
	wantProblem(t, err, problem.Unauthorised, "wrong-passphrase")
	mustOpenBackup(t, report.Path)
	_, err = vault.OpenBackup(t.Context(), t.TempDir(), passphrase, light)
	wantProblem(t, err, problem.Invalid, "not-a-backup")
}

// What is damaged in the vault is damaged in its backup too: the backup is made, and says so.
func TestABackupOfADamagedVaultSaysWhatDoesNotOpen(t *testing.T) {
	dir := t.TempDir()
	v, _ := withOriginals(t, dir, 2)
	flipOriginal(t, dir)
	report, err := v.CreateBackup(t.Context(), t.TempDir(), vault.BackupOptions{})
	if err != nil || len(report.Problems) != 1 || !strings.Contains(report.Problems[0], "before it was backed up") {
		t.Errorf("%+v, %v", report, err)
	}
	checked, err := v.Check(t.Context(), true)
	if err != nil || len(checked.Problems) != 1 || !strings.Contains(checked.Problems[0], "import it again") {
		t.Errorf("%+v, %v", checked, err)
	}
}

func flipOriginal(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "originals", "*", "*.age"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	flip(t, files[0], -5000)
}

// flip changes one bit; a negative place counts from the end.
func flip(t *testing.T, path string, at int) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += len(raw)
	}
	raw[at] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

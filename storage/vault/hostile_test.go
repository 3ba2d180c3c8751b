package vault_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// A stick that somebody hands over may hold a header that asks for more memory or time than the machine has.
func TestAHeaderThatAsksForTooMuchIsRefusedBeforeAnyPassphrase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, _ := MustCreate(t, dir)
	MustClose(t, v)
	for what, kdf := range map[string]map[string]any{
		"memory":               {"time": 1, "memory_kib": 1<<20 + 1, "threads": 4},
		"passes":               {"time": 65, "memory_kib": 64, "threads": 1},
		"memory times passes":  {"time": 5, "memory_kib": 1 << 20, "threads": 4},
		"more than a u32 has":  {"time": 1, "memory_kib": 1 << 33, "threads": 4},
		"lanes without memory": {"time": 1, "memory_kib": 8, "threads": 2},
	} {
		h := readHeader(t, dir)
		h["passphrase"].(map[string]any)["argon2id"] = kdf
		raw, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		if sealed, err := vault.Rechecksum(raw); err == nil {
			raw = sealed
		}
		if err := vault.ParseHeader(raw); problem.Of(err).ID != "vault-damaged" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestAnEarlierValueInItsOwnPlaceOpens holds the documents to the truth: a value is bound to its place and not to a time. Whoever has an
// earlier copy of the folder can put back one value of it; what finds that stands above the vault (the audit, the library).
func TestAnEarlierValueInItsOwnPlaceOpens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, _ := MustCreate(t, dir)
	settings := func() (all map[string][]byte) {
		all = map[string][]byte{}
		withDatabase(t, dir, func(b *bbolt.Tx) error {
			return b.Bucket([]byte("settings")).ForEach(func(key, value []byte) error {
				all[string(key)] = append([]byte(nil), value...)
				return nil
			})
		})
		return all
	}
	put := func(text string) {
		MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutSetting("said", text) })
	}
	put("earlier")
	MustClose(t, v)
	earlier := settings()
	v = MustOpen(t, dir)
	put("later")
	MustClose(t, v)
	withDatabase(t, dir, func(b *bbolt.Tx) error {
		for key, value := range earlier {
			if err := b.Bucket([]byte("settings")).Put([]byte(key), value); err != nil {
				return err
			}
		}
		return nil
	})
	var said string
	MustUpdate(t, MustOpen(t, dir), func(tx capture.Tx) error { _, err := tx.Setting("said", &said); return err })
	if said != "earlier" {
		t.Errorf("%q: the documents say that this does not show", said)
	}
}

func withDatabase(t *testing.T, dir string, fn func(*bbolt.Tx) error) {
	t.Helper()
	d, err := bbolt.Open(filepath.Join(dir, "vault.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Update(fn); err != nil {
		t.Fatal(err)
	}
}

// Nobody's MAC is asked for in a quick look, so the manifest may be anybody's.
func TestAQuickLookAtABackupEndsAndStaysInItsFolder(t *testing.T) {
	for _, path := range []string{"../secret", "originals/../../secret", "/etc/passwd", "originals/", "vault.lock", `originals\..\x`, "originals/./x"} {
		dir := t.TempDir()
		manifest := map[string]any{"format": 1, "files": []any{map[string]any{"path": path, "bytes": 1, "sha256": ""}}}
		writeManifest(t, dir, manifest)
		_, err := vault.VerifyBackupFiles(t.Context(), dir, nil)
		wantProblem(t, err, problem.Damaged, "backup-damaged")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "originals"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "originals", "endless")); err != nil {
		t.Skipf("this system lets whoever runs this make no symbolic links: %v", err)
	}
	writeManifest(t, dir, map[string]any{"format": 1, "files": []any{map[string]any{"path": "originals/endless", "bytes": 10, "sha256": ""}}})
	check, err := vault.VerifyBackupFiles(t.Context(), dir, nil)
	if err != nil || len(check.Problems) != 1 || !strings.Contains(check.Problems[0], "originals/endless") {
		t.Errorf("%+v, %v", check, err)
	}
}

func TestAManifestOfNothingDoesNotFillTheMemory(t *testing.T) {
	dir := t.TempDir()
	raw := append([]byte(`{"format":1,"files":[{}`), bytes.Repeat([]byte(",{}"), 5_000_000)...)
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), append(raw, "]}"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := vault.VerifyBackupFiles(t.Context(), dir, nil)
	runtime.ReadMemStats(&after)
	wantProblem(t, err, problem.Damaged, "backup-damaged")
	if took := after.TotalAlloc - before.TotalAlloc; took > 12*uint64(len(raw)) {
		t.Errorf("%d MB for a manifest of %d MB", took>>20, len(raw)>>20)
	}
}

func writeManifest(t *testing.T, dir string, manifest map[string]any) {
	t.Helper()
	raw, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

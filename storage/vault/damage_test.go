package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// filled makes a closed vault with enough in it for a tree of several pages.
func filled(tb testing.TB) (dir string) {
	tb.Helper()
	dir = tb.TempDir()
	v, _ := MustCreate(tb, dir)
	MustUpdate(tb, v, func(tx capture.Tx) error {
		for n := range 200 {
			if err := putConsent(tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	MustUpdate(tb, v, func(tx capture.Tx) error { return tx.PutSetting("later", true) }) // so that there are free pages
	if err := v.Previews().PutPreview("a", []byte("jpeg")); err != nil {
		tb.Fatal(err)
	}
	MustClose(tb, v)
	return dir
}

func readAll(v *vault.Vault, check func(n int, err error)) error {
	return v.View(context.Background(), func(tx capture.Tx) error {
		var errs []error
		n := 0
		errs = append(errs, tx.EachEvent(func(capture.StoredEvent) error { n++; return nil }),
			tx.EachProfile(func(consent.Profile) error { n++; return nil }),
			tx.EachBlobOfClass(capture.ClassEvidence, func(capture.Blob) error { n++; return nil }),
			tx.EachTransfer(func(capture.Transfer) error { n++; return nil }))
		_, err := tx.WaitingEvents(1000)
		errs = append(errs, err)
		_, err = tx.WaitingProfiles()
		errs = append(errs, err)
		_, err = tx.Setting("next", new(int))
		err = errors.Join(append(errs, err)...)
		check(n, err)
		return err
	})
}

func TestChangedBitsAreNamedAndNeverPanic(t *testing.T) {
	dir := filled(t)
	path := filepath.Join(dir, "vault.db")
	if err := os.Remove(filepath.Join(dir, "vault.db.snapshot")); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(dir, "vault.lock")
	random := rand.New(rand.NewPCG(1, 2))
	refused, found, unseen := 0, 0, 0
	for i := range 400 {
		changed := bytes.Clone(whole)
		at := random.IntN(len(whole))
		if i%2 == 0 { // structure is rare among the bytes, so half of the flips aim at the head of a page
			at = at/4096*4096 + random.IntN(64)
		}
		changed[at] ^= 1 << random.IntN(8)
		unclean := []byte(nil)
		if i%4 >= 2 {
			unclean = []byte("{}")
		}
		if err := errors.Join(os.WriteFile(path, changed, 0o600), os.WriteFile(lock, unclean, 0o600)); err != nil {
			t.Fatal(err)
		}
		v, err := vault.Open(t.Context(), dir, passphrase, light)
		if err != nil {
			if p := problem.Of(err); p.ID != "vault-damaged" || !strings.Contains(p.Error(), "vault.db") {
				t.Fatalf("byte %d: opening says %v", at, err)
			}
			refused++
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, changed) {
				t.Fatalf("byte %d: a refused vault was written to: %v", at, err)
			}
			continue
		}
		err = readAll(v, func(n int, err error) {
			switch {
			case err == nil && n == 800:
				unseen++ // a free page, or a byte that says nothing
			case err == nil:
				t.Fatalf("byte %d: %d of 800 values and no error", at, n)
			}
		})
		if err != nil {
			if p := problem.Of(err); p.ID != "vault-damaged" {
				t.Fatalf("byte %d: reading says %v", at, err)
			}
			found++
		}
		_ = v.Close()
		_ = os.Remove(filepath.Join(dir, "vault.db.snapshot"))
	}
	t.Logf("of 400 changed bits %d were refused at opening, %d found when read, %d changed nothing", refused, found, unseen)
	if refused == 0 || found == 0 {
		t.Error("the flips did not reach both structure and values")
	}
}

func TestChangedHeaderIsNamedAndNeverPanics(t *testing.T) {
	dir := filled(t)
	path := filepath.Join(dir, "vault.json")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	for at := range whole {
		changed := bytes.Clone(whole)
		changed[at] ^= 1 << (at % 7)
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := vault.Open(t.Context(), dir, passphrase, light)
		if err == nil { // white space, or a letter's case in a name: it says the same
			MustClose(t, v)
			ids["opened"]++
			continue
		}
		id := problem.Of(err).ID
		if id != "vault-damaged" && id != "vault-newer-format" {
			t.Fatalf("byte %d (%q): %v", at, whole[at], err)
		}
		ids[id]++
	}
	t.Log(ids)
	if ids["vault-damaged"] < len(whole)/2 {
		t.Error("too few changes were seen")
	}
	for _, cut := range []int{0, 1, len(whole) / 2, len(whole) - 3} {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := vault.Open(t.Context(), dir, passphrase, light)
		wantProblem(t, err, problem.Damaged, "vault-damaged")
	}
}

func TestMissingHeaderIsDamageAndNoInvitationToStartAnew(t *testing.T) {
	dir := filled(t)
	if err := os.Remove(filepath.Join(dir, "vault.json")); err != nil {
		t.Fatal(err)
	}
	_, err := vault.Open(t.Context(), dir, passphrase, light)
	wantProblem(t, err, problem.Damaged, "vault-damaged")
	_, _, err = vault.Create(t.Context(), dir, passphrase, light)
	wantProblem(t, err, problem.Damaged, "vault-damaged")
}

func TestDamagedDatabaseIsKeptAndTheSnapshotTakesItsPlace(t *testing.T) {
	for name, damage := range map[string]func(path string, whole []byte) error{
		"cut to nothing": func(path string, _ []byte) error { return os.Truncate(path, 0) },
		"cut in half":    func(path string, whole []byte) error { return os.Truncate(path, int64(len(whole)/2)) },
		"cut by a page":  func(path string, whole []byte) error { return os.Truncate(path, 8192+100) },
		"zeroed head": func(path string, whole []byte) error {
			return os.WriteFile(path, append(make([]byte, 8192), whole[8192:]...), 0o600)
		},
		"another file": func(path string, whole []byte) error {
			return os.WriteFile(path, []byte(strings.Repeat("x", len(whole))), 0o600)
		},
		"one meta page": func(path string, whole []byte) error {
			return os.WriteFile(path, append(make([]byte, 4096), whole[4096:]...), 0o600)
		},
		"missing": func(path string, _ []byte) error { return os.Remove(path) },
		"another vault's": func(path string, _ []byte) error {
			other, err := os.ReadFile(filepath.Join(filled(t), "vault.db"))
			return errors.Join(err, os.WriteFile(path, other, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t)
			path := filepath.Join(dir, "vault.db")
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := damage(path, whole); err != nil {
				t.Fatal(err)
			}
			damaged, _ := os.ReadFile(path)
			v := MustOpen(t, dir)
			report := strings.Join(told(v), "\n")
			if !strings.Contains(report, "copy of 20") {
				t.Errorf("the report says %q", report)
			}
			if kept, _ := filepath.Glob(path + ".damaged-*"); name != "missing" {
				if len(kept) != 1 || !strings.Contains(report, filepath.Base(kept[0])) {
					t.Fatalf("kept %v, report %q", kept, report)
				}
				if raw, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(raw, damaged) {
					t.Error("the damaged file was changed:", err)
				}
			}
			if err := readAll(v, func(n int, err error) {
				if n != 800 {
					t.Errorf("%d of 800 values are back: %v", n, err)
				}
			}); err != nil {
				t.Error(err)
			}
			MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutSetting("goes on", true) })
			MustClose(t, v)
			if r := MustOpen(t, dir).Report(); len(r) != 0 {
				t.Error("the next opening reports again:", r)
			}
		})
	}
}

func TestDamagedDatabaseWithoutASnapshotIsRefusedAndLeftAsItIs(t *testing.T) {
	for _, snapshot := range []string{"", "damaged too"} {
		dir := filled(t)
		snapshotPath := filepath.Join(dir, "vault.db.snapshot")
		err := os.Remove(snapshotPath)
		if snapshot != "" {
			err = os.WriteFile(snapshotPath, []byte(snapshot), 0o600)
		}
		if err := errors.Join(err, os.Truncate(filepath.Join(dir, "vault.db"), 20_000)); err != nil {
			t.Fatal(err)
		}
		before := listing(t, dir)
		_, err = vault.Open(t.Context(), dir, passphrase, light)
		wantProblem(t, err, problem.Damaged, "vault-damaged")
		if after := listing(t, dir); !slices.Equal(before, after) {
			t.Errorf("files changed:\n%v\n%v", before, after)
		}
	}
}

func listing(tb testing.TB, dir string) (files []string) {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		raw, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		files = append(files, fmt.Sprintf("%s %x", e.Name(), raw))
	}
	return files
}

func TestDamagedPreviewsAreDroppedAndNothingElse(t *testing.T) {
	dir := filled(t)
	if err := os.WriteFile(filepath.Join(dir, "previews.db"), []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	v := MustOpen(t, dir)
	if len(v.Report()) != 1 || !strings.Contains(told(v)[0], "previews") {
		t.Error(v.Report())
	}
	if _, ok, err := v.Previews().Preview("a"); ok || err != nil {
		t.Error(ok, err)
	}
	if err := v.Previews().PutPreview("a", []byte("again")); err != nil {
		t.Error(err)
	}
	if p, ok, err := v.Previews().Preview("a"); !ok || err != nil || string(p) != "again" {
		t.Error(p, ok, err)
	}
}

func TestUnfinishedFilesAreRemovedAndInterruptedImportsReported(t *testing.T) {
	dir := filled(t)
	for _, name := range []string{"vault.json.77.partial", filepath.Join("originals", "original.1.partial")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r := told(MustOpen(t, dir)); len(r) != 1 || !strings.Contains(r[0], "1 imports") {
		t.Error(r)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "*.partial")); len(left) != 0 {
		t.Error(left)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.partial")); len(left) != 0 {
		t.Error(left)
	}
}

func TestUncleanEndIsToldAndStaysToldAfterAWrongPassphrase(t *testing.T) {
	dir := filled(t)
	if err := os.WriteFile(filepath.Join(dir, "vault.lock"), []byte(`{"pid":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := vault.Open(t.Context(), dir, "not the passphrase", light)
	wantProblem(t, err, problem.Unauthorised, "wrong-passphrase")
	v := MustOpen(t, dir)
	if len(v.Report()) != 1 || !strings.Contains(told(v)[0], "without closing") {
		t.Error(v.Report())
	}
}

func TestNewerFormatIsRefusedAndUnchanged(t *testing.T) {
	dir := t.TempDir()
	v, _, err := vault.Create(t.Context(), dir, passphrase, light.WithFormat(99, nil))
	if err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
	before := listing(t, dir)
	_, err = vault.Open(t.Context(), dir, passphrase, light)
	wantProblem(t, err, problem.Invalid, "vault-newer-format")
	if after := listing(t, dir); !slices.Equal(before, after) {
		t.Error("files changed")
	}
}

func TestOlderFormatIsLedForwardWithABackupFirst(t *testing.T) {
	dir := filled(t)
	steps := map[int]func(*bbolt.Tx) error{
		2: func(tx *bbolt.Tx) error {
			_, err := tx.CreateBucket([]byte("of format 3"))
			return err
		},
		3: func(tx *bbolt.Tx) error {
			if tx.Bucket([]byte("of format 3")) == nil {
				return errors.New("the first step did not come first")
			}
			_, err := tx.CreateBucket([]byte("of format 4"))
			return err
		},
	}
	original := listing(t, dir)
	failing := map[int]func(*bbolt.Tx) error{2: steps[2], 3: func(*bbolt.Tx) error { return errors.New("power cut") }}
	if _, err := vault.Open(t.Context(), dir, passphrase, light.WithFormat(4, failing)); err == nil {
		t.Fatal("a failing step was passed over")
	}
	MustClose(t, MustOpen(t, dir)) // it is still of format 2 and still opens

	v, err := vault.Open(t.Context(), dir, passphrase, light.WithFormat(4, steps))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Report()) != 1 || !strings.Contains(told(v)[0], "before-format-4") {
		t.Error(v.Report())
	}
	if err := readAll(v, func(n int, err error) {
		if n != 800 {
			t.Error(n, err)
		}
	}); err != nil {
		t.Error(err)
	}
	MustClose(t, v)
	_, err = vault.Open(t.Context(), dir, passphrase, light)
	wantProblem(t, err, problem.Invalid, "vault-newer-format")
	if v, err = vault.Open(t.Context(), dir, passphrase, light.WithFormat(4, steps)); err != nil || len(v.Report()) != 0 {
		t.Fatal("opening again:", err)
	}
	MustClose(t, v)

	// The backup is a vault of the old format that opens.
	backup := filepath.Join(dir, "before-format-4")
	if raw, err := os.ReadFile(filepath.Join(backup, "vault.json")); err != nil || !slices.Contains(original, fmt.Sprintf("vault.json %x", raw)) {
		t.Error("the header's copy differs:", err)
	}
	if err := readAll(MustOpen(t, backup), func(n int, err error) {
		if n != 800 {
			t.Error(n, err)
		}
	}); err != nil {
		t.Error(err)
	}
}

func TestLosingTheFileUnderAnOpenVaultIsAProblemAndNoCrash(t *testing.T) {
	dir := filled(t)
	v := MustOpen(t, dir)
	if err := os.Truncate(filepath.Join(dir, "vault.db"), 4096); err != nil {
		t.Fatal(err)
	}
	err := readAll(v, func(int, error) {})
	wantProblem(t, err, problem.Damaged, "vault-damaged")
	err = v.Update(t.Context(), func(tx capture.Tx) error { return tx.PutSetting("a", 1) })
	wantProblem(t, err, problem.Damaged, "vault-damaged")
	closed := make(chan error, 1)
	go func() { closed <- v.Close() }()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Fatal("closing hangs")
	}
	if r := told(MustOpen(t, dir)); len(r) == 0 || !strings.Contains(strings.Join(r, " "), "damaged-") {
		t.Error("the next opening did not mend:", r)
	}
}

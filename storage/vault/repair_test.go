package vault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// damageValue flips a bit in one value of a closed vault's database, as a bad sector does, and leaves its structure whole.
func damageValue(t *testing.T, dir, bucket string, which int) {
	t.Helper()
	v := MustOpen(t, dir)
	var sealed []byte
	MustView(t, v, func(tx capture.Tx) error {
		sealed = vault.SealedValues(tx, bucket)[which]
		return nil
	})
	MustClose(t, v)
	path := filepath.Join(dir, "vault.db")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(raw, sealed) == 0 {
		t.Fatal("the value is not in the file")
	}
	for at := 0; ; at++ { // older versions of the page hold it too
		next := bytes.Index(raw[at:], sealed)
		if next < 0 {
			break
		}
		at += next
		raw[at+len(sealed)-1] ^= 1
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// registered puts a person with a short code into a vault, with evidence.
func registered(tx capture.Tx, id consent.SubjectID, seq uint64) error {
	e := capture.StoredEvent{Own: true}
	e.Envelope = []byte(`{"at":"2026-05-04T03:02:01Z","body":{"code":"K7Q2-M9XD"},"device":"d","id":"` + uuid.Must(uuid.NewV7()).String() +
		`","seq":` + string(rune('0'+seq)) + `,"subject":"` + string(id) + `","type":"subject.registered","v":1}`)
	e.Signature = make([]byte, 64)
	return errors.Join(tx.AppendEvent(e), tx.PutProfile(consent.Profile{Subject: id, Name: "Kari"}, true),
		tx.PutBlob(blob(capture.ClassEvidence, id, "a signature")))
}

func TestAValueThatDoesNotOpenIsPutBackFromTheSnapshot(t *testing.T) {
	for _, bucket := range []string{"events", "event_ids", "subjects", "blobs", "transfers", "settings", "profiles_waiting", "events_waiting"} {
		t.Run(bucket, func(t *testing.T) {
			dir := filled(t)
			damageValue(t, dir, bucket, 3%entries(t, dir, bucket))
			damaged, err := os.ReadFile(filepath.Join(dir, "vault.db"))
			if err != nil {
				t.Fatal(err)
			}
			v := MustOpen(t, dir)
			found, err := v.Check(t.Context(), false)
			if err != nil || len(found.Problems) == 0 {
				t.Fatalf("the damage is not found: %+v, %v", found, err)
			}
			done, err := v.Repair(t.Context(), nil)
			if err != nil || done.Mended == 0 || len(done.Lost) > 0 {
				t.Fatalf("%+v, %v", done, err)
			}
			if kept, err := os.ReadFile(filepath.Join(dir, done.Kept)); err != nil || !bytes.Contains(kept, vaultPages(damaged)) {
				t.Error("the damaged database was not kept:", err)
			}
			if found, err = v.Check(t.Context(), false); err != nil || len(found.Problems) > 0 {
				t.Errorf("afterwards: %v, %v", found.Problems, err)
			}
			if err := readAll(v, func(n int, err error) {
				if n != 800 || err != nil {
					t.Errorf("%d of 800 values: %v", n, err)
				}
			}); err != nil {
				t.Error(err)
			}
			MustClose(t, v)
			if r := MustOpen(t, dir).Report(); len(r) > 0 {
				t.Error("the next opening reports:", r)
			}
		})
	}
}

// vaultPages is what no copy of a database writes anew: its pages behind the two metas, up to a part that is enough to know it by.
func vaultPages(raw []byte) []byte { return raw[len(raw)/2 : len(raw)/2+64] }

func entries(t *testing.T, dir, bucket string) (n int) {
	t.Helper()
	v := MustOpen(t, dir)
	defer MustClose(t, v)
	MustView(t, v, func(tx capture.Tx) error {
		n = len(vault.SealedValues(tx, bucket))
		return nil
	})
	return n
}

func TestWhatNoCopyHasIsSetAsideByNameAndComesBackFromABackup(t *testing.T) {
	for what, c := range map[string]struct {
		bucket string
		which  int
		says   string
		reads  func(tx capture.Tx) (bool, error)
	}{
		"event": {"events", 0, "event 1 of device d", func(tx capture.Tx) (bool, error) { n, err := tx.CountWaitingEvents(); return n == 2, err }},
		"evidence": {"blobs", 0, "evidence of K7Q2-M9XD", func(tx capture.Tx) (bool, error) {
			_, ok, err := tx.Blob(blob(capture.ClassEvidence, "", "a signature").Hash)
			return ok, err
		}},
		"profile": {"subjects", 1, "profile of K7Q2-M9XD", func(tx capture.Tx) (bool, error) { _, ok, err := tx.Profile("kari"); return ok, err }},
		"key":     {"subjects", 0, "key of K7Q2-M9XD", func(tx capture.Tx) (bool, error) { _, ok, err := tx.Profile("kari"); return ok, err }},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			v, _ := MustCreate(t, dir)
			MustUpdate(t, v, func(tx capture.Tx) error {
				return errors.Join(registered(tx, "kari", 1), registered(tx, "kari", 2))
			})
			backup := mustOpenBackup(t, mustBackUp(t, v, vault.BackupOptions{}).Path)
			MustClose(t, v)
			damageValue(t, dir, c.bucket, c.which)
			raw, err := os.ReadFile(filepath.Join(dir, "vault.db"))
			if err := errors.Join(err, os.WriteFile(filepath.Join(dir, "vault.db.snapshot"), raw, 0o600)); err != nil { // the copy has it too
				t.Fatal(err)
			}
			v = MustOpen(t, dir)
			done, err := v.Mend(t.Context())
			if err != nil || !strings.Contains(strings.Join(done.Lost, "; "), c.says) || (what == "event") != (done.LostEvents == 1) {
				t.Fatalf("%+v, %v", done, err)
			}
			report := v.Report()
			if len(report) != 1 || !strings.Contains(report[0].Error(), c.says) || !strings.Contains(report[0].Error(), done.Kept) {
				t.Error(report)
			}
			read := func(want bool) {
				t.Helper()
				MustView(t, v, func(tx capture.Tx) error {
					got, err := c.reads(tx)
					if got != want {
						t.Errorf("it is here: %v", got)
					}
					return err
				})
			}
			read(false)
			MustClose(t, v)
			v = MustOpen(t, dir) // it opens, and goes on
			if found, err := v.Check(t.Context(), false); err != nil || len(found.Problems) > 0 {
				t.Errorf("%v, %v", found.Problems, err)
			}
			if done, err = v.Repair(t.Context(), backup); err != nil || done.Mended == 0 || len(done.Lost) > 0 || done.Kept != "" {
				t.Errorf("from the backup: %+v, %v", done, err)
			}
			read(true)
			if done, err = v.Repair(t.Context(), backup); err != nil || done.Mended != 0 {
				t.Errorf("again: %+v, %v", done, err)
			}
		})
	}
}

func TestARepairTakesNothingFromAnotherVault(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	other, _ := MustCreate(t, t.TempDir())
	_, err := v.Repair(t.Context(), mustOpenBackup(t, mustBackUp(t, other, vault.BackupOptions{}).Path))
	wantProblem(t, err, problem.Invalid, "backup-of-another-vault")
}

// A restored snapshot gives numbers of arrival a second time: the value of an older copy in the same place is then another event.
func TestARepairDoesNotTakeAnotherEventForTheLostOne(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	MustUpdate(t, v, func(tx capture.Tx) error { return registered(tx, "kari", 1) })
	MustClose(t, v)
	old := MustOpen(t, dir)
	MustUpdate(t, old, func(tx capture.Tx) error { return registered(tx, "ola", 2) })
	backup := mustOpenBackup(t, mustBackUp(t, old, vault.BackupOptions{}).Path)
	snapshot, err := os.ReadFile(filepath.Join(dir, "vault.db.snapshot"))
	if err != nil {
		t.Fatal(err)
	}
	MustClose(t, old)
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "vault.db"), snapshot, 0o600), os.WriteFile(filepath.Join(dir, "vault.db.snapshot"), snapshot, 0o600)); err != nil {
		t.Fatal(err)
	}
	v = MustOpen(t, dir)
	MustUpdate(t, v, func(tx capture.Tx) error { return registered(tx, "per", 2) })
	MustClose(t, v)
	if err := os.WriteFile(filepath.Join(dir, "vault.db.snapshot"), snapshot, 0o600); err != nil {
		t.Fatal(err)
	}
	damageValue(t, dir, "events", 1)
	if err := os.WriteFile(filepath.Join(dir, "vault.db.snapshot"), snapshot, 0o600); err != nil {
		t.Fatal(err)
	}
	v = MustOpen(t, dir)
	done, err := v.Repair(t.Context(), backup)
	if err != nil || done.LostEvents != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	MustView(t, v, func(tx capture.Tx) error {
		return tx.EachEvent(func(e capture.StoredEvent) error {
			if open, err := e.Open(); err != nil || open.Subject == "ola" {
				t.Error("the other branch's event took its place", err)
			}
			return nil
		})
	})
}

func TestAnEventThatTheLibraryAcceptedInAnotherVersionTakesThePlaceOfOurs(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	ours := event(t, 5, `{}`)
	theirs := ours
	theirs.Envelope = bytes.Replace(bytes.Clone(ours.Envelope), []byte(`"seq":5`), []byte(`"seq":6`), 1)
	theirs.ServerSeq = 77
	MustUpdate(t, v, func(tx capture.Tx) error { return errors.Join(tx.AppendEvent(ours), tx.AppendEvent(theirs)) })
	var got []uint64
	MustView(t, v, func(tx capture.Tx) error {
		waiting, err := tx.CountWaitingEvents()
		if waiting != 0 {
			t.Errorf("%d events wait", waiting)
		}
		return errors.Join(err, tx.EachEvent(func(e capture.StoredEvent) error {
			open, err := e.Open()
			got = append(got, open.Seq, e.ServerSeq)
			return err
		}))
	})
	if !slices.Equal(got, []uint64{6, 77}) {
		t.Error(got)
	}
}

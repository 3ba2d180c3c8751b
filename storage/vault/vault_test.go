package vault_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

const passphrase = "fire ord som husker seg"

// light opens fast. What is stretched is random in none of these tests.
var light = vault.Options{KDF: vault.KDF{Time: 1, MemoryKiB: 64, Threads: 1}}

func MustCreate(tb testing.TB, dir string) (*vault.Vault, string) {
	tb.Helper()
	v, recovery, err := vault.Create(tb.Context(), dir, passphrase, light)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = v.Close() })
	return v, recovery
}

func MustOpen(tb testing.TB, dir string) *vault.Vault {
	tb.Helper()
	v, err := vault.Open(tb.Context(), dir, passphrase, light)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = v.Close() })
	return v
}

func MustClose(tb testing.TB, v *vault.Vault) {
	tb.Helper()
	if err := v.Close(); err != nil {
		tb.Fatal(err)
	}
}

// told are the sentences of what opening had to mend.
func told(v *vault.Vault) []string {
	var sentences []string
	for _, p := range v.Report() {
		sentences = append(sentences, p.Error())
	}
	return sentences
}

func MustUpdate(tb testing.TB, v *vault.Vault, fn func(capture.Tx) error) {
	tb.Helper()
	if err := v.Update(tb.Context(), fn); err != nil {
		tb.Fatal(err)
	}
}

func MustView(tb testing.TB, v *vault.Vault, fn func(capture.Tx) error) {
	tb.Helper()
	if err := v.View(tb.Context(), fn); err != nil {
		tb.Fatal(err)
	}
}

func wantProblem(tb testing.TB, err error, kind problem.Kind, id string) {
	tb.Helper()
	if p := problem.Of(err); err == nil || p.Kind != kind || p.ID != id {
		tb.Fatalf("got %v (%v), want the problem %s of kind %s", err, errors.Unwrap(err), id, kind)
	}
}

func blob(class capture.BlobClass, subject consent.SubjectID, text string) capture.Blob {
	sum := sha256.Sum256([]byte(text))
	return capture.Blob{Hash: consent.BlobHash(hex.EncodeToString(sum[:])), Class: class, Subject: subject, Data: []byte(text)}
}

func event(tb testing.TB, seq uint64, body string) capture.StoredEvent {
	tb.Helper()
	raw, err := json.Marshal(consent.Envelope{V: 1, ID: consent.EventID(uuid.Must(uuid.NewV7()).String()), Type: consent.ConsentDecided,
		Device: "d", Seq: seq, At: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), TZ: "+02:00", Body: json.RawMessage(body)})
	if err != nil {
		tb.Fatal(err)
	}
	return capture.StoredEvent{SignedEvent: evidence.SignedEvent{Envelope: raw, Signature: bytes.Repeat([]byte{7}, 64)}, Own: true}
}

func eventID(tb testing.TB, e capture.StoredEvent) string {
	tb.Helper()
	open, err := e.Open()
	if err != nil {
		tb.Fatal(err)
	}
	return string(open.ID)
}

func TestNothingReadableLiesOnTheDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, recovery := MustCreate(t, dir)
	const marker = "MARKER-Kari-Nordmann"
	subject := consent.SubjectID("subject-" + marker)
	kept := map[string]func(capture.Tx) error{
		"setting":  func(tx capture.Tx) error { return tx.PutSetting("setting-"+marker, marker) },
		"event":    func(tx capture.Tx) error { return tx.AppendEvent(event(t, 1, `{"x":"`+marker+`"}`)) },
		"profile":  func(tx capture.Tx) error { return tx.PutProfile(consent.Profile{Subject: subject, Name: marker}, true) },
		"evidence": func(tx capture.Tx) error { return tx.PutBlob(blob(capture.ClassEvidence, subject, "evidence "+marker)) },
		"form":     func(tx capture.Tx) error { return tx.PutBlob(blob(capture.ClassForm, "", "form "+marker)) },
		"transfer": func(tx capture.Tx) error {
			return tx.PutTransfer(capture.Transfer{Hash: "hash-" + marker, Class: capture.ClassDetails, Trouble: marker})
		},
		"asset file": func(tx capture.Tx) error {
			return tx.PutAssetFile(capture.AssetFile{Asset: "asset-" + marker, Name: marker + ".jpg"})
		},
	}
	for name, put := range kept {
		if err := v.Update(t.Context(), put); err != nil {
			t.Fatalf("put %s: %v", name, err)
		}
	}
	if err := v.Previews().PutPreview("preview-"+marker, []byte(marker)); err != nil {
		t.Fatal(err)
	}
	original := []byte(strings.Repeat(marker+" ", 10_000))
	hash, _, err := v.Originals().Put(t.Context(), bytes.NewReader(original))
	if err != nil {
		t.Fatal(err)
	}
	var subjectKey []byte
	MustView(t, v, func(tx capture.Tx) (err error) {
		subjectKey, err = tx.SubjectKey(subject)
		return err
	})
	search := func(when string) {
		files := 0
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			raw, err := os.ReadFile(path)
			for what, secret := range map[string][]byte{"a marker": []byte("MARKER"), "a name": []byte("Nordmann"), "the passphrase": []byte(passphrase),
				"the recovery key": []byte(recovery), "a subject's key": subjectKey, "an original's hash": []byte(hash)} {
				if bytes.Contains(raw, secret) || strings.Contains(path, string(secret)) {
					t.Errorf("%s: %s stands in %s", when, what, path)
				}
			}
			return err
		})
		if err != nil || files < 5 {
			t.Fatalf("searched %d files: %v", files, err)
		}
	}
	search("while open")
	MustClose(t, v)
	search("after closing")
}

func TestEverythingComesBackAfterReopening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, _ := MustCreate(t, dir)
	own, foreign := event(t, 1, `{"a":1}`), event(t, 9, `{"b":2}`)
	foreign.Own, foreign.ServerSeq, foreign.ReceivedAt = false, 7, time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC)
	profile := consent.Profile{Subject: "s1", Revision: 3, Name: "Kari Nordmann", Guardians: []consent.Guardian{{ID: "g1", Name: "Ola"}}}
	evidenceBlob, form := blob(capture.ClassEvidence, "s1", "drawn"), blob(capture.ClassForm, "", "form")
	transfer := capture.Transfer{Hash: form.Hash, Class: capture.ClassForm, Size: 4, State: capture.TransferSending, Offset: 2,
		Trouble: "It waits.", Problem: "it.waits", Values: map[string]any{"host": "library.example.no"}}
	file := capture.AssetFile{Asset: "a1", Name: "DSC_0001.JPG", Width: 30, Height: 20, Slate: []consent.SubjectID{"s1"}}
	var key []byte
	MustUpdate(t, v, func(tx capture.Tx) (err error) {
		key, err = tx.SubjectKey("s1")
		return errors.Join(err, tx.PutSetting("n", map[string]int{"x": 4}), tx.AppendEvent(own), tx.AppendEvent(foreign),
			tx.PutProfile(profile, true), tx.PutBlob(evidenceBlob), tx.PutBlob(form), tx.PutTransfer(transfer), tx.PutAssetFile(file))
	})
	if err := v.Previews().PutPreview("a1", []byte("jpeg")); err != nil {
		t.Fatal(err)
	}
	hash, size, err := v.Originals().Put(t.Context(), strings.NewReader("raw bytes"))
	if err != nil || size != 9 {
		t.Fatal(size, err)
	}
	MustClose(t, v)

	v = MustOpen(t, dir)
	if r := v.Report(); len(r) != 0 {
		t.Errorf("after a clean end the report says %q", r)
	}
	MustView(t, v, func(tx capture.Tx) error {
		var setting map[string]int
		if ok, err := tx.Setting("n", &setting); !ok || err != nil || setting["x"] != 4 {
			t.Error("setting:", setting, ok, err)
		}
		if ok, err := tx.Setting("never", &setting); ok || err != nil {
			t.Error("a setting that was never put:", ok, err)
		}
		if k, err := tx.SubjectKey("s1"); err != nil || !bytes.Equal(k, key) {
			t.Error("subject key:", err)
		}
		got, ok, err := tx.Profile("s1")
		if !ok || err != nil || fmt.Sprint(got) != fmt.Sprint(profile) {
			t.Error("profile:", got, ok, err)
		}
		for _, want := range []capture.Blob{evidenceBlob, form} {
			if b, ok, err := tx.Blob(want.Hash); !ok || err != nil || fmt.Sprint(b) != fmt.Sprint(want) {
				t.Error("blob:", b, ok, err)
			}
		}
		if f, ok, err := tx.Transfer(form.Hash); !ok || err != nil || fmt.Sprint(f) != fmt.Sprint(transfer) {
			t.Error("transfer:", f, ok, err)
		}
		if f, ok, err := tx.AssetFile("a1"); !ok || err != nil || fmt.Sprint(f) != fmt.Sprint(file) {
			t.Error("asset file:", f, ok, err)
		}
		var events []capture.StoredEvent
		if err := tx.EachEvent(func(e capture.StoredEvent) error { events = append(events, e); return nil }); err != nil {
			t.Error(err)
		}
		if fmt.Sprint(events) != fmt.Sprint([]capture.StoredEvent{own, foreign}) {
			t.Errorf("events: %v", events)
		}
		return nil
	})
	if p, ok, err := v.Previews().Preview("a1"); !ok || err != nil || string(p) != "jpeg" {
		t.Error("preview:", p, ok, err)
	}
	o, err := v.Originals().Open(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	raw, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size()))
	if err != nil || string(raw) != "raw bytes" {
		t.Error("original:", raw, err)
	}
}

func TestFoldersThatHoldNoVaultAreNamedAndLeftAlone(t *testing.T) {
	ctx, empty, other := t.Context(), t.TempDir(), t.TempDir()
	holiday := filepath.Join(other, "holiday.txt")
	if err := os.WriteFile(holiday, []byte("Rhodos"), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, id := range map[string]string{empty: "vault-missing", filepath.Join(empty, "none"): "vault-missing"} {
		_, err := vault.Open(ctx, dir, passphrase, light)
		wantProblem(t, err, problem.NotFound, id)
	}
	for _, dir := range []string{other, holiday} {
		_, err := vault.Open(ctx, dir, passphrase, light)
		wantProblem(t, err, problem.Invalid, "not-a-vault-folder")
		_, _, err = vault.Create(ctx, dir, passphrase, light)
		wantProblem(t, err, problem.Invalid, "not-a-vault-folder")
	}
	if entries, _ := os.ReadDir(other); len(entries) != 1 || vault.Exists(other) {
		t.Error("a foreign folder was written to:", entries)
	}
	if entries, _ := os.ReadDir(empty); len(entries) != 0 {
		t.Error("looking for a vault left", entries)
	}
}

func TestCreateNeverReplacesAVault(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	MustClose(t, v)
	_, _, err := vault.Create(t.Context(), dir, "another passphrase", light)
	wantProblem(t, err, problem.Conflict, "vault-exists")
	MustOpen(t, dir)
}

func TestCreateStartsAgainAfterAnInterruptedCreate(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	MustClose(t, v)
	if err := os.Rename(filepath.Join(dir, "vault.json"), filepath.Join(dir, "vault.json.new")); err != nil {
		t.Fatal(err)
	}
	v, _ = MustCreate(t, dir)
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutSetting("a", 1) })
	MustClose(t, v)
	MustOpen(t, dir)
}

func TestPassphraseOpensAndNothingElseDoes(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	_, _, err := vault.Create(ctx, dir, "sju tgn", light)
	wantProblem(t, err, problem.Invalid, "passphrase-too-short")
	v, _ := MustCreate(t, dir)
	MustClose(t, v)
	for _, wrong := range []string{"", "fire ord som husker sej", passphrase + " "} {
		_, err := vault.Open(ctx, dir, wrong, light)
		wantProblem(t, err, problem.Unauthorised, "wrong-passphrase")
	}
	if r := MustOpen(t, dir).Report(); len(r) != 0 {
		t.Errorf("a wrong passphrase left %q", r)
	}
}

func TestPassphraseIsTheSameHoweverItIsComposed(t *testing.T) {
	dir := t.TempDir()
	v, _, err := vault.Create(t.Context(), dir, "bl\u00e5b\u00e6r p\u00e5 heia", light)
	if err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
	v, err = vault.Open(t.Context(), dir, "bla\u030ab\u00e6r pa\u030a heia", light)
	if err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
}

func TestRecoveryKeyOpensAndSetsANewPassphrase(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	v, recovery := MustCreate(t, dir)
	if len(recovery) != 39 || strings.Count(recovery, "-") != 7 {
		t.Errorf("recovery key looks like %q", recovery)
	}
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutSetting("a", 1) })
	MustClose(t, v)

	mistyped := []byte(recovery)
	mistyped[0] = map[bool]byte{true: '2', false: '3'}[mistyped[0] == '3']
	_, err := vault.OpenWithRecoveryKey(ctx, dir, string(mistyped), "new passphrase", light)
	wantProblem(t, err, problem.Invalid, "recovery-key-mistyped")
	other, foreign := MustCreate(t, t.TempDir())
	MustClose(t, other)
	_, err = vault.OpenWithRecoveryKey(ctx, dir, foreign, "new passphrase", light)
	wantProblem(t, err, problem.Unauthorised, "wrong-recovery-key")
	_, err = vault.OpenWithRecoveryKey(ctx, dir, recovery, "short", light)
	wantProblem(t, err, problem.Invalid, "passphrase-too-short")
	MustClose(t, MustOpen(t, dir)) // none of it has changed anything

	byHand := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(strings.ToLower(recovery))
	for _, typed := range []string{recovery, byHand} { // it stays valid
		v, err := vault.OpenWithRecoveryKey(ctx, dir, typed, "new passphrase", light)
		if err != nil {
			t.Fatal(err)
		}
		MustView(t, v, func(tx capture.Tx) error {
			var a int
			if ok, err := tx.Setting("a", &a); !ok || err != nil || a != 1 {
				t.Error(ok, err, a)
			}
			return nil
		})
		MustClose(t, v)
	}
	_, err = vault.Open(ctx, dir, passphrase, light)
	wantProblem(t, err, problem.Unauthorised, "wrong-passphrase")
	if v, err = vault.Open(ctx, dir, "new passphrase", light); err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
}

func TestChangingThePassphraseTouchesTheHeaderAlone(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	v, _ := MustCreate(t, dir)
	before, err := os.ReadFile(filepath.Join(dir, "vault.db"))
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, v.ChangePassphrase(ctx, "not the old one", "a new passphrase"), problem.Unauthorised, "wrong-passphrase")
	wantProblem(t, v.ChangePassphrase(ctx, passphrase, "short"), problem.Invalid, "passphrase-too-short")
	if err := v.ChangePassphrase(ctx, passphrase, "a new passphrase"); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(filepath.Join(dir, "vault.db"))
	if err != nil || !bytes.Equal(before, after) {
		t.Error("the database was written:", err)
	}
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.PutSetting("after", true) })
	MustClose(t, v)
	_, err = vault.Open(ctx, dir, passphrase, light)
	wantProblem(t, err, problem.Unauthorised, "wrong-passphrase")
	if v, err = vault.Open(ctx, dir, "a new passphrase", light); err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
}

func TestMovedFolderOpens(t *testing.T) {
	parent := t.TempDir()
	v, _ := MustCreate(t, filepath.Join(parent, "old place"))
	hash, _, err := v.Originals().Put(t.Context(), strings.NewReader("picture"))
	if err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
	if err := os.Rename(filepath.Join(parent, "old place"), filepath.Join(parent, "ny plass æøå")); err != nil {
		t.Fatal(err)
	}
	if v = MustOpen(t, filepath.Join(parent, "ny plass æøå")); !v.Originals().Has(hash) {
		t.Error("the original stayed behind")
	}
}

func TestUseAfterCloseIsAProblemAndNoPanic(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	MustClose(t, v)
	MustClose(t, v)
	nothing := func(capture.Tx) error { return nil }
	wantProblem(t, v.View(t.Context(), nothing), problem.Unavailable, "vault-closed")
	wantProblem(t, v.Update(t.Context(), nothing), problem.Unavailable, "vault-closed")
	wantProblem(t, v.ChangePassphrase(t.Context(), passphrase, "new passphrase"), problem.Unavailable, "vault-closed")
	wantProblem(t, v.Previews().PutPreview("a", nil), problem.Unavailable, "vault-closed")
}

func TestCancelledContextChangesNothing(t *testing.T) {
	v, _ := MustCreate(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	err := v.Update(ctx, func(tx capture.Tx) error {
		cancel()
		return tx.PutSetting("a", 1)
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	MustView(t, v, func(tx capture.Tx) error {
		if ok, _ := tx.Setting("a", new(int)); ok {
			t.Error("a cancelled update was kept")
		}
		return nil
	})
}

package vault_test

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/storage/vault"
)

var writeGolden = flag.Bool("write-golden", false, "write testdata/format-1 anew; only when that format has never been released")

const goldenDir = "testdata/format-1"

// TestVaultOfFormat1StaysReadable opens a vault that was written when format 1 was made: what is on disks today must open
// tomorrow, with the passphrase and with the recovery key.
func TestVaultOfFormat1StaysReadable(t *testing.T) {
	if *writeGolden {
		makeGolden(t)
	}
	recovery, err := os.ReadFile(filepath.Join(goldenDir, "recovery-key.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func(dir string) (*vault.Vault, error){
		"passphrase": func(dir string) (*vault.Vault, error) { return vault.Open(t.Context(), dir, passphrase, light) },
		"recovery key": func(dir string) (*vault.Vault, error) {
			return vault.OpenWithRecoveryKey(t.Context(), dir, string(recovery), "a new passphrase", light)
		},
	} {
		dir := filepath.Join(t.TempDir(), "vault")
		if err := os.CopyFS(dir, os.DirFS(goldenDir)); err != nil {
			t.Fatal(err)
		}
		v, err := open(dir)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(v.Report()) != 0 {
			t.Errorf("%s: %q", name, v.Report())
		}
		readGolden(t, v)
		MustClose(t, v)
	}
}

func goldenEvents() []capture.StoredEvent {
	return []capture.StoredEvent{
		{SignedEvent: evidence.SignedEvent{Envelope: []byte(`{"id":"01","seq":1}`), Signature: []byte("signed")}, Own: true},
		{SignedEvent: evidence.SignedEvent{Envelope: []byte(`{"id":"02","seq":9}`), Signature: []byte("signed too")}, ServerSeq: 77,
			ReceivedAt: time.Date(2026, 11, 1, 12, 0, 0, 5000, time.UTC), Held: "a fork"},
	}
}

func makeGolden(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(goldenDir); err != nil {
		t.Fatal(err)
	}
	v, recovery := MustCreate(t, goldenDir)
	MustUpdate(t, v, func(tx capture.Tx) error {
		errs := []error{tx.PutSetting("greeting", "hei"), tx.PutProfile(consent.Profile{Subject: "s", Name: "Kari Nordmann"}, true),
			tx.PutBlob(blob(capture.ClassEvidence, "s", "strokes")), tx.PutBlob(blob(capture.ClassForm, "", "form")),
			tx.PutTransfer(capture.Transfer{Hash: "h", Class: capture.ClassForm, State: capture.TransferSending, Offset: 3}),
			tx.PutAssetFile(capture.AssetFile{Asset: "a", Name: "DSC_0001.JPG"})}
		for _, e := range goldenEvents() {
			errs = append(errs, tx.AppendEvent(e))
		}
		return errors.Join(errs...)
	})
	_, _, err := v.Originals().Put(t.Context(), strings.NewReader("picture"))
	MustClose(t, v)
	for _, again := range []string{"vault.db.snapshot", "previews.db", "vault.lock"} { // a vault opens without them
		err = errors.Join(err, os.Remove(filepath.Join(goldenDir, again)))
	}
	if err := errors.Join(err, os.WriteFile(filepath.Join(goldenDir, "recovery-key.txt"), []byte(recovery), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func readGolden(t *testing.T, v *vault.Vault) {
	t.Helper()
	MustView(t, v, func(tx capture.Tx) error {
		var greeting string
		if ok, err := tx.Setting("greeting", &greeting); !ok || err != nil || greeting != "hei" {
			t.Error("setting:", greeting, ok, err)
		}
		if p, ok, err := tx.Profile("s"); !ok || err != nil || p.Name != "Kari Nordmann" {
			t.Error("profile:", p, ok, err)
		}
		if waiting, err := tx.WaitingProfiles(); len(waiting) != 1 || err != nil {
			t.Error("waiting profiles:", waiting, err)
		}
		for _, want := range []capture.Blob{blob(capture.ClassEvidence, "s", "strokes"), blob(capture.ClassForm, "", "form")} {
			if b, ok, err := tx.Blob(want.Hash); !ok || err != nil || string(b.Data) != string(want.Data) || b.Class != want.Class || b.Subject != want.Subject {
				t.Error("blob:", b, ok, err)
			}
		}
		if f, ok, err := tx.Transfer("h"); !ok || err != nil || f.Offset != 3 {
			t.Error("transfer:", f, ok, err)
		}
		if f, ok, err := tx.AssetFile("a"); !ok || err != nil || f.Name != "DSC_0001.JPG" {
			t.Error("asset file:", f, ok, err)
		}
		if n, err := tx.CountWaitingEvents(); n != 1 || err != nil {
			t.Error("waiting events:", n, err)
		}
		want := goldenEvents()
		return tx.EachEvent(func(e capture.StoredEvent) error {
			w := want[0]
			want = want[1:]
			if string(e.Envelope) != string(w.Envelope) || string(e.Signature) != string(w.Signature) || e.Own != w.Own ||
				e.ServerSeq != w.ServerSeq || !e.ReceivedAt.Equal(w.ReceivedAt) || e.Held != w.Held {
				t.Errorf("event: %+v, want %+v", e, w)
			}
			return nil
		})
	})
	o, err := v.Originals().Open("2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if raw, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size())); err != nil || string(raw) != "picture" {
		t.Errorf("original: %q, %v", raw, err)
	}
}

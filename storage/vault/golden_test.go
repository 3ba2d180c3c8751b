package vault_test

import (
	"encoding/hex"
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
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

var writeGolden = flag.Bool("write-golden", false, "write the newest golden vault anew; only while its format has never been released")

// newestGolden is the golden vault of the format that this program writes. Those of older formats are never written again.
const newestGolden = "testdata/format-2"

// TestVaultsOfEveryFormatStayReadable opens vaults that were written when their format was made: what is on disks today must open
// tomorrow, with each secret that opened it then, and hold the same.
func TestVaultsOfEveryFormatStayReadable(t *testing.T) {
	if *writeGolden {
		makeGolden(t)
	}
	formats, err := filepath.Glob("testdata/format-*")
	if err != nil || len(formats) != 2 {
		t.Fatal(formats, err)
	}
	for _, golden := range formats {
		recovery, err := os.ReadFile(filepath.Join(golden, "recovery-key.txt"))
		if err != nil {
			t.Fatal(err)
		}
		ways := map[string]func(dir string) (*vault.Vault, error){
			"passphrase": func(dir string) (*vault.Vault, error) { return vault.Open(t.Context(), dir, passphrase, light) },
			"recovery key": func(dir string) (*vault.Vault, error) {
				return vault.OpenWithRecoveryKey(t.Context(), dir, string(recovery), "a new passphrase", light)
			},
		}
		if secret, err := os.ReadFile(filepath.Join(golden, "keyring-secret.txt")); err == nil {
			ways["keyring"] = func(dir string) (*vault.Vault, error) {
				return vault.OpenWithKeyring(t.Context(), dir, with(&ring{secrets: map[string][]byte{idOf(t, dir): unhex(t, string(secret))}}))
			}
		}
		for name, open := range ways {
			name = filepath.Base(golden) + ", " + name
			dir := filepath.Join(t.TempDir(), "vault")
			if err := os.CopyFS(dir, os.DirFS(golden)); err != nil {
				t.Fatal(err)
			}
			v, err := open(dir)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			report := told(v)
			if golden == newestGolden && len(report) != 0 {
				t.Errorf("%s: %q", name, report)
			}
			if golden != newestGolden && (len(report) != 1 || !strings.Contains(report[0], "before-format-2")) {
				t.Errorf("%s is led forward and tells %q", name, report)
			}
			readGolden(t, v)
			MustClose(t, v)
			v = MustOpenWith(t, dir, map[bool]string{true: "a new passphrase", false: passphrase}[strings.HasSuffix(name, "recovery key")])
			if len(v.Report()) != 0 {
				t.Errorf("%s, opened again: %q", name, told(v))
			}
			readGolden(t, v)
			MustClose(t, v)
		}
	}
}

// TestCrashWhileBroughtForwardIsHarmless begins where a power cut may have left a vault of format 1 on its way to format 2.
func TestCrashWhileBroughtForwardIsHarmless(t *testing.T) {
	done := filepath.Join(t.TempDir(), "done")
	if err := os.CopyFS(done, os.DirFS("testdata/format-1")); err != nil {
		t.Fatal(err)
	}
	MustClose(t, MustOpen(t, done))
	copied := func(dir, from, name string) error {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), raw, 0o600)
	}
	backup := os.DirFS(filepath.Join(done, "before-format-2"))
	for name, crash := range map[string]struct {
		leave func(dir string) error
		told  int // notices beside the one about the unclean end
	}{
		"while the copy was made": {func(dir string) error { return os.MkdirAll(filepath.Join(dir, "before-format-2.partial", "x"), 0o700) }, 1},
		"after the copy":          {func(dir string) error { return os.CopyFS(filepath.Join(dir, "before-format-2"), backup) }, 1},
		"between database and header": {func(dir string) error {
			return errors.Join(os.CopyFS(filepath.Join(dir, "before-format-2"), backup), copied(dir, done, "vault.db"))
		}, 0},
		"while the header was replaced": {func(dir string) error {
			return errors.Join(os.CopyFS(filepath.Join(dir, "before-format-2"), backup), copied(dir, done, "vault.db"),
				os.WriteFile(filepath.Join(dir, "vault.json.partial"), []byte("{"), 0o600))
		}, 0},
		"after the header": {func(dir string) error {
			return errors.Join(os.CopyFS(filepath.Join(dir, "before-format-2"), backup), copied(dir, done, "vault.db"), copied(dir, done, "vault.json"))
		}, 0},
	} {
		dir := filepath.Join(t.TempDir(), "vault")
		err := errors.Join(os.CopyFS(dir, os.DirFS("testdata/format-1")), crash.leave(dir),
			os.WriteFile(filepath.Join(dir, "vault.lock"), []byte(`{"pid":1}`), 0o600))
		if err != nil {
			t.Fatal(err)
		}
		v := MustOpen(t, dir)
		if len(v.Report()) != crash.told+1 {
			t.Errorf("%s: %q", name, told(v))
		}
		readGolden(t, v)
		MustClose(t, v)
		v = MustOpen(t, dir)
		readGolden(t, v)
		MustClose(t, v)
		_, err = vault.Open(t.Context(), dir, passphrase, light.WithFormat(1, nil))
		wantProblem(t, err, problem.Invalid, "vault-newer-format") // an older program is told
	}
}

// TestErasingReachesTheCopyOfAnOlderFormat: the copy that is set aside before a change of format holds whoever is erased later.
func TestErasingReachesTheCopyOfAnOlderFormat(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	if err := os.CopyFS(dir, os.DirFS("testdata/format-1")); err != nil {
		t.Fatal(err)
	}
	v := MustOpen(t, dir)
	if _, err := os.Stat(filepath.Join(dir, "before-format-2")); err != nil {
		t.Fatal(err)
	}
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.ForgetSubject("s") })
	MustClose(t, v)
	if left, err := filepath.Glob(filepath.Join(dir, "before-format-*")); len(left) != 0 || err != nil {
		t.Error(left, err)
	}
	MustOpen(t, dir)
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
	if err := os.RemoveAll(newestGolden); err != nil {
		t.Fatal(err)
	}
	keyring := &ring{}
	v, recovery, err := vault.Create(t.Context(), newestGolden, passphrase, with(keyring))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.KeepInKeyring(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
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
	_, _, err = v.Originals().Put(t.Context(), strings.NewReader("picture"))
	MustClose(t, v)
	for _, again := range []string{"vault.db.snapshot", "previews.db", "vault.lock"} { // a vault opens without them
		err = errors.Join(err, os.Remove(filepath.Join(newestGolden, again)))
	}
	secret := hex.EncodeToString(keyring.secrets[idOf(t, newestGolden)])
	err = errors.Join(err, os.WriteFile(filepath.Join(newestGolden, "recovery-key.txt"), []byte(recovery), 0o600),
		os.WriteFile(filepath.Join(newestGolden, "keyring-secret.txt"), []byte(secret), 0o600))
	if err != nil {
		t.Fatal(err)
	}
}

func readGolden(t *testing.T, v *vault.Vault) {
	t.Helper()
	readGoldenDatabase(t, v)
	o, err := v.Originals().Open("2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if raw, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size())); err != nil || string(raw) != "picture" {
		t.Errorf("original: %q, %v", raw, err)
	}
}

func readGoldenDatabase(t *testing.T, v *vault.Vault) {
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
}

package vault_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/vault"
	"samtykke/test/drive"
)

// session is a capture session over a vault.
func session(t *testing.T, v *vault.Vault) *capture.Session {
	t.Helper()
	s, err := capture.Open(t.Context(), capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// markers are words that stand in everything that can be known of the person who will be erased, and nowhere else.
var markers = map[string]string{
	"name": "Xavermarkoer", "phone": "+4791827364", "mail": "merkepost@example.no", "notes": "merkenotat", "guardian": "Merkeverge",
	"guardian's phone": "+4792837465", "signature": "merkestrek", "typed name": "Merkenavn", "witness": "Merkevitne", "verbal note": "merkeord",
	"withdrawal": "merkegrunn", "sole guardian": "merkealene", "reason": "merkeslett", "link": "link_nonce",
}

// Design §3.11: after an erasure and the end of the program nothing of the person is left, whatever was known of them: in no value of
// the database, opened with every key that there is, and in no byte of any file, where freed pages would hold what was sealed.
func TestNothingOfAnErasedPersonIsLeftInTheVault(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, _ := MustCreate(t, dir)
	_, err := capture.Initialise(t.Context(), capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews()},
		capture.Setup{Organisation: consent.Organisation{Name: "Eksempel kommune", Number: "999999999", Contact: "post@eksempel.example"}})
	if err != nil {
		t.Fatal(err)
	}
	s := session(t, v)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	shoot, err := s.AddShoot(t.Context(), capture.ShootDetails{Title: "Åpning"})
	must(err)
	person, err := s.Register(t.Context(), capture.Registration{Shoot: shoot, Name: "Ola " + markers["name"], Phone: markers["phone"], Email: markers["mail"],
		Notes: markers["notes"], Born: "2015", Guardians: []consent.Guardian{{Name: "Kari " + markers["guardian"], Phone: markers["guardian's phone"]}}})
	must(err)
	form, err := s.CurrentForm("default")
	must(err)
	signing := capture.Signing{Subject: person.ID, Shoot: shoot, Form: "default", Language: "nb", Guardian: 1, Answers: map[consent.Scope]consent.Decision{},
		Witness: markers["witness"], SoleGuardian: markers["sole guardian"]}
	for _, scope := range form.Scopes() {
		signing.Answers[scope] = consent.DecisionYes
	}
	for _, how := range []capture.Signing{
		{Method: capture.Drawn, Signature: []byte(strings.Replace(drive.Signature, "</svg>", "<desc>"+markers["signature"]+"</desc></svg>", 1))},
		{Method: capture.Typed, TypedName: markers["typed name"]},
		{Method: capture.Verbal, Note: markers["verbal note"]},
	} {
		signing.Method, signing.Signature, signing.TypedName, signing.Note = how.Method, how.Signature, how.TypedName, how.Note
		signed, err := s.RecordConsent(t.Context(), signing)
		must(err)
		_, err = s.WriteReceipt(t.Context(), signed.Record, "")
		must(err)
	}
	_, err = s.Withdraw(t.Context(), capture.Withdrawal{Subject: person.ID, Reason: markers["withdrawal"]})
	must(err)
	_, err = s.ExportPerson(t.Context(), capture.AccessRequest{Subject: person.ID, Out: filepath.Join(t.TempDir(), "x.zip")})
	must(err)
	for what, marker := range markers {
		if what != "reason" && !holds(t, v, marker) {
			t.Errorf("the %s is nowhere before the erasure, so that its absence would prove nothing", what)
		}
	}
	MustClose(t, v)
	before := sealedValues(t, dir)

	v = MustOpen(t, dir)
	s = session(t, v)
	_, err = s.Erase(t.Context(), capture.Erasure{Subject: person.ID, Reason: markers["reason"]})
	must(err)
	MustClose(t, v)

	after := sealedValues(t, dir)
	files := filesOf(t, dir)
	freed := 0
	for place, value := range before {
		if after[place] == value {
			continue
		}
		freed++
		for name, raw := range files {
			if bytes.Contains(raw, []byte(value)) {
				t.Errorf("%s still holds an erased value of %d bytes", name, len(value))
			}
		}
	}
	if freed < 20 {
		t.Errorf("only %d values were erased", freed)
	}
	v = MustOpen(t, dir)
	defer MustClose(t, v)
	for what, marker := range markers {
		if holds(t, v, marker) {
			t.Errorf("the %s is still in a value", what)
		}
		for name, raw := range files {
			if bytes.Contains(raw, []byte(marker)) {
				t.Errorf("the %s is in %s", what, name)
			}
		}
	}
}

func holds(t *testing.T, v *vault.Vault, marker string) bool {
	t.Helper()
	values, err := v.Opened()
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range values {
		if bytes.Contains(value, []byte(marker)) {
			return true
		}
	}
	return false
}

// filesOf reads every file of a folder: name → bytes.
func filesOf(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// previewValue reads how a preview lies on the disk.
func previewValues(t *testing.T, dir string) map[string]string {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "previews.db"), 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	values := map[string]string{}
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(k, v []byte) error { values[string(name)+"/"+string(k)] = string(v); return nil })
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// A picture that was removed must not be found in the pages that its preview left.
func TestRemovedPreviewsLeaveNoTrace(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *vault.Vault, string) *vault.Vault{
		"closed": func(_ *testing.T, v *vault.Vault, _ string) *vault.Vault { return v },
		"cut off before it could be": func(t *testing.T, v *vault.Vault, dir string) *vault.Vault {
			copied := t.TempDir()
			for path, raw := range filesOf(t, dir) { // as it lies on the disk after the power went
				at := filepath.Join(copied, strings.TrimPrefix(path, dir))
				if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(at, raw, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			MustClose(t, v)
			for _, e := range must1(os.ReadDir(dir)) {
				if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.CopyFS(dir, os.DirFS(copied)); err != nil {
				t.Fatal(err)
			}
			return MustOpen(t, dir)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "vault")
			v, _ := MustCreate(t, dir)
			for n := range 20 {
				if err := v.Previews().PutPreview(consent.AssetID(fmt.Sprint("asset ", n)), bytes.Repeat([]byte{byte(n)}, 3000)); err != nil {
					t.Fatal(err)
				}
			}
			MustClose(t, v)
			before := previewValues(t, dir)
			v = MustOpen(t, dir)
			for range 2 { // removing what is not there is no error
				if err := v.Previews().DeletePreview("asset 7"); err != nil {
					t.Fatal(err)
				}
			}
			v = end(t, v, dir)
			MustClose(t, v)

			after := previewValues(t, dir)
			if len(before) != 20 || len(after) != 19 {
				t.Errorf("%d previews, %d after", len(before), len(after))
			}
			raw, err := os.ReadFile(filepath.Join(dir, "previews.db"))
			if err != nil {
				t.Fatal(err)
			}
			for place, value := range before {
				if _, kept := after[place]; kept != bytes.Contains(raw, []byte(value)) {
					t.Errorf("a preview kept %t is in the file %t", kept, !kept)
				}
			}
			v = MustOpen(t, dir)
			if _, found, err := v.Previews().Preview("asset 7"); found || err != nil {
				t.Error("found again", err)
			}
			if jpeg, found, err := v.Previews().Preview("asset 8"); !found || err != nil || len(jpeg) != 3000 {
				t.Error("another preview is gone", err)
			}
		})
	}
}

func must1[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestDeletedBlobsAndAssetFilesLeaveNoTrace(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	name := blob(capture.ClassDetails, "", "the name of a file")
	MustUpdate(t, v, func(tx capture.Tx) error {
		if err := tx.PutAssetFile(capture.AssetFile{Asset: "a", Name: "Kari Nordmann.jpg"}); err != nil {
			return err
		}
		return tx.PutBlob(name)
	})
	MustClose(t, v)
	before := sealedValues(t, dir)
	v = MustOpen(t, dir)
	for range 2 {
		MustUpdate(t, v, func(tx capture.Tx) error {
			if err := tx.DeleteAssetFile("a"); err != nil {
				return err
			}
			return tx.DeleteBlob(name.Hash)
		})
	}
	MustView(t, v, func(tx capture.Tx) error {
		if _, found, err := tx.Blob(name.Hash); found || err != nil {
			t.Error("the blob is here", err)
		}
		return nil
	})
	MustClose(t, v)
	after := sealedValues(t, dir)
	erased := 0
	for place, value := range before {
		if _, kept := after[place]; kept {
			continue
		}
		erased++
		for file, raw := range filesOf(t, dir) {
			if bytes.Contains(raw, []byte(value)) {
				t.Errorf("%s still holds an erased value", file)
			}
		}
	}
	if erased != 2 {
		t.Errorf("%d values were erased", erased)
	}
}

func TestOlderCopiesAreNamed(t *testing.T) {
	dir := t.TempDir()
	v, _ := MustCreate(t, dir)
	if copies, err := v.OlderCopies(); len(copies) > 0 || err != nil {
		t.Error(copies, err)
	}
	aside := filepath.Join(dir, "vault.db.damaged-20261122T120000Z")
	if err := os.WriteFile(aside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if copies, err := v.OlderCopies(); len(copies) != 1 || copies[0] != aside || err != nil {
		t.Error(copies, err)
	}
}

package vault_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// contents are all files below a folder, by their path from there.
func contents(tb testing.TB, dir string) map[string][]byte {
	tb.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		all[name], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(all) == 0 {
		tb.Fatalf("%d files: %v", len(all), err)
	}
	return all
}

// disguises are the ways in which bytes could lie about: as they are, in hex of either case, in base64 of either alphabet, in UTF-16; and,
// when they are hex themselves, as what they stand for.
func disguises(secret []byte) [][]byte {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(string(secret))) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	forms := [][]byte{secret, []byte(hex.EncodeToString(secret)), []byte(strings.ToUpper(hex.EncodeToString(secret))),
		[]byte(base64.RawStdEncoding.EncodeToString(secret)), []byte(base64.RawURLEncoding.EncodeToString(secret)), wide}
	if raw, err := hex.DecodeString(string(secret)); err == nil && len(raw) >= 8 {
		forms = append(forms, raw)
	}
	return forms
}

// TestThiefWithTheFolderLearnsNothing knows the program, the format and whom to look for, and has every byte of the folder: while it is
// open, after it was closed, after a crash, after a damaged database was set aside, and after erasing.
func TestThiefWithTheFolderLearnsNothing(t *testing.T) {
	dir, r := filepath.Join(t.TempDir(), "vault"), &ring{}
	v, recovery, err := vault.Create(t.Context(), dir, passphrase, with(r))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.KeepInKeyring(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	const subject, asset = "0192f6aa-1b2c-7d3e-8f40-5a6b7c8d9e0f", "c0ffee00c0ffee11c0ffee22c0ffee33c0ffee44c0ffee55c0ffee66c0ffee77"
	secrets := map[string]string{"a name": "Ola Nordmann", "a phone": "+4790012345", "a mail": "ola.nordmann@example.no", "a note": "red jacket by the door",
		"a birth date": "2015-04-30", "a code": "K7Q2-M9XD", "a title": "Åpning av Storhaug skole", "a file's name": "DSC_4711.JPG",
		"a path": "/media/card/DCIM/100NIKON", "a camera": "NIKON Z 9", "a subject's id": subject, "an asset's hash": asset,
		"a signature": "M 10 10 L 90 90 Z signed", "a PIN": "pin-4711-hash", "the passphrase": passphrase, "the recovery key": recovery,
		"the recovery key undashed": strings.ReplaceAll(recovery, "-", "")[:28], "the keyring's secret": string(r.secrets[idOf(t, dir)])}
	title := blob(capture.ClassDetails, "", `{"salt":"00","value":{"title":"`+secrets["a title"]+`"}}`)
	drawn := blob(capture.ClassEvidence, subject, secrets["a signature"])
	secrets["a blob's hash"], secrets["another blob's hash"] = string(title.Hash), string(drawn.Hash)
	MustUpdate(t, v, func(tx capture.Tx) error {
		for _, put := range []error{
			tx.PutProfile(consent.Profile{Subject: subject, Name: secrets["a name"], Phone: secrets["a phone"], Email: secrets["a mail"],
				Born: secrets["a birth date"], Notes: secrets["a note"]}, true),
			tx.PutBlob(title), tx.PutBlob(drawn), tx.PutSetting("pin", secrets["a PIN"]),
			tx.AppendEvent(event(t, 1, `{"subject":"`+subject+`","asset":"`+asset+`","code":"`+secrets["a code"]+`"}`)),
			tx.PutTransfer(capture.Transfer{Hash: asset, Class: capture.ClassOriginal, Trouble: secrets["a path"]}),
			tx.PutAssetFile(capture.AssetFile{Asset: asset, Name: secrets["a file's name"], Path: secrets["a path"], Camera: secrets["a camera"],
				Slate: []consent.SubjectID{subject}}),
		} {
			if put != nil {
				return put
			}
		}
		return nil
	})
	if err := v.Previews().PutPreview(asset, []byte("preview of "+secrets["a name"])); err != nil {
		t.Fatal(err)
	}
	picture := strings.Repeat("pixels of "+secrets["a name"]+" ", 5000)
	original, _, err := v.Originals().Put(t.Context(), strings.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	secrets["an original's hash"] = string(original)
	MustView(t, v, func(tx capture.Tx) error {
		key, err := tx.SubjectKey(subject)
		secrets["a subject's key"] = string(key)
		return err
	})
	search := func(when string) {
		t.Helper()
		for path, raw := range contents(t, dir) {
			for what, secret := range secrets {
				for _, form := range disguises([]byte(secret)) {
					if bytes.Contains(raw, form) || strings.Contains(path, string(form)) {
						t.Errorf("%s: %s stands in %s", when, what, path)
					}
				}
			}
		}
	}
	search("while open")
	MustClose(t, v)
	search("after closing")
	database, err := os.ReadFile(filepath.Join(dir, "vault.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "vault.db"), database[:len(database)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	v = MustOpen(t, dir)
	if len(v.Report()) != 1 {
		t.Fatal(told(v))
	}
	search("after damage")
	MustUpdate(t, v, func(tx capture.Tx) error { return tx.ForgetSubject(subject) })
	MustClose(t, v)
	search("after erasing")
}

// TestChangedHeaderDoesNotOpen plays the one who changes vault.json and mends its checksum, which anybody can.
func TestChangedHeaderDoesNotOpen(t *testing.T) {
	dir, r := kept(t)
	otherDir, otherRing := kept(t)
	good, err := os.ReadFile(filepath.Join(dir, "vault.json"))
	if err != nil {
		t.Fatal(err)
	}
	other := readHeader(t, otherDir)
	for name, change := range map[string]func(h map[string]any){
		"recovery slot in the place of the keyring's": func(h map[string]any) { h["keyring"] = h["recovery"] },
		"keyring slot in the place of the recovery's": func(h map[string]any) { h["recovery"] = h["keyring"] },
		"another vault's passphrase slot":             func(h map[string]any) { h["passphrase"] = other["passphrase"] },
		"another vault's recovery slot":               func(h map[string]any) { h["recovery"] = other["recovery"] },
		"another vault's keyring slot":                func(h map[string]any) { h["keyring"] = other["keyring"] },
		"another vault's originals":                   func(h map[string]any) { h["originals"] = other["originals"] },
		"another vault's id":                          func(h map[string]any) { h["id"] = other["id"] },
		"no keyring slot":                             func(h map[string]any) { delete(h, "keyring") },
		"weaker argon2id": func(h map[string]any) {
			h["passphrase"].(map[string]any)["argon2id"] = map[string]any{"time": 1, "memory_kib": 8, "threads": 1}
		},
		"another time of creation": func(h map[string]any) { h["created"] = "2020-01-01T00:00:00Z" },
		"an older format":          func(h map[string]any) { h["format"] = 1 },
	} {
		h := readHeader(t, dir)
		change(h)
		raw, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		if raw, err = vault.Rechecksum(raw); err != nil {
			t.Fatal(name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "vault.json"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		_, byPassphrase := vault.Open(t.Context(), dir, passphrase, with(r))
		_, byKeyring := vault.OpenWithKeyring(t.Context(), dir, with(r))
		for way, err := range map[string]error{"passphrase": byPassphrase, "keyring": byKeyring} {
			switch problem.Of(err).ID {
			case "vault-damaged", "wrong-passphrase", "wrong-keyring", "keyring-unavailable", "keyring-off":
			default:
				t.Errorf("%s: the %s answers %v", name, way, err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "vault.json"), good, 0o600); err != nil {
			t.Fatal(err)
		}
		MustClose(t, MustOpen(t, dir)) // and nothing of the vault was touched
	}
	_, err = vault.OpenWithKeyring(t.Context(), dir, with(otherRing))
	wantProblem(t, err, problem.Unavailable, "keyring-unavailable")
}

// TestEarlierHeaderOpensWithTheEarlierPassphrase holds the documents to the truth: a copy of vault.json from before a change of the
// passphrase opens with what opened it then. Only a new vault takes that away.
func TestEarlierHeaderOpensWithTheEarlierPassphrase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "vault")
	v, _ := MustCreate(t, dir)
	earlier, err := os.ReadFile(filepath.Join(dir, "vault.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.ChangePassphrase(t.Context(), passphrase, "a new passphrase"); err != nil {
		t.Fatal(err)
	}
	MustClose(t, v)
	if err := os.WriteFile(filepath.Join(dir, "vault.json"), earlier, 0o600); err != nil {
		t.Fatal(err)
	}
	MustOpen(t, dir)
}

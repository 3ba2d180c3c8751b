package vault_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"samtykke/app/problem"
	"samtykke/storage/vault"
)

func FuzzHeader(f *testing.F) {
	dir := f.TempDir()
	v, _ := MustCreate(f, dir)
	MustClose(f, v)
	raw, err := os.ReadFile(filepath.Join(dir, "vault.json"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(raw), `{"format":1}`, `{"format":99}`, `{"format":-1}`, `[]`, ``, `{"format":1,"passphrase":{"argon2id":{"time":4000000000}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := vault.ParseHeader(raw); err != nil {
			if id := problem.Of(err).ID; id != "vault-damaged" && id != "vault-newer-format" {
				t.Fatal(err)
			}
		}
	})
}

func FuzzEventFrame(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x03\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x65\x00\x00\x00\x00\x00\x00\x07\x02no\x03sig{}"))
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		// Frames are written by us and sealed, so a frame that reads may differ in spelling, but it must read or be damage.
		if _, err := vault.UnframeEvent(raw); err != nil && problem.KindOf(err) != problem.Damaged {
			t.Fatal(err)
		}
	})
}

func FuzzPages(f *testing.F) {
	path := filepath.Join(f.TempDir(), "small.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 512})
	if err != nil {
		f.Fatal(err)
	}
	for n := range 40 {
		if err := db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte{byte(n % 3)})
			return errors.Join(err, b.Put([]byte{byte(n)}, make([]byte, 20*(n%3))))
		}); err != nil {
			f.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		f.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err == nil {
		err = vault.Inspect(raw)
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:1000])
	f.Fuzz(func(t *testing.T, raw []byte) {
		_ = vault.Inspect(raw) // it ends, and without a panic
	})
}

package ledger

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/storage/sealing"
)

// Keys are the library's secrets. They stand in a file of their own beside the database, so that a copy of one without the
// other opens nothing.
type Keys struct {
	// Signing signs events, certificates, receipts and checkpoints.
	Signing evidence.Key

	master   sealing.Key
	wrapping sealing.Key // seals subject keys
	details  sealing.Key // seals files that belong to no subject
}

// keyFile is the file's JSON. Byte fields are base64.
type keyFile struct {
	Version int    `json:"version"` // 1
	Master  []byte `json:"master"`  // 32 random bytes, from which the sealing keys are derived
	Signing []byte `json:"signing"` // Ed25519 seed, 32 bytes
}

// LoadKeys reads the key file, or makes one when there is none. Two processes must not do so at the same time (see Lock).
func LoadKeys(path string) (Keys, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return createKeys(path)
	}
	if err != nil {
		return Keys{}, fmt.Errorf("read key file: %w", err)
	}
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil || f.Version != 1 {
		return Keys{}, problem.New(problem.Damaged, "library-key-damaged",
			"The key file {{.path}} cannot be read; nothing was changed; put back the copy that was made when the library was set up.",
			"path", path).Because(err)
	}
	return keysOf(f)
}

func createKeys(path string) (Keys, error) {
	f := keyFile{Version: 1, Master: make([]byte, 32), Signing: make([]byte, 32)}
	_, _ = rand.Read(f.Master) // crypto/rand never fails: it ends the program instead
	_, _ = rand.Read(f.Signing)
	keys, err := keysOf(f)
	if err != nil {
		return keys, err
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return keys, err
	}
	if err := writeDurably(path, append(raw, '\n')); err != nil {
		return keys, fmt.Errorf("write key file: %w", err)
	}
	return keys, nil
}

func keysOf(f keyFile) (keys Keys, err error) {
	if len(f.Master) != len(keys.master) {
		return keys, fmt.Errorf("master key has %d bytes, not %d", len(f.Master), len(keys.master))
	}
	keys.master = sealing.Key(f.Master)
	if keys.Signing, err = evidence.KeyFromSeed(f.Signing); err != nil {
		return keys, err
	}
	keys.wrapping, keys.details = keys.Derive("subject-keys"), keys.Derive("details")
	return keys, nil
}

// Derive makes a key for one purpose from the master key: the same every time, and of no help in guessing another.
func (k Keys) Derive(purpose string) sealing.Key {
	raw, err := hkdf.Key(sha256.New, k.master[:], nil, "samtykke-library-v1 "+purpose, len(sealing.Key{}))
	if err != nil {
		panic(err) // only for lengths that HKDF cannot give
	}
	return sealing.Key(raw)
}

// writeDurably writes a new secret file so that it is there whole or not at all.
func writeDurably(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // is gone after the rename
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return flushFolder(filepath.Dir(path))
}

package vault

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"samtykke/storage/disk"
	"samtykke/storage/sealing"
)

// Format is the format this program writes, for showing.
const Format = currentFormat

// currentFormat is the format this program writes. Format 2 has a place for a keyring in the header (docs/decisions/0006).
const currentFormat = 2

// keyringFormat is the first format whose header may have a slot for the keyring.
const keyringFormat = 2

// maxHeader bounds vault.json, in bytes; a real one has some 900.
const maxHeader = 64 << 10

// header is vault.json. Nothing in it is secret. Its checksum finds accidents before a passphrase is asked for; its MAC, under a
// key derived from the data key, finds forgery as soon as there is a data key.
type header struct {
	Format     int       `json:"format"`
	ID         string    `json:"id"` // UUIDv4
	Created    time.Time `json:"created"`
	Passphrase slot      `json:"passphrase"`
	Recovery   slot      `json:"recovery"`
	// Keyring is there while the operating system's keyring opens the vault too.
	Keyring *slot `json:"keyring,omitempty"`
	// Originals is the age identity of the originals, sealed: the header and one key are enough to read them.
	Originals []byte `json:"originals"`
	MAC       string `json:"mac"`      // HMAC-SHA-256 in hex over all of the above
	Checksum  string `json:"checksum"` // SHA-256 in hex over all of the above and the MAC
}

// slot is the data key, wrapped under one secret.
type slot struct {
	KDF     *KDF   `json:"argon2id,omitempty"` // only for the passphrase: the other secrets are random enough for HKDF
	Salt    []byte `json:"salt"`
	Wrapped []byte `json:"wrapped"`
}

const (
	saltSize    = 16
	wrappedSize = len(sealing.Key{}) + sealing.Overhead
)

// parseHeader reads vault.json. It answers with vault-newer-format or vault-damaged.
func parseHeader(raw []byte, known int) (header, error) {
	var h header
	var version struct{ Format int }
	if len(raw) > maxHeader {
		return h, damaged(headerFile, fmt.Errorf("has %d bytes", len(raw)))
	}
	if err := json.Unmarshal(raw, &version); err != nil {
		return h, damaged(headerFile, err)
	}
	if version.Format > known {
		return h, newerFormat(version.Format, known)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&h); err != nil {
		return h, damaged(headerFile, err)
	}
	if err := h.check(); err != nil {
		return h, damaged(headerFile, err)
	}
	return h, nil
}

func (h *header) check() error {
	id, err := uuid.Parse(h.ID)
	switch {
	case h.Format < 1:
		return fmt.Errorf("format %d", h.Format)
	case err != nil || id.String() != h.ID:
		return fmt.Errorf("id %q", h.ID)
	case h.Created.IsZero() || h.Created.Location() != time.UTC:
		return errors.New("no time of creation")
	case h.Passphrase.KDF == nil || !h.Passphrase.KDF.sane() || h.Recovery.KDF != nil || h.Keyring != nil && h.Keyring.KDF != nil:
		return errors.New("argon2id parameters")
	case h.Keyring != nil && h.Format < keyringFormat:
		return errors.New("a keyring before its time")
	case len(h.Originals) <= sealing.Overhead:
		return errors.New("no key for originals")
	case h.Checksum != h.checksum():
		return errors.New("checksum differs")
	}
	slots := []slot{h.Passphrase, h.Recovery}
	if h.Keyring != nil {
		slots = append(slots, *h.Keyring)
	}
	for _, s := range slots {
		if len(s.Salt) != saltSize || len(s.Wrapped) != wrappedSize {
			return errors.New("wrapped key")
		}
	}
	return nil
}

// statement is what MAC and checksum cover: the header's own JSON without them.
func (h header) statement(withMAC bool) []byte {
	h.Checksum = ""
	if !withMAC {
		h.MAC = ""
	}
	raw, err := json.Marshal(h)
	if err != nil {
		panic(err) // strings, numbers and a time in UTC
	}
	return raw
}

func (h *header) checksum() string {
	sum := sha256.Sum256(h.statement(true))
	return hex.EncodeToString(sum[:])
}

func (h *header) mac(key sealing.Key) string {
	mac := hmac.New(sha256.New, key[:])
	mac.Write(h.statement(false))
	return hex.EncodeToString(mac.Sum(nil))
}

// authentic tells whether the header was written by someone who had the data key.
func (h *header) authentic(k *keys) bool {
	return hmac.Equal([]byte(h.MAC), []byte(h.mac(k.header)))
}

// marshal seals the header with MAC and checksum and lays it out for a file.
func (h *header) marshal(k *keys) []byte {
	h.MAC = h.mac(k.header)
	h.Checksum = h.checksum()
	raw, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		panic(err) // as above
	}
	return append(raw, '\n')
}

// slotPlace binds a wrapped key to the vault it opens and to how it was wrapped.
func (h *header) slotPlace(name string, s slot) []byte {
	parts := []string{"samtykke-vault-key-v1", name, h.ID, h.Created.Format(time.RFC3339Nano)}
	if s.KDF != nil {
		parts = append(parts, strconv.FormatUint(uint64(s.KDF.Time), 10), strconv.FormatUint(uint64(s.KDF.MemoryKiB), 10),
			strconv.FormatUint(uint64(s.KDF.Threads), 10))
	}
	return append([]byte(strings.Join(parts, "\n")+"\n"), s.Salt...)
}

// originalsPlace binds the originals' identity to the vault.
func (h *header) originalsPlace() []byte {
	return []byte("samtykke-vault-originals-v1\n" + h.ID + "\n")
}

// readHeader reads vault.json of a folder, or says what is there instead of a vault.
func readHeader(dir string, known int) (header, error) {
	f, err := os.Open(filepath.Join(dir, headerFile))
	info, statErr := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), statErr == nil && !info.IsDir():
		return header{}, lookAround(dir)
	case err != nil:
		return header{}, disk.Explain(fmt.Errorf("open header: %w", err))
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxHeader+1))
	if err != nil {
		return header{}, damaged(headerFile, err)
	}
	return parseHeader(raw, known)
}

// lookAround names the problem of a folder without vault.json.
func lookAround(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, databaseFile)); err == nil {
		return damaged(headerFile, errors.New("vault.json is missing"))
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missing(dir)
	case err != nil:
		return disk.Explain(fmt.Errorf("look at folder: %w", err))
	case !info.IsDir():
		return notAVaultFolder(dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return disk.Explain(fmt.Errorf("list folder: %w", err))
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case name == lockFile, strings.HasSuffix(name, disk.Partial):
		case strings.HasPrefix(name, "."), name == "desktop.ini", name == "Thumbs.db": // what desktops leave in folders
		default:
			return notAVaultFolder(dir)
		}
	}
	return missing(dir)
}

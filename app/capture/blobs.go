package capture

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"samtykke/app/consent"
)

// blob stores a small thing, queues it for the library, and returns the hash that events name it by.
func (c *change) blob(class BlobClass, subject consent.SubjectID, data []byte) (consent.BlobHash, error) {
	if c.erased(subject) { // or they would get a key again
		return "", personErased()
	}
	hash := hashOf(data)
	if err := c.PutBlob(Blob{Hash: hash, Class: class, Subject: subject, Data: data}); err != nil {
		return "", err
	}
	return hash, c.queue(hash, class, int64(len(data)))
}

// hashOf is the SHA-256 of bytes in hex.
func hashOf(data []byte) consent.BlobHash {
	sum := sha256.Sum256(data)
	return consent.BlobHash(hex.EncodeToString(sum[:]))
}

// queue puts something on its way to the library, unless it is already.
func (c *change) queue(hash consent.BlobHash, class BlobClass, size int64) error {
	if _, known, err := c.Transfer(hash); err != nil || known {
		return err
	}
	return c.PutTransfer(Transfer{Hash: hash, Class: class, Size: size, State: TransferWaiting})
}

// salted is a text that may name people, with enough randomness that nobody can guess it from its hash.
type salted[T any] struct {
	Salt  string `json:"salt"` // 128 random bits, hex
	Value T      `json:"value"`
}

// details stores a value as a salted blob and returns the reference to it.
func details[T any](c *change, subject consent.SubjectID, class BlobClass, value T) (consent.EvidenceRef, error) {
	salt, err := c.session.randomHex(16)
	if err != nil {
		return consent.EvidenceRef{}, err
	}
	raw, err := json.Marshal(salted[T]{Salt: salt, Value: value})
	if err != nil {
		return consent.EvidenceRef{}, fmt.Errorf("write details: %w", err)
	}
	hash, err := c.blob(class, subject, raw)
	return consent.EvidenceRef{Kind: consent.EvidenceStatement, SHA256: hash, Size: int64(len(raw)), MIME: "application/json"}, err
}

// readDetails reads a salted blob back; false when it is not on this device.
func readDetails[T any](tx Blobs, hash consent.BlobHash) (T, bool, error) {
	var d salted[T]
	b, ok, err := tx.Blob(hash)
	if err != nil || !ok {
		return d.Value, false, err
	}
	if err := json.Unmarshal(b.Data, &d); err != nil {
		return d.Value, false, fmt.Errorf("read details %s: %w", hash, err)
	}
	return d.Value, true, nil
}

// randomHex draws n random bytes as hex.
func (s *Session) randomHex(n int) (string, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", fmt.Errorf("draw randomness: %w", err)
	}
	return hex.EncodeToString(raw), nil
}

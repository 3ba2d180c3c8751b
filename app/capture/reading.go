package capture

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"samtykke/app/consent"
)

// noticing remembers an error of the reader beneath it, so that a fault of the card can be told from a fault of the vault.
type noticing struct {
	reader io.Reader
	err    error
}

func (n *noticing) Read(p []byte) (int, error) {
	count, err := n.reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return count, err
}

// hashAll reads to the end and returns the SHA-256 and the size.
func hashAll(r io.Reader) (consent.AssetID, int64, error) {
	h := sha256.New()
	size, err := io.Copy(h, r)
	return consent.AssetID(hex.EncodeToString(h.Sum(nil))), size, err
}

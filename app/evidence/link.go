package evidence

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"

	"samtykke/app/consent"
)

// LinkSecret is the unguessable part of a personal link: 160 bits in base32, 32 characters.
type LinkSecret string

// linkPath is where the library answers personal links. Upper case keeps the QR code small (alphanumeric mode).
const linkPath = "/P/"

// DeriveLink makes a personal link from the subject's key and a nonce: the same every time a receipt is written, stored
// nowhere, and gone with the key.
func DeriveLink(subjectKey []byte, nonce string) (LinkSecret, error) {
	raw, err := hkdf.Key(sha256.New, subjectKey, nil, "samtykke-link-v1 "+nonce, 20)
	if err != nil {
		return "", fmt.Errorf("derive personal link: %w", err)
	}
	return LinkSecret(base32.StdEncoding.EncodeToString(raw)), nil
}

// Hash is what events and the library keep of the link: its SHA-256 in hex.
func (l LinkSecret) Hash() string {
	sum := sha256.Sum256([]byte(l))
	return hex.EncodeToString(sum[:])
}

// URL is the address at a library. Without a library's address it is the path alone, which every library of the organisation
// answers.
func (l LinkSecret) URL(library string) string {
	return strings.TrimRight(library, "/") + linkPath + string(l)
}

// ParseLinkSecret reads the last part of a link's path; false when it cannot be one.
func ParseLinkSecret(text string) (LinkSecret, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	raw, err := base32.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 20 {
		return "", false
	}
	return LinkSecret(text), true
}

// CommitProfile is the commitment of a profile that events carry: an HMAC under the profile's own random key, in hex. It proves
// what the profile said to whoever holds the profile, and nothing to anybody else.
func CommitProfile(p consent.Profile) (string, error) {
	key, err := hex.DecodeString(p.CommitKey)
	if err != nil || len(key) < 16 {
		return "", fmt.Errorf("profile has no commit key")
	}
	raw, err := p.Canonical()
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(raw)
	return hex.EncodeToString(mac.Sum(nil)), nil
}

package evidence

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/gowebpki/jcs"

	"samtykke/app/consent"
)

// Key is the signing key of one device or of the library.
type Key struct {
	private ed25519.PrivateKey
}

// NewKey draws a key from a source of randomness.
func NewKey(random io.Reader) (Key, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return Key{}, fmt.Errorf("draw key: %w", err)
	}
	return KeyFromSeed(seed)
}

// KeyFromSeed restores a key from its 32-byte seed.
func KeyFromSeed(seed []byte) (Key, error) {
	if len(seed) != ed25519.SeedSize {
		return Key{}, fmt.Errorf("key seed has %d bytes, not %d", len(seed), ed25519.SeedSize)
	}
	return Key{ed25519.NewKeyFromSeed(seed)}, nil
}

// Seed is the secret from which KeyFromSeed restores the key.
func (k Key) Seed() []byte { return k.private.Seed() }

// Public is the key that others verify with.
func (k Key) Public() PublicKey { return PublicKey(k.private.Public().(ed25519.PublicKey)) }

// Device is the identifier of whoever holds this key.
func (k Key) Device() consent.DeviceID { return k.Public().Device() }

// PublicKey verifies. In JSON and text it is base64 (RFC 4648 §4).
type PublicKey ed25519.PublicKey

// Device is the identifier of the holder: the first 16 bytes of the key's SHA-256 in hex. It follows from the key, so nobody
// can claim another's.
func (p PublicKey) Device() consent.DeviceID {
	sum := sha256.Sum256(p)
	return consent.DeviceID(hex.EncodeToString(sum[:16]))
}

// keyID is what a token names its key by.
func (p PublicKey) keyID() []byte {
	sum := sha256.Sum256(p)
	return sum[:8]
}

// MarshalText writes base64.
func (p PublicKey) MarshalText() ([]byte, error) {
	return []byte(base64.StdEncoding.EncodeToString(p)), nil
}

// UnmarshalText reads base64 and checks the length.
func (p *PublicKey) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return fmt.Errorf("read public key: %w", err)
	}
	if len(raw) != ed25519.PublicKeySize {
		return fmt.Errorf("public key has %d bytes, not %d", len(raw), ed25519.PublicKeySize)
	}
	*p = raw
	return nil
}

// ErrSignature is returned when a signature does not fit.
var ErrSignature = errors.New("signature does not fit")

// Domain separates signatures by purpose.
type Domain string

// The domains.
const (
	DomainEvent       Domain = "samtykke-event-v1\n"
	DomainEnrol       Domain = "samtykke-enrol-v1\n"       // a device's proof that it holds its key
	DomainToken       Domain = "samtykke-token-v1\n"       // a device's answer to the library's nonce
	DomainCertificate Domain = "samtykke-certificate-v1\n" // the library's word that a device is its
	DomainTrust       Domain = "samtykke-trust-v1\n"       // the library's list of devices
	DomainStorage     Domain = "samtykke-storage-v1\n"     // the library's storage receipts
	DomainCheckpoint  Domain = "samtykke-checkpoint-v1\n"  // the library's tree heads
)

// Sign signs the canonical JSON of a value under a domain.
func (k Key) Sign(domain Domain, value any) ([]byte, error) {
	message, err := message(domain, value)
	if err != nil {
		return nil, err
	}
	return ed25519.Sign(k.private, message), nil
}

// Verify checks a signature over the canonical JSON of a value; ErrSignature if it does not fit.
func (p PublicKey) Verify(domain Domain, value any, signature []byte) error {
	message, err := message(domain, value)
	if err != nil {
		return err
	}
	if len(p) != ed25519.PublicKeySize || !ed25519.Verify(ed25519.PublicKey(p), message, signature) {
		return ErrSignature
	}
	return nil
}

func message(domain Domain, value any) ([]byte, error) {
	raw, err := Canonical(value)
	if err != nil {
		return nil, err
	}
	return append([]byte(domain), raw...), nil
}

// Canonical is the RFC 8785 form of a value's JSON: the bytes that hashes and signatures cover.
func Canonical(value any) ([]byte, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	c, err := jcs.Transform(raw)
	if err != nil {
		return nil, fmt.Errorf("canonicalise JSON: %w", err)
	}
	return c, nil
}

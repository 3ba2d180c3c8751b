package vault

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"samtykke/storage/sealing"
)

// minPassphrase is the least number of characters of a passphrase.
const minPassphrase = 8

// The names of the slots. Each is bound to its own: a wrapped key opens nowhere else.
const (
	slotPassphrase = "passphrase"
	slotRecovery   = "recovery"
	slotKeyring    = "keyring"
)

// keys are the data key and what follows from it.
type keys struct {
	data      sealing.Key
	values    sealing.Key // seals the values of vault.db that are nobody's, and the subjects' keys
	names     sealing.Key // hides identifiers that are used as keys of the database and names of files
	originals sealing.Key // seals the originals' identity
	previews  sealing.Key // seals previews.db
	header    sealing.Key // authenticates vault.json
}

// derive makes the keys of a vault from its data key: HKDF-SHA-256 (RFC 5869) with the vault's id as salt.
func derive(data sealing.Key, id string) *keys {
	k := &keys{data: data}
	for purpose, key := range map[string]*sealing.Key{
		"values": &k.values, "names": &k.names, "originals": &k.originals, "previews": &k.previews, "header": &k.header,
	} {
		*key = expand(data[:], []byte(id), purpose)
	}
	return k
}

func expand(secret, salt []byte, purpose string) (key sealing.Key) {
	made, err := hkdf.Key(sha256.New, secret, salt, "samtykke-vault-v1/"+purpose, len(key))
	if err != nil {
		panic(err) // only an output longer than 8160 bytes is refused
	}
	copy(key[:], made)
	return key
}

// zero overwrites the keys. It is a best effort: copies may have been made by the runtime.
func (k *keys) zero() { *k = keys{} }

func draw(random io.Reader, into []byte) error {
	if _, err := io.ReadFull(random, into); err != nil {
		return fmt.Errorf("draw random bytes: %w", err)
	}
	return nil
}

// normalPassphrase is the same bytes on every keyboard: ø may be typed as one character or as two.
func normalPassphrase(passphrase string) []byte { return []byte(norm.NFC.String(passphrase)) }

func checkPassphrase(passphrase string) error {
	if utf8.RuneCount(normalPassphrase(passphrase)) < minPassphrase {
		return errPassphraseTooShort
	}
	return nil
}

// wrapForPassphrase puts the data key under a passphrase, with fresh salt.
func (h *header) wrapForPassphrase(k *keys, passphrase string, o Options) error {
	s := slot{KDF: &o.KDF, Salt: make([]byte, saltSize)}
	if err := draw(o.Random, s.Salt); err != nil {
		return err
	}
	wrapping := o.KDF.stretch(normalPassphrase(passphrase), s.Salt)
	s.Wrapped = sealing.Seal(wrapping, h.slotPlace(slotPassphrase, s), k.data[:])
	h.Passphrase = s
	return nil
}

// wrapForSecret puts the data key under a secret that is random enough for HKDF, with fresh salt. name is the slot's.
func (h *header) wrapForSecret(k *keys, name string, secret []byte, o Options) (slot, error) {
	s := slot{Salt: make([]byte, saltSize)}
	if err := draw(o.Random, s.Salt); err != nil {
		return s, err
	}
	s.Wrapped = sealing.Seal(expand(secret, s.Salt, name), h.slotPlace(name, s), k.data[:])
	return s, nil
}

// unwrapWithSecret opens what wrapForSecret has wrapped.
func (h *header) unwrapWithSecret(name string, s slot, secret []byte) ([]byte, error) {
	return sealing.Open(expand(secret, s.Salt, name), h.slotPlace(name, s), s.Wrapped)
}

// unlockWithPassphrase opens the data key, and with it checks who wrote the header.
func (h *header) unlockWithPassphrase(passphrase string) (*keys, error) {
	wrapping := h.Passphrase.KDF.stretch(normalPassphrase(passphrase), h.Passphrase.Salt)
	raw, err := sealing.Open(wrapping, h.slotPlace(slotPassphrase, h.Passphrase), h.Passphrase.Wrapped)
	if err != nil {
		return nil, errWrongPassphrase.Because(err)
	}
	return h.unlocked(raw)
}

func (h *header) unlockWithRecoveryKey(text string) (*keys, error) {
	secret, err := parseRecoveryKey(text)
	if err != nil {
		return nil, err
	}
	raw, err := h.unwrapWithSecret(slotRecovery, h.Recovery, secret)
	if err != nil {
		return nil, errWrongRecoveryKey.Because(err)
	}
	return h.unlocked(raw)
}

// unlockWithKeyring opens the data key with what the keyring keeps for this vault.
func (h *header) unlockWithKeyring(ctx context.Context, ring Keyring) (*keys, error) {
	if h.Keyring == nil {
		return nil, errKeyringOff
	}
	if ring == nil {
		return nil, errKeyringUnavailable
	}
	secret, err := ring.Get(ctx, h.ID)
	if err != nil {
		return nil, errKeyringUnavailable.Because(err)
	}
	defer clear(secret)
	raw, err := h.unwrapWithSecret(slotKeyring, *h.Keyring, secret)
	if err != nil {
		return nil, errWrongKeyring.Because(err)
	}
	return h.unlocked(raw)
}

func (h *header) unlocked(raw []byte) (*keys, error) {
	k := derive(sealing.Key(raw), h.ID)
	clear(raw)
	if !h.authentic(k) {
		return nil, damaged(headerFile, fmt.Errorf("header's MAC differs"))
	}
	return k, nil
}

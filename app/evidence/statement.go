package evidence

import (
	"fmt"
	"time"

	"samtykke/app/consent"
)

// Certificate is the library's word that a device is enrolled with it.
type Certificate struct {
	Device    consent.DeviceID `json:"device"`
	PublicKey PublicKey        `json:"public_key"`
	Name      string           `json:"name"` // of the device, as people call it
	IssuedAt  time.Time        `json:"issued_at"`
	Signature []byte           `json:"sig,omitempty"` // by the library, over the rest
}

// SignCertificate signs a certificate with the library's key.
func SignCertificate(library Key, c Certificate) (Certificate, error) {
	c.Signature = nil
	sig, err := library.Sign(DomainCertificate, c)
	c.Signature = sig
	return c, err
}

// Verify checks the library's signature and that the identifier follows from the key.
func (c Certificate) Verify(library PublicKey) error {
	sig := c.Signature
	c.Signature = nil
	if c.Device != c.PublicKey.Device() {
		return fmt.Errorf("certificate of %s: %w", c.Device, ErrSignature)
	}
	return library.Verify(DomainCertificate, c, sig)
}

// TrustList is the library's list of the devices whose signatures count, itself among them.
type TrustList struct {
	IssuedAt time.Time     `json:"issued_at"`
	Devices  []Certificate `json:"devices"`
	// Revoked are the devices that were shut out, and when. They stay among Devices: what the library had from them before that
	// counts, and nothing that came later.
	Revoked   map[consent.DeviceID]time.Time `json:"revoked,omitempty"`
	Signature []byte                         `json:"sig,omitempty"`
}

// Counts tells whether an event of a device that the library received at a moment counts, as far as the device goes.
func (t TrustList) Counts(id consent.DeviceID, received time.Time) bool {
	revoked, shut := t.Revoked[id]
	return !shut || (!received.IsZero() && !received.After(revoked))
}

// SignTrustList signs a trust list with the library's key.
func SignTrustList(library Key, t TrustList) (TrustList, error) {
	t.Signature = nil
	sig, err := library.Sign(DomainTrust, t)
	t.Signature = sig
	return t, err
}

// Verify checks the library's signature over the list and over every certificate in it.
func (t TrustList) Verify(library PublicKey) error {
	sig := t.Signature
	t.Signature = nil
	if err := library.Verify(DomainTrust, t, sig); err != nil {
		return fmt.Errorf("trust list: %w", err)
	}
	for _, c := range t.Devices {
		if err := c.Verify(library); err != nil {
			return err
		}
	}
	return nil
}

// Keys are the keys on the list.
func (t TrustList) Keys() Keys {
	keys := make(Keys, len(t.Devices))
	for i, c := range t.Devices {
		keys[i] = c.PublicKey
	}
	return keys
}

// Find returns the certificate of a device.
func (t TrustList) Find(id consent.DeviceID) (Certificate, bool) {
	for _, c := range t.Devices {
		if c.Device == id {
			return c, true
		}
	}
	return Certificate{}, false
}

// StorageReceipt is the library's word that it holds these bytes on disk, hashed by itself. Only after one may a device prune.
type StorageReceipt struct {
	SHA256    consent.BlobHash `json:"sha256"`
	Size      int64            `json:"size"` // bytes
	StoredAt  time.Time        `json:"stored_at"`
	Library   consent.DeviceID `json:"library"`
	Signature []byte           `json:"sig,omitempty"`
}

// SignStorageReceipt signs a storage receipt with the library's key.
func SignStorageReceipt(library Key, r StorageReceipt) (StorageReceipt, error) {
	r.Library, r.Signature = library.Device(), nil
	sig, err := library.Sign(DomainStorage, r)
	r.Signature = sig
	return r, err
}

// Verify checks that the library signed the receipt, and that it is for these bytes.
func (r StorageReceipt) Verify(library PublicKey, hash consent.BlobHash, size int64) error {
	sig := r.Signature
	r.Signature = nil
	if r.SHA256 != hash || r.Size != size {
		return fmt.Errorf("storage receipt is for other bytes")
	}
	if err := library.Verify(DomainStorage, r, sig); err != nil {
		return fmt.Errorf("storage receipt of %s: %w", hash, err)
	}
	return nil
}

package vault

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"

	"samtykke/storage/disk"
)

// keyringSecret is the size of what the keyring keeps, in bytes.
const keyringSecret = 32

// InKeyring tells whether the vault in a folder asks the operating system's keyring to open it. False, too, when the folder holds
// no vault that can be read: opening says what is wrong with it.
func InKeyring(dir string) bool {
	h, err := readHeader(dir, currentFormat)
	return err == nil && h.Keyring != nil
}

// OpenWithKeyring opens a vault with what o.Keyring keeps for it. Problems: keyring-off, keyring-unavailable, wrong-keyring, and those
// of Open. After any of the three the passphrase opens the vault as always.
func OpenWithKeyring(ctx context.Context, dir string, o Options) (*Vault, error) {
	return open(ctx, dir, o, func(h *header) (*keys, error) { return h.unlockWithKeyring(ctx, o.Keyring) })
}

// CheckPassphrase tells whether a passphrase opens the vault. It takes as long as opening does. Problems: wrong-passphrase,
// vault-closed.
func (v *Vault) CheckPassphrase(ctx context.Context, passphrase string) error {
	v.use.RLock()
	h, closed := v.header, v.closed
	v.use.RUnlock()
	if closed {
		return errClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	k, err := h.unlockWithPassphrase(passphrase)
	if err != nil {
		return err
	}
	k.zero()
	return nil
}

// ChangePassphrase gives the vault a new passphrase. It wraps the data key anew and touches nothing else, so it takes no longer
// for a full vault; the recovery key stays valid. Problems: wrong-passphrase, passphrase-too-short, disk-full.
func (v *Vault) ChangePassphrase(ctx context.Context, old, replacement string) error {
	if err := checkPassphrase(replacement); err != nil {
		return err
	}
	if err := v.CheckPassphrase(ctx, old); err != nil {
		return err
	}
	return v.setPassphrase(replacement)
}

func (v *Vault) setPassphrase(passphrase string) error {
	return v.changeHeader(func(h *header) error { return h.wrapForPassphrase(v.keys, passphrase, v.options) })
}

// NewRecoveryKey replaces the recovery key and returns the new one, this once. From then on the old one opens nothing in this folder;
// copies of the folder that were made before still open with it. Problems: wrong-passphrase, disk-full.
func (v *Vault) NewRecoveryKey(ctx context.Context, passphrase string) (recoveryKey string, err error) {
	if err := v.CheckPassphrase(ctx, passphrase); err != nil {
		return "", err
	}
	recoveryKey, secret, err := newRecoveryKey(v.options.Random)
	if err != nil {
		return "", err
	}
	defer clear(secret)
	err = v.changeHeader(func(h *header) (err error) {
		h.Recovery, err = h.wrapForSecret(v.keys, slotRecovery, secret, v.options)
		return err
	})
	if err != nil {
		return "", err
	}
	return recoveryKey, nil
}

// InKeyring tells whether the operating system's keyring opens the vault.
func (v *Vault) InKeyring() bool {
	v.use.RLock()
	defer v.use.RUnlock()
	return v.header.Keyring != nil
}

// id is the vault's, and what the keyring keeps its secret under.
func (v *Vault) id() string {
	v.use.RLock()
	defer v.use.RUnlock()
	return v.header.ID
}

// KeepInKeyring lets the keyring open the vault too, so that whoever is logged in as this user can. It asks for the passphrase, because
// an open vault is not yet a permission to leave it open. Problems: wrong-passphrase, keyring-refused, disk-full.
func (v *Vault) KeepInKeyring(ctx context.Context, passphrase string) error {
	if err := v.CheckPassphrase(ctx, passphrase); err != nil {
		return err
	}
	ring, id := v.options.Keyring, v.id()
	if ring == nil {
		return errKeyringRefused
	}
	secret := make([]byte, keyringSecret)
	defer clear(secret)
	if err := draw(v.options.Random, secret); err != nil {
		return err
	}
	if err := ring.Set(ctx, id, secret); err != nil {
		return errKeyringRefused.Because(err)
	}
	kept, err := ring.Get(ctx, id) // some keyrings take everything and keep nothing
	if err != nil || subtle.ConstantTimeCompare(kept, secret) != 1 {
		return errKeyringRefused.Because(err)
	}
	err = v.changeHeader(func(h *header) error {
		s, err := h.wrapForSecret(v.keys, slotKeyring, secret, v.options)
		h.Keyring = &s
		return err
	})
	if err != nil {
		return errors.Join(err, ring.Delete(context.WithoutCancel(ctx), id))
	}
	return nil
}

// LeaveKeyring makes the passphrase, or the recovery key, the only way in again: first in the header, so that a secret that the keyring
// does not let go of opens nothing. Turning off what is off is no error. Problems: keyring-left, disk-full.
func (v *Vault) LeaveKeyring(ctx context.Context) error {
	if err := v.changeHeader(func(h *header) error { h.Keyring = nil; return nil }); err != nil {
		return err
	}
	if v.options.Keyring == nil {
		return errKeyringLeft
	}
	if err := v.options.Keyring.Delete(ctx, v.id()); err != nil {
		return errKeyringLeft.Because(err)
	}
	return nil
}

// changeHeader changes the header in a copy, writes it, and takes it into use once that is done.
func (v *Vault) changeHeader(change func(*header) error) error {
	v.use.Lock()
	defer v.use.Unlock()
	if v.closed {
		return errClosed
	}
	h := v.header
	if err := change(&h); err != nil {
		return err
	}
	return v.writeHeader(h)
}

// writeHeader replaces vault.json, and the header in use once that is done. The copies of older formats come first: when they cannot be
// written nothing has changed, and the next opening brings them back in line.
func (v *Vault) writeHeader(h header) error {
	if err := v.alignCopies(h); err != nil {
		return err
	}
	if err := disk.WriteFile(v.path(headerFile), h.marshal(v.keys)); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	v.header = h
	return nil
}

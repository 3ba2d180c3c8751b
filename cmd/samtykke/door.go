package main

import (
	"context"
	"errors"
	"os"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// door opens the vault for the window and for the commands. It is desktop.Door.
type door struct {
	dir     string
	options vault.Options
	vault   *vault.Vault
}

// Exists tells whether there is a vault to unlock.
func (d *door) Exists() bool { return vault.Exists(d.dir) }

// Path is the vault's folder.
func (d *door) Path() string { return d.dir }

// Create makes a vault and sets it up; when the second step fails nothing is left of the first.
func (d *door) Create(ctx context.Context, passphrase string, setup capture.Setup) (*capture.Session, string, error) {
	if err := setup.Organisation.Validate(); err != nil {
		return nil, "", err // before a folder is made
	}
	v, recovery, err := vault.Create(ctx, d.dir, passphrase, d.options)
	if err != nil {
		return nil, "", err
	}
	if _, err := capture.Initialise(ctx, partsOf(v), setup); err != nil {
		return nil, "", errors.Join(err, v.Close(), os.RemoveAll(d.dir))
	}
	s, err := d.enter(ctx, v, nil)
	return s, recovery, err
}

// Unlock opens the vault.
func (d *door) Unlock(ctx context.Context, passphrase string) (*capture.Session, error) {
	v, err := vault.Open(ctx, d.dir, passphrase, d.options)
	return d.enter(ctx, v, err)
}

// InKeyring tells whether the vault asks the operating system's keyring to open it.
func (d *door) InKeyring() bool { return vault.InKeyring(d.dir) }

// UnlockWithKeyring opens the vault with what the keyring keeps.
func (d *door) UnlockWithKeyring(ctx context.Context) (*capture.Session, error) {
	v, err := vault.OpenWithKeyring(ctx, d.dir, d.options)
	return d.enter(ctx, v, err)
}

// Recover opens the vault with the recovery key and gives it a new passphrase.
func (d *door) Recover(ctx context.Context, recoveryKey, newPassphrase string) (*capture.Session, error) {
	v, err := vault.OpenWithRecoveryKey(ctx, d.dir, recoveryKey, newPassphrase, d.options)
	return d.enter(ctx, v, err)
}

// ChangePassphrase replaces the passphrase of the open vault.
func (d *door) ChangePassphrase(ctx context.Context, old, replacement string) error {
	return d.vault.ChangePassphrase(ctx, old, replacement)
}

// CheckPassphrase tells whether a passphrase opens the open vault.
func (d *door) CheckPassphrase(ctx context.Context, passphrase string) error {
	return d.vault.CheckPassphrase(ctx, passphrase)
}

// NewRecoveryKey replaces the recovery key of the open vault and returns the new one, this once.
func (d *door) NewRecoveryKey(ctx context.Context, passphrase string) (string, error) {
	return d.vault.NewRecoveryKey(ctx, passphrase)
}

// KeepInKeyring lets the keyring open the vault too.
func (d *door) KeepInKeyring(ctx context.Context, passphrase string) error {
	return d.vault.KeepInKeyring(ctx, passphrase)
}

// LeaveKeyring takes that back.
func (d *door) LeaveKeyring(ctx context.Context) error { return d.vault.LeaveKeyring(ctx) }

// Report says what opening had to mend or has changed.
func (d *door) Report() []*problem.Problem {
	if d.vault == nil {
		return nil
	}
	return d.vault.Report()
}

// Close locks the vault.
func (d *door) Close() error {
	if d.vault == nil {
		return nil
	}
	v := d.vault
	d.vault = nil
	return v.Close()
}

// enter loads the session of a vault that was just opened; when that fails the vault is closed again.
func (d *door) enter(ctx context.Context, v *vault.Vault, err error) (*capture.Session, error) {
	if err != nil {
		return nil, err
	}
	s, err := capture.Open(ctx, partsOf(v))
	if problem.Of(err).ID == "vault-damaged" {
		s, err = openMended(ctx, v, err)
	}
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	d.vault = v
	return s, nil
}

// openMended loads the session of a vault in which values were damaged, after they have been put back or set aside.
func openMended(ctx context.Context, v *vault.Vault, damage error) (*capture.Session, error) {
	mended, err := v.Mend(ctx)
	if err != nil || mended.Kept == "" {
		return nil, errors.Join(damage, err)
	}
	s, err := capture.Open(ctx, partsOf(v))
	if err == nil && mended.LostEvents > 0 {
		err = s.ReadLibraryAgain(ctx)
	}
	return s, err
}

// partsOf is what a session needs of a vault.
func partsOf(v *vault.Vault) capture.Parts {
	return capture.Parts{Store: v, Originals: v.Originals(), Previews: v.Previews(), Folder: v.Folder()}
}

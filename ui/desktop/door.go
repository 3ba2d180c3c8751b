package desktop

import (
	"context"

	"samtykke/app/capture"
	"samtykke/app/problem"
)

// Door opens the vault of this installation. Its methods are called off Fyne's goroutine, one at a time; what goes
// wrong comes back as a problem.Problem.
type Door interface {
	// Exists tells whether there is a vault to unlock; without one the window begins with the first start.
	Exists() bool
	// Path is the folder of the vault, for showing.
	Path() string
	// Create makes the vault and opens it. The recovery key is shown once and kept nowhere.
	Create(ctx context.Context, passphrase string, setup capture.Setup) (s *capture.Session, recoveryKey string, err error)
	// Unlock opens the vault; a problem of kind Unauthorised when the passphrase is wrong.
	Unlock(ctx context.Context, passphrase string) (*capture.Session, error)
	// InKeyring tells whether the vault asks the operating system's keyring to open it.
	InKeyring() bool
	// UnlockWithKeyring opens the vault with what the keyring keeps; any problem means that the passphrase is needed.
	UnlockWithKeyring(ctx context.Context) (*capture.Session, error)
	// Recover opens the vault with the recovery key and gives it a new passphrase.
	Recover(ctx context.Context, recoveryKey, newPassphrase string) (*capture.Session, error)
	// ChangePassphrase replaces the passphrase of the open vault.
	ChangePassphrase(ctx context.Context, old, replacement string) error
	// CheckPassphrase tells whether a passphrase opens the open vault; a problem of kind Unauthorised when it does not.
	CheckPassphrase(ctx context.Context, passphrase string) error
	// NewRecoveryKey replaces the recovery key of the open vault. The new one is shown once and kept nowhere.
	NewRecoveryKey(ctx context.Context, passphrase string) (recoveryKey string, err error)
	// KeepInKeyring lets the keyring open the vault too; LeaveKeyring takes that back.
	KeepInKeyring(ctx context.Context, passphrase string) error
	LeaveKeyring(ctx context.Context) error
	// CreateBackup copies the open vault into a new folder under out, which is on another disk, and reads it back. The session notes when
	// and where that was. It changes nothing when it is stopped or fails.
	CreateBackup(ctx context.Context, s *capture.Session, out string, withReferenced bool, progress func(capture.BackupProgress)) (capture.BackupReport, error)
	// VerifyBackup reads every byte of a backup. Without a passphrase only the files are compared with the manifest.
	VerifyBackup(ctx context.Context, dir, passphrase string, progress func(capture.BackupProgress)) (capture.BackupCheck, error)
	// MergeBackup takes in what a backup of this or another device has and the open vault lacks.
	MergeBackup(ctx context.Context, s *capture.Session, dir, passphrase string, progress func(capture.UnionProgress)) (capture.United, error)
	// RestoreBackup makes the vault of a backup, where there is none yet, and opens it with the backup's passphrase.
	RestoreBackup(ctx context.Context, dir, passphrase string, progress func(capture.BackupProgress)) (*capture.Session, capture.Restored, error)
	// Report says what opening had to mend or has changed; empty when nothing.
	Report() []*problem.Problem
	// Close locks the vault. Closing a closed door is harmless.
	Close() error
}

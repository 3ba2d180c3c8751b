package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/vault"
)

// A full disk and a disk that cannot be written to must be real: a limit on the process's file size would fail with another
// error than a disk does, and a faked file would not be the one that bbolt writes. So a child process gets a mount namespace of
// its own, where it may mount a small tmpfs that nobody else sees and that goes with it. Without being root it takes a user
// namespace besides.
func inOwnMounts(t *testing.T, task string) {
	t.Helper()
	cmd, _, said := child(t, task, t.TempDir())
	cmd.Stdout = nil
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	err := cmd.Run()
	if errors.Is(err, os.ErrPermission) || strings.Contains(said.String(), errNoMounts.Error()) {
		t.Skipf("this system lets no process mount a file system of its own: %v %s", err, said)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

var errNoMounts = errors.New("mount refused")

func mountSmall(dir string) error {
	err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=6m")
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errNoMounts, err)
	}
	return nil
}

func TestFullDiskRefusesChangesAndKeepsWhatWasSaved(t *testing.T) { inOwnMounts(t, "full") }

func TestFolderThatCannotBeWrittenIsNamed(t *testing.T) { inOwnMounts(t, "read-only") }

func wantID(err error, id string) error {
	if err == nil || problem.Of(err).ID != id {
		return fmt.Errorf("got %w, want %s", err, id)
	}
	return nil
}

func fillDisk(dir string) error {
	if err := mountSmall(dir); err != nil {
		return err
	}
	ctx, folder, filler := context.Background(), filepath.Join(dir, "vault"), filepath.Join(dir, "filler")
	v, _, err := vault.Create(ctx, folder, passphrase, light)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filler, make([]byte, 2<<20), 0o600); err != nil {
		return err
	}
	saved := 0
	put := func(v *vault.Vault, n int) error {
		b := blob(capture.ClassEvidence, subjectOf(n), strings.Repeat(fmt.Sprint(n), 30_000))
		return v.Update(ctx, func(tx capture.Tx) error { return errors.Join(putConsent(tx, n), tx.PutBlob(b)) })
	}
	for ; saved < 100; saved++ {
		if err = put(v, saved); err != nil {
			break
		}
	}
	if err := wantID(err, "disk-full"); err != nil || saved < 3 {
		return fmt.Errorf("after %d changes: %w", saved, err)
	}
	check := func(v *vault.Vault) error {
		return v.View(ctx, func(tx capture.Tx) error {
			n := 0
			err := tx.EachBlobOfClass(capture.ClassEvidence, func(capture.Blob) error { n++; return nil })
			if n != 2*saved {
				err = errors.Join(err, fmt.Errorf("%d blobs of %d changes", n, saved))
			}
			if _, ok, _ := tx.Profile(subjectOf(saved)); ok {
				err = errors.Join(err, errors.New("the refused change is here by half"))
			}
			return err
		})
	}
	_, _, putErr := v.Originals().Put(ctx, bytes.NewReader(make([]byte, 4<<20)))
	_, backupErr := v.CreateBackup(ctx, filepath.Join(dir, "backups"), vault.BackupOptions{})
	if left, _ := filepath.Glob(filepath.Join(dir, "backups", "*")); len(left) > 0 {
		return fmt.Errorf("of a backup without room is left: %v", left)
	}
	if err := errors.Join(check(v), wantID(putErr, "disk-full"), wantID(backupErr, "backup-not-written"), wantID(v.ChangePassphrase(ctx, passphrase, "a new passphrase"), "disk-full"),
		wantID(v.Close(), "vault-not-copied")); err != nil { // there is no room for the snapshot
		return err
	}
	if err := noPartials(folder); err != nil {
		return err
	}
	// A full disk keeps nobody from reading, and with some space everything goes on.
	if v, err = vault.Open(ctx, folder, passphrase, light); err != nil {
		return fmt.Errorf("open on a full disk: %w", err)
	}
	if err := errors.Join(check(v), os.Remove(filler)); err != nil {
		return err
	}
	if err := put(v, saved); err != nil {
		return fmt.Errorf("after making space: %w", err)
	}
	saved++
	if err := check(v); err != nil {
		return err
	}
	// Somebody is erased and the disk has no room to write the vault anew without them: they are gone all the same, and the closing says
	// what is left to do.
	reserve := filepath.Join(dir, "reserve")
	if err := os.WriteFile(reserve, make([]byte, 512<<10), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filler, make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("fill the disk: %w", err)
	}
	if err := os.Remove(reserve); err != nil { // room for the change itself, whatever pages it takes
		return err
	}
	if err := v.Update(ctx, func(tx capture.Tx) error { return tx.ForgetSubject(subjectOf(0)) }); err != nil {
		return err
	}
	if err := wantID(v.Close(), "vault-not-shredded"); err != nil {
		return err
	}
	if v, err = vault.Open(ctx, folder, passphrase, light); err != nil {
		return fmt.Errorf("open with remains of somebody erased, on a full disk: %w", err)
	}
	if r := v.Report(); len(r) == 0 || r[len(r)-1].ID != "vault-not-shredded" {
		return fmt.Errorf("the opening reports %v", r)
	}
	return errors.Join(v.View(ctx, func(tx capture.Tx) error {
		if _, here, err := tx.Profile(subjectOf(0)); err != nil || here {
			return fmt.Errorf("the erased person is here: %t, %w", here, err)
		}
		return nil
	}), wantID(v.Close(), "vault-not-shredded"))
}

func noPartials(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".partial") {
			err = fmt.Errorf("%s was left", path)
		}
		return err
	})
}

func openReadOnly(dir string) error {
	if err := mountSmall(dir); err != nil {
		return err
	}
	ctx, folder := context.Background(), filepath.Join(dir, "vault")
	v, _, err := vault.Create(ctx, folder, passphrase, light)
	if err != nil {
		return err
	}
	if err := v.Close(); err != nil {
		return err
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		return fmt.Errorf("%w: %w", errNoMounts, err)
	}
	_, openErr := vault.Open(ctx, folder, passphrase, light)
	_, _, createErr := vault.Create(ctx, filepath.Join(dir, "another"), passphrase, light)
	return errors.Join(wantID(openErr, "vault-read-only"), wantID(createErr, "vault-read-only"))
}

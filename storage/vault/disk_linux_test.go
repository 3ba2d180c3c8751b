package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/disk/disktest"
	"samtykke/storage/vault"
)

func TestFullDiskRefusesChangesAndKeepsWhatWasSaved(t *testing.T) {
	if disktest.Alone(t) {
		if err := fillDisk(disktest.Mount(t, t.TempDir(), 6<<10)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFolderThatCannotBeWrittenIsNamed(t *testing.T) {
	if disktest.Alone(t) {
		if err := openReadOnly(disktest.Mount(t, t.TempDir(), 6<<10)); err != nil {
			t.Fatal(err)
		}
	}
}

func wantID(err error, id string) error {
	if err == nil || problem.Of(err).ID != id {
		return fmt.Errorf("got %w, want %s", err, id)
	}
	return nil
}

func fillDisk(small *disktest.Disk) error {
	dir := small.Path
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

func openReadOnly(small *disktest.Disk) error {
	dir := small.Path
	ctx, folder := context.Background(), filepath.Join(dir, "vault")
	v, _, err := vault.Create(ctx, folder, passphrase, light)
	if err != nil {
		return err
	}
	if err := v.Close(); err != nil {
		return err
	}
	small.ReadOnly()
	_, openErr := vault.Open(ctx, folder, passphrase, light)
	_, _, createErr := vault.Create(ctx, filepath.Join(dir, "another"), passphrase, light)
	return errors.Join(wantID(openErr, "vault-read-only"), wantID(createErr, "vault-read-only"))
}

// A disk that was taken out, and a folder that was moved, go on being written to; nobody would find again what is.
func TestVaultWhoseFolderIsGoneSavesNothingMore(t *testing.T) {
	if !disktest.Alone(t) {
		return
	}
	for how, goes := range map[string]func(d *disktest.Disk, folder string){
		"taken out": func(d *disktest.Disk, _ string) { d.Pull() },
		"moved": func(_ *disktest.Disk, folder string) {
			if err := os.Rename(folder, folder+"-moved"); err != nil {
				t.Fatal(err)
			}
		},
		"another in its place": func(_ *disktest.Disk, folder string) {
			if err := errors.Join(os.Rename(folder, folder+"-moved"), os.CopyFS(folder, os.DirFS(folder+"-moved"))); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(how, func(t *testing.T) {
			small := disktest.Mount(t, t.TempDir(), 6<<10)
			folder := filepath.Join(small.Path, "vault")
			v, _, err := vault.Create(t.Context(), folder, passphrase, light)
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Update(t.Context(), func(tx capture.Tx) error { return putConsent(tx, 1) }); err != nil {
				t.Fatal(err)
			}
			goes(small, folder)
			before := files(t, folder)
			err = v.Update(t.Context(), func(tx capture.Tx) error { return putConsent(tx, 2) })
			if err := errors.Join(wantID(err, "vault-gone"), wantID(v.Close(), "vault-gone")); err != nil {
				t.Error(err)
			}
			if after := files(t, folder); !slices.Equal(before, after) {
				t.Errorf("into the folder in its place was written: %v, before %v", after, before)
			}
			if how != "moved" {
				return
			}
			if err := os.Rename(folder+"-moved", folder); err != nil {
				t.Fatal(err)
			}
			if v, err = vault.Open(t.Context(), folder, passphrase, light); err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			if err := v.View(t.Context(), func(tx capture.Tx) error {
				for n, want := range []bool{1: true, 2: false} {
					if _, here, err := tx.Profile(subjectOf(n)); err != nil || here != want {
						return fmt.Errorf("what was saved as %d is here: %t, %w", n, here, err)
					}
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// files are the files of a folder with their sizes.
func files(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !e.IsDir() {
			info, infoErr := e.Info()
			found, err = append(found, fmt.Sprint(path, info.Size())), infoErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

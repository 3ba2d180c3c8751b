package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/originals"
)

// Backup is an opened backup. Nothing is ever written into its folder, which may lie on a disk that cannot be written to. Its methods
// may be called at the same time.
type Backup struct {
	dir      string
	manifest manifest
	vault    *Vault // over the backup's own database, for reading only
}

// OpenBackup opens a backup with the passphrase that its vault had when it was made. It trusts the manifest once its MAC fits, and
// the bytes only as far as they are read; Verify reads them all. Problems: not-a-backup, backup-damaged, wrong-passphrase,
// vault-newer-format.
func OpenBackup(ctx context.Context, dir, passphrase string, o Options) (*Backup, error) {
	return openBackup(ctx, dir, o.complete(), func(h *header) (*keys, error) { return h.unlockWithPassphrase(passphrase) })
}

func openBackup(ctx context.Context, dir string, o Options, unlock func(*header) (*keys, error)) (_ *Backup, err error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	v := &Vault{dir: dir, options: o}
	if v.header, err = readHeader(dir, o.format); err != nil {
		if problem.Of(err).ID == "vault-newer-format" {
			return nil, err
		}
		return nil, backupDamaged(headerFile, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if v.keys, err = unlock(&v.header); err != nil {
		return nil, err
	}
	b := &Backup{dir: dir, manifest: m, vault: v}
	defer func() {
		if err != nil {
			_ = b.Close()
		}
	}()
	if m.Vault != v.header.ID || !hmac.Equal([]byte(m.MAC), []byte(m.mac(v.backupKey()))) {
		return nil, backupDamaged(manifestFile, errors.New("the manifest's MAC differs"))
	}
	if v.db, err = v.openToRead(v.path(databaseFile)); err != nil {
		return nil, backupDamaged(databaseFile, err)
	}
	identity, err := v.identity()
	if err != nil {
		return nil, backupDamaged(headerFile, err)
	}
	v.originals = originals.At(v.path(originalsDir), identity, v.originalNames())
	return b, nil
}

// openToRead opens a database of this vault without ever writing to it.
func (v *Vault) openToRead(path string) (*database, error) {
	if _, err := inspect(path); err != nil {
		return nil, err
	}
	d := &database{name: databaseFile}
	err := guarded(databaseFile, func() (err error) {
		d.DB, err = bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second, FreelistType: bbolt.FreelistMapType, NoStatistics: true})
		if err == nil {
			err = d.View(v.recognise)
		}
		return err
	})
	if err != nil {
		if d.DB != nil {
			_ = d.close() // the first error is the one to tell
		}
		return nil, err
	}
	return d, nil
}

// View runs fn on the backup's content; see capture.Store.
func (b *Backup) View(ctx context.Context, fn func(capture.Tx) error) error {
	return b.vault.View(ctx, fn)
}

// Originals are the backup's originals, for reading.
func (b *Backup) Originals() capture.Originals { return b.vault.originals }

// Vault is the id of the vault that the backup is of.
func (b *Backup) Vault() string { return b.manifest.Vault }

// Made is when the backup was made.
func (b *Backup) Made() time.Time { return b.manifest.Made }

// Files is how many files belong to the backup, the manifest left out.
func (b *Backup) Files() int { return len(b.manifest.Files) }

// Close ends the use of the backup and forgets its keys.
func (b *Backup) Close() error {
	v := b.vault
	v.use.Lock()
	defer v.use.Unlock()
	if v.closed {
		return nil
	}
	v.closed = true
	err := v.closeFiles()
	v.keys.zero()
	return err
}

// BackupCheck is what reading a backup found.
type BackupCheck struct {
	capture.BackupCheck
	changed bool // a file is not what the manifest says
}

// Verify reads every byte, unseals every value and every original, and compares all of it with the manifest and with its own hash.
func (b *Backup) Verify(ctx context.Context, progress func(BackupProgress)) (BackupCheck, error) {
	check, err := verifyFiles(ctx, b.dir, b.manifest, progress, func(name string, sum io.Writer) (int64, error) {
		return b.vault.originals.Check(ctx, name, sum)
	})
	if err != nil {
		return check, err
	}
	check.Complete = true
	err = b.View(ctx, func(tx capture.Tx) error {
		seen, err := readValues(tx)
		check.Events = seen.count[string(bucketEvents)]
		check.Problems = append(check.Problems, seen.describe()...)
		return err
	})
	if problem.KindOf(err) == problem.Damaged {
		check.Problems, err = append(check.Problems, "the database cannot be read to its end"), nil
	}
	return check, err
}

// VerifyBackupFiles compares a backup's files with its manifest, without a passphrase. It finds what a disk does to files and not what
// a person does who also writes the manifest anew. Problems: not-a-backup, backup-damaged.
func VerifyBackupFiles(ctx context.Context, dir string, progress func(BackupProgress)) (BackupCheck, error) {
	m, err := readManifest(dir)
	if err != nil {
		return BackupCheck{}, err
	}
	return verifyFiles(ctx, dir, m, progress, nil)
}

// verifyFiles reads the files of a manifest. unseal, when given, reads an original and hands its sealed bytes on.
func verifyFiles(ctx context.Context, dir string, m manifest, progress func(BackupProgress),
	unseal func(name string, sum io.Writer) (int64, error)) (BackupCheck, error) {
	check := BackupCheck{BackupCheck: capture.BackupCheck{Files: len(m.Files), Problems: []string{}}}
	for _, f := range m.Files {
		check.Bytes += f.Bytes
	}
	bytes := newMeter(check.Bytes, func(done int64) BackupProgress {
		return BackupProgress{Verifying: true, Done: done, Total: check.Bytes}
	}, progress)
	var mu sync.Mutex
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for _, f := range m.Files {
		group.Go(func() error {
			if err := within.Err(); err != nil {
				return err
			}
			wrong, changed := verifyFile(within, dir, f, bytes, unseal)
			if err := within.Err(); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if wrong != "" {
				check.Problems = append(check.Problems, wrong)
				check.changed = check.changed || changed
			}
			return nil
		})
	}
	return check, group.Wait()
}

// verifyFile says in words what is wrong with a file, and whether it has changed since the manifest was written.
func verifyFile(ctx context.Context, dir string, f manifestEntry, progress *meter, unseal func(string, io.Writer) (int64, error)) (wrong string, changed bool) {
	path := filepath.Join(dir, filepath.FromSlash(f.Path))
	switch info, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		return f.Path + " is missing", true
	case err == nil && !info.Mode().IsRegular(): // a device or a pipe has no end
		return f.Path + " is no file", true
	case err == nil && info.Size() != f.Bytes:
		return fmt.Sprintf("%s has %d bytes, not %d", f.Path, info.Size(), f.Bytes), true
	}
	sum := sha256.New()
	to := io.MultiWriter(sum, progress)
	var size int64
	var err error
	name, isOriginal := strings.CutPrefix(f.Path, originalsDir+"/")
	if isOriginal && unseal != nil {
		size, err = unseal(name, to)
	} else {
		size, err = readFile(ctx, path, to)
	}
	switch {
	case size == f.Bytes && hex.EncodeToString(sum.Sum(nil)) == f.SHA256:
		if err != nil {
			return fmt.Sprintf("%s was damaged before it was backed up and does not open", f.Path), false
		}
		return "", false
	case err != nil && problem.KindOf(err) != problem.Damaged:
		return f.Path + " cannot be read", true
	}
	return f.Path + " holds other bytes than were written", true
}

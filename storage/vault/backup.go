package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/disk"
	"samtykke/storage/originals"
)

// BackupOptions say what a backup holds beyond the vault.
type BackupOptions struct {
	Program string // name and version of the program, for the manifest
	// WithReferenced takes in the files that the vault only refers to, sealed as the others are.
	WithReferenced bool
	Progress       func(BackupProgress) // nil: nobody watches; called from several goroutines, never at the same time
}

// BackupProgress is how far the writing and the reading back of a backup have come.
type BackupProgress = capture.BackupProgress

// BackupReport is what a backup became.
type BackupReport = capture.BackupReport

// CreateBackup copies the whole vault, as it stands at one moment, into a new folder under out, and reads it back before it answers.
// The vault stays in use meanwhile. The folder's name is samtykke, the beginning of the vault's id and the time; it bears .partial
// until everything has been read back, and goes when anything fails or ctx ends. Every backup is complete in itself. Problems:
// backup-inside-vault, backup-not-written, backup-reads-differently, vault-closed.
func (v *Vault) CreateBackup(ctx context.Context, out string, o BackupOptions) (report BackupReport, err error) {
	if report.Path, err = v.backupPath(out); err != nil {
		return report, err
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return report, backupNotWritten(out, err)
	}
	if err := v.removeUnfinishedBackups(out); err != nil {
		return report, backupNotWritten(out, err)
	}
	partial := report.Path + disk.Partial
	if err := os.Mkdir(partial, 0o700); err != nil {
		return report, backupNotWritten(out, err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(partial)
		}
	}()
	b := &backingUp{vault: v, dir: partial, options: o}
	if err := b.write(ctx); err != nil {
		return report, explainBackup(ctx, out, err)
	}
	read, err := b.readBack(ctx)
	if err != nil {
		return report, explainBackup(ctx, out, err)
	}
	if err := disk.Rename(partial, report.Path); err != nil {
		return report, backupNotWritten(out, err)
	}
	report.Files, report.Bytes, report.Events = read.Files, read.Bytes, read.Events
	report.Problems, report.NotIncluded = read.Problems, b.left
	return report, nil
}

// backupPath names the new backup's folder, which must not lie within the vault.
func (v *Vault) backupPath(out string) (string, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return "", err
	}
	if capture.LiesWithin(v.dir, out) {
		return "", problem.New(problem.Invalid, "backup-inside-vault",
			"{{.folder}} lies within the vault, where a backup would be lost with it; nothing was written; choose a folder on another disk.", "folder", out)
	}
	return filepath.Join(out, v.backupPrefix()+v.stamp()), nil
}

// backupPrefix begins the names of this vault's backups. The id is random and says nothing.
func (v *Vault) backupPrefix() string { return "samtykke-" + v.header.ID[:8] + "-" }

// removeUnfinishedBackups removes what a backup of this vault has left that was cut off.
func (v *Vault) removeUnfinishedBackups(out string) error {
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), v.backupPrefix()) && strings.HasSuffix(e.Name(), disk.Partial) {
			if err := os.RemoveAll(filepath.Join(out, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// backingUp is a backup that is being written.
type backingUp struct {
	vault    *Vault
	dir      string
	options  BackupOptions
	manifest manifest
	left     []string // see BackupReport.NotIncluded
	progress *meter
}

// write writes all files and, last, the manifest that names them.
func (b *backingUp) write(ctx context.Context) error {
	v := b.vault
	v.use.RLock()
	h, closed := v.header, v.closed
	v.use.RUnlock()
	if closed {
		return errClosed
	}
	b.manifest = manifest{Format: manifestFormat, Program: b.options.Program, Vault: h.ID, VaultFormat: h.Format, Made: v.options.Now().UTC()}
	if err := disk.WriteFile(b.path(headerFile), h.marshal(v.keys)); err != nil {
		return err
	}
	if err := v.copyDatabase(ctx, b.path(databaseFile)); err != nil {
		return err
	}
	sealed, err := v.originals.Files() // after the database, so that every original it names is among them
	if err != nil {
		return err
	}
	total := int64(0)
	for _, f := range sealed {
		total += f.Size
	}
	b.progress = newMeter(total, func(done int64) BackupProgress { return BackupProgress{Done: done, Total: total} }, b.options.Progress)
	if err := b.copyOriginals(ctx, sealed); err != nil {
		return err
	}
	if err := b.takeReferenced(ctx); err != nil {
		return err
	}
	for _, name := range []string{headerFile, databaseFile} {
		if err := b.list(ctx, name); err != nil {
			return err
		}
	}
	if err := flushFolders(b.dir); err != nil {
		return err
	}
	return disk.WriteFile(b.path(manifestFile), b.manifest.marshal(v.backupKey()))
}

func (b *backingUp) path(name string) string { return filepath.Join(b.dir, filepath.FromSlash(name)) }

// copyDatabase writes the database as it is at one moment. When something was erased, pages that the database has freed still hold
// it, so they are left out.
func (v *Vault) copyDatabase(ctx context.Context, path string) error {
	return v.using(ctx, func() error {
		if v.forgotten.Load() {
			return rewrite(v.db, path, func(b *bbolt.Tx) error { return b.Bucket(bucketVault).Delete(keyErasing) })
		}
		return v.db.copyTo(path)
	})
}

// copyOriginals copies sealed files as they are. Several at a time share the waiting for the disk.
func (b *backingUp) copyOriginals(ctx context.Context, sealed []originals.File) error {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for _, f := range sealed {
		group.Go(func() error {
			name := originalsDir + "/" + f.Name
			entry, err := copyHashing(ctx, b.vault.path(filepath.FromSlash(name)), b.path(name), b.progress)
			if errors.Is(err, fs.ErrNotExist) && b.vault.wasRemoved(f.Name) {
				return nil
			}
			if err != nil {
				return err
			}
			entry.Path = name
			mu.Lock()
			defer mu.Unlock()
			b.manifest.Files = append(b.manifest.Files, entry)
			b.manifest.Originals++
			return nil
		})
	}
	return group.Wait()
}

// wasRemoved tells whether an original has gone since it was listed, by itself and not with its folder.
func (v *Vault) wasRemoved(name string) bool {
	_, folderErr := os.Stat(v.path(originalsDir))
	_, err := os.Stat(filepath.Join(v.path(originalsDir), filepath.FromSlash(name)))
	return folderErr == nil && errors.Is(err, fs.ErrNotExist)
}

// takeReferenced seals the files that the vault only refers to into the backup, or names those that are left out. A file that is gone
// or has other bytes than were imported is always left out.
func (b *backingUp) takeReferenced(ctx context.Context) error {
	var files []capture.CompanionFile
	err := b.vault.View(ctx, func(tx capture.Tx) error {
		return tx.EachAssetFile(func(f capture.AssetFile) error {
			for _, part := range f.Parts() {
				if part.Path != "" && !b.vault.originals.Has(consent.AssetID(part.SHA256)) {
					files = append(files, part)
				}
			}
			return nil
		})
	})
	if err != nil || len(files) == 0 {
		return err
	}
	store, _, err := b.vault.originalsIn(b.path(originalsDir))
	if err != nil {
		return err
	}
	for _, f := range files {
		taken := false
		if b.options.WithReferenced {
			if taken, err = b.takeFile(ctx, store, f); err != nil {
				return err
			}
		}
		if !taken {
			b.left = append(b.left, f.Path)
		}
	}
	b.manifest.NotIncluded = len(b.left)
	return nil
}

func (b *backingUp) takeFile(ctx context.Context, store *originals.Store, f capture.CompanionFile) (bool, error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return false, nil // the card is not in: the file is named as left out
	}
	defer in.Close()
	hash, _, err := store.Put(ctx, capture.Exactly(consent.AssetID(f.SHA256), in))
	switch {
	case problem.KindOf(err) == problem.Damaged: // another file lies there now
		return false, nil
	case err != nil:
		return false, err
	}
	b.manifest.Originals++
	return true, b.list(ctx, originalsDir+"/"+store.FileName(hash))
}

// list puts a file that is written into the manifest.
func (b *backingUp) list(ctx context.Context, name string) error {
	sum := sha256.New()
	size, err := readFile(ctx, b.path(name), sum)
	b.manifest.Files = append(b.manifest.Files, manifestEntry{Path: name, Bytes: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return err
}

// readBack opens what was written anew and checks every byte of it. Files that read differently end the backup; what does not open
// although it reads as it was written was damaged in the vault before.
func (b *backingUp) readBack(ctx context.Context) (BackupCheck, error) {
	found, err := openBackup(ctx, b.dir, b.vault.options, func(h *header) (*keys, error) {
		k := *b.vault.keys
		return &k, nil
	})
	if err != nil {
		return BackupCheck{}, err
	}
	defer found.Close()
	check, err := found.Verify(ctx, b.options.Progress)
	if err == nil && check.changed {
		err = problem.New(problem.Damaged, "backup-reads-differently",
			"The backup does not read back as it was written ({{.first}}); it was removed and the vault is untouched; use another disk.", "first", check.Problems[0])
	}
	return check, err
}

// explainBackup says what a failed backup means for whoever wanted it.
func explainBackup(ctx context.Context, out string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var file *fs.PathError
	if errors.Is(err, disk.ErrFull) || errors.Is(err, disk.ErrReadOnly) || errors.As(err, &file) {
		return backupNotWritten(out, err)
	}
	return err
}

func backupNotWritten(out string, cause error) error {
	return problem.New(problem.Unavailable, "backup-not-written",
		"The backup cannot be written to {{.folder}} ({{.why}}); the vault is untouched and nothing half was left; make room or choose another disk.",
		"folder", out, "why", capture.Cause(cause)).Because(cause)
}

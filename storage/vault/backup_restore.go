package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"samtykke/app/problem"
	"samtykke/storage/disk"
)

// Restore makes a vault of a backup, in a folder that is empty or not there yet; a vault that is there is never overwritten. It reads
// the whole backup before it writes anything, and every file is hashed again while it is copied. The last rename, of the header, makes
// it a vault; before that a further attempt starts anew. The vault opens with the passphrase that the backup opens with. Problems:
// vault-exists, not-a-vault-folder, backup-damaged, disk-full, vault-read-only, vault-busy, and those of OpenBackup.
func Restore(ctx context.Context, b *Backup, dir string, progress func(BackupProgress)) (err error) {
	if Exists(dir) {
		return exists(dir)
	}
	_, err = os.Stat(filepath.Join(dir, newHeaderFile))
	interrupted := err == nil
	if err := lookAround(dir); !interrupted && !errors.Is(err, missing(dir)) {
		return err
	}
	check, err := b.Verify(ctx, progress)
	if err != nil {
		return err
	}
	if check.changed {
		return backupDamaged(strings.Fields(check.Problems[0])[0], errors.New(check.Problems[0]))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return disk.Explain(fmt.Errorf("make folder: %w", err))
	}
	l, err := acquire(ctx, dir, b.vault.options.Now())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.release(true)) }()
	if Exists(dir) { // made by another program while this one waited
		return exists(dir)
	}
	return b.unpack(ctx, dir, check.Bytes, progress)
}

// unpack copies the files. vault.json.new marks the folder as one that nobody relies on yet.
func (b *Backup) unpack(ctx context.Context, dir string, total int64, progress func(BackupProgress)) error {
	newHeader := filepath.Join(dir, newHeaderFile)
	if err := disk.WriteFile(newHeader, b.vault.header.marshal(b.vault.keys)); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	for _, left := range []string{originalsDir, databaseFile} { // of an attempt that was cut off
		if err := os.RemoveAll(filepath.Join(dir, left)); err != nil {
			return disk.Explain(fmt.Errorf("remove unfinished file: %w", err))
		}
	}
	done := newMeter(total, func(done int64) BackupProgress { return BackupProgress{Done: done, Total: total} }, progress)
	for _, f := range b.manifest.Files {
		if f.Path == headerFile {
			continue
		}
		name := filepath.FromSlash(f.Path)
		copied, err := copyHashing(ctx, filepath.Join(b.dir, name), filepath.Join(dir, name), done)
		if err != nil {
			return b.unpackFailed(ctx, dir, err)
		}
		if copied.SHA256 != f.SHA256 {
			return b.unpackFailed(ctx, dir, backupDamaged(f.Path, errors.New("it reads differently each time")))
		}
	}
	if err := flushFolders(dir); err != nil {
		return err
	}
	return disk.Rename(newHeader, filepath.Join(dir, headerFile))
}

// unpackFailed leaves the folder as empty as it was.
func (b *Backup) unpackFailed(ctx context.Context, dir string, err error) error {
	for _, name := range []string{originalsDir, databaseFile, newHeaderFile} { // the mark goes last
		_ = os.RemoveAll(filepath.Join(dir, name))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err = disk.Explain(err); problem.KindOf(err) == problem.Internal {
		err = fmt.Errorf("restore: %w", err)
	}
	return err
}

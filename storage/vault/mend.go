package vault

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.etcd.io/bbolt"

	"samtykke/app/problem"
	"samtykke/storage/disk"
)

// openMain opens vault.db. A damaged one is kept beside and the snapshot takes its place.
func (v *Vault) openMain() error {
	d, err := v.openChecked(v.path(databaseFile))
	if problem.KindOf(err) == problem.Damaged {
		d, err = v.restoreSnapshot(err)
	}
	if err != nil {
		return err
	}
	v.db = d
	if v.lock.unclean {
		v.tell(errEndedUncleanly)
	}
	return guarded(databaseFile, func() error {
		return d.View(func(b *bbolt.Tx) error {
			_, erasing, err := v.tx(b).get(bucketVault, keyErasing, v.keys.values)
			v.forgotten.Store(erasing)
			return err
		})
	})
}

// openChecked opens a database of this vault after looking at its structure; after an unclean end bbolt looks at it too.
func (v *Vault) openChecked(path string) (_ *database, err error) {
	found, err := inspect(path)
	switch {
	case errors.Is(err, disk.ErrReadOnly):
		return nil, err
	case err != nil:
		return nil, damaged(databaseFile, err)
	case found.Metas < 2 && !v.lock.unclean:
		// A torn meta page is what a power cut may leave of a change that nobody was told of. After a clean end it is damage,
		// and the other page may lack a change that somebody was told of.
		return nil, damaged(databaseFile, errors.New("one meta page is not whole"))
	}
	d, err := openDatabase(path, databaseFile)
	if err != nil {
		return nil, err
	}
	if v.lock.unclean {
		err = d.check()
	}
	if err == nil {
		err = guarded(databaseFile, func() error { return d.View(v.recognise) })
	}
	if err == nil && found.Metas < 2 {
		err = d.touch()
	}
	if err != nil {
		_ = d.close() // the first error is the one to tell
		return nil, err
	}
	return d, nil
}

// restoreSnapshot puts the snapshot in the place of a damaged database. When the snapshot does not do either, nothing is touched.
func (v *Vault) restoreSnapshot(cause error) (*database, error) {
	taken, err := os.Stat(v.path(snapshotFile))
	if err != nil {
		return nil, cause
	}
	w, err := disk.Begin(v.path(databaseFile))
	if err != nil {
		return nil, err
	}
	defer w.Abort()
	if err := copyFile(w, v.path(snapshotFile)); err != nil {
		return nil, fmt.Errorf("copy snapshot: %w", err)
	}
	d, err := v.openChecked(w.File().Name())
	if err != nil {
		return nil, damaged(databaseFile, errors.Join(cause, fmt.Errorf("snapshot: %w", err)))
	}
	if err := d.close(); err != nil {
		return nil, err
	}
	kept := v.damagedName()
	switch err := disk.Rename(v.path(databaseFile), v.path(kept)); {
	case errors.Is(err, fs.ErrNotExist):
		kept = ""
	case err != nil:
		return nil, err
	}
	if err := w.Commit(); err != nil {
		return nil, err
	}
	v.changed.Store(true)
	v.tell(snapshotRestored(taken.ModTime(), kept))
	return openDatabase(v.path(databaseFile), databaseFile)
}

// damagedMark stands in the names of databases that were damaged and are kept.
const damagedMark = ".damaged-"

func (v *Vault) damagedName() string { return databaseFile + damagedMark + v.stamp() }

func copyFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return disk.Explain(err)
}

// shred writes the database anew without what was deleted from it, since a database reuses its pages only later, and replaces
// the snapshot.
func (v *Vault) shred() error {
	if err := v.replace(&v.db, func(b *bbolt.Tx) error { return b.Bucket(bucketVault).Delete(keyErasing) }); err != nil {
		return err
	}
	d, err := openDatabase(v.path(databaseFile), databaseFile)
	if err != nil {
		return err
	}
	v.db = d
	if err := v.dropCopies(); err != nil {
		return err
	}
	v.forgotten.Store(false)
	if err := os.Remove(v.path(snapshotFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return disk.Explain(fmt.Errorf("remove old snapshot: %w", err))
	}
	return v.db.copyTo(v.path(snapshotFile))
}

// replace closes a database and puts in its place what rewrite makes of it. It is nil until it is opened again.
func (v *Vault) replace(old **database, done func(*bbolt.Tx) error) error {
	d := *old
	partial := v.path(d.name + ".new" + disk.Partial)
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return disk.Explain(fmt.Errorf("remove unfinished file: %w", err))
	}
	if err := rewrite(d, partial, done); err != nil {
		_ = os.Remove(partial) // the first error is the one to tell
		return fmt.Errorf("write %s anew: %w", d.name, err)
	}
	if err := d.close(); err != nil {
		return err
	}
	*old = nil
	return disk.Rename(partial, v.path(d.name))
}

// rewriteBatch bounds a transaction while a database is written anew, in bytes.
const rewriteBatch = 16 << 20

// rewrite writes a database anew without freed pages; done takes out of it what said that this was to be done.
func rewrite(from *database, path string, done func(*bbolt.Tx) error) (err error) {
	d, err := openDatabase(path, from.name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	d.NoSync = true // one flush at the end does
	err = guarded(from.name, func() error { return bbolt.Compact(d.DB, from.DB, rewriteBatch) })
	if err != nil {
		return disk.Explain(err)
	}
	return disk.Explain(errors.Join(d.Update(done), d.Sync()))
}

// openPreviews opens previews.db. A damaged one is dropped: previews can be made again.
func (v *Vault) openPreviews() error {
	path := v.path(previewsFile)
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return disk.InTheWay(path)
	}
	fresh := errors.Is(err, fs.ErrNotExist)
	if !fresh {
		found, err := inspect(path)
		if err == nil && found.Metas < 2 && !v.lock.unclean {
			err = errors.New("one meta page is not whole")
		}
		if err == nil {
			v.previews, err = v.openPreviewsFile(path)
		}
		if err == nil {
			return nil
		}
		if errors.Is(err, disk.ErrReadOnly) || errors.Is(err, disk.ErrFull) {
			return err
		}
		if err := os.Remove(path); err != nil {
			return disk.Explain(fmt.Errorf("drop previews: %w", err))
		}
		v.tell(errPreviewsDropped)
	}
	v.previews, err = v.openPreviewsFile(path)
	return err
}

func (v *Vault) openPreviewsFile(path string) (*database, error) {
	d, err := openDatabase(path, previewsFile)
	if err != nil {
		return nil, err
	}
	if v.lock.unclean {
		err = d.check()
	}
	if err == nil {
		err = guarded(previewsFile, func() error {
			return d.Update(func(b *bbolt.Tx) error {
				_, err := b.CreateBucketIfNotExists(bucketPreviews)
				return err
			})
		})
	}
	if err != nil {
		_ = d.close() // the first error is the one to tell
		return nil, disk.Explain(err)
	}
	d.MaxBatchDelay = previewsDelay
	return d, nil
}

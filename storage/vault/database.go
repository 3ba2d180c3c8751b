package vault

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"samtykke/storage/disk"
)

// database is a bbolt file with the handle that bbolt opened, so that it can be let go of even when bbolt cannot close any more.
type database struct {
	*bbolt.DB
	file *os.File
	name string // within the vault's folder
	// unsound: it has panicked, and may hold a lock of its own for ever. It is not used, nor closed, any more.
	unsound atomic.Bool
}

// openDatabase opens a bbolt file that inspect has found sound, or makes a new one.
func openDatabase(path, name string) (*database, error) {
	d := &database{name: name}
	options := &bbolt.Options{
		Timeout:      time.Second, // another program may be looking at it; ours is kept out by the lock
		FreelistType: bbolt.FreelistMapType,
		NoStatistics: true,
		OpenFile: func(path string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(path, flag, mode)
			if d.file == nil {
				d.file = f
			}
			return f, err
		},
	}
	err := guarded(name, func() (err error) {
		d.DB, err = bbolt.Open(path, 0o600, options)
		return err
	})
	switch {
	case errors.Is(err, errUnsound):
		d.letGo()
		return nil, err
	case errors.Is(err, berrors.ErrTimeout):
		return nil, busy(holder{})
	case err != nil:
		return nil, disk.Explain(fmt.Errorf("open %s: %w", name, err))
	}
	return d, nil
}

// letGo closes the file under a database that bbolt itself might not be able to close.
func (d *database) letGo() {
	if d.file != nil {
		_ = d.file.Close() // nothing was written through it that was not flushed
	}
}

// note remembers whether an error means that the database is unsound.
func (d *database) note(err error) {
	if errors.Is(err, errUnsound) {
		d.unsound.Store(true)
	}
}

// close closes the database; it waits for transactions.
func (d *database) close() error {
	if d.unsound.Load() {
		d.letGo()
		return nil
	}
	return guarded(d.name, func() error {
		if err := d.DB.Close(); err != nil {
			return disk.Explain(fmt.Errorf("close %s: %w", d.name, err))
		}
		return nil
	})
}

// check lets bbolt check the whole database by its own rules, after inspect has found that it can be read at all.
func (d *database) check() (err error) {
	defer func() { d.note(err) }()
	return guarded(d.name, func() error {
		return d.View(func(tx *bbolt.Tx) error {
			var first error
			for err := range tx.Check() { // to the end, or its goroutine stays
				if first == nil {
					first = damaged(d.name, err)
				}
			}
			return first
		})
	})
}

// touch commits an empty transaction, which writes the older of the two meta pages anew.
func (d *database) touch() error {
	return guarded(d.name, func() error { return d.Update(func(*bbolt.Tx) error { return nil }) })
}

// copyWriter remembers what kept it from writing, because bbolt turns that into text.
type copyWriter struct {
	to  io.Writer
	err error
}

// Write writes to the copy.
func (w *copyWriter) Write(b []byte) (int, error) {
	n, err := w.to.Write(b)
	if err != nil {
		w.err = err
	}
	return n, err
}

// copyTo writes a consistent copy of the database.
func (d *database) copyTo(path string) error {
	w, err := disk.Begin(path)
	if err != nil {
		return err
	}
	defer w.Abort()
	to := &copyWriter{to: w}
	err = guarded(d.name, func() error {
		return d.View(func(tx *bbolt.Tx) error {
			_, err := tx.WriteTo(to)
			return err
		})
	})
	if to.err != nil {
		err = to.err
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", d.name, err)
	}
	return w.Commit()
}

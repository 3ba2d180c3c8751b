// Package disk writes files so that they survive a power cut, and says in plain words why a disk refused.
//
// A file that others rely on is never written in place. It is written beside its final name, flushed, renamed, and then the
// folder is flushed, because a rename is only an entry in the folder:
//
//	w, err := disk.Begin(path)     // a temporary file in the same folder
//	defer w.Abort()                // harmless after Commit
//	_, err = w.Write(data)
//	err = w.Commit()               // flush, rename, flush the folder
//
// A crash leaves either the old file or the new one, and at worst a temporary file whose name ends in Partial.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"samtykke/app/problem"
)

// Partial is how the names of unfinished files end. Whoever opens a folder may remove what bears it.
const Partial = ".partial"

// Writer writes one file that appears under its name as a whole or not at all.
type Writer struct {
	file *os.File
	path string
	done bool
}

// Begin starts a file that will stand at path, readable by its owner alone.
func Begin(path string) (*Writer, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+Partial)
	if err != nil {
		return nil, Explain(fmt.Errorf("begin file: %w", err))
	}
	return &Writer{file: f, path: path}, nil
}

// Write adds to the file.
func (w *Writer) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	return n, Explain(err)
}

// File is the unfinished file, for those who need more than Write.
func (w *Writer) File() *os.File { return w.file }

// Commit flushes the file and puts it at its path, in the place of what stood there.
func (w *Writer) Commit() error { return w.CommitAs(w.path) }

// Flush puts what was written so far on the disk. What is read of File after that comes from the disk and not from memory where the
// platform can be asked for that (Linux); elsewhere it may come from memory.
func (w *Writer) Flush() error {
	if err := w.file.Sync(); err != nil {
		return Explain(fmt.Errorf("flush file: %w", err))
	}
	forget(w.file)
	return nil
}

// CommitAs is Commit with a name that became known while writing; it must be on the same volume.
func (w *Writer) CommitAs(path string) error {
	if err := w.file.Sync(); err != nil {
		return Explain(fmt.Errorf("flush file: %w", err))
	}
	if err := w.file.Close(); err != nil {
		return Explain(fmt.Errorf("close file: %w", err))
	}
	if err := Rename(w.file.Name(), path); err != nil {
		return err
	}
	w.done = true
	return nil
}

// Abort removes what Commit has not put in place.
func (w *Writer) Abort() {
	if w.done {
		return
	}
	w.done = true
	_ = w.file.Close() // may be closed already; the file goes either way
	_ = os.Remove(w.file.Name())
}

// WriteFile puts data at path as a whole or not at all.
func WriteFile(path string, data []byte) error {
	w, err := Begin(path)
	if err != nil {
		return err
	}
	defer w.Abort()
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return w.Commit()
}

// Rename renames within a volume and flushes the folders, so that the new name survives a power cut.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return Explain(fmt.Errorf("rename file: %w", err))
	}
	if err := SyncFolder(filepath.Dir(to)); err != nil {
		return err
	}
	if filepath.Dir(from) == filepath.Dir(to) {
		return nil
	}
	return SyncFolder(filepath.Dir(from))
}

// The problems that a disk makes.
var (
	ErrFull = problem.New(problem.Unavailable, "disk-full",
		"The disk is full; what was saved before is safe and the last change was not made; free some space, then try again.")
	ErrReadOnly = problem.New(problem.Invalid, "vault-read-only",
		"The vault's folder cannot be written to; nothing was changed; give yourself the right to write there, or put the vault on another disk.")
)

// ErrGone and ErrFailing are for what happens to disks on the road.
var (
	ErrGone = problem.New(problem.Unavailable, "vault-gone",
		"The vault's folder cannot be reached where it was: it was moved, or its disk was taken out; what was saved before is in it; put it back and open it again.")
	ErrFailing = problem.New(problem.Damaged, "disk-failing",
		"The disk reports an error; what was saved before is on it as far as it can still be read; copy the vault's folder to another disk and run \"vault check --originals\" there.")
)

// InTheWay names a folder where a file must be, or a file where a folder must be.
func InTheWay(path string) *problem.Problem {
	return problem.New(problem.Damaged, "file-in-the-way",
		"Something else stands at {{.path}}, where the vault has a file or a folder of its own; nothing was changed; move it away, then try again.", "path", path)
}

// Explain turns what a disk says into a problem where a person can do something about it: ErrFull, ErrReadOnly, ErrGone, ErrFailing,
// file-in-the-way. Any other error comes back as it is.
func Explain(err error) error {
	var known *problem.Problem
	var file *fs.PathError
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case isFull(err):
		return ErrFull.Because(err)
	case isReadOnly(err), errors.Is(err, fs.ErrPermission):
		return ErrReadOnly.Because(err)
	case isWrongKind(err) && errors.As(err, &file):
		return InTheWay(file.Path).Because(err)
	case errors.Is(err, fs.ErrNotExist):
		return ErrGone.Because(err)
	case isFailing(err):
		return ErrFailing.Because(err)
	}
	return err
}

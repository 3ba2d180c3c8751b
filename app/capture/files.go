package capture

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"samtykke/app/problem"
)

// WriteFile writes bytes to a file that appears under its name only when it is complete and on disk.
func WriteFile(path string, data []byte) error {
	return writeWhole(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// WritePrivateFile is WriteFile for a file that this user alone may read.
func WritePrivateFile(path string, data []byte) error {
	return writeWholeFor(0o600, path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// writeWhole writes a file that appears under its name only when it is complete and on disk. Others may read it: what leaves the vault
// for use is made for them.
func writeWhole(path string, write func(io.Writer) error) error {
	return writeWholeFor(0o644, path, write)
}

// writeWholeFor is writeWhole for those whom the permissions name.
func writeWholeFor(permissions os.FileMode, path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), unfinishedPrefix+"*")
	if err != nil {
		return cannotWrite(path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		var file *fs.PathError
		if errors.As(err, &file) && file.Path == f.Name() { // the disk it goes to, not what it is made from
			return cannotWrite(path, err)
		}
		return err
	}
	if err := f.Sync(); err != nil {
		return cannotWrite(path, err)
	}
	if err := f.Close(); err != nil {
		return cannotWrite(path, err)
	}
	if err := os.Chmod(f.Name(), permissions); err != nil {
		return cannotWrite(path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// unfinishedPrefix begins the names of files that are being written; digits follow.
const unfinishedPrefix = ".samtykke-"

// isUnfinished tells whether a file was being written when the program ended.
func isUnfinished(e fs.DirEntry) bool {
	digits, ours := strings.CutPrefix(e.Name(), unfinishedPrefix)
	return ours && digits != "" && strings.Trim(digits, "0123456789") == "" && e.Type().IsRegular()
}

func cannotRead(path string, failure error) error {
	return problem.New(problem.NotFound, "cannot-read",
		"{{.path}} cannot be read ({{.why}}); nothing was changed; check the card or disk it lies on.", "path", path, "why", Cause(failure)).Because(failure)
}

func cannotWrite(path string, failure error) error {
	return problem.New(problem.Unavailable, "cannot-write",
		"{{.path}} cannot be written ({{.why}}); the vault is untouched and nothing half was left; make room or choose another folder.",
		"path", path, "why", Cause(failure)).Because(failure)
}

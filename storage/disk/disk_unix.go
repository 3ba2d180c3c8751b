//go:build unix

package disk

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// SyncFolder flushes a folder's entries.
func SyncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return Explain(fmt.Errorf("open folder: %w", err))
	}
	defer d.Close()
	// Some network file systems cannot flush folders and say EINVAL; their renames are as durable as they get.
	if err := d.Sync(); err != nil && !errors.Is(err, unix.EINVAL) {
		return Explain(fmt.Errorf("flush folder: %w", err))
	}
	return nil
}

func isFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

// isWrongKind tells of a file where a folder must be, or the other way round.
func isWrongKind(err error) bool {
	return errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.EISDIR)
}

func isFailing(err error) bool {
	return errors.Is(err, unix.EIO) || errors.Is(err, unix.ENXIO) || errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ESTALE)
}

func isReadOnly(err error) bool { return errors.Is(err, unix.EROFS) }

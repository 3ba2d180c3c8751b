package disk

import (
	"errors"

	"golang.org/x/sys/windows"
)

// SyncFolder does nothing: Windows keeps no handle through which a folder could be flushed, and NTFS journals its renames.
func SyncFolder(string) error { return nil }

func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

func isReadOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

// isWrongKind tells of a file where a folder must be, or the other way round.
func isWrongKind(err error) bool { return errors.Is(err, windows.ERROR_DIRECTORY) }

func isFailing(err error) bool {
	return errors.Is(err, windows.ERROR_IO_DEVICE) || errors.Is(err, windows.ERROR_NOT_READY) || errors.Is(err, windows.ERROR_CRC)
}

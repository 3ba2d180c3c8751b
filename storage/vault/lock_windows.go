package vault

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockHandle takes the lock without waiting; errLocked when another handle has it. Closing the file gives it back. Locked bytes
// cannot be read by others on Windows, so the locked one lies far behind the text that says who holds the vault.
func lockHandle(f *os.File) error {
	place := &windows.Overlapped{OffsetHigh: 1}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, place)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return errLocked
	}
	return err
}

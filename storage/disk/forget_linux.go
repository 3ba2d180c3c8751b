package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// forget drops what the system keeps of a flushed file in memory, so that reading it reads the disk. It is only a wish: a file system
// that cannot, such as one in memory, is read all the same.
func forget(f *os.File) { _ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }

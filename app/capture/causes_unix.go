//go:build unix

package capture

import "syscall"

// What systems say of disks, in the groups in which something else is to be done.
var (
	diskFull        = []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT}
	diskReadOnly    = []syscall.Errno{syscall.EROFS}
	diskFailing     = []syscall.Errno{syscall.EIO}
	diskGone        = []syscall.Errno{syscall.ENXIO, syscall.ENODEV, syscall.ESTALE, syscall.ENOTCONN, syscall.EHOSTDOWN, syscall.ETIMEDOUT}
	diskNameTooLong = []syscall.Errno{syscall.ENAMETOOLONG}
)

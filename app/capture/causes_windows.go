package capture

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// What systems say of disks, in the groups in which something else is to be done.
var (
	diskFull        = []syscall.Errno{windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL}
	diskReadOnly    = []syscall.Errno{windows.ERROR_WRITE_PROTECT}
	diskFailing     = []syscall.Errno{windows.ERROR_IO_DEVICE, windows.ERROR_CRC}
	diskGone        = []syscall.Errno{windows.ERROR_NOT_READY, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_BAD_NETPATH, windows.ERROR_DEVICE_NOT_CONNECTED}
	diskNameTooLong = []syscall.Errno{windows.ERROR_FILENAME_EXCED_RANGE}
)

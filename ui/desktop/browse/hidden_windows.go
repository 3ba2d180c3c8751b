package browse

import (
	"path/filepath"
	"strings"
	"syscall"
)

// hidden tells whether the system does not show a file unasked.
func hidden(folder, name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "$") {
		return true
	}
	path, err := syscall.UTF16PtrFromString(filepath.Join(folder, name))
	if err != nil {
		return false
	}
	attributes, err := syscall.GetFileAttributes(path)
	return err == nil && attributes&syscall.FILE_ATTRIBUTE_HIDDEN != 0
}

package browse

import (
	"slices"

	"golang.org/x/sys/windows"
)

// Volumes are the drives that have a letter. Asking for the letters does not wake any of them up.
func Volumes() []string {
	mask, err := windows.GetLogicalDrives()
	if err != nil {
		return nil
	}
	var drives []string
	for letter := range 26 {
		if mask&(1<<letter) != 0 {
			drives = append(drives, string(rune('A'+letter))+`:\`)
		}
	}
	return drives
}

// Removable are the drives whose disks can be taken out.
func Removable() []string {
	return slices.DeleteFunc(Volumes(), func(root string) bool {
		at, err := windows.UTF16PtrFromString(root)
		return err != nil || windows.GetDriveType(at) != windows.DRIVE_REMOVABLE
	})
}

package pictures

import "golang.org/x/sys/windows"

// Volumes lists the drives whose disks can be taken out.
func Volumes() []string {
	drives, err := windows.GetLogicalDrives()
	if err != nil {
		return nil
	}
	var list []string
	for n := range 26 {
		if drives&(1<<n) == 0 {
			continue
		}
		root := string(rune('A'+n)) + `:\`
		if at, err := windows.UTF16PtrFromString(root); err == nil && windows.GetDriveType(at) == windows.DRIVE_REMOVABLE {
			list = append(list, root)
		}
	}
	return list
}

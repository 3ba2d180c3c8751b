package browse

import "golang.org/x/sys/windows"

// volumes are the drives that have a letter. Asking for the letters does not wake any of them up.
func volumes() []string {
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

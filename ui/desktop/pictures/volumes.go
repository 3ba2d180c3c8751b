//go:build !windows

package pictures

import (
	"os/user"
	"path/filepath"
	"runtime"
)

// Volumes lists the folders at which removable disks are, as the system mounts them for whoever is signed in.
func Volumes() []string {
	if runtime.GOOS == "darwin" {
		return within("/Volumes")
	}
	var list []string
	name := ""
	if me, err := user.Current(); err == nil {
		name = me.Username
	}
	for _, folder := range []string{"/media", "/run/media"} {
		if name != "" {
			list = append(list, within(filepath.Join(folder, name))...)
		}
		list = append(list, within(folder)...)
	}
	return list
}

// within lists what lies in a folder; nothing when it is not there.
func within(folder string) []string {
	found, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil { // only when a name in the pattern is malformed
		return nil
	}
	return found
}

//go:build !windows

package browse

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
)

// Volumes are the cards, sticks and disks that the system has mounted for people.
func Volumes() []string {
	if runtime.GOOS == "darwin" {
		return within("/Volumes/*")
	}
	// Some systems mount in /media itself, others in a folder that each person has there, which is no disk.
	return slices.DeleteFunc(within("/media/*", "/media/*/*", "/run/media/*/*"), func(folder string) bool { return !mounted(folder) })
}

// Removable are those of the volumes that can be taken out: here the system mounts no others among them.
func Removable() []string { return Volumes() }

// mounted tells whether another disk begins at a folder.
func mounted(folder string) bool {
	own, err := os.Stat(folder)
	if err != nil {
		return false
	}
	above, err := os.Stat(filepath.Dir(folder))
	if err != nil {
		return false
	}
	disk, ok := own.Sys().(*syscall.Stat_t)
	outer, okAbove := above.Sys().(*syscall.Stat_t)
	return ok && okAbove && disk.Dev != outer.Dev
}

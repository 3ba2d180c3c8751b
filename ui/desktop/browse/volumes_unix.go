//go:build !windows

package browse

import "runtime"

// volumes are the cards, sticks and disks that the system has mounted for people.
func volumes() []string {
	if runtime.GOOS == "darwin" {
		return within("/Volumes/*")
	}
	return within("/media/*/*", "/run/media/*/*")
}

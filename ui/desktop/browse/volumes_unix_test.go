//go:build linux

package browse //nolint:testpackage // which folders are mounts is asked of a machine as it is

import "testing"

func TestADiskBeginsWhereItIsMountedAndNotInAFolder(t *testing.T) {
	for folder, want := range map[string]bool{"/proc": true, t.TempDir(): false, "/there is none": false} {
		if got := mounted(folder); got != want {
			t.Errorf("%s: %v", folder, got)
		}
	}
}

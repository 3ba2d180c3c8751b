package disktest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// alone is set in the process that has mounts of its own.
const alone = "DISKTEST_ALONE"

// refused is what a process says where the system lets nobody mount anything.
const refused = "this system lets no process mount a file system of its own"

// Alone tells whether this process has mounts of its own. In one that has not, it runs the test in one that has, and takes over what came of
// it: then there is nothing more to do.
func Alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(alone) != "" {
		if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
			t.Skipf("%s: %v", refused, err)
		}
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), alone+"=yes")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	OwnMounts(cmd)
	err := cmd.Run()
	switch {
	case errors.Is(err, os.ErrPermission) || strings.Contains(said.String(), refused):
		t.Skipf("%s: %v", refused, err)
	case err != nil:
		t.Fatalf("%v:\n%s", err, said.String())
	case !strings.Contains(said.String(), "--- PASS: "+t.Name()):
		t.Fatalf("the test did not run:\n%s", said.String())
	}
	return false
}

// OwnMounts gives a process that is to be started mounts of its own.
func OwnMounts(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
}

// Disk is a small disk of its own. It goes when the test ends.
type Disk struct {
	testing.TB
	Path string
}

// Mount mounts an empty disk of so many kilobytes at a folder, which is made if need be.
func Mount(t testing.TB, path string, kilobytes int) *Disk {
	t.Helper()
	d := &Disk{TB: t, Path: path}
	err := os.MkdirAll(path, 0o700)
	if err == nil {
		err = syscall.Mount("tmpfs", path, "tmpfs", 0, fmt.Sprintf("size=%dk,mode=700", kilobytes))
	}
	if err != nil {
		t.Skipf("%s: %v", refused, err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(path, syscall.MNT_DETACH) }) // it may have been taken out
	return d
}

// filler takes up what is free.
const filler = "filler"

// Fill leaves so many kilobytes free.
func (d *Disk) Fill(free int) {
	d.Helper()
	path := filepath.Join(d.Path, filler)
	f, err := os.Create(path)
	if err != nil {
		d.Fatal(err)
	}
	defer f.Close()
	page, written := make([]byte, 4<<10), 0
	for {
		n, err := f.Write(page)
		written += n
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		if err != nil {
			d.Fatal(err)
		}
	}
	if err := f.Truncate(int64(max(written-free<<10, 0))); err != nil {
		d.Fatal(err)
	}
}

// Free gives back what Fill has taken.
func (d *Disk) Free() {
	d.Helper()
	if err := os.Remove(filepath.Join(d.Path, filler)); err != nil {
		d.Fatal(err)
	}
}

// ReadOnly makes it a disk that cannot be written to. Files that are being written keep it from becoming one.
func (d *Disk) ReadOnly() {
	d.Helper()
	if err := syscall.Mount("", d.Path, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		d.Fatal(err)
	}
}

// Pull takes the disk out, whoever works with it. What they have open they keep; there is nothing under its names any more.
func (d *Disk) Pull() {
	d.Helper()
	if err := syscall.Unmount(d.Path, syscall.MNT_DETACH); err != nil {
		d.Fatal(err)
	}
}

// Move mounts a disk at another folder, which must be there. Nothing of it is left where it was.
func Move(t testing.TB, from, to string) {
	t.Helper()
	if err := syscall.Mount(from, to, "", syscall.MS_MOVE, ""); err != nil {
		t.Fatal(err)
	}
}

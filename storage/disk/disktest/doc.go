// Package disktest gives tests disks of their own: small ones that fill up, some that cannot be written to, some that are taken out.
//
// Such a disk must be real. A limit on the size of a process's files fails with another error than a disk does, and a faked file would not
// be the one that a database writes. So the test runs once more in a process with mounts of its own, where it may mount a small tmpfs that
// nobody else sees and that goes with the process. Without being root that takes a user namespace besides.
package disktest

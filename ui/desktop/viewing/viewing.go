// Package viewing hands files to whatever program the operating system shows them with, from where they can be read and printed.
//
// Such a program cannot read a vault: what it shows lies outside, unencrypted, for as long as it is looked at. It lies in one folder that
// only this user may read and that nothing else is kept in. The window empties it when the vault is locked, when it is closed, and when it
// starts, in case it ended without being asked.
package viewing

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/problem"
)

// Folder is where files lie while they are looked at. It is made when the first one comes.
type Folder struct {
	path string
	show func(*url.URL) error
}

// New is a folder at a path. Whatever lies there may be removed.
func New(path string) *Folder { return &Folder{path, toolkit} }

// ShownBy is the folder with another way to show an address, which may take until it is known to have worked.
func (f *Folder) ShownBy(show func(*url.URL) error) *Folder { return &Folder{f.path, show} }

// toolkit is Fyne's way to show an address.
func toolkit(address *url.URL) error { return fyne.CurrentApp().OpenURL(address) }

// Usual is the folder that belongs to a vault: among the user's caches, and not among the temporary files, which some viewers may not
// read. A vault is open in one window at a time, so nobody else looks at what lies in its folder.
func Usual(vault string) *Folder {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	name := sha256.Sum256([]byte(vault))
	return New(filepath.Join(cache, "samtykke", "viewing-"+hex.EncodeToString(name[:4]))).ShownBy(watched)
}

// Within is a folder of its own in this one: emptied with it, and alone.
func (f *Folder) Within(name string) *Folder { return &Folder{filepath.Join(f.path, name), f.show} }

// Write puts a file into the folder, readable by this user only, and gives its path. A problem, viewing-not-written, says that the disk
// does not take it.
func (f *Folder) Write(name string, data []byte) (string, error) {
	path := filepath.Join(f.path, name)
	err := os.MkdirAll(f.path, 0o700)
	if err == nil {
		err = capture.WritePrivateFile(path, data)
	}
	if err != nil {
		return "", problem.New(problem.Unavailable, "viewing-not-written",
			"There is no room, or no right to write, in {{.folder}}, where files lie while another program shows them; the vault is untouched; make room on that disk, then try again.",
			"folder", f.path).Because(err)
	}
	return path, nil
}

// Clear removes the folder and what lies in it. On Windows a program that still shows a file keeps it; then the next call takes it.
func (f *Folder) Clear() error { return os.RemoveAll(f.path) }

// Show shows a file or a folder, which need not lie in this one, with the system's program for it. It waits until that is known to have
// worked, and is not for the UI goroutine. A problem nothing-shows says where the file is.
func (f *Folder) Show(path string) error {
	if err := f.show(URL(path)); err != nil {
		return problem.New(problem.Unavailable, "nothing-shows",
			"No program on this machine could show {{.path}}; it lies there and is whole; copy the address and open it with a program of your choice.", "path", path).Because(err)
	}
	return nil
}

// Unshown is the path that Show could not show; false for any other error.
func Unshown(err error) (path string, is bool) {
	p := problem.Of(err)
	path, is = p.Values["path"].(string)
	return path, is && p.ID == "nothing-shows"
}

// URL is the address of a file, for the program that the system opens it with.
func URL(path string) *url.URL {
	path = filepath.ToSlash(path)
	if path[0] != '/' { // a drive of Windows
		path = "/" + path
	}
	return &url.URL{Scheme: "file", Path: path}
}

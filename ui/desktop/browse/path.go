package browse

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"samtykke/app/problem"
)

// Path makes an absolute path of what somebody typed or pasted: it may stand in quotes, be the address of a file, begin with ~ for the
// home folder, or go on from the folder that is open.
func Path(typed, open, home string) string {
	path := strings.Trim(strings.TrimSpace(typed), `"'`)
	if address, err := url.Parse(path); err == nil && address.Scheme == "file" {
		path = filepath.FromSlash(address.Path)
		if len(path) > 2 && path[2] == ':' { // file:///C:/…
			path = path[1:]
		}
	}
	if path == "~" || strings.HasPrefix(path, "~/") || strings.HasPrefix(path, `~\`) {
		path = filepath.Join(home, path[1:])
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(open, path)
	}
	return filepath.Clean(path)
}

// Find tells whether there is a folder or a file at a path; a problem when there is nothing, or nothing that may be looked at.
func Find(path string) (folder bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return false, problem.New(problem.NotFound, "path-not-there",
			"There is nothing at {{.path}}; nothing was chosen; check how it is written, or put the card or the stick in again.", "path", path)
	case err != nil:
		return false, trouble(path, err)
	}
	return info.IsDir(), nil
}

// Nearest is a folder itself when it exists, else the nearest one above it that does.
func Nearest(path string) string {
	for {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path
		}
		above := filepath.Dir(path)
		if above == path {
			return path
		}
		path = above
	}
}

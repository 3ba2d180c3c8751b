// Package browse reads folders for somebody who looks for a file: what is in them, in an order that people expect, and where on this
// computer to begin. It knows no window; all of it can be slow, on a card or a network, and belongs off the goroutine that draws.
package browse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"samtykke/app/problem"
)

// Item is a file or a folder in a folder.
type Item struct {
	Name   string
	Folder bool
	// Size, in bytes, and Changed are those of a file; zero when the system does not tell.
	Size    int64
	Changed time.Time
}

// Folder is what a folder holds. Hidden things are left out.
type Folder struct {
	Path string
	// Items are the folders, then the files that fit, each in natural order: IMG_9 comes before IMG_10.
	Items []Item
	// Files of them are files; Others are files that do not fit and are not among them.
	Files, Others int
}

// batch is how many names are read at a time: between two of them a reading can be broken off.
const batch = 1000

// Read reads a folder. fits tells of a file's name whether it is one of those that are looked for; nil takes all. A problem of kind
// NotFound says that there is no such folder, one of kind Unavailable that it cannot be read.
func Read(ctx context.Context, path string, fits func(name string) bool) (Folder, error) {
	out := Folder{Path: path}
	dir, err := os.Open(path)
	if err != nil {
		return out, trouble(path, err)
	}
	defer dir.Close()
	for {
		entries, err := dir.ReadDir(batch)
		for _, e := range entries {
			out.take(path, e, fits)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, trouble(path, err)
		}
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
	}
	keys := make(map[string][]piece, len(out.Items))
	for _, i := range out.Items {
		keys[i.Name] = pieces(i.Name)
	}
	slices.SortFunc(out.Items, func(a, b Item) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return -1
			}
			return 1
		}
		if order := slices.CompareFunc(keys[a.Name], keys[b.Name], piece.compare); order != 0 {
			return order
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, ctx.Err()
}

// take adds what stands in the folder, unless it is hidden or neither a file nor a folder.
func (f *Folder) take(path string, e fs.DirEntry, fits func(string) bool) {
	name := e.Name()
	if hidden(path, name) {
		return
	}
	item := Item{Name: name, Folder: e.IsDir()}
	mode := e.Type()
	var info fs.FileInfo
	var err error
	if mode&fs.ModeSymlink != 0 { // what it leads to counts
		info, err = os.Stat(filepath.Join(path, name))
		if err != nil {
			return
		}
		mode, item.Folder = info.Mode(), info.IsDir()
	}
	if item.Folder {
		f.Items = append(f.Items, item)
		return
	}
	if !mode.IsRegular() {
		return
	}
	if fits != nil && !fits(name) {
		f.Others++
		return
	}
	if info == nil {
		info, err = e.Info()
	}
	if err == nil {
		item.Size, item.Changed = info.Size(), info.ModTime()
	}
	f.Files++
	f.Items = append(f.Items, item)
}

// trouble says why a folder cannot be read.
func trouble(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return problem.New(problem.NotFound, "folder-not-there",
			"There is no folder {{.folder}}; nothing was changed; check how it is written, or put the card or the stick in again.", "folder", path)
	case errors.Is(err, fs.ErrPermission):
		return problem.New(problem.Unavailable, "folder-forbidden",
			"The folder {{.folder}} belongs to somebody else on this computer, and you may not look into it; nothing was changed; choose another one, or ask for the right to read it.",
			"folder", path).Because(err)
	}
	return problem.New(problem.Unavailable, "folder-unreadable",
		"The folder {{.folder}} cannot be read; nothing was changed; if it lies on a card, a stick or a network, check that it is still connected.", "folder", path).Because(err)
}

// MakeFolder makes a folder in another one and gives its path. The name must be one that a folder can have; a problem says what is wrong.
func MakeFolder(parent, name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\:*?"<>|`) || strings.HasSuffix(name, ".") {
		return "", problem.New(problem.Invalid, "folder-name",
			"No folder can have this name everywhere; nothing was made; write one without / \\ : * ? \" < > | and without a dot at its end.")
	}
	path := filepath.Join(parent, name)
	err := os.Mkdir(path, 0o700)
	switch {
	case errors.Is(err, fs.ErrExist):
		return "", problem.New(problem.Conflict, "folder-exists",
			"There is something called {{.name}} here already; it was left as it is; open it, or write another name.", "name", name)
	case err != nil:
		return "", problem.New(problem.Unavailable, "folder-not-made",
			"The folder {{.name}} could not be made; nothing was changed; choose another place, where you may write.", "name", name).Because(fmt.Errorf("make folder: %w", err))
	}
	return path, nil
}

// EndsIn gives a test for Read: whether a name ends in one of these, whatever the case. Without endings it is nil, which takes all.
func EndsIn(endings []string) func(name string) bool {
	if len(endings) == 0 {
		return nil
	}
	return func(name string) bool {
		return slices.ContainsFunc(endings, func(e string) bool { return strings.EqualFold(filepath.Ext(name), e) })
	}
}

package browse

import (
	"os"
	"path/filepath"
	"strings"
)

// PlaceKind is what a place is to people; a window has a word for each but volumes, which have names.
type PlaceKind string

// The kinds of places.
const (
	Home      PlaceKind = "home"
	Desktop   PlaceKind = "desktop"
	Documents PlaceKind = "documents"
	Downloads PlaceKind = "downloads"
	Pictures  PlaceKind = "pictures"
	Volume    PlaceKind = "volume" // a card, a stick or another disk
)

// Place is a folder to begin in.
type Place struct {
	Kind PlaceKind
	Path string
}

// Name is what the place's own folder is called.
func (p Place) Name() string {
	if name := filepath.Base(p.Path); name != string(filepath.Separator) {
		return name
	}
	return p.Path // a drive of Windows
}

// Places are the folders of the person whose home it is, as far as they exist, and the disks that are mounted beside the system's own.
func Places(home string) []Place {
	var list []Place
	add := func(kind PlaceKind, path string) {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			list = append(list, Place{kind, path})
		}
	}
	if home != "" {
		own := userFolders(home)
		for _, kind := range []PlaceKind{Home, Pictures, Documents, Downloads, Desktop} {
			add(kind, own[kind])
		}
	}
	for _, path := range Volumes() {
		list = append(list, Place{Volume, path})
	}
	return list
}

// userFolders are where the system keeps a person's folders. On Linux they bear names in the person's language, which stand in a file
// (freedesktop.org, xdg-user-dirs); elsewhere the names on the disk are English whatever is shown.
func userFolders(home string) map[PlaceKind]string {
	folders := map[PlaceKind]string{Home: home}
	names := map[string]PlaceKind{"DESKTOP": Desktop, "DOCUMENTS": Documents, "DOWNLOAD": Downloads, "PICTURES": Pictures}
	for kind, name := range map[PlaceKind]string{Desktop: "Desktop", Documents: "Documents", Downloads: "Downloads", Pictures: "Pictures"} {
		folders[kind] = filepath.Join(home, name)
	}
	file, err := os.ReadFile(filepath.Join(home, ".config", "user-dirs.dirs"))
	if err != nil {
		return folders // there is none, which is usual
	}
	for line := range strings.Lines(string(file)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		kind, known := names[strings.TrimSuffix(strings.TrimPrefix(name, "XDG_"), "_DIR")]
		if !ok || !known {
			continue
		}
		path := strings.Replace(strings.Trim(value, `"`), "$HOME", home, 1)
		if filepath.Clean(path) != filepath.Clean(home) { // what was switched off leads home
			folders[kind] = path
		}
	}
	return folders
}

// within are the folders that a pattern finds.
func within(patterns ...string) []string {
	var found []string
	for _, pattern := range patterns {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			continue // a pattern of ours that is wrong finds nothing
		}
		for _, path := range matches {
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				found = append(found, path)
			}
		}
	}
	return found
}

package part

import "strings"

// Choice asks for files or for one folder of this computer. A screen makes one and hands it to the window, which knows how to ask.
type Choice struct {
	// Title says what for, in a few words.
	Title string
	// Folder asks for a folder instead of files.
	Folder bool
	// Many lets the reader choose several files.
	Many bool
	// Endings are those that a file may have, ".csv"; empty for all.
	Endings []string
	// Chosen gets absolute paths, at least one, on the UI goroutine. It is not called when nothing is chosen.
	Chosen func(paths []string)
}

// Kind tells choices apart that are made in places of their own: whoever chooses again begins where they were the last time.
func (c Choice) Kind() string {
	switch {
	case c.Folder:
		return "folder"
	case len(c.Endings) > 0:
		return strings.Join(c.Endings, "")
	}
	return "file"
}

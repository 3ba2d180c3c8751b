package capture

import (
	"os"
	"path/filepath"

	"samtykke/app/problem"
)

// LiesWithin tells whether a path is a folder or lies in it, wherever links lead. The path need not be there yet.
func LiesWithin(folder, path string) bool {
	inside, err := os.Stat(folder)
	if err != nil {
		return false
	}
	here, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	for {
		whole, err := filepath.EvalSymlinks(here)
		if err == nil {
			here = whole
			break
		}
		if filepath.Dir(here) == here {
			return false
		}
		here = filepath.Dir(here) // as far up as there is something
	}
	for {
		if there, err := os.Stat(here); err == nil && os.SameFile(inside, there) {
			return true
		}
		if filepath.Dir(here) == here {
			return false
		}
		here = filepath.Dir(here)
	}
}

// OutsideVault refuses to write to a path within a vault's folder: all there is sealed, and a program takes care of every file.
func OutsideVault(folder, path string) error {
	if folder == "" || !LiesWithin(folder, path) {
		return nil
	}
	return problem.New(problem.Invalid, "out-inside-vault",
		"{{.path}} lies within the vault, where nothing may lie that is not sealed; nothing was written; choose a place outside of it.", "path", path)
}

// importsFromVault refuses an import of the vault itself.
func importsFromVault(folder, path string) error {
	if folder == "" || !LiesWithin(folder, path) {
		return nil
	}
	return problem.New(problem.Invalid, "import-inside-vault",
		"{{.path}} lies within the vault itself; nothing was imported; name the card or folder that the pictures lie in.", "path", path)
}

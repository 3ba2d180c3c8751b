// Package ending is about a window that ended without being asked to: by a mistake of the program, by a battery, by somebody's impatience.
//
// A small file says where the photographer is while the window works with a vault. A clean end takes it away, so that the next start
// finds it only after another kind of end, and can offer to go on there. After a mistake of the program a report lies beside it. It says
// where in the program it happened, and nothing of people: see Report.
//
// What happens to be in memory when a program ends may be anybody's name, and the Go runtime writes the text of a panic as it is. So it is
// never written to a disk: it goes through a pipe to a second process, which keeps of it what cannot be about people.
package ending

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Place is where the photographer is. It names nobody: identifiers are random.
type Place struct {
	Screen string `json:"screen"` // one of the tabs, by a name that the window chooses
	Shoot  string `json:"shoot,omitempty"`
	Person string `json:"person,omitempty"`
}

// Ending is what is left of a window that ended without being asked to.
type Ending struct {
	Place  Place
	Report string // "" when the program was ended from outside
}

// Folder is where the two files of one vault lie, outside of the vault: it must be readable before anything is unlocked.
type Folder struct{ path string }

const (
	placeFile  = "running.json"
	reportFile = "report.txt"
)

// New is a folder at a path. It is made when the first file comes.
func New(path string) *Folder { return &Folder{path} }

// Usual is the folder that belongs to a vault, among what programs keep for this user.
func Usual(vault string) *Folder {
	config, err := os.UserConfigDir()
	if err != nil {
		config = os.TempDir()
	}
	name := sha256.Sum256([]byte(vault))
	return New(filepath.Join(config, "samtykke", "running-"+hex.EncodeToString(name[:4])))
}

// Path is the folder, for the process that writes the report.
func (f *Folder) Path() string { return f.path }

// Last finds out how the last window on this vault ended: nil when it ended as asked, or when there was none. It must be called before
// Mark, and only when no other window has the vault open.
func (f *Folder) Last() (*Ending, error) {
	place, err := f.place()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	report, err := os.ReadFile(filepath.Join(f.path, reportFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read report: %w", err)
	}
	return &Ending{Place: place, Report: string(report)}, nil
}

func (f *Folder) place() (Place, error) {
	var p Place
	raw, err := os.ReadFile(filepath.Join(f.path, placeFile))
	if err != nil {
		return p, fmt.Errorf("read place: %w", err)
	}
	if json.Unmarshal(raw, &p) != nil {
		p = Place{} // the disk was full, or somebody wrote into it: where the window was is lost, not that it ended
	}
	return p, nil
}

// Begin forgets the ending before this one.
func (f *Folder) Begin() error {
	if err := os.Remove(filepath.Join(f.path, reportFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget report: %w", err)
	}
	return nil
}

// Mark says that the window works, and where.
func (f *Folder) Mark(p Place) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write place: %w", err)
	}
	return f.write(placeFile, raw)
}

// Clean says that the window has ended as it was asked to.
func (f *Folder) Clean() error {
	if err := os.Remove(filepath.Join(f.path, placeFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget place: %w", err)
	}
	return nil
}

// write replaces a file in one step, so that a half one is never read.
func (f *Folder) write(name string, data []byte) error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	path := filepath.Join(f.path, name)
	err := os.WriteFile(path+".new", data, 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		_ = os.Remove(path + ".new") // the first error is the one to tell
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

package capture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
)

// Files of an exported folder that are not copies.
const (
	exportManifestName = "samtykke-export.json"
	exportJournalName  = ".samtykke-export.journal"
	exportCSVName      = "samtykke-export.csv"
	exportSheetName    = "samtykke-contact-sheet"
)

// exportManifest says what an exported folder holds. It carries no personal data beyond the file names that lie beside it.
type exportManifest struct {
	Version int             `json:"v"`
	Channel consent.Channel `json:"channel"`
	Profile picture.Profile `json:"profile"`
	Written time.Time       `json:"written"`
	Copies  []exportedCopy  `json:"copies"`
	// Lists are the files for picture desks.
	Lists []exportedFile `json:"lists,omitempty"`
}

// exportedCopy is the copy of one asset: the file, and what stands beside it.
type exportedCopy struct {
	Asset consent.AssetID `json:"asset"`
	// Says is the SHA-256 of all that the copy is made from and says, but for the time; "" when it should be gone, and stays because
	// somebody has changed it.
	Says  string         `json:"says"`
	Order string         `json:"order"` // of the delivery
	Files []exportedFile `json:"files"`
}

// exportedFile is one file with what was written into it.
type exportedFile struct {
	Name     string    `json:"name"`
	SHA256   string    `json:"sha256"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified,omitzero"` // as the disk tells: a file with this size and time is not read again
	// Was is the content before, for as long as nobody knows whether the new one has taken its place.
	Was string `json:"was,omitempty"`
}

// exportFolder is a folder with its manifest. What is about to be written goes into a journal first, flushed to disk: after a crash
// every copy is named in one of the two.
type exportFolder struct {
	dir      string
	manifest exportManifest
	index    map[consent.AssetID]int // into manifest.Copies
	names    map[string]bool         // in use, in lower case
	journal  *os.File
}

// openExportFolder reads what an earlier export left. A folder for another channel or profile is refused.
func openExportFolder(dir string, channel consent.Channel, profile picture.Profile) (*exportFolder, error) {
	f := &exportFolder{dir: dir, index: map[consent.AssetID]int{}, names: map[string]bool{},
		manifest: exportManifest{Version: 1, Channel: channel, Profile: profile, Copies: []exportedCopy{}}}
	if err := f.load(); err != nil {
		return nil, err
	}
	if f.manifest.Channel != channel || f.manifest.Profile != profile {
		return nil, problem.New(problem.Conflict, "export-folder-other",
			"The folder {{.folder}} holds copies for {{.channel}} with the profile {{.profile}}; nothing was changed; choose another folder.",
			"folder", dir, "channel", f.manifest.Channel, "profile", string(f.manifest.Profile))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, cannotWrite(dir, err)
	}
	for _, e := range entries {
		if isUnfinished(e) { // a crash left it: perhaps a whole picture, which nobody would take out again
			if err := os.Remove(f.path(e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, cannotWrite(f.path(e.Name()), err)
			}
			continue
		}
		f.names[strings.ToLower(e.Name())] = true
	}
	for _, c := range f.manifest.Copies {
		for _, file := range c.Files {
			f.names[strings.ToLower(file.Name)] = true
		}
	}
	return f, nil
}

func (f *exportFolder) path(name string) string { return filepath.Join(f.dir, name) }

// load reads manifest and journal.
func (f *exportFolder) load() error {
	raw, err := os.ReadFile(f.path(exportManifestName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return cannotRead(f.path(exportManifestName), err)
	default:
		var m exportManifest
		if err := json.Unmarshal(raw, &m); err != nil || m.Version != 1 || !m.sound() {
			return problem.New(problem.Damaged, "export-manifest-damaged",
				"The list of what was exported, {{.path}}, cannot be read; nothing was changed; put it back as it was, or choose another folder.",
				"path", f.path(exportManifestName)).Because(err)
		}
		f.manifest = m
	}
	for i, c := range f.manifest.Copies {
		f.index[c.Asset] = i
	}
	raw, err = os.ReadFile(f.path(exportJournalName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return cannotRead(f.path(exportJournalName), err)
	}
	for line := range bytes.Lines(raw) {
		var entry journalEntry
		if json.Unmarshal(line, &entry) != nil || !soundCopy(entry.Copy) {
			break // the last line, which a crash cut off: its file has not got its name
		}
		if entry.Channel != "" { // the first line, of a folder that has no manifest yet
			f.manifest.Channel, f.manifest.Profile = entry.Channel, entry.Profile
			continue
		}
		f.put(entry.Copy)
	}
	return f.save()
}

// journalEntry is one line of the journal: whose copies they are, or one that is about to be written.
type journalEntry struct {
	Channel consent.Channel `json:"channel,omitempty"`
	Profile picture.Profile `json:"profile,omitempty"`
	Copy    exportedCopy    `json:"copy,omitzero"`
}

// sound tells whether a manifest names files of its own folder only: it lies where others write.
func (m exportManifest) sound() bool {
	for _, c := range append([]exportedCopy{{Files: m.Lists}}, m.Copies...) {
		if !soundCopy(c) {
			return false
		}
	}
	return true
}

func soundCopy(c exportedCopy) bool {
	return !slices.ContainsFunc(c.Files, func(f exportedFile) bool {
		return f.Name == "" || f.Name == "." || f.Name == ".." || strings.ContainsAny(f.Name, `/\`) || !filepath.IsLocal(f.Name)
	})
}

// note writes a line to the journal, durably.
func (f *exportFolder) note(entry journalEntry) error {
	path := f.path(exportJournalName)
	if f.journal == nil {
		journal, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return cannotWrite(path, err)
		}
		f.journal = journal
		if err := f.note(journalEntry{Channel: f.manifest.Channel, Profile: f.manifest.Profile}); err != nil {
			return err
		}
	}
	line, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	if _, err := f.journal.Write(append(line, '\n')); err != nil {
		return cannotWrite(path, err)
	}
	if entry.Copy.Asset == "" {
		return nil
	}
	if err := f.journal.Sync(); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// close writes the manifest, last and whole, and lets go of the journal.
func (f *exportFolder) close(now time.Time) error {
	f.manifest.Written = now.UTC()
	var err error
	if f.journal != nil {
		err = f.journal.Close()
		f.journal = nil
	}
	return errors.Join(err, f.save())
}

// save puts what is known into the manifest; then the journal is not needed.
func (f *exportFolder) save() error {
	raw, err := json.MarshalIndent(f.manifest, "", " ")
	if err != nil {
		return err
	}
	if err := WriteFile(f.path(exportManifestName), append(raw, '\n')); err != nil {
		return err
	}
	if err := os.Remove(f.path(exportJournalName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannotWrite(f.path(exportJournalName), err)
	}
	return nil
}

func (f *exportFolder) has(id consent.AssetID) bool { return f.of(id) != nil }

// of is the copy of an asset, nil when there is none. It holds until the next put or remove.
func (f *exportFolder) of(id consent.AssetID) *exportedCopy {
	if i, known := f.index[id]; known {
		return &f.manifest.Copies[i]
	}
	return nil
}

func (f *exportFolder) copies() []exportedCopy { return slices.Clone(f.manifest.Copies) }

func (f *exportFolder) put(c exportedCopy) {
	if i, known := f.index[c.Asset]; known {
		f.manifest.Copies[i] = c
		return
	}
	f.index[c.Asset] = len(f.manifest.Copies)
	f.manifest.Copies = append(f.manifest.Copies, c)
}

// copyState is how a copy in the folder compares with the one that is planned.
type copyState int

const (
	copyMissing   copyState = iota // not there, or made from something else than it would be now
	copyAsPlanned                  // every file is there, unchanged
	copyChanged                    // somebody has changed a file of it
)

func (f *exportFolder) stateOf(p plan) (copyState, error) {
	c := f.of(p.image.ID)
	if c == nil {
		return copyMissing, nil
	}
	state := copyAsPlanned
	if c.Says != p.says {
		state = copyMissing
	}
	for i := range c.Files {
		switch there, err := f.look(&c.Files[i]); {
		case err != nil:
			return state, err
		case there == fileForeign:
			return copyChanged, nil
		case there != fileCurrent:
			state = copyMissing
		}
	}
	return state, nil
}

// fileState is what lies under the name of a file that was written.
type fileState int

const (
	fileGone fileState = iota
	fileCurrent
	fileOlder   // what was there before; a crash came before the new one got its name
	fileForeign // somebody has changed it
)

// look finds out what lies under a name. A file of the size and time that are known is not read again.
func (f *exportFolder) look(file *exportedFile) (fileState, error) {
	info, err := os.Lstat(f.path(file.Name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fileGone, nil
	case err != nil:
		return fileGone, cannotRead(f.path(file.Name), err)
	case info.Mode().IsRegular() && info.Size() == file.Size && !file.Modified.IsZero() && info.ModTime().Equal(file.Modified):
		return fileCurrent, nil
	}
	state, err := f.compare(*file)
	if state == fileCurrent {
		file.Modified, file.Was = info.ModTime(), ""
	}
	return state, err
}

// compare is look without trust in size and time: it reads the file.
func (f *exportFolder) compare(file exportedFile) (fileState, error) {
	path := f.path(file.Name)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fileGone, nil
	case err != nil:
		return fileGone, cannotRead(path, err)
	case !info.Mode().IsRegular():
		return fileForeign, nil
	}
	opened, err := os.Open(path)
	if err != nil {
		return fileGone, cannotRead(path, err)
	}
	defer opened.Close()
	switch hash, err := hashAll(opened); {
	case err != nil:
		return fileGone, cannotRead(path, err)
	case string(hash) == file.SHA256:
		return fileCurrent, nil
	case string(hash) == file.Was:
		return fileOlder, nil
	}
	return fileForeign, nil
}

// missing names the files of a copy that were there once and are not any more.
func (f *exportFolder) missing(id consent.AssetID) []string {
	var names []string
	c := f.of(id)
	if c == nil || c.Says == "" { // which somebody was asked to delete
		return nil
	}
	for _, file := range c.Files {
		if file.Modified.IsZero() { // a crash may have come before it got its name
			continue
		}
		if _, err := os.Lstat(f.path(file.Name)); errors.Is(err, fs.ErrNotExist) {
			names = append(names, file.Name)
		}
	}
	return names
}

// remove deletes the files of a copy whose content is the one that was written, and forgets the copy once none is left. It returns the
// names of the files that are gone, and of those that somebody has changed: these are named again until somebody has deleted them.
func (f *exportFolder) remove(id consent.AssetID) (removed, changed []string, err error) {
	c := *f.of(id)
	left := exportedCopy{Asset: c.Asset, Order: c.Order}
	for _, file := range c.Files {
		switch was, err := f.delete(file); {
		case err != nil:
			return removed, changed, err
		case was == fileForeign:
			changed = append(changed, file.Name)
			left.Files = append(left.Files, file)
		case was != fileGone:
			removed = append(removed, file.Name)
		}
	}
	if len(left.Files) > 0 {
		f.put(left)
		return removed, changed, nil
	}
	i := f.index[id]
	f.manifest.Copies = slices.Delete(f.manifest.Copies, i, i+1)
	delete(f.index, id)
	for at := i; at < len(f.manifest.Copies); at++ {
		f.index[f.manifest.Copies[at].Asset] = at
	}
	return removed, changed, nil
}

// delete removes one file if its bytes are those that were written, and tells what it was.
func (f *exportFolder) delete(file exportedFile) (fileState, error) {
	was, err := f.compare(file)
	if err != nil || was == fileGone || was == fileForeign {
		return was, err
	}
	path := f.path(file.Name)
	if err := os.Remove(path); err != nil {
		return was, problem.New(problem.Unavailable, "export-not-removed",
			"The copy {{.path}} is no longer cleared and could not be removed ({{.why}}); the vault is untouched; remove it by hand, or make the folder writable and export again.",
			"path", path, "why", Cause(err)).Because(err)
	}
	delete(f.names, strings.ToLower(file.Name))
	return was, nil
}

// free returns names for one copy that nothing else in the folder has: those given, or the same with a number. Names that the copy
// has already are its own.
func (f *exportFolder) free(own *exportedCopy, stem string, names func(stem string) []string) []string {
	mine := map[string]bool{}
	if own != nil {
		for _, file := range own.Files {
			mine[strings.ToLower(file.Name)] = true
		}
	}
	for n := 1; ; n++ {
		tried := stem
		if n > 1 {
			tried = fmt.Sprintf("%s-%d", stem, n)
		}
		list := names(tried)
		if !slices.ContainsFunc(list, func(name string) bool {
			lower := strings.ToLower(name)
			return f.names[lower] && !mine[lower] || reservedName(lower)
		}) {
			return list
		}
	}
}

func reservedName(lower string) bool {
	return lower == exportManifestName || lower == exportCSVName || strings.HasPrefix(lower, exportSheetName)
}

package capture

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// ReferenceState is how a file that was left where it lay compares with what was imported.
type ReferenceState string

// The states. Their texts are "reference." and the state in the translations.
const (
	ReferenceSame       ReferenceState = "same"
	ReferenceChanged    ReferenceState = "changed"    // other bytes lie there now
	ReferenceGone       ReferenceState = "gone"       // nothing lies there: moved, deleted, or a disk that is not put in
	ReferenceUnreadable ReferenceState = "unreadable" // the disk fails, or it may not be read
)

// Reference is a file outside the vault that an image, or a companion of one, was imported from by reference.
type Reference struct {
	Asset consent.AssetID
	Hash  consent.BlobHash // of the file: the asset's, or its companion's
	Name  string
	Path  string
	State ReferenceState
}

// Names of settings: what the last check found amiss, asset → state; and the files that held other bytes when they were last read, by
// the hash of what was imported. Those are read by every check until they are right again, whatever their size and time say.
const (
	settingReferences = "references_amiss"
	settingDoubted    = "references_doubted"
)

// CheckReferences compares every file that was left where it lay with what was imported, and remembers what is amiss. The quick check
// reads only those whose size or time of change is another than at the import, or that held other bytes when they were last read; the full
// one reads them all. progress is told how many
// of how many are done; nil to not be told. What is the vault's own is not looked at.
func (s *Session) CheckReferences(ctx context.Context, full bool, progress func(done, total int)) ([]Reference, error) {
	files := s.referencing("")
	found, states := []Reference{}, map[consent.BlobHash]ReferenceState{}
	amiss := map[consent.AssetID]ReferenceState{} // never changed once it is remembered
	for i, file := range files {
		for _, left := range file.left {
			r := Reference{Asset: file.Asset, Hash: left.hash, Name: left.name, Path: left.path}
			var err error
			if r.State, err = left.state(ctx, full); err != nil {
				return found, err
			}
			found = append(found, r)
			states[r.Hash] = r.State
			if r.State != ReferenceSame && amiss[file.Asset] == "" {
				amiss[file.Asset] = r.State
			}
		}
		if progress != nil {
			progress(i+1, len(files))
		}
	}
	return found, s.remember(ctx, amiss, func(doubted map[consent.BlobHash]bool) {
		outside := map[consent.BlobHash]bool{}
		for _, file := range files {
			for _, left := range file.left {
				outside[left.hash] = true
				if states[left.hash] == ReferenceSame && (full || left.doubted) { // it was read
					delete(doubted, left.hash)
				}
			}
		}
		maps.DeleteFunc(doubted, func(hash consent.BlobHash, _ bool) bool { return !outside[hash] })
		for _, r := range found {
			if r.State == ReferenceChanged {
				doubted[r.Hash] = true
			}
		}
	})
}

// CheckReference is the quick check of one image; ReferenceSame for one whose bytes the vault has. Nothing is remembered.
func (s *Session) CheckReference(ctx context.Context, id consent.AssetID) (ReferenceState, error) {
	s.mu.RLock()
	outside := s.leftOutside(s.files[id])
	s.mu.RUnlock()
	if s.Originals.Has(id) {
		return ReferenceSame, nil
	}
	for _, left := range outside {
		if state, err := left.state(ctx, false); err != nil || state != ReferenceSame {
			return state, err
		}
	}
	return ReferenceSame, nil
}

// doubt notes that a file outside the vault held other bytes when it was read: an asset's, or its companion's.
func (s *Session) doubt(ctx context.Context, id consent.AssetID, hash consent.BlobHash) error {
	s.mu.RLock()
	amiss := maps.Clone(s.amiss)
	s.mu.RUnlock()
	amiss[id] = ReferenceChanged
	return s.remember(ctx, amiss, func(doubted map[consent.BlobHash]bool) { doubted[hash] = true })
}

// remember keeps what is amiss and what is doubted, when that is news.
func (s *Session) remember(ctx context.Context, amiss map[consent.AssetID]ReferenceState, judge func(doubted map[consent.BlobHash]bool)) error {
	s.mu.RLock()
	doubted := maps.Clone(s.doubted)
	judge(doubted)
	same := maps.Equal(s.amiss, amiss) && maps.Equal(s.doubted, doubted)
	s.mu.RUnlock()
	if same {
		return nil
	}
	return s.change(ctx, func(c *change) error {
		doubted := maps.Clone(s.doubted)
		judge(doubted)
		return c.keepReferences(amiss, doubted)
	})
}

// keepReferences remembers what is amiss and what is doubted.
func (c *change) keepReferences(amiss map[consent.AssetID]ReferenceState, doubted map[consent.BlobHash]bool) error {
	c.then(func() { c.session.doubted = doubted })
	if err := c.PutSetting(settingDoubted, doubted); err != nil {
		return err
	}
	return c.keepAmiss(amiss)
}

// keepAmiss remembers what is amiss.
func (c *change) keepAmiss(amiss map[consent.AssetID]ReferenceState) error {
	c.then(func() { c.session.amiss = amiss })
	return c.PutSetting(settingReferences, amiss)
}

// loadAmiss reads what was found amiss, and which files are doubted.
func (s *Session) loadAmiss(tx Tx) error {
	s.amiss, s.doubted = map[consent.AssetID]ReferenceState{}, map[consent.BlobHash]bool{}
	if _, err := tx.Setting(settingReferences, &s.amiss); err != nil {
		return err
	}
	_, err := tx.Setting(settingDoubted, &s.doubted)
	return err
}

// referencing are the entries that refer to files outside the vault, those within a folder, or that very file; "" is all.
func (s *Session) referencing(folder string) []referring {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var files []referring
	for _, file := range s.files {
		left := keep(s.leftOutside(file), func(l outside) bool {
			return (folder == "" || liesIn(folder, l.path)) && !s.Originals.Has(consent.AssetID(l.hash))
		})
		if len(left) > 0 {
			files = append(files, referring{file, left})
		}
	}
	slices.SortFunc(files, func(a, b referring) int { return strings.Compare(a.left[0].path, b.left[0].path) })
	return files
}

// referring is an entry and the files of it that lie outside the vault.
type referring struct {
	AssetFile
	left []outside
}

// liesIn tells whether a path is a folder or lies in it.
func liesIn(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// outside is one file that lies outside the vault, and what it was when it was imported.
type outside struct {
	hash     consent.BlobHash
	name     string
	path     string
	size     int64     // bytes
	modified time.Time // zero when that was not kept
	doubted  bool      // it held other bytes when it was last read
}

// leftOutside lists the files of an asset that were left where they lay. The caller holds a lock or is inside a change.
func (s *Session) leftOutside(file AssetFile) []outside {
	var left []outside
	if file.Path != "" {
		a, _ := s.state.Asset(file.Asset)
		left = append(left, outside{consent.BlobHash(file.Asset), file.Name, file.Path, a.Size, file.Modified, s.doubted[consent.BlobHash(file.Asset)]})
	}
	for _, c := range file.Companions {
		if c.Path != "" {
			left = append(left, outside{c.SHA256, c.Name, c.Path, c.Size, c.Modified, s.doubted[c.SHA256]})
		}
	}
	return left
}

// state compares the file with what was imported. An error is that of the context alone.
func (o outside) state(ctx context.Context, full bool) (ReferenceState, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	info, err := os.Stat(o.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ReferenceGone, nil
	case err != nil:
		return ReferenceUnreadable, nil //nolint:nilerr // that it cannot be read is what was asked
	case !info.Mode().IsRegular() || info.Size() != o.size:
		return ReferenceChanged, nil
	case !full && !o.doubted && info.ModTime().Equal(o.modified):
		return ReferenceSame, nil
	}
	return o.compare(ctx)
}

// compare reads the file to its end.
func (o outside) compare(ctx context.Context) (ReferenceState, error) {
	f, err := os.Open(o.path)
	if err != nil {
		return ReferenceUnreadable, nil
	}
	defer f.Close()
	hash, err := hashAll(Stoppable(ctx, f))
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return ReferenceUnreadable, nil
	case consent.BlobHash(hash) != o.hash:
		return ReferenceChanged, nil
	}
	return ReferenceSame, nil
}

// Relocation is what came of telling where files lie now.
type Relocation struct {
	Moved []Reference // those that are found at their new place, byte for byte
	Unfit []Reference // those that are not: the state says why, the path where they were looked for
}

// Relocate says that a folder of files that were left where they lay, or one such file, is somewhere else now. What lies there must be
// what was imported, byte for byte; whatever does not fit keeps its old place. When ctx ends nothing is changed.
func (s *Session) Relocate(ctx context.Context, from, to string, progress func(done, total int)) (Relocation, error) {
	from, to = filepath.Clean(from), filepath.Clean(to)
	files := s.referencing(from)
	report := Relocation{Moved: []Reference{}, Unfit: []Reference{}}
	if len(files) == 0 {
		return report, problem.New(problem.NotFound, "relocate-nothing",
			"No image was imported by reference from {{.folder}}; nothing was changed; \"image check\" lists where they lie.", "folder", from)
	}
	places := map[consent.BlobHash]place{}
	for i, file := range files {
		for _, left := range file.left {
			rel, err := filepath.Rel(from, left.path)
			if err != nil {
				return report, err
			}
			left.path = filepath.Join(to, rel)
			r := Reference{Asset: file.Asset, Hash: left.hash, Name: left.name, Path: left.path}
			if r.State, err = left.state(ctx, true); err != nil {
				return Relocation{}, err
			}
			if r.State != ReferenceSame {
				report.Unfit = append(report.Unfit, r)
				continue
			}
			report.Moved = append(report.Moved, r)
			places[left.hash] = placeOf(left.path)
		}
		if progress != nil {
			progress(i+1, len(files))
		}
	}
	return report, s.change(ctx, func(c *change) error {
		amiss := maps.Clone(s.amiss)
		for _, file := range files {
			if err := c.relocate(file.Asset, places); err != nil {
				return err
			}
			if !slices.ContainsFunc(report.Unfit, func(r Reference) bool { return r.Asset == file.Asset }) {
				delete(amiss, file.Asset)
			}
		}
		return c.keepAmiss(amiss)
	})
}

// place is where a file lies and what there is to see of it without reading it.
type place struct {
	path     string
	modified time.Time
}

// placeOf looks at a file that was just read. One that went since is noticed by the next check.
func placeOf(path string) place {
	p := place{path: path}
	if info, err := os.Stat(path); err == nil {
		p.modified = info.ModTime()
	}
	return p
}

// relocate puts new places into an entry.
func (c *change) relocate(id consent.AssetID, places map[consent.BlobHash]place) error {
	file, here := c.session.files[id]
	if !here {
		return nil
	}
	file = file.at(places)
	c.then(func() { c.session.keepFile(file) })
	return c.PutAssetFile(file)
}

// at is an entry with new places of its files.
func (f AssetFile) at(places map[consent.BlobHash]place) AssetFile {
	if p, moved := places[consent.BlobHash(f.Asset)]; moved {
		f.Path, f.Modified = p.path, p.modified
	}
	f.Companions = slices.Clone(f.Companions)
	for i := range f.Companions {
		if p, moved := places[f.Companions[i].SHA256]; moved {
			f.Companions[i].Path, f.Companions[i].Modified = p.path, p.modified
		}
	}
	return f
}

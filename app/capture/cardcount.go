package capture

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"

	"samtykke/app/consent"
)

// CardCount is how much lies on a memory card, by names and sizes alone.
type CardCount struct {
	Files int
	// New are those of which no import of the shoot had the name and the size. A file that was imported under another name is among
	// them; the import itself compares the bytes.
	New int
}

// CountCard counts the files below a folder of a memory card, without reading them.
func (s *Session) CountCard(ctx context.Context, shoot consent.ShootID, folder string) (CardCount, error) {
	var count CardCount
	known := s.namesAndSizes(shoot)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case path != folder && isHousekeeping(entry):
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return nil
		}
		count.Files++
		if !known[nameAndSize{strings.ToLower(entry.Name()), info.Size()}] {
			count.New++
		}
		return nil
	})
	return count, err
}

// nameAndSize tells a file of a card from the others well enough to say whether it is new: names begin anew after ten thousand, and
// sizes differ from picture to picture.
type nameAndSize struct {
	name string // in lower case
	size int64  // in bytes
}

// namesAndSizes are those of everything that was imported into a shoot on this device, companions among them.
func (s *Session) namesAndSizes(shoot consent.ShootID) map[nameAndSize]bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	known := map[nameAndSize]bool{}
	for _, a := range s.state.Assets() {
		file, here := s.files[a.ID]
		if !here || a.Shoot != shoot {
			continue
		}
		known[nameAndSize{strings.ToLower(file.Name), a.Size}] = true
		for _, c := range file.Companions {
			known[nameAndSize{strings.ToLower(c.Name), c.Size}] = true
		}
	}
	return known
}

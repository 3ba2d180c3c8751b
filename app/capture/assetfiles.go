package capture

import (
	"slices"

	"samtykke/app/consent"
)

// keepFile takes over what is known of an asset's file. It and dropFile are the only ones that change which companions are known.
// Called with the lock held.
func (s *Session) keepFile(f AssetFile) {
	s.files[f.Asset] = f
	for _, c := range f.Companions {
		s.companions[c.SHA256] = f.Asset
	}
}

// dropFile forgets an asset's file and its companions.
func (s *Session) dropFile(id consent.AssetID) {
	for _, c := range s.files[id].Companions {
		if s.companions[c.SHA256] == id {
			delete(s.companions, c.SHA256)
		}
	}
	delete(s.files, id)
}

// pathOf is where the bytes of an asset or a companion lie outside the vault, "" when they were taken in; false when they were not
// imported here.
func (s *Session) pathOf(id consent.AssetID) (path string, here bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.filePath(id)
}

// filePath is pathOf for a caller who holds the lock.
func (s *Session) filePath(id consent.AssetID) (path string, here bool) {
	if file, here := s.files[id]; here {
		return file.Path, true
	}
	for _, c := range s.files[s.companions[consent.BlobHash(id)]].Companions {
		if c.SHA256 == consent.BlobHash(id) {
			return c.Path, true
		}
	}
	return "", false
}

// onlyCompanions lists the companions of assets that belong to nothing else: a sidecar may be one of several pictures that were
// treated alike.
func (s *Session) onlyCompanions(assets []consent.AssetID) []consent.AssetID {
	var only []consent.AssetID
	for _, id := range assets {
		for _, c := range s.files[id].Companions {
			only = append(only, consent.AssetID(c.SHA256))
		}
	}
	if len(only) == 0 {
		return nil
	}
	others := map[consent.AssetID]bool{}
	for id, file := range s.files {
		if slices.Contains(assets, id) {
			continue
		}
		others[id] = true
		for _, c := range file.Companions {
			others[consent.AssetID(c.SHA256)] = true
		}
	}
	only = slices.DeleteFunc(only, func(id consent.AssetID) bool { return others[id] })
	slices.Sort(only)
	return slices.Compact(only)
}

// Parts lists the files that an asset consists of, as far as this device imported them: its own, of unknown size, and its companions.
func (f AssetFile) Parts() []CompanionFile {
	own := CompanionFile{SHA256: consent.BlobHash(f.Asset), Name: f.Name, Path: f.Path, Modified: f.Modified, Format: f.Format}
	return slices.Insert(slices.Clone(f.Companions), 0, own)
}

package capture

import (
	"cmp"
	"slices"
	"strings"

	"samtykke/app/consent"
)

// PicturesOf lists the images on which a person appears and that have not been removed, the newest first.
func (s *Session) PicturesOf(id consent.SubjectID) []Image {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []Image{}
	for _, asset := range s.state.AssetsOf(s.state.Canonical(id)) {
		if a, _ := s.state.Asset(asset); !a.Removed {
			list = append(list, s.image(a))
		}
	}
	slices.SortFunc(list, func(a, b Image) int {
		return cmp.Or(b.File.TakenAt.Compare(a.File.TakenAt), b.Imported.Compare(a.Imported), strings.Compare(string(a.ID), string(b.ID)))
	})
	return list
}

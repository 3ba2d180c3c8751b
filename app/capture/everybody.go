package capture

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
)

// Everybody lists who stands in the vault as ids alone, so that a list of 100,000 people costs little: whoever shows it reads with
// BoardRow what is seen of it. Those who were registered last come first, the people of one roster by name.
func (s *Session) Everybody() []consent.SubjectID {
	type entry struct {
		registered time.Time
		name       uint64 // how the name begins, see initials
		text       string
		id         consent.SubjectID
	}
	s.mu.RLock()
	entries := make([]entry, 0, len(s.finder.people))
	for _, f := range s.finder.people {
		if sub, _ := s.state.Subject(f.id); s.stands(sub) {
			entries = append(entries, entry{sub.Registered, f.initials, f.text, f.id})
		}
	}
	s.mu.RUnlock()
	slices.SortFunc(entries, func(a, b entry) int {
		switch later := b.registered.Compare(a.registered); {
		case later != 0:
			return later
		case a.name != b.name:
			return cmp.Compare(a.name, b.name)
		}
		return cmp.Or(strings.Compare(a.text, b.text), strings.Compare(string(a.id), string(b.id)))
	})
	ids := make([]consent.SubjectID, len(entries))
	for i, e := range entries {
		ids[i] = e.id
	}
	return ids
}

// stands tells whether a registration is listed by itself: nobody else stands for it, or only somebody who is erased while it is not.
// The caller holds a lock.
func (s *Session) stands(sub consent.Subject) bool {
	return sub.MergedInto == "" || !sub.Erased && s.isErased(sub.MergedInto)
}

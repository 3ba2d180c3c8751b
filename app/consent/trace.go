package consent

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Correction is a change of a person's registration that leaves no other sign: that it happened and when, never what it said.
type Correction struct {
	ID      EventID
	Type    EventType // SubjectAmended, SubjectAvoid or SubjectMerged
	Subject SubjectID // the registration that it was made in
	Device  DeviceID
	At      time.Time
	// Undo: it takes a merge back, or says that the person may be photographed after all.
	Undo bool
}

// Corrections lists what was changed about a person, also under names that were merged into them, oldest first.
func (s *State) Corrections(id SubjectID) []Correction {
	var all []Correction
	for _, member := range s.group(id) {
		if sub := s.subjects[member]; sub != nil {
			all = append(all, sub.corrections...)
		}
	}
	slices.SortFunc(all, func(a, b Correction) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(string(a.ID), string(b.ID)))
	})
	return all
}

func (sub *subject) corrected(e Received, undo bool) {
	sub.corrections = append(sub.corrections, Correction{ID: e.ID, Type: e.Type, Subject: e.Subject, Device: e.Device, At: e.At, Undo: undo})
}

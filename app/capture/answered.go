package capture

import (
	"maps"
	"slices"

	"samtykke/app/consent"
)

// AnsweredBefore is what a person and each of their guardians said last, in every scope where it still is their word, by the number that
// the guardian has in the profile, 0 for the person themselves. A yes that has ended is left out, and so is whoever has not answered. What
// was withdrawn is a no of everybody, whoever withdrew it: nobody finds their old yes again after that.
//
// It is what somebody who comes back is told about their own answers. What may be used is another question, which Standings answers.
func (s *Session) AnsweredBefore(id consent.SubjectID) (map[int]map[consent.Scope]consent.Decision, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id = s.state.Canonical(id)
	if _, ok := s.state.Subject(id); !ok {
		return nil, subjectUnknown(string(id))
	}
	profile, now := s.profiles[id], s.Clock()
	said := map[int]map[consent.Scope]consent.Decision{}
	for _, entry := range s.state.History(id) {
		if entry.Record == nil {
			for _, answers := range said {
				withdraw(answers, entry.Scopes)
			}
			continue
		}
		by := slices.IndexFunc(profile.Guardians, func(g consent.Guardian) bool { return g.ID == entry.By.Guardian }) + 1
		if entry.By.Role == consent.RoleGuardian && by == 0 {
			continue // no longer a guardian of the profile
		}
		if said[by] == nil {
			said[by] = map[consent.Scope]consent.Decision{}
		}
		maps.Copy(said[by], entry.Record.Answers)
		if !entry.Record.Until.IsZero() && now.After(entry.Record.Until) {
			maps.DeleteFunc(said[by], func(scope consent.Scope, d consent.Decision) bool {
				_, here := entry.Record.Answers[scope]
				return here && d == consent.DecisionYes
			})
		}
	}
	return said, nil
}

// withdraw makes a no of every answer in the scopes; nil means all.
func withdraw(answers map[consent.Scope]consent.Decision, scopes []consent.Scope) {
	for scope := range answers {
		if scopes == nil || slices.Contains(scopes, scope) {
			answers[scope] = consent.DecisionNo
		}
	}
}

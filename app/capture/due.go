package capture

import (
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/assets"
)

// DueFilter chooses who is to be asked again. The zero value looks at everybody, as long ahead as the policy says.
type DueFilter struct {
	Shoot   consent.ShootID
	Subject consent.SubjectID // one person only
	Within  int               // days before a consent ends; 0 for the policy's
}

// DueEntry is one reason to ask one person again.
type DueEntry struct {
	consent.Due
	Person Person
	Text   string // in the reader's language
}

// Due lists who is to be asked again, and why, in a language. It knows from the profiles who has come of age since guardians answered.
func (s *Session) Due(f DueFilter, language string) []DueEntry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if f.Within == 0 {
		f.Within = s.state.Policy().ReaskDays
	}
	now, texts := s.Clock(), assets.NewTexts(language)
	list := []DueEntry{}
	for _, due := range s.state.Due(consent.Asking{Now: now, Within: time.Duration(f.Within) * 24 * time.Hour, Subject: f.Subject,
		OfAge: func(id consent.SubjectID) bool { return s.ofAge(id, now) }}) {
		sub, _ := s.state.Subject(due.Subject)
		if f.Shoot != "" && !slices.Contains(sub.Shoots, f.Shoot) {
			continue
		}
		profile, known := s.profiles[due.Subject]
		channels := make([]string, 0, len(due.Scopes))
		for _, scope := range due.Scopes {
			if title := s.channelTitle(scope.Channel, language); !slices.Contains(channels, title) {
				channels = append(channels, title)
			}
		}
		list = append(list, DueEntry{Due: due, Person: Person{Subject: sub, Profile: profile, Known: known},
			Text: texts.T("due."+string(due.Reason), map[string]any{"Code": due.Code, "Channels": strings.Join(channels, ", "), "Until": day(due.Until, language)})})
	}
	return list
}

// ofAge tells whether somebody certainly answers alone by every form that is in use. The caller holds a lock.
func (s *Session) ofAge(id consent.SubjectID, now time.Time) bool {
	profile, known := s.profiles[id]
	if !known || profile.Born == "" {
		return false
	}
	for _, hash := range s.current {
		if profile.Minor(s.state.Form(hash).MinorPolicy.SoleConsentAge, now) {
			return false
		}
	}
	return true
}

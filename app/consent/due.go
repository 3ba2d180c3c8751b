package consent

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// DueReason says why somebody is to be asked again.
type DueReason string

// The reasons, the most pressing first.
const (
	DueExpired         DueReason = "expired"          // a consent has ended
	DueOfAge           DueReason = "of-age"           // the guardians answered, and the person now answers alone
	DueGuardianMissing DueReason = "guardian-missing" // another guardian has to answer
	DueUnderReview     DueReason = "under-review"     // what was signed cannot be trusted
	DueFormChanged     DueReason = "form-changed"     // the form has changed in what matters since
	DueExpiring        DueReason = "expiring"         // a consent ends soon
)

// DueReasons lists them in this order.
var DueReasons = []DueReason{DueExpired, DueOfAge, DueGuardianMissing, DueUnderReview, DueFormChanged, DueExpiring}

// Due is one reason to ask somebody again, with the scopes that it is about.
type Due struct {
	Subject SubjectID
	Code    Code
	Reason  DueReason
	Scopes  []Scope
	// Until is when the consent ends or ended; zero when it has no end.
	Until time.Time
}

// Asking is what a re-ask list looks at.
type Asking struct {
	Now    time.Time
	Within time.Duration // how long before its end a consent is to be asked for again
	// OfAge tells who now answers alone although guardians answered before; only the profiles know. Nil: nobody.
	OfAge func(SubjectID) bool
	// Subject asks about one person only; "" asks about everybody.
	Subject SubjectID
}

// Due lists who is to be asked again and why, in the order of their ids. People who said no, took everything back, are not to be
// photographed or were erased are left alone.
func (s *State) Due(asking Asking) []Due {
	var list []Due
	changed := s.formsChanged()
	asked := []SubjectID{s.Canonical(asking.Subject)}
	if asking.Subject == "" {
		asked = slices.Sorted(maps.Keys(s.subjects))
	}
	for _, id := range asked {
		avoided, erased := s.closedTo(id)
		if s.Canonical(id) != id || avoided || erased {
			continue
		}
		list = append(list, s.dueOf(id, asking, changed)...)
	}
	return list
}

func (s *State) dueOf(id SubjectID, asking Asking, changed map[FormHash]bool) []Due {
	type matter struct {
		reason DueReason
		until  time.Time
	}
	about := map[matter][]Scope{}
	ofAge := asking.OfAge != nil && asking.OfAge(id)
	standings := s.Standings(id, nil, asking.Now)
	for _, scope := range SortedScopes(standings) {
		st := standings[scope]
		m := matter{until: st.Until}
		switch record, known := s.records[st.Record]; {
		case st.Status == StatusRefused || st.Status == StatusWithdrawn || st.Status == StatusUnanswered:
			continue
		case ofAge && known && record.act.decided.Minor:
			m.reason = DueOfAge
		case st.Status == StatusExpired:
			m.reason = DueExpired
		case st.Status == StatusAwaitingGuardian:
			m.reason = DueGuardianMissing
		case st.Status == StatusUnderReview:
			m.reason = DueUnderReview
		case known && changed[record.act.decided.Form]:
			m.reason = DueFormChanged
		case !asking.Now.Add(asking.Within).Before(st.Until):
			m.reason = DueExpiring
		default:
			continue
		}
		about[m] = append(about[m], scope)
	}
	var list []Due
	for m, scopes := range about {
		list = append(list, Due{Subject: id, Code: s.code(id), Reason: m.reason, Scopes: scopes, Until: m.until})
	}
	slices.SortFunc(list, func(a, b Due) int {
		return cmp.Or(cmp.Compare(slices.Index(DueReasons, a.Reason), slices.Index(DueReasons, b.Reason)), a.Until.Compare(b.Until))
	})
	return list
}

// formsChanged lists the forms of which a newer version of the same key says that it changes something that matters.
func (s *State) formsChanged() map[FormHash]bool {
	changed := map[FormHash]bool{}
	for hash, form := range s.forms {
		for newerHash, newer := range s.forms {
			if newer.MaterialChange && newer.Key == form.Key && newer.Newer(newerHash, form, hash) {
				changed[hash] = true
			}
		}
	}
	return changed
}

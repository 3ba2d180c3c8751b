package consent

import (
	"cmp"
	"slices"
	"time"
)

// Verdict is the answer to "may this asset be used in this channel now?".
type Verdict string

// The verdicts.
const (
	Yes    Verdict = "yes"
	No     Verdict = "no"
	NotYet Verdict = "not-yet"
)

// ReasonKind says why; it is either a Status of a subject or one of the kinds below.
type ReasonKind string

// The reasons that are not a subject's status.
const (
	ReasonUnknownAsset     ReasonKind = "unknown-asset"     // no import of it is known
	ReasonUnknownChannel   ReasonKind = "unknown-channel"   // the forms know no such channel
	ReasonRemoved          ReasonKind = "removed"           // taken out of the library
	ReasonGround           ReasonKind = "ground"            // used on another ground than consent
	ReasonObjection        ReasonKind = "objection"         // somebody objects to a use without consent
	ReasonPeopleUnanswered ReasonKind = "people-unanswered" // nobody has said how many people it shows
	ReasonUnidentified     ReasonKind = "unidentified"      // it shows more people than are linked
	ReasonAvoid            ReasonKind = "avoid"             // this person is not to be photographed
	ReasonRejected         ReasonKind = "rejected"          // the person said no to this very asset
	ReasonNobody           ReasonKind = "nobody"            // it shows no identifiable people
)

// Reason is one reason for a verdict.
type Reason struct {
	Kind    ReasonKind
	Verdict Verdict // what this reason alone would give
	// Subject and Code name the person it is about, "" when it is about the asset.
	Subject SubjectID
	Code    Code
	// Standing is the person's standing for the scope, when the reason is a status.
	Standing Standing
	// Count is how many people are unidentified or guardians missing.
	Count int
	// Ground is set with ReasonGround and ReasonObjection.
	Ground Ground
}

// Clearance is a verdict with every reason that bears on it, the weightiest first.
type Clearance struct {
	Verdict Verdict
	Reasons []Reason
}

// Clear answers whether an asset may be used in a channel at a time (design §5, "first that applies"). An asset without
// people is free; silence, an unidentified person or a missing guardian never is.
func (s *State) Clear(id AssetID, channel Channel, now time.Time) Clearance {
	a, ok := s.assets[id]
	switch {
	case !ok || a.first.id == "":
		return settled(NotYet, Reason{Kind: ReasonUnknownAsset})
	case a.removed:
		return settled(No, Reason{Kind: ReasonRemoved})
	case a.ground.id != "" && a.ground.value.Ground != GroundConsent:
		return s.clearWithoutConsent(a)
	}
	people := s.clearPeople(a, channel, now)
	if a.people.id == "" {
		return settled(NotYet, append([]Reason{{Kind: ReasonPeopleUnanswered}}, people.obstacles()...)...)
	}
	if missing := a.people.value - len(a.shown); missing > 0 {
		return settled(NotYet, append([]Reason{{Kind: ReasonUnidentified, Count: missing}}, people.obstacles()...)...)
	}
	return people
}

// clearWithoutConsent: another ground carries the use, unless a person who appears objects (GDPR art. 21) or is not to be
// photographed.
func (s *State) clearWithoutConsent(a *asset) Clearance {
	ground := a.ground.value.Ground
	for _, id := range a.shown {
		if s.avoids(id) || s.rejectedBy(a, id) {
			return settled(No, Reason{Kind: ReasonObjection, Subject: id, Code: s.code(id), Ground: ground})
		}
	}
	return settled(Yes, Reason{Kind: ReasonGround, Ground: ground})
}

// clearPeople asks everybody who appears.
func (s *State) clearPeople(a *asset, channel Channel, now time.Time) Clearance {
	if len(a.shown) == 0 {
		return settled(Yes, Reason{Kind: ReasonNobody})
	}
	scope := Scope{channel, a.first.value.Kind}
	reasons := make([]Reason, 0, len(a.shown))
	verdict := Yes
	for _, id := range a.shown {
		r := Reason{Subject: id, Code: s.code(id)}
		switch {
		case s.rejectedBy(a, id):
			r.Kind, r.Verdict = ReasonRejected, No
		case s.avoids(id):
			r.Kind, r.Verdict = ReasonAvoid, No
		default:
			r.Standing = s.Standing(id, scope, now)
			r.Kind, r.Count = ReasonKind(r.Standing.Status), r.Standing.GuardiansMissing
			r.Verdict = VerdictOf(r.Standing.Status)
		}
		if weight(r.Verdict) < weight(verdict) {
			verdict = r.Verdict
		}
		reasons = append(reasons, r)
	}
	slices.SortStableFunc(reasons, func(a, b Reason) int { return cmp.Compare(weight(a.Verdict), weight(b.Verdict)) })
	return Clearance{Verdict: verdict, Reasons: reasons}
}

// weight orders verdicts: one no decides, then one not yet.
func weight(v Verdict) int {
	switch v {
	case No:
		return 0
	case NotYet:
		return 1
	}
	return 2
}

func (s *State) code(id SubjectID) Code {
	if sub := s.subjects[id]; sub != nil {
		return sub.code.value
	}
	return ""
}

// avoids tells whether somebody is not to be photographed, under whichever of their registrations that was said.
func (s *State) avoids(id SubjectID) bool {
	if len(s.merged) == 0 {
		sub := s.subjects[id]
		return sub != nil && sub.avoid.value
	}
	for _, member := range s.group(id) {
		if sub := s.subjects[member]; sub != nil && sub.avoid.value {
			return true
		}
	}
	return false
}

func (s *State) rejectedBy(a *asset, id SubjectID) bool {
	for other, r := range a.rejected {
		if r.value && s.Canonical(other) == id {
			return true
		}
	}
	return false
}

// VerdictOf is what a status alone gives: only a given consent is a yes, and what nobody has settled is not yet.
func VerdictOf(status Status) Verdict {
	switch status {
	case StatusGiven:
		return Yes
	case StatusRefused, StatusWithdrawn, StatusExpired:
		return No
	}
	return NotYet
}

// obstacles are the reasons that alone would keep the asset from being used.
func (c Clearance) obstacles() []Reason {
	var reasons []Reason
	for _, r := range c.Reasons {
		if r.Verdict != Yes {
			reasons = append(reasons, r)
		}
	}
	return reasons
}

func settled(v Verdict, reasons ...Reason) Clearance {
	if len(reasons) > 0 && reasons[0].Verdict == "" {
		reasons[0].Verdict = v
	}
	return Clearance{Verdict: v, Reasons: reasons}
}

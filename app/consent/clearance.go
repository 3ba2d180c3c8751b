package consent

import "time"

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
	asset, ok := s.Asset(id)
	if !ok {
		return settled(NotYet, Reason{Kind: ReasonUnknownAsset})
	}
	if asset.Removed {
		return settled(No, Reason{Kind: ReasonRemoved})
	}
	if asset.Ground != GroundConsent {
		return s.clearWithoutConsent(asset)
	}
	people := s.clearPeople(asset, channel, now)
	if asset.PeopleCount < 0 {
		return settled(NotYet, append([]Reason{{Kind: ReasonPeopleUnanswered}}, people.obstacles()...)...)
	}
	if missing := asset.PeopleCount - len(s.peopleOn(asset)); missing > 0 {
		return settled(NotYet, append([]Reason{{Kind: ReasonUnidentified, Count: missing}}, people.obstacles()...)...)
	}
	return people
}

// clearWithoutConsent: another ground carries the use, unless a person who appears objects (GDPR art. 21) or is not to be
// photographed.
func (s *State) clearWithoutConsent(asset Asset) Clearance {
	for _, id := range s.peopleOn(asset) {
		sub, _ := s.Subject(id)
		if sub.Avoid || s.rejectedBy(asset, id) {
			return settled(No, Reason{Kind: ReasonObjection, Subject: id, Code: sub.Code, Ground: asset.Ground})
		}
	}
	return settled(Yes, Reason{Kind: ReasonGround, Ground: asset.Ground})
}

// clearPeople asks everybody who appears.
func (s *State) clearPeople(asset Asset, channel Channel, now time.Time) Clearance {
	people := s.peopleOn(asset)
	if len(people) == 0 {
		return settled(Yes, Reason{Kind: ReasonNobody})
	}
	var no, notYet, yes []Reason
	for _, id := range people {
		sub, _ := s.Subject(id)
		r := Reason{Subject: id, Code: sub.Code}
		switch {
		case s.rejectedBy(asset, id):
			r.Kind, r.Verdict = ReasonRejected, No
		case sub.Avoid:
			r.Kind, r.Verdict = ReasonAvoid, No
		default:
			r.Standing = s.Standing(id, Scope{channel, asset.Kind}, now)
			r.Kind, r.Count = ReasonKind(r.Standing.Status), r.Standing.GuardiansMissing
			r.Verdict = VerdictOf(r.Standing.Status)
		}
		switch r.Verdict {
		case No:
			no = append(no, r)
		case NotYet:
			notYet = append(notYet, r)
		default:
			yes = append(yes, r)
		}
	}
	verdict := Yes
	switch {
	case len(no) > 0:
		verdict = No
	case len(notYet) > 0:
		verdict = NotYet
	}
	return Clearance{Verdict: verdict, Reasons: append(append(no, notYet...), yes...)}
}

// peopleOn lists the people who appear, each once however often they were registered.
func (s *State) peopleOn(asset Asset) []SubjectID {
	people := make([]SubjectID, 0, len(asset.Appearances))
	seen := make(map[SubjectID]bool, len(asset.Appearances))
	for _, a := range asset.Appearances {
		if id := s.Canonical(a.Subject); !seen[id] {
			seen[id] = true
			people = append(people, id)
		}
	}
	return people
}

func (s *State) rejectedBy(asset Asset, id SubjectID) bool {
	for _, r := range asset.Rejected {
		if s.Canonical(r) == id {
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

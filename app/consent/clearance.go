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
	ReasonRemoved          ReasonKind = "removed"           // taken out of the library
	ReasonGround           ReasonKind = "ground"            // used on another ground than consent
	ReasonObjection        ReasonKind = "objection"         // somebody objects to a use without consent
	ReasonPeopleUnanswered ReasonKind = "people-unanswered" // nobody has said how many people it shows
	ReasonUnidentified     ReasonKind = "unidentified"      // it shows more people than are linked
	ReasonAvoid            ReasonKind = "avoid"             // this person is not to be photographed
	ReasonRejected         ReasonKind = "rejected"          // the person said no to this very asset
	ReasonErased           ReasonKind = "erased"            // the person was erased, and cannot be asked again
	ReasonNobody           ReasonKind = "nobody"            // it shows no identifiable people
	ReasonIncomplete       ReasonKind = "incomplete"        // events are lost, and one of them may have been a no
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
	// Ground is set with ReasonGround, ReasonObjection and ReasonErased when it is about a use without consent.
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
	return s.ClearPart(id, channel, Span{}, now)
}

// ClearPart is Clear for a cut of a film or a recording: only people who appear in it have to agree. How many people there are is
// known of the whole asset only, so somebody unidentified anywhere in it holds up every cut.
func (s *State) ClearPart(id AssetID, channel Channel, cut Span, now time.Time) Clearance {
	c := clearing{state: s, channel: channel, cut: cut, voices: voices{state: s, now: now}, telling: true}
	verdict := c.verdict(s.assets[id])
	if safe := s.guarded(verdict); safe != verdict {
		verdict = c.tell(Reason{Kind: ReasonIncomplete, Verdict: safe})
	}
	if len(c.reasons) > 1 {
		slices.SortStableFunc(c.reasons, func(a, b Reason) int { return cmp.Compare(weight(a.Verdict), weight(b.Verdict)) })
	}
	return Clearance{Verdict: verdict, Reasons: c.reasons}
}

// SetIncomplete says whether events are known to be missing from the log. While they are nothing is cleared: any of them may have
// been a withdrawal, an objection or an appearance (design §3.6).
func (s *State) SetIncomplete(missing bool) { s.incomplete = missing }

// guarded is a verdict as far as the log carries it.
func (s *State) guarded(v Verdict) Verdict {
	if v == Yes && s.incomplete {
		return NotYet
	}
	return v
}

// voices says what somebody's word amounts to at a time: as an index keeps it, or asked anew when there is none.
type voices struct {
	state *State
	index *Index // whose lock the caller holds; then only the verdict is answered
	now   time.Time
}

func (v voices) word(id SubjectID, scope Scope) (Verdict, Standing) {
	if v.index != nil {
		return v.index.word(id, scope, v.now), Standing{}
	}
	standing := v.state.person(id).stand(scope, v.now)
	return VerdictOf(standing.Status), standing
}

// clearing is one asking for a clearance. The verdict is worked out in one place, with or without its reasons.
type clearing struct {
	state   *State
	channel Channel
	cut     Span
	voices  voices
	telling bool // the reasons are wanted too
	reasons []Reason
}

func (c *clearing) verdict(a *asset) Verdict {
	switch {
	case a == nil || !a.known():
		return c.tell(Reason{Kind: ReasonUnknownAsset, Verdict: NotYet})
	case a.removed:
		return c.tell(Reason{Kind: ReasonRemoved, Verdict: No})
	}
	people := c.state.shownIn(a, c.cut)
	if ground := a.carried().Ground; ground != GroundConsent {
		return c.withoutConsent(a, ground, people)
	}
	count, said := a.peopleCount()
	missing := count - len(a.shown)
	switch {
	case !said:
		c.tell(Reason{Kind: ReasonPeopleUnanswered, Verdict: NotYet})
	case missing > 0:
		c.tell(Reason{Kind: ReasonUnidentified, Verdict: NotYet, Count: missing})
	case len(people) == 0:
		return c.tell(Reason{Kind: ReasonNobody, Verdict: Yes})
	default:
		return c.people(a, people, true)
	}
	if c.telling { // what else would have to change
		c.people(a, people, false)
	}
	return NotYet
}

// withoutConsent: another ground carries the use, unless a person who appears objects (GDPR art. 21), is not to be photographed, or
// was erased.
func (c *clearing) withoutConsent(a *asset, ground Ground, people []SubjectID) Verdict {
	for _, id := range people {
		switch avoided, erased := c.state.closedTo(id); {
		case avoided, c.state.rejectedBy(a, id):
			return c.tell(Reason{Kind: ReasonObjection, Verdict: No, Subject: id, Code: c.state.code(id), Ground: ground})
		case erased:
			return c.tell(Reason{Kind: ReasonErased, Verdict: No, Subject: id, Code: c.state.code(id), Ground: ground})
		}
	}
	return c.tell(Reason{Kind: ReasonGround, Verdict: Yes, Ground: ground})
}

// people asks everybody who appears. The reasons are those that allow too, or only the obstacles.
func (c *clearing) people(a *asset, people []SubjectID, all bool) Verdict {
	scope := Scope{c.channel, a.first.body.Kind}
	verdict := Yes
	if c.telling {
		c.reasons = slices.Grow(c.reasons, len(people))
	}
	for _, id := range people {
		said, kind, standing := c.person(a, id, scope)
		if weight(said) < weight(verdict) {
			verdict = said
		}
		if c.telling && (all || said != Yes) {
			c.tell(Reason{Kind: kind, Verdict: said, Subject: id, Code: c.state.code(id), Standing: standing, Count: standing.GuardiansMissing})
		}
		if !c.telling && verdict == No {
			break
		}
	}
	return verdict
}

func (c *clearing) person(a *asset, id SubjectID, scope Scope) (Verdict, ReasonKind, Standing) {
	switch avoided, erased := c.state.closedTo(id); {
	case erased:
		return No, ReasonErased, Standing{}
	case c.state.rejectedBy(a, id):
		return No, ReasonRejected, Standing{}
	case avoided:
		return No, ReasonAvoid, Standing{}
	}
	verdict, standing := c.voices.word(id, scope)
	return verdict, ReasonKind(standing.Status), standing
}

func (c *clearing) tell(r Reason) Verdict {
	if c.telling {
		c.reasons = append(c.reasons, r)
	}
	return r.Verdict
}

// shownIn lists the people who appear in a cut of an asset.
func (s *State) shownIn(a *asset, cut Span) []SubjectID {
	if cut.Whole() {
		return a.shown
	}
	var people []SubjectID
	for id, ap := range a.appearances {
		if id = s.Canonical(id); !slices.Contains(people, id) && slices.ContainsFunc(ap.standing(), cut.Overlaps) {
			people = append(people, id)
		}
	}
	slices.Sort(people)
	return people
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
		return sub.code.value()
	}
	return ""
}

// closedTo tells whether somebody is not to be photographed, and whether they were erased, under whichever of their registrations.
func (s *State) closedTo(id SubjectID) (avoided, erased bool) {
	if len(s.persons) == 0 {
		if sub := s.subjects[id]; sub != nil {
			return sub.avoid.value(), !sub.erased.IsZero()
		}
		return false, false
	}
	for _, member := range s.group(id) {
		if sub := s.subjects[member]; sub != nil {
			avoided = avoided || sub.avoid.value()
			erased = erased || !sub.erased.IsZero()
		}
	}
	return avoided, erased
}

// rejectedBy tells whether somebody said no to this very asset, under whichever of their registrations.
func (s *State) rejectedBy(a *asset, id SubjectID) bool {
	for other, r := range a.answers {
		if s.Canonical(other) == id {
			if top := r.top(); top != nil && !top.value.Approved {
				return true
			}
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

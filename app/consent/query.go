package consent

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Subject is what the events say about one person, without their profile.
type Subject struct {
	ID         SubjectID
	Code       Code
	Registered time.Time
	Shoots     []ShootID
	Avoid      bool
	Erased     bool
	MergedInto SubjectID // "" unless another subject stands for this person
	PIICommit  string    // of the newest profile
	Signed     int       // how many consent records there are
}

// Subject returns a subject; false when no event has named it.
func (s *State) Subject(id SubjectID) (Subject, bool) {
	sub, ok := s.subjects[id]
	if !ok {
		return Subject{}, false
	}
	view := Subject{ID: id, Code: sub.code.value(), Registered: sub.registered, Avoid: sub.avoid.value(),
		Erased: !sub.erased.IsZero(), PIICommit: sub.commit.value()}
	if c := s.Canonical(id); c != id {
		view.MergedInto = c
	}
	for _, member := range s.group(id) {
		other := s.subjects[member]
		if other == nil { // merged into somebody whose registration has not arrived yet
			continue
		}
		for sh := range other.shoots {
			if !slices.Contains(view.Shoots, sh) {
				view.Shoots = append(view.Shoots, sh)
			}
		}
		for _, a := range other.acts {
			if a.decided != nil {
				view.Signed++
			}
		}
		view.Avoid = view.Avoid || other.avoid.value()
	}
	slices.Sort(view.Shoots)
	return view, true
}

// Registrations lists the subjects that are one person: the one that stands for them first, then all that were merged into it.
func (s *State) Registrations(id SubjectID) []SubjectID { return slices.Clone(s.group(id)) }

// Subjects lists everybody, those registered first first.
func (s *State) Subjects() []Subject {
	list := make([]Subject, 0, len(s.subjects))
	for id := range s.subjects {
		view, _ := s.Subject(id)
		list = append(list, view)
	}
	slices.SortFunc(list, func(a, b Subject) int {
		return cmp.Or(a.Registered.Compare(b.Registered), strings.Compare(string(a.ID), string(b.ID)))
	})
	return list
}

// SubjectByCode finds a subject by short code.
func (s *State) SubjectByCode(code Code) (SubjectID, bool) {
	id, ok := s.codes[code]
	return id, ok
}

// Standing is what stands for a subject and scope at a time.
func (s *State) Standing(id SubjectID, scope Scope, now time.Time) Standing {
	return s.person(id).stand(scope, now)
}

// Standings is Standing for every scope that any of the subject's records asked, and every scope of the given form (which may
// be nil).
func (s *State) Standings(id SubjectID, form *Form, now time.Time) map[Scope]Standing {
	p := s.person(id)
	standings := map[Scope]Standing{}
	add := func(scope Scope) {
		if _, ok := standings[scope]; !ok {
			standings[scope] = p.stand(scope, now)
		}
	}
	if form != nil {
		for _, scope := range form.Scopes() {
			add(scope)
		}
	}
	for _, a := range p.acts {
		if a.decided != nil {
			for scope := range a.decided.Answers {
				add(scope)
			}
		}
	}
	return standings
}

// Supporting lists the consent records that a subject's given consent to a scope rests on at a time; none when it is not given.
func (s *State) Supporting(id SubjectID, scope Scope, now time.Time) []RecordID {
	var rested []RecordID
	q := question{person: s.person(id), scope: scope, now: now, rested: &rested}
	q.stand()
	return rested
}

// HistoryEntry is one act of a subject, for people to read.
type HistoryEntry struct {
	ID     EventID
	Device DeviceID
	At     time.Time
	By     Signer
	Record *DecidedBody // nil for a withdrawal
	Scopes []Scope      // of a withdrawal; nil means all
	// Suspect: the device's clock was ahead of the library's.
	Suspect bool
}

// History lists the subject's acts, oldest first.
func (s *State) History(id SubjectID) []HistoryEntry {
	acts := slices.DeleteFunc(slices.Clone(s.person(id).acts), func(a *act) bool { return a.unclear })
	slices.SortFunc(acts, func(a, b *act) int {
		return cmp.Or(a.effective().Compare(b.effective()), strings.Compare(string(a.id), string(b.id)))
	})
	entries := make([]HistoryEntry, len(acts))
	for i, a := range acts {
		entries[i] = a.entry()
	}
	return entries
}

func (a *act) entry() HistoryEntry {
	e := HistoryEntry{ID: a.id, Device: a.device, At: a.at, By: a.by, Record: a.decided, Suspect: a.suspect()}
	if a.scopes != nil {
		e.Scopes = slices.SortedFunc(slices.Values(a.scopes), CompareScopes)
	}
	return e
}

// Withdraws tells whether the entry is a withdrawal that reaches a scope. A star stands for every channel or every kind.
func (e HistoryEntry) Withdraws(s Scope) bool {
	return e.Record == nil && (e.Scopes == nil || slices.ContainsFunc(e.Scopes, func(w Scope) bool { return w.covers(s) }))
}

// Withdrawal returns a withdrawal with its subject; false when it is not known. An erasure, which withdraws too, is none.
func (s *State) Withdrawal(id EventID) (entry HistoryEntry, subject SubjectID, ok bool) {
	r, ok := s.withdrawals[id]
	if !ok {
		return HistoryEntry{}, "", false
	}
	return r.act.entry(), r.subject, true
}

// AfterAnswers is the time for a withdrawal or an answer that is given now: the moment of the subject's newest answer when the clock that
// took it ran ahead of this one, such as the clock of this device before somebody corrected it. A withdrawal and a no beat every yes up to
// their own moment, and who speaks now has said the earlier things before.
func (s *State) AfterAnswers(id SubjectID, now time.Time) time.Time {
	for _, a := range s.person(id).acts {
		if a.decided != nil && !a.suspect() && a.at.After(now) {
			now = a.at.In(now.Location())
		}
	}
	return now
}

// Record returns a consent record with its subject, shoot and time; false when it is not known.
func (s *State) Record(id RecordID) (body DecidedBody, subject SubjectID, shoot ShootID, at time.Time, ok bool) {
	r, ok := s.records[id]
	if !ok {
		return DecidedBody{}, "", "", time.Time{}, false
	}
	return *r.act.decided, r.subject, r.shoot, r.act.at, true
}

// EachRecord calls fn for every consent record, in no order. It costs less than asking for everybody's History; fn must not change
// what it is given.
func (s *State) EachRecord(fn func(subject SubjectID, body *DecidedBody)) {
	for _, r := range s.records {
		fn(r.subject, r.act.decided)
	}
}

// RecordByLink finds the record whose personal link has this hash.
func (s *State) RecordByLink(hash string) (RecordID, bool) {
	id, ok := s.links[hash]
	return id, ok
}

// Asset returns what is known about an asset; false when no event has named it.
func (s *State) Asset(id AssetID) (Asset, bool) {
	a, ok := s.assets[id]
	if !ok || !a.known() {
		return Asset{}, false
	}
	return a.view(id), true
}

// view is the asset as others may keep it.
func (a *asset) view(id AssetID) Asset {
	ground := a.carried()
	view := Asset{ID: id, Kind: a.first.body.Kind, Size: a.first.body.Size, MIME: a.first.body.MIME, Details: a.first.body.Details, Companions: slices.Clone(a.companions),
		Shoot: a.first.shoot, Imported: a.first.at, PeopleCount: -1, Ground: ground.Ground, GroundWhy: ground.Why, Removed: a.removed}
	if count, said := a.peopleCount(); said {
		view.PeopleCount = count
	}
	for id, ap := range a.appearances {
		for _, span := range ap.standing() {
			view.Appearances = append(view.Appearances, Appearance{Subject: id, Span: span})
		}
	}
	slices.SortStableFunc(view.Appearances, func(a, b Appearance) int { return cmp.Compare(a.Subject, b.Subject) })
	for id, r := range a.answers {
		if top := r.top(); top != nil {
			view.Answers = append(view.Answers, top.value)
			if !top.value.Approved {
				view.Rejected = append(view.Rejected, id)
			}
		}
	}
	slices.SortFunc(view.Answers, func(a, b AssetAnswer) int { return cmp.Compare(a.Subject, b.Subject) })
	slices.Sort(view.Rejected)
	return view
}

// Appeared tells whether somebody appears or was once said to appear on an asset, under any of their registrations.
func (s *State) Appeared(id SubjectID, asset AssetID) bool {
	a := s.assets[asset]
	return a != nil && slices.ContainsFunc(s.group(id), func(member SubjectID) bool {
		return a.appearances[member] != nil && a.appearances[member].linkedOnce()
	})
}

// Deliveries lists when an asset left for use, oldest first.
func (s *State) Deliveries(id AssetID) []Delivery {
	a := s.assets[id]
	if a == nil {
		return nil
	}
	return slices.SortedFunc(slices.Values(a.deliveries), func(a, b Delivery) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

// Assets lists every imported asset, first imported first.
func (s *State) Assets() []Asset {
	list := make([]Asset, 0, len(s.assets))
	for id := range s.assets {
		if view, ok := s.Asset(id); ok {
			list = append(list, view)
		}
	}
	slices.SortFunc(list, func(a, b Asset) int {
		return cmp.Or(a.Imported.Compare(b.Imported), strings.Compare(string(a.ID), string(b.ID)))
	})
	return list
}

// AssetsWhere lists the identifiers of the imported assets that a filter keeps, in no particular order.
func (s *State) AssetsWhere(keep func(id AssetID, shoot ShootID) bool) []AssetID {
	var list []AssetID
	for id, a := range s.assets {
		if a.known() && keep(id, a.first.shoot) {
			list = append(list, id)
		}
	}
	return list
}

// AssetsOf lists the assets on which a subject appears, also under the names that were merged into it.
func (s *State) AssetsOf(id SubjectID) []AssetID {
	var list []AssetID
	for _, member := range s.group(id) {
		for asset := range s.bySubject[member] {
			if a := s.assets[asset]; a.known() && a.appearances[member].stands() && !slices.Contains(list, asset) {
				list = append(list, asset)
			}
		}
	}
	slices.Sort(list)
	return list
}

// Shoot is what the events say about one shoot; its title and place stand in the sealed details.
type Shoot struct {
	ID      ShootID
	Created time.Time
	Details BlobHash
}

// Shoot returns a shoot; false when no event has named it.
func (s *State) Shoot(id ShootID) (Shoot, bool) {
	sh, ok := s.shoots[id]
	if !ok {
		return Shoot{}, false
	}
	return Shoot{ID: id, Created: sh.created, Details: sh.details.value()}, true
}

// ShootDetails names the details of a shoot, those that count first, and behind them what they were before.
func (s *State) ShootDetails(id ShootID) []BlobHash {
	sh, ok := s.shoots[id]
	if !ok {
		return nil
	}
	return sh.details.ranked()
}

// AfterShoot is the time for a change of a shoot that is made now: just after the newest one when the clock that took that ran ahead of this
// one. Otherwise a change would be saved and never count.
func (s *State) AfterShoot(id ShootID, now time.Time) time.Time {
	if sh, ok := s.shoots[id]; ok {
		return sh.details.after(now)
	}
	return now
}

// AfterAvoid is the same for "do not photograph" and its opposite.
func (s *State) AfterAvoid(id SubjectID, now time.Time) time.Time {
	if sub, ok := s.subjects[s.Canonical(id)]; ok {
		return sub.avoid.after(now)
	}
	return now
}

// Shoots lists every shoot, newest first.
func (s *State) Shoots() []Shoot {
	list := make([]Shoot, 0, len(s.shoots))
	for id := range s.shoots {
		view, _ := s.Shoot(id)
		list = append(list, view)
	}
	slices.SortFunc(list, func(a, b Shoot) int {
		return cmp.Or(b.Created.Compare(a.Created), strings.Compare(string(b.ID), string(a.ID)))
	})
	return list
}

// Counts are the sizes of the state.
type Counts struct{ Subjects, Records, Assets int }

// Counts counts people, consent records and imported assets. Who is registered twice counts once when that is known, and whoever was
// merged with somebody who is erased still counts.
func (s *State) Counts() Counts {
	c := Counts{Records: len(s.records)}
	for id, sub := range s.subjects {
		stands, known := s.subjects[s.Canonical(id)]
		if sub.erased.IsZero() && (stands == sub || (known && !stands.erased.IsZero())) {
			c.Subjects++
		}
	}
	for _, a := range s.assets {
		if a.known() && !a.removed {
			c.Assets++
		}
	}
	return c
}

// Knows tells whether an event has been applied.
func (s *State) Knows(id EventID) bool { return s.seen[id] }

// ReceivedRecords counts the consent records whose receipt time at the library is known.
func (s *State) ReceivedRecords() int {
	n := 0
	for _, r := range s.records {
		if !r.act.received.IsZero() {
			n++
		}
	}
	return n
}

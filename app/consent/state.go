package consent

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// State is the fold of a set of events: what is known and what stands. It takes events in any order, any of them any number
// of times, and is the same for the same set. It is not safe for concurrent use; its owner guards it.
type State struct {
	forms    map[FormHash]*Form
	subjects map[SubjectID]*subject
	codes    map[Code]SubjectID
	shoots   map[ShootID]*shoot
	assets   map[AssetID]*asset
	// bySubject finds the assets on which a subject may appear; appearances decide whether they do.
	bySubject map[SubjectID]map[AssetID]bool
	records   map[RecordID]record
	links     map[string]RecordID
	seen      map[EventID]bool
	// groups has, for every subject that others were merged into, all who are that person, the standing one first.
	groups map[SubjectID][]SubjectID
	merged map[SubjectID]bool // subjects that a merge event names as the one merged
}

type subject struct {
	code       register[Code]
	registered time.Time
	shoots     map[ShootID]bool
	avoid      register[bool]
	merged     register[MergedBody]
	erased     time.Time
	commit     register[string]
	acts       []*act
}

type shoot struct {
	created time.Time
	details register[BlobHash]
}

type record struct {
	subject SubjectID
	shoot   ShootID
	act     *act
}

// NewState returns the state of no events.
func NewState() *State {
	return &State{
		forms: map[FormHash]*Form{}, subjects: map[SubjectID]*subject{}, codes: map[Code]SubjectID{},
		shoots: map[ShootID]*shoot{}, assets: map[AssetID]*asset{}, bySubject: map[SubjectID]map[AssetID]bool{},
		records: map[RecordID]record{}, links: map[string]RecordID{}, seen: map[EventID]bool{},
		groups: map[SubjectID][]SubjectID{}, merged: map[SubjectID]bool{},
	}
}

// AddForm makes a published form known. Consents signed on a form that is not known wait for review.
func (s *State) AddForm(hash FormHash, form *Form) { s.forms[hash] = form }

// Form returns a known form, or nil.
func (s *State) Form(hash FormHash) *Form { return s.forms[hash] }

// Apply adds an event. Applying it again changes nothing, except that a receipt time that has become known is taken up. An
// error means that the body could not be read: the event then counts as the most restrictive thing it can be, and stays in
// the log.
func (s *State) Apply(e Received) error {
	if s.seen[e.ID] {
		s.receivedNow(e)
		return nil
	}
	s.seen[e.ID] = true
	if err := s.apply(e); err != nil {
		return fmt.Errorf("read body of %s %s: %w", e.Type, e.ID, err)
	}
	return nil
}

func (s *State) apply(e Received) error {
	switch e.Type {
	case ShootCreated, ShootChanged:
		return s.applyShoot(e)
	case SubjectRegistered, SubjectAmended, SubjectAvoid, SubjectMerged, SubjectErased:
		return s.applySubject(e)
	case ConsentDecided, ConsentWithdrawn:
		return s.applyConsent(e)
	case AssetImported, AssetAppearance, AssetAppearanceRemoved, AssetPeople, AssetGround, AssetApproved, AssetRejected, AssetRemoved:
		return s.applyAsset(e)
	}
	return nil // the types that change no state, and those of a newer version: kept in the log, nothing to fold
}

func (s *State) applyShoot(e Received) error {
	var body ShootBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return err
	}
	sh := s.shoots[e.Shoot]
	if sh == nil {
		sh = &shoot{created: e.At}
		s.shoots[e.Shoot] = sh
	}
	if e.At.Before(sh.created) {
		sh.created = e.At
	}
	sh.details.write(e.Envelope, body.Details)
	return nil
}

func (s *State) applySubject(e Received) error {
	sub := s.subject(e.Subject)
	if e.Shoot != "" {
		sub.shoots[e.Shoot] = true
	}
	switch e.Type {
	case SubjectAvoid:
		body := AvoidBody{Avoid: true}
		err := json.Unmarshal(e.Body, &body)
		sub.avoid.write(e.Envelope, body.Avoid || err != nil)
		return err
	case SubjectMerged:
		var body MergedBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		sub.merged.write(e.Envelope, body)
		s.merged[e.Subject] = true
		s.regroup()
		return nil
	case SubjectErased:
		if sub.erased.IsZero() || e.At.Before(sub.erased) {
			sub.erased = e.At
		}
		// The person is gone from the library's care: whatever they had said yes to ends here.
		s.addAct(e, &act{by: Signer{Role: RoleStaff}, erases: true})
		return nil
	}
	var body SubjectBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return err
	}
	if e.Type == SubjectRegistered && (sub.registered.IsZero() || e.At.Before(sub.registered)) {
		sub.registered = e.At
	}
	if body.Code != "" {
		sub.code.write(e.Envelope, body.Code)
		// Two devices that drew the same code agree on whom it finds, whichever event they saw first.
		if holder, taken := s.codes[body.Code]; !taken || e.Subject < holder {
			s.codes[body.Code] = e.Subject
		}
	}
	if body.PIICommit != "" {
		sub.commit.write(e.Envelope, body.PIICommit)
	}
	return nil
}

func (s *State) applyConsent(e Received) error {
	if e.Type == ConsentWithdrawn {
		var body WithdrawnBody
		err := json.Unmarshal(e.Body, &body)
		a := &act{by: body.Signer}
		if err == nil && len(body.Scopes) > 0 {
			a.scopes = make(map[Scope]bool, len(body.Scopes))
			for _, scope := range body.Scopes {
				a.scopes[scope] = true
			}
		}
		s.addAct(e, a) // one that cannot be read withdraws everything
		return err
	}
	var body DecidedBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return err // a consent that cannot be read is none
	}
	a := &act{by: body.Signer, decided: &body}
	s.addAct(e, a)
	s.records[RecordID(e.ID)] = record{subject: e.Subject, shoot: e.Shoot, act: a}
	if body.Link != "" {
		s.links[body.Link] = RecordID(e.ID)
	}
	if e.Shoot != "" {
		s.subject(e.Subject).shoots[e.Shoot] = true
	}
	return nil
}

func (s *State) addAct(e Received, a *act) {
	a.id, a.device, a.at, a.received = e.ID, e.Device, e.At, e.ReceivedAt
	sub := s.subject(e.Subject)
	sub.acts = append(sub.acts, a)
}

func (s *State) applyAsset(e Received) error {
	a := s.assets[e.Asset]
	if a == nil {
		a = newAsset()
		s.assets[e.Asset] = a
	}
	switch e.Type {
	case AssetImported:
		var body ImportedBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		a.imported(e.Envelope, body)
	case AssetAppearance:
		var body AppearanceBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		a.appearance(e.Subject).linked.write(e.Envelope, body)
		if s.bySubject[e.Subject] == nil {
			s.bySubject[e.Subject] = map[AssetID]bool{}
		}
		s.bySubject[e.Subject][e.Asset] = true
		s.show(a)
	case AssetAppearanceRemoved:
		a.appearance(e.Subject).removed.write(e.Envelope, struct{}{})
		s.show(a)
	case AssetPeople:
		var body PeopleBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		a.people.write(e.Envelope, body.Count)
	case AssetGround:
		var body GroundBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		a.ground.write(e.Envelope, body)
	case AssetApproved:
		a.rejection(e.Subject).write(e.Envelope, false)
	case AssetRejected:
		a.rejection(e.Subject).write(e.Envelope, true)
	case AssetRemoved:
		a.removed = true
	}
	return nil
}

// receivedNow takes up the library's receipt time of an act that is already here.
func (s *State) receivedNow(e Received) {
	if e.ReceivedAt.IsZero() || (e.Type != ConsentDecided && e.Type != ConsentWithdrawn && e.Type != SubjectErased) {
		return
	}
	for _, a := range s.subject(e.Subject).acts {
		if a.id == e.ID {
			a.received = e.ReceivedAt
		}
	}
}

func (s *State) subject(id SubjectID) *subject {
	sub := s.subjects[id]
	if sub == nil {
		sub = &subject{shoots: map[ShootID]bool{}}
		s.subjects[id] = sub
	}
	return sub
}

// Canonical follows merges to the subject that stands for the person. Two laptops may have merged a ring: then the smallest
// identifier on it stands for all.
func (s *State) Canonical(id SubjectID) SubjectID {
	if len(s.merged) == 0 {
		return id
	}
	path := []SubjectID{id}
	for {
		sub := s.subjects[id]
		if sub == nil || sub.merged.id == "" || sub.merged.value.Undo || sub.merged.value.Into == "" {
			return id
		}
		id = sub.merged.value.Into
		if at := slices.Index(path, id); at >= 0 {
			return slices.Min(path[at:])
		}
		path = append(path, id)
	}
}

// regroup is called after every merge event: it looks only at those who were ever merged.
func (s *State) regroup() {
	clear(s.groups)
	for id := range s.merged {
		if into := s.Canonical(id); into != id {
			s.groups[into] = append(s.groups[into], id)
		}
	}
	for into, members := range s.groups {
		slices.Sort(members)
		s.groups[into] = append([]SubjectID{into}, members...)
	}
	for id := range s.merged {
		for asset := range s.bySubject[id] {
			s.show(s.assets[asset])
		}
	}
}

// show brings up to date who appears on an asset.
func (s *State) show(a *asset) {
	a.shown = a.shown[:0]
	for id, ap := range a.appearances {
		if id = s.Canonical(id); ap.stands() && !slices.Contains(a.shown, id) {
			a.shown = append(a.shown, id)
		}
	}
	slices.Sort(a.shown)
}

// group lists the subjects that are one person: the one that stands for them first, then all that were merged into it.
func (s *State) group(id SubjectID) []SubjectID {
	id = s.Canonical(id)
	if members, ok := s.groups[id]; ok {
		return members
	}
	return []SubjectID{id}
}

package consent

import (
	"cmp"
	"encoding/json"
	"errors"
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
	// withdrawals has the acts that take consent back, erasures aside.
	withdrawals map[EventID]record
	links       map[string]RecordID
	seen        map[EventID]bool
	// canon has, for everybody whom a merge event names as the one merged, who stands for them now; see regroup.
	canon  map[SubjectID]SubjectID
	merged map[SubjectID]bool
	// persons has everybody who was registered more than once, by who stands for them.
	persons map[SubjectID]*person
	policy  register[Policy]
	answers answerSets
	// incomplete: events are known to be missing.
	incomplete bool
	indexes    []*Index // that keep verdicts of this state
}

type subject struct {
	code        register[Code]
	registered  time.Time
	shoots      map[ShootID]bool
	avoid       register[bool]
	merged      register[MergedBody]
	erased      time.Time
	commit      register[string]
	acts        []*act
	corrections []Correction
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
		records: map[RecordID]record{}, withdrawals: map[EventID]record{}, links: map[string]RecordID{}, seen: map[EventID]bool{},
		canon: map[SubjectID]SubjectID{}, merged: map[SubjectID]bool{}, persons: map[SubjectID]*person{},
		answers: answerSets{},
	}
}

// AddForm makes a published form known. Consents signed on a form that is not known wait for review.
func (s *State) AddForm(hash FormHash, form *Form) {
	s.forms[hash] = form
	for _, r := range s.records {
		if r.act.decided.Form == hash {
			r.act.signedOn(form)
			s.touchPerson(r.subject)
		}
	}
}

// Form returns a known form, or nil.
func (s *State) Form(hash FormHash) *Form { return s.forms[hash] }

// Apply adds an event. Applying it again changes nothing, except that a receipt time that has become known is taken up, and a new number. An
// error means that the body could not be read: the event then counts as the most restrictive thing it can be, and stays in
// the log.
func (s *State) Apply(e Received) error {
	if s.seen[e.ID] {
		s.again(e)
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
	case AssetImported, AssetAppearance, AssetAppearanceRemoved, AssetPeople, AssetGround, AssetApproved, AssetRejected, AssetRemoved, DeliveryMade:
		return s.applyAsset(e)
	case PolicyChanged:
		return s.applyPolicy(e)
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
	sh.details.write(e, body.Details, neutral)
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
		how := lenient
		if body.Avoid || err != nil {
			how = strict
		}
		sub.avoid.write(e, how == strict, how)
		sub.corrected(e, how == lenient)
		s.touchPerson(e.Subject)
		return err
	case SubjectMerged:
		var body MergedBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		sub.merged.write(e, body, neutral)
		sub.corrected(e, body.Undo)
		s.merged[e.Subject] = true
		s.regroup(e.Subject)
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
	if e.Type == SubjectAmended {
		sub.corrected(e, false)
	}
	if e.Type == SubjectRegistered && (sub.registered.IsZero() || e.At.Before(sub.registered)) {
		sub.registered = e.At
	}
	if body.Code != "" {
		sub.code.write(e, body.Code, neutral)
		// Two devices that drew the same code agree on whom it finds, whichever event they saw first.
		if holder, taken := s.codes[body.Code]; !taken || e.Subject < holder {
			s.codes[body.Code] = e.Subject
		}
	}
	if body.PIICommit != "" {
		sub.commit.write(e, body.PIICommit, neutral)
	}
	return nil
}

func (s *State) applyConsent(e Received) error {
	if e.Type == ConsentWithdrawn {
		var body WithdrawnBody
		a := &act{}
		err := json.Unmarshal(e.Body, &body)
		if a.by = body.Signer; err == nil && len(body.Scopes) > 0 {
			a.scopes = body.Scopes
		}
		s.addAct(e, a) // one that cannot be read withdraws everything
		s.withdrawals[e.ID] = record{subject: e.Subject, shoot: e.Shoot, act: a}
		return err
	}
	body, err := s.answers.readDecided(e.Body)
	if err != nil || len(body.Answers) == 0 {
		s.addAct(e, &act{unclear: true})
		return cmp.Or(err, errNoAnswers)
	}
	a := &act{by: body.Signer, decided: body}
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

var errNoAnswers = errors.New("it answers nothing")

func (s *State) addAct(e Received, a *act) {
	a.moment, a.device, a.seq = momentOf(e), Shared(e.Device), e.Seq
	if a.decided != nil {
		a.signedOn(s.forms[a.decided.Form])
	}
	sub := s.subject(e.Subject)
	sub.acts = append(sub.acts, a)
	if p := s.persons[s.Canonical(e.Subject)]; p != nil {
		p.acts = append(p.acts, a)
	}
	settle(s.person(e.Subject).acts)
	s.touchPerson(e.Subject)
}

func (s *State) applyAsset(e Received) error {
	a := s.assets[e.Asset]
	if a == nil {
		a = newAsset()
		s.assets[e.Asset] = a
	}
	s.touchAsset(e.Asset)
	switch e.Type {
	case AssetImported:
		var body ImportedBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		a.imported(e, body)
	case AssetAppearance, AssetAppearanceRemoved:
		return s.applyAppearance(e, a)
	case AssetPeople:
		count, how, err := readPeople(e.Body)
		a.people.write(e, count, how)
		return err
	case AssetGround:
		var body GroundBody
		err := json.Unmarshal(e.Body, &body)
		how := lenient
		if err != nil || !body.justified() {
			body, how = GroundBody{Ground: GroundConsent, Why: body.Why}, strict
		}
		a.ground.write(e, body, how)
		return err
	case AssetApproved, AssetRejected:
		var body RejectedBody
		err := json.Unmarshal(e.Body, &body) // whatever the reason, the answer is in the type
		answer, how := AssetAnswer{Subject: e.Subject, At: e.At, Evidence: body.Evidence}, strict
		if e.Type == AssetApproved {
			answer.Approved, how = true, lenient
		}
		a.answer(e.Subject).write(e, answer, how)
		return err
	case AssetRemoved:
		a.removed = true
	case DeliveryMade:
		var body DeliveryBody
		err := json.Unmarshal(e.Body, &body)
		a.deliveries = append(a.deliveries, Delivery{ID: e.ID, Asset: e.Asset, At: e.At, Device: e.Device, DeliveryBody: body})
		return err
	}
	return nil
}

func (s *State) applyAppearance(e Received, a *asset) error {
	var body AppearanceBody
	err := json.Unmarshal(e.Body, &body)
	switch {
	case e.Type == AssetAppearance: // one that cannot be read is of the whole
		a.appearance(e.Subject).part(spanOf(body)).linked.write(e, struct{}{}, neutral)
		if s.bySubject[e.Subject] == nil {
			s.bySubject[e.Subject] = map[AssetID]bool{}
		}
		s.bySubject[e.Subject][e.Asset] = true
	case err == nil && (body == AppearanceBody{} || !spanOf(body).Whole()): // one that cannot be read removes nothing
		a.appearance(e.Subject).part(spanOf(body)).removed.write(e, struct{}{}, neutral)
	}
	s.show(a)
	return err
}

// again takes up what may have become known of an event that is already here: the library's receipt time, and the greater number of
// an event that its device signed anew (docs/decisions/0005).
func (s *State) again(e Received) {
	if e.Type == ConsentDecided || e.Type == ConsentWithdrawn || e.Type == SubjectErased {
		acts := s.person(e.Subject).acts
		at := slices.IndexFunc(acts, func(a *act) bool { return a.id == e.ID })
		if at < 0 {
			return
		}
		renumbered, received := e.Seq > acts[at].seq, !e.ReceivedAt.IsZero() && acts[at].learn(e.ReceivedAt)
		acts[at].seq = max(e.Seq, acts[at].seq)
		if renumbered || received {
			settle(acts)
			s.touchPerson(e.Subject)
		}
		return
	}
	if e.ReceivedAt.IsZero() {
		return
	}
	switch e.Type {
	case SubjectRegistered, SubjectAmended:
		sub := s.subject(e.Subject)
		sub.code.learn(e)
		sub.commit.learn(e)
	case SubjectAvoid:
		if s.subject(e.Subject).avoid.learn(e) {
			s.touchPerson(e.Subject)
		}
	case SubjectMerged:
		if s.subject(e.Subject).merged.learn(e) {
			s.regroup(e.Subject)
		}
	case ShootCreated, ShootChanged:
		if sh := s.shoots[e.Shoot]; sh != nil {
			sh.details.learn(e)
		}
	case PolicyChanged:
		s.policy.learn(e)
	default:
		if a := s.assets[e.Asset]; a != nil && a.learn(e) {
			s.show(a)
			s.touchAsset(e.Asset)
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

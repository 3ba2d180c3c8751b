package capture

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/collate"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Registration is a person met at a shoot.
type Registration struct {
	Shoot     consent.ShootID
	Name      string
	Phone     string
	Email     string
	Born      string // YYYY or YYYY-MM-DD
	Guardians []consent.Guardian
	Group     string // a class, a department
	Notes     string
	// Avoid: do not photograph this person; Name may then be a description ("red jacket").
	Avoid bool
	// Code is that of the blank card that the person got, which this device printed; "" for a fresh one.
	Code consent.Code
}

// Person is a subject with their profile.
type Person struct {
	consent.Subject
	Profile consent.Profile
	// Known: the profile is on this device (it is not after an erasure, or before a first sync).
	Known bool
}

// Register adds a person.
func (s *Session) Register(ctx context.Context, r Registration) (Person, error) {
	p, err := s.newProfile(r)
	if err != nil {
		return Person{}, err
	}
	err = s.change(ctx, func(c *change) error { return c.register(p, r) })
	if err != nil {
		return Person{}, err
	}
	return s.Person(p.Subject)
}

// newProfile is the profile of somebody new, in order or refused.
func (s *Session) newProfile(r Registration) (consent.Profile, error) {
	raw, err := uuid.NewRandomFromReader(s.Random)
	if err != nil {
		return consent.Profile{}, err
	}
	p := consent.Profile{Subject: consent.SubjectID(raw.String()), Revision: 1, Name: r.Name, Phone: r.Phone, Email: r.Email, Born: r.Born,
		Guardians: slices.Clone(r.Guardians), Group: r.Group, Notes: r.Notes}
	return p, cmp.Or(p.Normalise(), p.CheckBorn(s.Clock()))
}

// register stores a new profile and signs that the person is known at the shoot.
func (c *change) register(p consent.Profile, r Registration) error {
	if _, err := c.session.knownShoot(r.Shoot); err != nil {
		return err
	}
	code, err := c.codeFor(r)
	if err != nil {
		return err
	}
	if err := c.putProfile(&p); err != nil {
		return err
	}
	commit, err := evidence.CommitProfile(p)
	if err != nil {
		return err
	}
	if _, err := c.sign(evidence.Draft{Type: consent.SubjectRegistered, Subject: p.Subject, Shoot: r.Shoot,
		Body: consent.SubjectBody{Code: code, PIICommit: commit}}); err != nil {
		return err
	}
	if !r.Avoid {
		return nil
	}
	_, err = c.sign(evidence.Draft{Type: consent.SubjectAvoid, Subject: p.Subject, Shoot: r.Shoot, Body: consent.AvoidBody{Avoid: true}})
	return err
}

// Amendment changes a profile; nil fields stay as they are.
type Amendment struct {
	Name, Phone, Email, Born, Group, Notes *string
	Guardians                              *[]consent.Guardian
	Avoid                                  *bool
}

// Amend corrects a person's profile (GDPR art. 16). The log keeps that it was corrected, and when, but not what it said.
func (s *Session) Amend(ctx context.Context, id consent.SubjectID, a Amendment) (Person, error) {
	err := s.change(ctx, func(c *change) error {
		id = s.state.Canonical(id)
		p, err := s.knownProfile(id)
		if err != nil {
			return err
		}
		for field, value := range map[*string]*string{&p.Name: a.Name, &p.Phone: a.Phone, &p.Email: a.Email, &p.Born: a.Born, &p.Group: a.Group, &p.Notes: a.Notes} {
			if value != nil {
				*field = *value
			}
		}
		if a.Guardians != nil {
			p.Guardians = keepGuardians(p.Guardians, *a.Guardians)
		}
		if err := c.amend(p); err != nil {
			return err
		}
		if a.Avoid == nil {
			return nil
		}
		c.at = s.state.AfterAvoid(id, c.at)
		_, err = c.sign(evidence.Draft{Type: consent.SubjectAvoid, Subject: id, Body: consent.AvoidBody{Avoid: *a.Avoid}})
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return s.Person(id)
}

// amend stores the next revision of a profile and signs that it was changed.
func (c *change) amend(p consent.Profile) error {
	if err := cmp.Or(p.Normalise(), p.CheckBorn(c.at)); err != nil {
		return err
	}
	p.Revision++
	if err := c.putProfile(&p); err != nil {
		return err
	}
	return c.signAmended(p)
}

// signAmended signs what a profile that was stored now says.
func (c *change) signAmended(p consent.Profile) error {
	commit, err := evidence.CommitProfile(p)
	if err != nil {
		return err
	}
	_, err = c.sign(evidence.Draft{Type: consent.SubjectAmended, Subject: p.Subject, Body: consent.SubjectBody{PIICommit: commit}})
	return err
}

// keepGuardians gives those who were guardians before their pseudonym back, so that what they signed stays theirs. They are found
// by name; one whose name was corrected by phone or e-mail, if the first name still is nearly the same: a household may share a
// phone, and a father must not get what the mother signed.
func keepGuardians(before, after []consent.Guardian) []consent.Guardian {
	kept := slices.Clone(after)
	for _, same := range []func(a, b consent.Guardian) bool{sameName, renamed} {
		for i := range kept {
			if kept[i].ID != "" {
				continue
			}
			at := slices.IndexFunc(before, func(g consent.Guardian) bool { return !hasGuardian(kept, g.ID) && same(g, kept[i]) })
			if at >= 0 {
				kept[i].ID = before[at].ID
			}
		}
	}
	return kept
}

func hasGuardian(guardians []consent.Guardian, id string) bool {
	return slices.ContainsFunc(guardians, func(g consent.Guardian) bool { return g.ID == id })
}

func sameName(a, b consent.Guardian) bool { return consent.Plain(a.Name) == consent.Plain(b.Name) }

func renamed(a, b consent.Guardian) bool {
	return sameContact(a, b) && nearWord(firstWord(a.Name), firstWord(b.Name))
}

// sameContact tells whether two guardians share a phone or an e-mail address, however these are typed.
func sameContact(a, b consent.Guardian) bool {
	phoneA, _ := consent.NormalisePhone(a.Phone) // what cannot be read is refused later, and is nobody's here
	phoneB, _ := consent.NormalisePhone(b.Phone)
	return phoneA != "" && phoneA == phoneB || a.Email != "" && strings.EqualFold(strings.TrimSpace(a.Email), strings.TrimSpace(b.Email))
}

func firstWord(name string) string {
	first, _, _ := strings.Cut(consent.Plain(name), " ")
	return first
}

// putProfile gives the profile and its guardians what they lack and stores it for the library too.
func (c *change) putProfile(p *consent.Profile) error {
	if c.erased(p.Subject) { // or they would be back, with a key
		return personErased()
	}
	var err error
	if p.CommitKey == "" {
		if p.CommitKey, err = c.session.randomHex(32); err != nil {
			return err
		}
	}
	for i := range p.Guardians {
		if p.Guardians[i].ID == "" {
			if p.Guardians[i].ID, err = c.session.randomHex(8); err != nil {
				return err
			}
		}
	}
	if _, err := c.SubjectKey(p.Subject); err != nil {
		return err
	}
	stored := *p
	c.then(func() { c.session.keepProfile(stored) })
	return c.PutProfile(stored, true)
}

// freeCode draws a code that nobody has, also nobody of this change, and that stands on no blank card.
func (c *change) freeCode() (consent.Code, error) {
	if !c.reservedDrawn {
		reserved, err := readReserved(c)
		if err != nil {
			return "", err
		}
		for _, code := range reserved {
			c.drawn[code] = true
		}
		c.reservedDrawn = true
	}
	for {
		code, err := consent.NewCode(c.session.Random)
		if err != nil {
			return "", err
		}
		if _, taken := c.session.state.SubjectByCode(code); !taken && !c.drawn[code] {
			c.drawn[code] = true
			return code, nil
		}
	}
}

// keepProfile takes a profile into memory, and what the person can be found by. The caller holds the lock.
func (s *Session) keepProfile(p consent.Profile) {
	s.profiles[p.Subject] = p
	s.refind(p.Subject)
}

// dropProfile forgets a profile, and what the person could be found by. The caller holds the lock.
func (s *Session) dropProfile(id consent.SubjectID) {
	delete(s.profiles, id)
	s.refind(id)
}

func (s *Session) refind(id consent.SubjectID) {
	if sub, ok := s.state.Subject(id); ok {
		s.finder.take(id, sub.Code, s.profiles[id])
	}
}

// Person returns a subject with profile; for one who was merged into another, the one who stands.
func (s *Session) Person(id consent.SubjectID) (Person, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id = s.state.Canonical(id)
	if _, ok := s.state.Subject(id); !ok {
		return Person{}, subjectUnknown(string(id))
	}
	return s.person(id), nil
}

// person is one of whom events have told. The caller holds a lock.
func (s *Session) person(id consent.SubjectID) Person {
	sub, _ := s.state.Subject(id)
	profile, known := s.profiles[id]
	return Person{Subject: sub, Profile: profile, Known: known}
}

// Resolve finds the subject that a person typed: an identifier or a short code. Somebody who was merged into another is the one
// who stands.
func (s *Session) Resolve(text string) (consent.SubjectID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id, err := s.registration(text)
	return s.state.Canonical(id), err
}

// ResolveExactly finds the very registration that an identifier or a short code names, also one that was merged away.
func (s *Session) ResolveExactly(text string) (consent.SubjectID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.registration(text)
}

// registration is ResolveExactly for a caller who holds a lock.
func (s *Session) registration(text string) (consent.SubjectID, error) {
	if _, ok := s.state.Subject(consent.SubjectID(text)); ok {
		return consent.SubjectID(text), nil
	}
	if code, err := ParseCardCode(text); err == nil {
		if id, ok := s.state.SubjectByCode(code); ok {
			return id, nil
		}
	}
	return "", subjectUnknown(text)
}

// People lists the persons of a shoot, or everybody when shoot is "", in the order of registration; those of one list by name.
func (s *Session) People(shoot consent.ShootID) []Person {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []Person
	if shoot == "" {
		for _, sub := range s.state.Subjects() {
			if s.stands(sub) {
				list = append(list, s.person(sub.ID))
			}
		}
		slices.SortFunc(list, byRegistration())
		return list
	}
	seen := make(map[consent.SubjectID]bool, len(s.finder.present[shoot]))
	for id := range s.finder.present[shoot] {
		if id = s.state.Canonical(id); !seen[id] {
			seen[id] = true
			list = append(list, s.person(id))
		}
	}
	slices.SortFunc(list, byRegistration())
	return list
}

// byRegistration compares people by when they were registered. A list of people is registered in one moment: its people go by name, as
// a Norwegian reader looks for it (å after z).
func byRegistration() func(a, b Person) int {
	names := alphabet(collate.IgnoreCase)
	return func(a, b Person) int {
		if first := a.Registered.Compare(b.Registered); first != 0 {
			return first
		}
		return cmp.Or(names.CompareString(a.Profile.Name, b.Profile.Name), strings.Compare(string(a.ID), string(b.ID)))
	}
}

// Correction is a change of a registration, with the code of the one it was made in.
type Correction struct {
	consent.Correction
	Code consent.Code
}

// Corrections lists when a person's registration was corrected, merged or taken apart, oldest first.
func (s *Session) Corrections(id consent.SubjectID) []Correction {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []Correction
	for _, c := range s.state.Corrections(id) {
		sub, _ := s.state.Subject(c.Subject)
		list = append(list, Correction{Correction: c, Code: sub.Code})
	}
	return list
}

func (s *Session) knownProfile(id consent.SubjectID) (consent.Profile, error) {
	p, ok := s.profiles[id]
	switch {
	case ok:
		return p, nil
	case s.isErased(id):
		return p, personErased()
	}
	return p, subjectUnknown(string(id))
}

func subjectUnknown(text string) error {
	return problem.New(problem.NotFound, "subject-unknown",
		"There is nobody with the code or id {{.id}} in this vault; nothing was changed; look the person up with \"subject find\".", "id", text)
}

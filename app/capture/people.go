package capture

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

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
	Notes     string
	// Avoid: do not photograph this person; Name may then be a description ("red jacket").
	Avoid bool
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
	raw, err := uuid.NewRandomFromReader(s.Random)
	if err != nil {
		return Person{}, err
	}
	id := consent.SubjectID(raw.String())
	p := consent.Profile{Subject: id, Revision: 1, Name: r.Name, Phone: r.Phone, Email: r.Email, Born: r.Born, Guardians: slices.Clone(r.Guardians), Notes: r.Notes}
	if err := cmp.Or(p.Normalise(), p.CheckBorn(s.Clock())); err != nil {
		return Person{}, err
	}
	err = s.change(ctx, func(c *change) error {
		if _, err := s.knownShoot(r.Shoot); err != nil {
			return err
		}
		code, err := s.freeCode()
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
		if _, err := c.sign(evidence.Draft{Type: consent.SubjectRegistered, Subject: id, Shoot: r.Shoot,
			Body: consent.SubjectBody{Code: code, PIICommit: commit}}); err != nil {
			return err
		}
		if !r.Avoid {
			return nil
		}
		_, err = c.sign(evidence.Draft{Type: consent.SubjectAvoid, Subject: id, Shoot: r.Shoot, Body: consent.AvoidBody{Avoid: true}})
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return s.Person(id)
}

// Amendment changes a profile; nil fields stay as they are.
type Amendment struct {
	Name, Phone, Email, Born, Notes *string
	Guardians                       *[]consent.Guardian
	Avoid                           *bool
}

// Amend corrects a person's profile (GDPR art. 16).
func (s *Session) Amend(ctx context.Context, id consent.SubjectID, a Amendment) (Person, error) {
	err := s.change(ctx, func(c *change) error {
		p, err := s.knownProfile(id)
		if err != nil {
			return err
		}
		for field, value := range map[*string]*string{&p.Name: a.Name, &p.Phone: a.Phone, &p.Email: a.Email, &p.Born: a.Born, &p.Notes: a.Notes} {
			if value != nil {
				*field = *value
			}
		}
		if a.Guardians != nil {
			p.Guardians = keepGuardians(p.Guardians, *a.Guardians)
		}
		if err := cmp.Or(p.Normalise(), p.CheckBorn(c.at)); err != nil {
			return err
		}
		p.Revision++
		if err := c.putProfile(&p); err != nil {
			return err
		}
		commit, err := evidence.CommitProfile(p)
		if err != nil {
			return err
		}
		if _, err := c.sign(evidence.Draft{Type: consent.SubjectAmended, Subject: id, Body: consent.SubjectBody{PIICommit: commit}}); err != nil {
			return err
		}
		if a.Avoid == nil {
			return nil
		}
		_, err = c.sign(evidence.Draft{Type: consent.SubjectAvoid, Subject: id, Body: consent.AvoidBody{Avoid: *a.Avoid}})
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return s.Person(id)
}

// keepGuardians gives those who were guardians before their pseudonym back, found by name, so that what they signed stays theirs.
func keepGuardians(before, after []consent.Guardian) []consent.Guardian {
	kept := slices.Clone(after)
	for i := range kept {
		if at := slices.IndexFunc(before, func(g consent.Guardian) bool { return strings.EqualFold(g.Name, kept[i].Name) }); at >= 0 && kept[i].ID == "" {
			kept[i].ID = before[at].ID
		}
	}
	return kept
}

// putProfile gives the profile and its guardians what they lack and stores it for the library too.
func (c *change) putProfile(p *consent.Profile) error {
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

func (s *Session) freeCode() (consent.Code, error) {
	for {
		code, err := consent.NewCode(s.Random)
		if err != nil {
			return "", err
		}
		if _, taken := s.state.SubjectByCode(code); !taken {
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

// registration finds the very registration that an identifier or a short code names. The caller holds a lock.
func (s *Session) registration(text string) (consent.SubjectID, error) {
	if _, ok := s.state.Subject(consent.SubjectID(text)); ok {
		return consent.SubjectID(text), nil
	}
	if code, err := consent.ParseCode(text); err == nil {
		if id, ok := s.state.SubjectByCode(code); ok {
			return id, nil
		}
	}
	return "", subjectUnknown(text)
}

// People lists the persons of a shoot, or everybody when shoot is "", in the order of registration.
func (s *Session) People(shoot consent.ShootID) []Person {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []Person
	if shoot == "" {
		for _, sub := range s.state.Subjects() {
			if sub.MergedInto == "" {
				list = append(list, s.person(sub.ID))
			}
		}
		return list
	}
	seen := make(map[consent.SubjectID]bool, len(s.finder.present[shoot]))
	for id := range s.finder.present[shoot] {
		if id = s.state.Canonical(id); !seen[id] {
			seen[id] = true
			list = append(list, s.person(id))
		}
	}
	slices.SortFunc(list, func(a, b Person) int {
		return cmp.Or(a.Registered.Compare(b.Registered), strings.Compare(string(a.ID), string(b.ID)))
	})
	return list
}

func (s *Session) knownProfile(id consent.SubjectID) (consent.Profile, error) {
	p, ok := s.profiles[id]
	if !ok {
		return p, subjectUnknown(string(id))
	}
	return p, nil
}

func subjectUnknown(text string) error {
	return problem.New(problem.NotFound, "subject-unknown",
		"There is nobody with the code or id {{.id}} in this vault; nothing was changed; look the person up with \"subject find\".", "id", text)
}

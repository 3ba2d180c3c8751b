package capture

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// ShootDetails are what people know a shoot by. They may name people, so they are kept sealed.
type ShootDetails struct {
	Title        string `json:"title"`
	Place        string `json:"place,omitempty"`
	Date         string `json:"date"` // YYYY-MM-DD
	Photographer string `json:"photographer,omitempty"`
	// Form is the key of the form that people sign here; "" for the embedded one. See FormKey.
	Form string `json:"form,omitempty"`
}

// DefaultForm is the key of the form that every vault begins with, and that people sign where nobody has chosen another.
const DefaultForm = "default"

// FormKey is the key of the form in use at the shoot.
func (d ShootDetails) FormKey() string { return cmp.Or(d.Form, DefaultForm) }

// Shoot is one assignment.
type Shoot struct {
	consent.Shoot
	ShootDetails
	People, Assets int
}

// AddShoot registers an assignment. Without a date it is today's, without a form people sign the embedded one.
func (s *Session) AddShoot(ctx context.Context, d ShootDetails) (consent.ShootID, error) {
	raw, err := uuid.NewV7FromReader(s.Random)
	if err != nil {
		return "", err
	}
	id := consent.ShootID(raw.String())
	return id, s.change(ctx, func(c *change) error { return c.shootIs(id, consent.ShootCreated, d) })
}

// ShootChange changes what a shoot is called and which form people sign there; nil fields stay as they are.
type ShootChange struct {
	Title, Place, Date, Photographer *string
	Form                             *string // a key; see ShootDetails
}

// ChangeShoot corrects a shoot. Who signs from now on is asked the form that it names; what was signed before stays what it is. When two
// devices change one shoot at a time, the later change counts on both, as a whole.
func (s *Session) ChangeShoot(ctx context.Context, id consent.ShootID, to ShootChange) (ShootDetails, error) {
	var now ShootDetails
	err := s.change(ctx, func(c *change) error {
		before, err := s.knownShoot(id)
		if err != nil {
			return err
		}
		shoot, _ := s.state.Shoot(id)
		if _, read := s.shoots[shoot.Details]; !read {
			return problem.New(problem.NotFound, "shoot-details-elsewhere",
				"What the shoot is called now has not come to this device yet; nothing was changed; sync, then change it.")
		}
		now = before
		for field, value := range map[*string]*string{&now.Title: to.Title, &now.Place: to.Place, &now.Date: to.Date,
			&now.Photographer: to.Photographer, &now.Form: to.Form} {
			if value != nil {
				*field = *value
			}
		}
		if now, err = s.inOrder(now); err != nil || now == before {
			return err
		}
		c.at = s.state.AfterShoot(id, c.at)
		return c.shootIs(id, consent.ShootChanged, now)
	})
	return now, err
}

// shootIs signs what a shoot is called.
func (c *change) shootIs(id consent.ShootID, event consent.EventType, d ShootDetails) error {
	d, err := c.session.inOrder(d)
	if err != nil {
		return err
	}
	ref, err := details(c, "", ClassDetails, d)
	if err != nil {
		return err
	}
	c.then(func() { c.session.shoots[ref.SHA256] = d })
	_, err = c.sign(evidence.Draft{Type: event, Shoot: id, Body: consent.ShootBody{Details: ref.SHA256}})
	return err
}

// inOrder gives details as they are stored, or refuses them. The caller holds a lock or is inside a change.
func (s *Session) inOrder(d ShootDetails) (ShootDetails, error) {
	for _, text := range []*string{&d.Title, &d.Place, &d.Date, &d.Photographer, &d.Form} {
		*text = strings.TrimSpace(*text)
	}
	if d.Title == "" {
		return d, problem.New(problem.Invalid, "shoot-title-missing", "The shoot has no title; nothing was saved; give it a title that colleagues recognise.")
	}
	if d.Date == "" {
		d.Date = s.Clock().Format(time.DateOnly)
	}
	day, ok := consent.ReadDay(d.Date)
	if !ok {
		return d, problem.New(problem.Invalid, "shoot-date-wrong",
			"The date {{.date}} cannot be read; nothing was saved; write it like 2026-11-22.", "date", d.Date)
	}
	d.Date = day.Format(time.DateOnly)
	if d.Form == DefaultForm {
		d.Form = ""
	}
	_, _, err := s.currentForm(d.FormKey())
	return d, err
}

// Shoots lists the assignments, newest first.
func (s *Session) Shoots() []Shoot {
	s.mu.RLock()
	defer s.mu.RUnlock()
	people, pictures := map[consent.ShootID]int{}, map[consent.ShootID]int{}
	for _, sub := range s.state.Subjects() {
		if sub.Erased || sub.MergedInto != "" {
			continue
		}
		for _, id := range sub.Shoots {
			people[id]++
		}
	}
	for _, a := range s.state.Assets() {
		if !a.Removed {
			pictures[a.Shoot]++
		}
	}
	var list []Shoot
	for _, sh := range s.state.Shoots() {
		list = append(list, Shoot{Shoot: sh, ShootDetails: s.shootDetails(sh.ID), People: people[sh.ID], Assets: pictures[sh.ID]})
	}
	return list
}

// knownShoot finds a shoot or says that it is not here. The caller holds a lock or is inside a change.
func (s *Session) knownShoot(id consent.ShootID) (ShootDetails, error) {
	if _, ok := s.state.Shoot(id); !ok {
		return ShootDetails{}, problem.New(problem.NotFound, "shoot-unknown",
			"There is no shoot {{.id}} in this vault; nothing was changed; make one with \"shoot add\" or look at the list of shoots.", "id", id)
	}
	return s.shootDetails(id), nil
}

// shootDetails are what a shoot is called: what counts now, or, while that has not come to this device, what it was called before. The
// caller holds a lock or is inside a change.
func (s *Session) shootDetails(id consent.ShootID) ShootDetails {
	for _, hash := range s.state.ShootDetails(id) {
		if d, read := s.shoots[hash]; read {
			return d
		}
	}
	return ShootDetails{}
}

// readShoots reads what shoots are and were called, as far as that is on this device.
func (s *Session) readShoots(tx Blobs) (map[consent.BlobHash]ShootDetails, error) {
	named := map[consent.BlobHash]ShootDetails{}
	for _, shoot := range s.state.Shoots() {
		for _, hash := range s.state.ShootDetails(shoot.ID) {
			d, here, err := readDetails[ShootDetails](tx, hash)
			if err != nil {
				return nil, err
			}
			if here {
				named[hash] = d
			}
		}
	}
	return named, nil
}

// ShootForm is the form to ask people now at a shoot: the newest version of the one that it names. While that form has not come to this
// device it is an error, and not another form.
func (s *Session) ShootForm(id consent.ShootID) (PublishedForm, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, hash, err := s.formAt(id, "")
	if err != nil {
		return PublishedForm{}, err
	}
	return s.published(hash), nil
}

// formAt is the newest version of a form, of the one in use at a shoot when key is "". The caller holds a lock or is inside a change.
func (s *Session) formAt(shoot consent.ShootID, key string) (*consent.Form, consent.FormHash, error) {
	d, err := s.knownShoot(shoot)
	if err != nil {
		return nil, "", err
	}
	return s.currentForm(cmp.Or(key, d.FormKey()))
}

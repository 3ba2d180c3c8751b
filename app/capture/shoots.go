package capture

import (
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
}

// Shoot is one assignment.
type Shoot struct {
	consent.Shoot
	ShootDetails
	People, Assets int
}

// AddShoot registers an assignment. Without a date it is today's.
func (s *Session) AddShoot(ctx context.Context, d ShootDetails) (consent.ShootID, error) {
	d.Title, d.Place = strings.TrimSpace(d.Title), strings.TrimSpace(d.Place)
	if d.Title == "" {
		return "", problem.New(problem.Invalid, "shoot-title-missing", "The shoot has no title; nothing was saved; give it a title that colleagues recognise.")
	}
	if d.Date == "" {
		d.Date = s.Clock().Format(time.DateOnly)
	}
	if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
		return "", problem.New(problem.Invalid, "shoot-date-wrong",
			"The date {{.date}} cannot be read; nothing was saved; write it like 2026-11-22.", "date", d.Date)
	}
	raw, err := uuid.NewV7FromReader(s.Random)
	if err != nil {
		return "", err
	}
	id := consent.ShootID(raw.String())
	return id, s.change(ctx, func(c *change) error {
		ref, err := details(c, "", ClassDetails, d)
		if err != nil {
			return err
		}
		c.then(func() { s.shoots[id] = d })
		_, err = c.sign(evidence.Draft{Type: consent.ShootCreated, Shoot: id, Body: consent.ShootBody{Details: ref.SHA256}})
		return err
	})
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
		list = append(list, Shoot{Shoot: sh, ShootDetails: s.shoots[sh.ID], People: people[sh.ID], Assets: pictures[sh.ID]})
	}
	return list
}

// knownShoot finds a shoot or says that it is not here. The caller holds a lock or is inside a change.
func (s *Session) knownShoot(id consent.ShootID) (ShootDetails, error) {
	if _, ok := s.state.Shoot(id); !ok {
		return ShootDetails{}, problem.New(problem.NotFound, "shoot-unknown",
			"There is no shoot {{.id}} in this vault; nothing was changed; make one with \"shoot add\" or look at the list of shoots.", "id", id)
	}
	return s.shoots[id], nil
}

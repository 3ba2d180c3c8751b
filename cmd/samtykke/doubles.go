package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// nameJSON points to a person.
type nameJSON struct {
	ID   consent.SubjectID `json:"id"`
	Code consent.Code      `json:"code"`
}

type similarJSON struct {
	nameJSON
	Why string `json:"why"`
}

// similarOf lists who may be the person that a suspicion begins with.
func similarOf(doubles []capture.Double) []similarJSON {
	similar := []similarJSON{}
	for _, d := range doubles {
		similar = append(similar, similarJSON{nameJSON{d.B.ID, d.B.Code}, d.In("en")})
	}
	return similar
}

type subjectDuplicates struct {
	Shoot consent.ShootID `help:"Only those of whom one is at this shoot." placeholder:"ID"`
}

type doubleJSON struct {
	A   nameJSON `json:"a"`
	B   nameJSON `json:"b"`
	Why string   `json:"why"`
}

func (d *subjectDuplicates) Run(c *call) error {
	s, err := c.openAt(d.Shoot)
	if err != nil {
		return err
	}
	found := []doubleJSON{}
	var text strings.Builder
	for _, one := range s.Doubles(d.Shoot) {
		why := one.In("en")
		found = append(found, doubleJSON{nameJSON{one.A.ID, one.A.Code}, nameJSON{one.B.ID, one.B.Code}, why})
		fmt.Fprintf(&text, "%s %s = %s %s?  %s\n", one.A.Code, one.A.Profile.Name, one.B.Code, one.B.Profile.Name, why)
	}
	if len(found) == 0 {
		return c.answer(found, "Nobody looks registered twice.")
	}
	text.WriteString("If they are one person: subject merge FROM INTO. If not: subject different A B.")
	return c.answer(found, text.String())
}

type subjectDifferent struct {
	A string `arg:"" help:"Id or short code."`
	B string `arg:"" help:"Id or short code."`
}

func (d *subjectDifferent) Run(c *call) error {
	s, a, err := c.openFor(d.A)
	if err != nil {
		return err
	}
	b, err := s.Resolve(d.B)
	if err != nil {
		return err
	}
	if err := s.Different(c.context, a, b); err != nil {
		return err
	}
	return c.answer(map[string]any{"different": []consent.SubjectID{a, b}}, "Remembered: these are two people.")
}

type subjectMerge struct {
	From string `arg:"" help:"Id or short code of the registration that is one too many."`
	Into string `arg:"" help:"Id or short code of the one that stays."`
}

func (m *subjectMerge) Run(c *call) error {
	s, from, err := c.openFor(m.From)
	if err != nil {
		return err
	}
	into, err := s.Resolve(m.Into)
	if err != nil {
		return err
	}
	done, err := s.Merge(c.context, from, into)
	if err != nil {
		return err
	}
	p := done.Person
	return c.answer(map[string]any{"id": p.ID, "code": p.Code, "merged": from, "affected": done.Affected},
		fmt.Sprintf("%s  %s stands for both. Images that may now be used otherwise: %d.", p.Code, p.ID, len(done.Affected)))
}

type subjectUnmerge struct {
	From string `arg:"" help:"Id or short code of the registration that was merged away."`
}

func (u *subjectUnmerge) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	from, err := s.ResolveExactly(u.From)
	if err != nil {
		return err
	}
	done, err := s.Unmerge(c.context, from)
	if err != nil {
		return err
	}
	p := done.Person
	return c.answer(map[string]any{"id": p.ID, "code": p.Code, "affected": done.Affected},
		fmt.Sprintf("%s  %s is a person of their own again. Images that may now be used otherwise: %d.", p.Code, p.ID, len(done.Affected)))
}

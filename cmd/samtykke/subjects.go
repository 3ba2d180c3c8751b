package main

import (
	"fmt"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

type subjectCommand struct {
	Add        subjectAdd        `cmd:"" help:"Register a person."`
	Find       subjectFind       `cmd:"" help:"Find people by any part of what is known of them."`
	Show       subjectShow       `cmd:"" help:"Show a person."`
	Edit       subjectEdit       `cmd:"" help:"Correct a person."`
	Import     subjectImport     `cmd:"" help:"Register the people of a list."`
	Duplicates subjectDuplicates `cmd:"" help:"Who may be registered twice."`
	Different  subjectDifferent  `cmd:"" help:"Say that two are two people."`
	Merge      subjectMerge      `cmd:"" help:"Say that two registrations are one person."`
	Unmerge    subjectUnmerge    `cmd:"" help:"Take a merge back."`
	Export     subjectExport     `cmd:"" help:"Write all that is registered about a person into one file, to hand out."`
	Erase      subjectErase      `cmd:"" help:"Forget a person; only the proof without a name stays."`
}

type subjectAdd struct {
	Shoot    consent.ShootID `required:"" help:"The shoot." placeholder:"ID"`
	Name     string          `required:"" help:"Name, or a description with --avoid." placeholder:"S"`
	Phone    string          `help:"Phone; Norwegian without a country code." placeholder:"S"`
	Email    string          `help:"E-mail." placeholder:"S"`
	Born     string          `help:"Year or date of birth." placeholder:"YYYY[-MM-DD]"`
	Guardian []string        `help:"A guardian; may be repeated." placeholder:"\"name;phone;email\"" sep:"none"`
	Group    string          `help:"Class, department." placeholder:"S"`
	Notes    string          `help:"Notes; kept sealed." placeholder:"S"`
	Avoid    bool            `help:"Do not photograph this person."`
	Code     string          `help:"The code on the blank card that the person got (receipt cards --blank)." placeholder:"CODE"`
}

func (a *subjectAdd) Run(c *call) error {
	guardians, err := parseGuardians(a.Guardian)
	if err != nil {
		return err
	}
	code := consent.Code("")
	if a.Code != "" {
		if code, err = capture.ParseCardCode(a.Code); err != nil {
			return err
		}
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	p, err := s.Register(c.context, capture.Registration{Shoot: a.Shoot, Name: a.Name, Phone: a.Phone, Email: a.Email, Born: a.Born,
		Guardians: guardians, Group: a.Group, Notes: a.Notes, Avoid: a.Avoid, Code: code})
	if err != nil {
		return err
	}
	answer, text := map[string]any{"id": p.ID, "code": p.Code}, fmt.Sprintf("%s  %s", p.Code, p.ID)
	if similar := similarOf(s.DoublesOf(p.ID)); len(similar) > 0 {
		answer["similar"] = similar
		for _, other := range similar {
			text += fmt.Sprintf("\nMay be registered already: %s  %s", other.Code, other.Why)
		}
	}
	return c.answer(answer, text)
}

func parseGuardians(lines []string) ([]consent.Guardian, error) {
	var guardians []consent.Guardian
	for _, line := range lines {
		parts := strings.Split(line, ";")
		if len(parts) > 3 {
			return nil, problem.New(problem.Invalid, "guardian-unreadable",
				"A guardian is written \"name;phone;email\"; nothing was saved; leave out what you do not have.")
		}
		parts = append(parts, "", "")
		guardians = append(guardians, consent.Guardian{Name: parts[0], Phone: parts[1], Email: parts[2]})
	}
	return guardians, nil
}

type subjectFind struct {
	Text  string          `arg:"" help:"What to look for."`
	Shoot consent.ShootID `help:"Whose people come first." placeholder:"ID"`
	Limit int             `help:"How many at most; 0 for all." placeholder:"N"`
}

func (f *subjectFind) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	found := []personJSON{}
	var text strings.Builder
	for _, p := range s.Find(capture.Search{Text: f.Text, Shoot: f.Shoot, Limit: f.Limit}) {
		found = append(found, personOf(p))
		fmt.Fprintf(&text, "%s  %s  %s\n", p.Code, p.ID, p.Profile.Name)
	}
	return c.answer(found, strings.TrimRight(text.String(), "\n"))
}

// personJSON is a person as the commands answer.
type personJSON struct {
	ID        consent.SubjectID `json:"id"`
	Code      consent.Code      `json:"code"`
	Name      string            `json:"name"`
	Phone     string            `json:"phone,omitempty"`
	Email     string            `json:"email,omitempty"`
	Born      string            `json:"born,omitempty"`
	Guardians []guardianJSON    `json:"guardians,omitempty"`
	Group     string            `json:"group,omitempty"`
	Notes     string            `json:"notes,omitempty"`
	Avoid     bool              `json:"avoid"`
	Erased    bool              `json:"erased"`
	Consents  int               `json:"consents"`
	Shoots    []consent.ShootID `json:"shoots"`
	// Changes is when the registration was corrected; only "subject show" tells.
	Changes []changeJSON `json:"changes,omitempty"`
}

type changeJSON struct {
	ID   consent.EventID `json:"id"`
	At   time.Time       `json:"at"`
	Type string          `json:"type"` // "corrected", "merged", "unmerged", "avoid" or "not-avoid"
	// Code is the one whose registration was merged or taken apart.
	Code consent.Code `json:"code,omitempty"`
}

func changeOf(c capture.Correction) changeJSON {
	j := changeJSON{ID: c.ID, At: c.At, Type: "corrected"}
	switch {
	case c.Type == consent.SubjectMerged:
		if j.Type, j.Code = "merged", c.Code; c.Undo {
			j.Type = "unmerged"
		}
	case c.Type == consent.SubjectAvoid:
		if j.Type = "avoid"; c.Undo {
			j.Type = "not-avoid"
		}
	}
	return j
}

type guardianJSON struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

func personOf(p capture.Person) personJSON {
	j := personJSON{ID: p.ID, Code: p.Code, Name: p.Profile.Name, Phone: p.Profile.Phone, Email: p.Profile.Email, Born: p.Profile.Born,
		Group: p.Profile.Group, Notes: p.Profile.Notes, Avoid: p.Avoid, Erased: p.Erased, Consents: p.Signed, Shoots: p.Shoots}
	for _, g := range p.Profile.Guardians {
		j.Guardians = append(j.Guardians, guardianJSON{g.Name, g.Phone, g.Email})
	}
	return j
}

type subjectShow struct {
	ID string `arg:"" help:"Id or short code."`
}

func (sh *subjectShow) Run(c *call) error {
	s, id, err := c.openFor(sh.ID)
	if err != nil {
		return err
	}
	p, err := s.Person(id)
	if err != nil {
		return err
	}
	j := personOf(p)
	for _, correction := range s.Corrections(id) {
		j.Changes = append(j.Changes, changeOf(correction))
	}
	return c.answer(j, j.text())
}

// text is the person for people to read.
func (j personJSON) text() string {
	lines := []string{fmt.Sprintf("%s  %s", j.Code, j.ID), j.Name}
	if j.Avoid {
		lines = append(lines, "Do not photograph")
	}
	if j.Erased {
		lines = append(lines, "Erased: only the proof is left")
	}
	for _, detail := range []struct{ name, value string }{{"Phone", j.Phone}, {"E-mail", j.Email}, {"Born", j.Born}, {"Group", j.Group}, {"Notes", j.Notes}} {
		if detail.value != "" {
			lines = append(lines, detail.name+": "+detail.value)
		}
	}
	for i, g := range j.Guardians {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("guardian:%d  %s %s %s", i+1, g.Name, g.Phone, g.Email)))
	}
	lines = append(lines, fmt.Sprintf("Consents: %d", j.Consents))
	for _, change := range j.Changes {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s  %s %s", change.At.Local().Format(time.DateTime), change.Type, change.Code)))
	}
	return strings.Join(lines, "\n")
}

type subjectEdit struct {
	ID       string   `arg:"" help:"Id or short code."`
	Name     *string  `help:"Name." placeholder:"S"`
	Phone    *string  `help:"Phone." placeholder:"S"`
	Email    *string  `help:"E-mail." placeholder:"S"`
	Born     *string  `help:"Year or date of birth." placeholder:"YYYY[-MM-DD]"`
	Group    *string  `help:"Class, department." placeholder:"S"`
	Notes    *string  `help:"Notes." placeholder:"S"`
	Guardian []string `help:"All guardians anew; may be repeated." placeholder:"\"name;phone;email\"" sep:"none"`
	Avoid    *bool    `help:"Do not photograph this person." negatable:""`
}

func (e *subjectEdit) Run(c *call) error {
	amendment := capture.Amendment{Name: e.Name, Phone: e.Phone, Email: e.Email, Born: e.Born, Group: e.Group, Notes: e.Notes, Avoid: e.Avoid}
	if e.Guardian != nil {
		guardians, err := parseGuardians(e.Guardian)
		if err != nil {
			return err
		}
		amendment.Guardians = &guardians
	}
	s, id, err := c.openFor(e.ID)
	if err != nil {
		return err
	}
	p, err := s.Amend(c.context, id, amendment)
	if err != nil {
		return err
	}
	return c.answer(personOf(p), fmt.Sprintf("%s is corrected", p.Code))
}

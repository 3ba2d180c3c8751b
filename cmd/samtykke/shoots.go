package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

type shootCommand struct {
	Add  shootAdd  `cmd:"" help:"Register a shoot."`
	Edit shootEdit `cmd:"" help:"Change what a shoot is called, and the form people sign there."`
	List shootList `cmd:"" help:"List the shoots."`
}

type shootAdd struct {
	Title        string `required:"" help:"What colleagues call it." placeholder:"S"`
	Place        string `help:"Where it is." placeholder:"S"`
	Date         string `help:"YYYY-MM-DD; today when left out." placeholder:"D"`
	Photographer string `help:"Who takes the pictures." placeholder:"S"`
	Form         string `help:"Key of the form that people sign there." default:"default" placeholder:"KEY"`
}

func (a *shootAdd) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	id, err := s.AddShoot(c.context, capture.ShootDetails{Title: a.Title, Place: a.Place, Date: a.Date, Photographer: a.Photographer, Form: a.Form})
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": id}, string(id))
}

type shootEdit struct {
	ID           consent.ShootID `arg:"" help:"Id."`
	Title        *string         `help:"What colleagues call it." placeholder:"S"`
	Place        *string         `help:"Where it is." placeholder:"S"`
	Date         *string         `help:"YYYY-MM-DD." placeholder:"D"`
	Photographer *string         `help:"Who takes the pictures." placeholder:"S"`
	Form         *string         `help:"Key of the form that people sign there from now on." placeholder:"KEY"`
}

func (e *shootEdit) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	d, err := s.ChangeShoot(c.context, e.ID, capture.ShootChange{Title: e.Title, Place: e.Place, Date: e.Date, Photographer: e.Photographer, Form: e.Form})
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": e.ID, "title": d.Title, "place": d.Place, "date": d.Date, "photographer": d.Photographer, "form": d.FormKey()},
		fmt.Sprintf("%s  %s  %s, form %s", e.ID, d.Date, d.Title, d.FormKey()))
}

type shootList struct{}

func (*shootList) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	type row struct {
		ID     consent.ShootID `json:"id"`
		Title  string          `json:"title"`
		Place  string          `json:"place"`
		Date   string          `json:"date"`
		Form   string          `json:"form"`
		People int             `json:"people"`
		Assets int             `json:"assets"`
	}
	rows := []row{}
	var text strings.Builder
	for _, sh := range s.Shoots() {
		rows = append(rows, row{sh.ID, sh.Title, sh.Place, sh.Date, sh.FormKey(), sh.People, sh.Assets})
		fmt.Fprintf(&text, "%s  %s  %s (%d people, %d images)\n", sh.ID, sh.Date, sh.Title, sh.People, sh.Assets)
	}
	return c.answer(rows, strings.TrimRight(text.String(), "\n"))
}

package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

type shootCommand struct {
	Add  shootAdd  `cmd:"" help:"Register a shoot."`
	List shootList `cmd:"" help:"List the shoots."`
}

type shootAdd struct {
	Title        string `required:"" help:"What colleagues call it." placeholder:"S"`
	Place        string `help:"Where it is." placeholder:"S"`
	Date         string `help:"YYYY-MM-DD; today when left out." placeholder:"D"`
	Photographer string `help:"Who takes the pictures." placeholder:"S"`
}

func (a *shootAdd) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	id, err := s.AddShoot(c.context, capture.ShootDetails{Title: a.Title, Place: a.Place, Date: a.Date, Photographer: a.Photographer})
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": id}, string(id))
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
		People int             `json:"people"`
		Assets int             `json:"assets"`
	}
	rows := []row{}
	var text strings.Builder
	for _, sh := range s.Shoots() {
		rows = append(rows, row{sh.ID, sh.Title, sh.Place, sh.Date, sh.People, sh.Assets})
		fmt.Fprintf(&text, "%s  %s  %s (%d people, %d images)\n", sh.ID, sh.Date, sh.Title, sh.People, sh.Assets)
	}
	return c.answer(rows, strings.TrimRight(text.String(), "\n"))
}

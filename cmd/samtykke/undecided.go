package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
)

type imageUndecided struct {
	Shoot consent.ShootID `help:"Only of this shoot." placeholder:"ID"`
}

type undecidedJSON struct {
	ID         consent.AssetID   `json:"id"`
	Name       string            `json:"name"`
	Shoot      consent.ShootID   `json:"shoot"`
	Undecided  capture.Undecided `json:"undecided"`
	Reason     string            `json:"reason"`
	Candidates []imageSubject    `json:"candidates"` // whose it may be
}

func (u *imageUndecided) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	if u.Shoot != "" {
		if err := s.KnownShoot(u.Shoot); err != nil {
			return err
		}
	}
	rows, texts := []undecidedJSON{}, assets.NewTexts(language)
	var text strings.Builder
	for _, img := range s.Undecided(u.Shoot) {
		row := undecidedJSON{ID: img.ID, Name: img.Name, Shoot: img.Shoot, Undecided: img.File.Undecided,
			Reason: texts.T("undecided."+string(img.File.Undecided), nil), Candidates: []imageSubject{}}
		codes := []string{}
		for _, p := range img.Candidates {
			row.Candidates, codes = append(row.Candidates, imageSubject(p)), append(codes, string(p.Code))
		}
		rows = append(rows, row)
		fmt.Fprintf(&text, "%.12s  %s  %s  %s\n", img.ID, img.Name, strings.Join(codes, " "), row.Reason)
	}
	if len(rows) == 0 {
		text.WriteString("There is no image about which anybody has to say whose it is.")
	}
	return c.answer(rows, strings.TrimRight(text.String(), "\n"))
}

type imageSettle struct {
	imageChoice
	Subject []string `xor:"whose" required:"" help:"Whose: id, short code, or a name that fits one person of the shoot; several with commas, or repeated." placeholder:"ID"`
	Nobody  bool     `xor:"whose" required:"" help:"Nobody's whose card was photographed."`
	Card    bool     `help:"The image shows a card that could not be read, and this is whose it is; with --nobody, that it is none. What follows it is settled with it."`
	Assets  []string `arg:"" optional:"" name:"asset" help:"Images, by id or name."`
}

func (i *imageSettle) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	images, err := i.resolve(s, i.Assets)
	if err != nil {
		return err
	}
	people, err := s.WhoAre(i.Shoot, i.Subject)
	if err != nil {
		return err
	}
	settled := len(images)
	if i.Card {
		for _, image := range images {
			followed, err := s.SettleCard(c.context, image, people...)
			if err != nil {
				return err
			}
			settled += followed
		}
	} else if err := s.Settle(c.context, images, people...); err != nil {
		return err
	}
	left := len(s.Undecided(i.Shoot))
	return c.answer(map[string]any{"subjects": people, "settled": settled, "undecided": left},
		fmt.Sprintf("%d images settled, %d at this shoot are undecided", settled, left))
}

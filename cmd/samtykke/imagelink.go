package main

import (
	"context"
	"fmt"
	"strconv"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// imageChoice says which images are meant: by name, or by when they were taken.
type imageChoice struct {
	Shoot     consent.ShootID `help:"The shoot whose people and pictures are meant." placeholder:"ID"`
	TakenFrom string          `help:"All pictures of the shoot taken from this time: 14:05, 14:05:30, \"2026-11-22 14:05\" or RFC 3339." placeholder:"TIME"`
	TakenTo   string          `help:"Until this time, included." placeholder:"TIME"`
}

// resolve finds the images; the shoot is that of the first one when none was named.
func (i *imageChoice) resolve(s *capture.Session, names []string) ([]consent.AssetID, error) {
	assets, err := resolveAssets(s, names)
	if err != nil {
		return nil, err
	}
	if (i.TakenFrom == "") != (i.TakenTo == "") || (i.TakenFrom != "" && i.Shoot == "") {
		return nil, fmt.Errorf("%w: --taken-from, --taken-to and --shoot go together", errUsage)
	}
	if i.TakenFrom != "" {
		taken, err := s.TakenBetween(i.Shoot, i.TakenFrom, i.TakenTo)
		if err != nil {
			return nil, err
		}
		assets = append(assets, taken...)
	}
	if len(assets) == 0 {
		return nil, fmt.Errorf("%w: name the images, or --shoot with --taken-from and --taken-to", errUsage)
	}
	if i.Shoot == "" {
		img, err := s.Image(assets[0])
		if err != nil {
			return nil, err
		}
		i.Shoot = img.Shoot
	}
	return assets, nil
}

func resolveAssets(s *capture.Session, names []string) ([]consent.AssetID, error) {
	assets := make([]consent.AssetID, len(names))
	for i, name := range names {
		id, err := s.ResolveAsset(name)
		if err != nil {
			return nil, err
		}
		assets[i] = id
	}
	return assets, nil
}

// partFlags name a part of a film or a recording.
type partFlags struct {
	From float64 `help:"Where the part begins, for films and recordings." placeholder:"SECONDS"`
	To   float64 `help:"Where it ends." placeholder:"SECONDS"`
}

func (p partFlags) span() consent.Span { return consent.Span{From: p.From, To: p.To} }

// linkFlags are what linking and its opposite are told.
type linkFlags struct {
	partFlags
	imageChoice
	Subject []string `required:"" help:"Who: id, short code, or a name that fits one person of the shoot; several with commas, or repeated." placeholder:"ID"`
	Assets  []string `arg:"" optional:"" name:"asset" help:"Images, by id or name."`
}

// do finds out who and which images are meant and does one thing to all of them.
func (l *linkFlags) do(c *call, verb string, act func(*capture.Session, []consent.SubjectID, []consent.AssetID) (any, error)) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	assets, err := l.resolve(s, l.Assets)
	if err != nil {
		return err
	}
	people, err := s.WhoAre(l.Shoot, l.Subject)
	if err != nil {
		return err
	}
	links, err := act(s, people, assets)
	if err != nil {
		return err
	}
	answer := map[string]any{"subjects": people, verb: assets}
	if len(people) == 1 {
		answer["subject"] = people[0]
	}
	text := counted(len(assets), "image", "images") + " " + verb
	if links != nil {
		answer["links"] = links
		text += fmt.Sprintf(", %d new links", links)
	}
	return c.answer(answer, text)
}

type imageLink struct{ linkFlags }

func (l *imageLink) Run(c *call) error {
	return l.do(c, "linked", func(s *capture.Session, people []consent.SubjectID, assets []consent.AssetID) (any, error) {
		return s.LinkPeople(c.context, people, l.span(), assets...)
	})
}

type imageUnlink struct{ linkFlags }

func (u *imageUnlink) Run(c *call) error {
	return u.do(c, "unlinked", func(s *capture.Session, people []consent.SubjectID, assets []consent.AssetID) (any, error) {
		return nil, s.UnlinkPeople(c.context, people, u.span(), assets...)
	})
}

type imagePeople struct {
	imageChoice
	Given []string `arg:"" name:"asset… n" help:"Images, by id or name, and last how many people can be recognised on each; 0 for none."`
}

func (p *imagePeople) Run(c *call) error {
	last := len(p.Given) - 1
	count, err := strconv.Atoi(p.Given[last])
	if err != nil {
		return fmt.Errorf("%w: the number of people stands last, not %q", errUsage, p.Given[last])
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	assets, err := p.resolve(s, p.Given[:last])
	if err != nil {
		return err
	}
	if err := s.SetPeople(c.context, count, assets...); err != nil {
		return err
	}
	people := counted(count, "person", "people")
	answer, text := map[string]any{"ids": assets, "people_count": count}, people
	if len(assets) == 1 {
		answer["id"] = assets[0]
	} else {
		text = fmt.Sprintf("%s on each of %d images", people, len(assets))
	}
	return c.answer(answer, text)
}

type imageUndo struct{}

func (*imageUndo) Run(c *call) error {
	return c.turn((*capture.Session).Undo)
}

type imageRedo struct{}

func (*imageRedo) Run(c *call) error {
	return c.turn((*capture.Session).Redo)
}

// turn undoes or does again, and says what.
func (c *call) turn(way func(*capture.Session, context.Context) (capture.Undone, error)) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	turned, err := way(s, c.context)
	if err != nil {
		return err
	}
	verb := "undone"
	if turned.Redone {
		verb = "redone"
	}
	text := s.Words(turned, language)
	return c.answer(map[string]any{verb: turned.Kind, "text": text, "images": turned.Changed, "at": moment(turned.At)}, text)
}

package main

import (
	"fmt"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

type imageApprove struct {
	Assets  []string `arg:"" name:"asset" help:"Images, by id or name."`
	Subject string   `required:"" help:"Id or short code." placeholder:"ID"`
	Reason  string   `help:"In the person's words; kept sealed." placeholder:"S"`
}

func (a *imageApprove) Run(c *call) error {
	return c.approve(a.Subject, a.Assets, "approved", capture.Approval{Approved: true, Reason: a.Reason})
}

type imageReject struct {
	Assets  []string `arg:"" name:"asset" help:"Images, by id or name."`
	Subject string   `required:"" help:"Id or short code." placeholder:"ID"`
	Reason  string   `help:"In the person's words; kept sealed." placeholder:"S"`
}

func (r *imageReject) Run(c *call) error {
	return c.approve(r.Subject, r.Assets, "rejected", capture.Approval{Reason: r.Reason})
}

func (c *call) approve(subject string, names []string, verb string, approval capture.Approval) error {
	return c.onAssets(subject, names, verb, func(s *capture.Session, id consent.SubjectID, assets []consent.AssetID) error {
		approval.Subject, approval.Assets = id, assets
		return s.Approve(c.context, approval)
	})
}

type imageShow struct {
	Asset string `arg:"" help:"The image, by id or name."`
}

// imageDetailsJSON is everything that is known of an image.
type imageDetailsJSON struct {
	imageJSON
	Size       int64                               `json:"size"` // bytes
	MIME       string                              `json:"mime"`
	Imported   time.Time                           `json:"imported"`
	TakenAt    *time.Time                          `json:"taken_at"`
	Camera     string                              `json:"camera,omitempty"`
	Here       bool                                `json:"here"` // its bytes can be read on this device
	Removed    bool                                `json:"removed"`
	Ground     consent.Ground                      `json:"ground"`
	Why        *string                             `json:"why"` // the ground's justification; null when it is not on this device
	People     []imagePersonJSON                   `json:"people"`
	Clearance  map[consent.Channel]consent.Verdict `json:"clearance"`
	Deliveries []deliveryJSON                      `json:"deliveries"`
}

type imagePersonJSON struct {
	ID    consent.SubjectID `json:"id"`
	Code  consent.Code      `json:"code"`
	Name  string            `json:"name,omitempty"`
	Parts []consent.Span    `json:"parts"`  // empty for the whole
	Said  string            `json:"said"`   // approved, rejected or ""
	Says  string            `json:"reason"` // why, in their words, as far as it is on this device
}

func (sh *imageShow) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	id, err := s.ResolveAsset(sh.Asset)
	if err != nil {
		return err
	}
	known, err := s.ImageDetails(c.context, id)
	if err != nil {
		return err
	}
	img := known.Image
	j := imageDetailsJSON{imageJSON: imageOf(img), Size: img.Size, MIME: img.MIME, Imported: img.Imported, TakenAt: moment(img.File.TakenAt),
		Camera: img.File.Camera, Here: img.Here, Removed: img.Removed, Ground: img.Ground, Why: known.GroundWhy, People: []imagePersonJSON{},
		Clearance: known.Clearance, Deliveries: deliveriesOf(known.Deliveries, true)}
	for _, p := range known.People {
		j.People = append(j.People, imagePersonJSON{ID: p.ID, Code: p.Code, Name: p.Name, Parts: p.Parts, Said: p.Said, Says: p.Reason})
	}
	return c.answer(j, j.text(s))
}

// text is the image for people to read.
func (j imageDetailsJSON) text(s *capture.Session) string {
	lines := []string{string(j.ID), fmt.Sprintf("%s, %s, %d bytes, imported %s", j.Name, j.Kind, j.Size, j.Imported.Local().Format(time.DateOnly))}
	if j.Removed {
		lines = append(lines, "Taken out of the library")
	}
	if !j.Here {
		lines = append(lines, "Its bytes are not on this device")
	}
	people := "Nobody has said how many people can be recognised"
	if j.PeopleCount != nil {
		people = fmt.Sprintf("People who can be recognised: %d", *j.PeopleCount)
	}
	ground := "Ground: " + string(j.Ground)
	if j.Why != nil {
		ground += ", because " + *j.Why
	}
	lines = append(lines, people, ground)
	for _, p := range j.People {
		line := strings.TrimSpace(string(p.Code) + "  " + p.Name)
		for _, part := range p.Parts {
			line += fmt.Sprintf("  %g–%g s", part.From, part.To)
		}
		if p.Said != "" {
			line += "  " + p.Said
		}
		if p.Says != "" {
			line += ": " + p.Says
		}
		lines = append(lines, line)
	}
	for _, channel := range s.Channels() {
		lines = append(lines, fmt.Sprintf("  %-10s %s", channel, j.Clearance[channel]))
	}
	for _, d := range j.Deliveries {
		lines = append(lines, fmt.Sprintf("Left for %s on %s, ground %s", s.ChannelTitle(d.Channel, language), d.At.Local().Format("2006-01-02 15:04"), d.Ground))
	}
	return strings.Join(lines, "\n")
}

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
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
	Serial     string                              `json:"serial,omitempty"`       // of the camera
	Offset     float64                             `json:"clock_offset,omitempty"` // seconds by which the camera's clock was corrected
	Duration   float64                             `json:"duration,omitempty"`     // seconds
	Undecided  capture.Undecided                   `json:"undecided,omitempty"`    // why nobody knows whose it is
	Candidates []imageSubject                      `json:"candidates,omitempty"`   // whose it may be
	Path       string                              `json:"path,omitempty"`         // where it lies, outside the vault
	Reference  capture.ReferenceState              `json:"reference,omitempty"`    // whether what lies there is what was imported
	Here       bool                                `json:"here"`                   // its bytes can be read on this device
	Removed    bool                                `json:"removed"`
	Ground     consent.Ground                      `json:"ground"`
	Why        *string                             `json:"why"` // the ground's justification; null when it is not on this device
	People     []imagePersonJSON                   `json:"people"`
	Clearance  map[consent.Channel]consent.Verdict `json:"clearance"`
	Deliveries []deliveryJSON                      `json:"deliveries"`
}

// companionJSON is a file that came with an image: the raw file of a JPEG, a sidecar.
type companionJSON struct {
	SHA256 consent.BlobHash `json:"sha256"`
	Name   string           `json:"name,omitempty"` // "" when another device imported it
	MIME   string           `json:"mime"`
	Size   int64            `json:"size"` // bytes
}

func companionsOf(img capture.Image) []companionJSON {
	list := []companionJSON{}
	for _, c := range img.Companions {
		j := companionJSON{SHA256: c.SHA256, MIME: c.MIME, Size: c.Size}
		if at := slices.IndexFunc(img.File.Companions, func(f capture.CompanionFile) bool { return f.SHA256 == c.SHA256 }); at >= 0 {
			j.Name = img.File.Companions[at].Name
		}
		list = append(list, j)
	}
	return list
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
		Camera: img.File.Camera, Serial: img.File.Serial, Offset: img.File.ClockOffset.Seconds(), Duration: img.File.Duration.Seconds(),
		Undecided: img.File.Undecided, Path: img.File.Path, Here: img.Here, Removed: img.Removed, Ground: img.Ground, Why: known.GroundWhy, People: []imagePersonJSON{},
		Clearance: known.Clearance, Deliveries: deliveriesOf(known.Deliveries, true)}
	for _, p := range known.People {
		j.People = append(j.People, imagePersonJSON{ID: p.ID, Code: p.Code, Name: p.Name, Parts: p.Parts, Said: p.Said, Says: p.Reason})
	}
	for _, subject := range img.File.Candidates {
		if p, err := s.Person(subject); err == nil {
			j.Candidates = append(j.Candidates, imageSubject{ID: p.ID, Code: p.Code})
		}
	}
	if j.Path != "" {
		if j.Reference, err = s.CheckReference(c.context, id); err != nil {
			return err
		}
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
	lines = append(lines, j.file()...)
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

// file is what there is to know about the file and how it came here.
func (j imageDetailsJSON) file() []string {
	texts := assets.NewTexts(language)
	var lines []string
	if j.TakenAt != nil {
		line := "Taken " + j.TakenAt.Format(time.DateTime)
		if j.Offset != 0 {
			line += fmt.Sprintf(" (its clock was corrected by %s)", time.Duration(j.Offset*float64(time.Second)))
		}
		if j.Camera != "" {
			line += " with " + strings.TrimSpace(j.Camera+" "+j.Serial)
		}
		lines = append(lines, line)
	}
	if j.Duration > 0 {
		lines = append(lines, "Lasts "+time.Duration(j.Duration*float64(time.Second)).Round(time.Second/10).String())
	}
	for _, companion := range j.Companions {
		lines = append(lines, fmt.Sprintf("With %s, %s, %d bytes", cmp.Or(companion.Name, string(companion.SHA256[:12])), companion.MIME, companion.Size))
	}
	if j.Reference != "" {
		lines = append(lines, j.Path+": "+texts.T("reference."+string(j.Reference), nil))
	}
	if j.Undecided != "" {
		line := "Nobody has said whose it is: " + texts.T("undecided."+string(j.Undecided), nil)
		for _, candidate := range j.Candidates {
			line += " " + string(candidate.Code)
		}
		lines = append(lines, line)
	}
	return lines
}

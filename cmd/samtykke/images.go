package main

import (
	"fmt"
	"strings"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

type imageCommand struct {
	Import    imageImport    `cmd:"" help:"Bring pictures in."`
	Cameras   imageCameras   `cmd:"" help:"List a shoot's cameras, and correct the times of one whose clock is wrong."`
	List      imageList      `cmd:"" help:"List the images."`
	Undecided imageUndecided `cmd:"" help:"List the images about which somebody has to say whose they are."`
	Settle    imageSettle    `cmd:"" help:"Say whose undecided images are."`
	Show      imageShow      `cmd:"" help:"Show everything that is known of an image."`
	Link      imageLink      `cmd:"" help:"Say that people appear on images."`
	Unlink    imageUnlink    `cmd:"" help:"Say that people do not appear on images."`
	People    imagePeople    `cmd:"" help:"Say how many people can be recognised on images."`
	Ground    imageGround    `cmd:"" help:"Say on which ground an image may be used."`
	Approve   imageApprove   `cmd:"" help:"Record that a person approves of these very images."`
	Reject    imageReject    `cmd:"" help:"Record that a person does not want these very images to be used."`
	Undo      imageUndo      `cmd:"" help:"Undo the last linking, counting or setting of a ground; again, the one before."`
	Redo      imageRedo      `cmd:"" help:"Do again what was undone last."`
	Clear     imageClear     `cmd:"" help:"Ask whether an image may be used in a channel now."`
	Export    imageExport    `cmd:"" help:"Write cleared copies."`
	Remove    imageRemove    `cmd:"" help:"Take images out of use and off this device."`

	Check    imageCheck    `cmd:"" help:"See whether the files that were left outside the vault are still what was imported."`
	Relocate imageRelocate `cmd:"" help:"Say where files that were left outside the vault are now."`
}

type imageList struct {
	Shoot   consent.ShootID `help:"Only of this shoot." placeholder:"ID"`
	Channel consent.Channel `help:"With --answer: the channel." placeholder:"C"`
	Answer  consent.Verdict `help:"Only those with this answer." enum:"yes,no,not-yet," default:"" placeholder:"A"`
}

type imageJSON struct {
	ID          consent.AssetID     `json:"id"`
	Name        string              `json:"name"`
	Kind        consent.MediaKind   `json:"kind"`
	Shoot       consent.ShootID     `json:"shoot"`
	PeopleCount *int                `json:"people_count"` // null while nobody has said
	Subjects    []imageSubject      `json:"subjects"`
	Slate       []consent.SubjectID `json:"slate,omitempty"` // whose card it shows
	Card        capture.CardKind    `json:"card,omitempty"`  // what kind of card, when nobody's frames follow it: end, unknown, avoid or unreadable
	Companions  []companionJSON     `json:"companions"`
}

type imageSubject struct {
	ID   consent.SubjectID `json:"id"`
	Code consent.Code      `json:"code"`
}

func imageOf(img capture.Image) imageJSON {
	j := imageJSON{ID: img.ID, Name: img.Name, Kind: img.Kind, Shoot: img.Shoot, Subjects: []imageSubject{}, Slate: img.File.Slate, Card: img.File.Card,
		Companions: companionsOf(img)}
	if img.PeopleCount >= 0 {
		j.PeopleCount = &img.PeopleCount
	}
	for _, p := range img.People {
		j.Subjects = append(j.Subjects, imageSubject(p))
	}
	return j
}

func (l *imageList) Run(c *call) error {
	if (l.Channel == "") != (l.Answer == "") {
		return fmt.Errorf("%w: --channel and --answer go together", errUsage)
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	if l.Channel != "" {
		if err := s.KnownChannel(l.Channel); err != nil {
			return err
		}
	}
	if l.Shoot != "" {
		if err := s.KnownShoot(l.Shoot); err != nil {
			return err
		}
	}
	rows := []imageJSON{}
	var text strings.Builder
	for _, img := range s.Images(capture.ImageFilter{Shoot: l.Shoot, Channel: l.Channel, Verdict: l.Answer}) {
		codes := []string{}
		for _, p := range img.People {
			codes = append(codes, string(p.Code))
		}
		if img.File.ShowsCard() {
			codes = append(codes, "(card)")
		}
		rows = append(rows, imageOf(img))
		fmt.Fprintf(&text, "%.12s  %s  %s\n", img.ID, img.Name, strings.Join(codes, " "))
	}
	return c.answer(rows, strings.TrimRight(text.String(), "\n"))
}

// onAssets resolves what was typed and does one thing to all of it.
func (c *call) onAssets(subject string, names []string, verb string, do func(*capture.Session, consent.SubjectID, []consent.AssetID) error) error {
	s, id, err := c.openFor(subject)
	if err != nil {
		return err
	}
	assets, err := resolveAssets(s, names)
	if err != nil {
		return err
	}
	if err := do(s, id, assets); err != nil {
		return err
	}
	return c.answer(map[string]any{"subject": id, verb: assets}, counted(len(assets), "image", "images")+" "+verb)
}

type imageGround struct {
	Asset  string         `arg:"" help:"The image, by id or name."`
	Ground consent.Ground `arg:"" name:"g" help:"consent, avl104_a to avl104_e, anonymised, not-identifiable."`
	Why    string         `help:"Why the ground applies; required for all but consent." placeholder:"S"`
}

func (g *imageGround) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	id, err := s.ResolveAsset(g.Asset)
	if err != nil {
		return err
	}
	if err := s.SetGround(c.context, id, g.Ground, g.Why); err != nil {
		return err
	}
	return c.answer(map[string]any{"id": id, "ground": g.Ground}, "The ground is "+string(g.Ground))
}

type imageClear struct {
	partFlags
	Asset   string          `arg:"" help:"The image, by id or name."`
	Channel consent.Channel `required:"" help:"The channel." placeholder:"C"`
}

type reasonJSON struct {
	Code   consent.Code `json:"code"`
	Status string       `json:"status"`
	Text   string       `json:"text"`
}

func reasonsOf(reasons []capture.ClearReason) []reasonJSON {
	list := []reasonJSON{}
	for _, r := range reasons {
		list = append(list, reasonJSON{r.Code, r.Status, r.Text})
	}
	return list
}

func (cl *imageClear) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	id, err := s.ResolveAsset(cl.Asset)
	if err != nil {
		return err
	}
	answer, err := s.ClearPart(id, cl.Channel, cl.span(), language)
	if err != nil {
		return err
	}
	text := string(answer.Answer)
	for _, r := range answer.Reasons {
		text += "\n  " + r.Text
	}
	return c.answer(map[string]any{"answer": answer.Answer, "reasons": reasonsOf(answer.Reasons)}, text)
}

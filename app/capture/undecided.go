package capture

import (
	"context"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Undecided is why a person has to say whose picture this is.
type Undecided string

// The reasons. Their texts are "undecided." and the reason in the translations.
const (
	// UndecidedUnreadable: a card is in the picture, or in the one that the picture follows, and cannot be read.
	UndecidedUnreadable Undecided = "unreadable"
	// UndecidedUnknown: the picture follows a card of nobody here.
	UndecidedUnknown Undecided = "unknown"
	// UndecidedTime: cards surround it and the times do not tell on which side of them it was taken.
	UndecidedTime Undecided = "time"
	// UndecidedLate: so long after the last card that somebody else may stand before the camera.
	UndecidedLate Undecided = "late"
	// UndecidedGroup: the cards before it were photographed so far apart that it may show all of their people or only the last.
	UndecidedGroup Undecided = "group"
)

// UndecidedFile is a file of an import about which somebody has to say whose it is.
type UndecidedFile struct {
	Path       string
	Asset      consent.AssetID
	Why        Undecided
	Candidates []consent.SubjectID // whose it may be
}

// UndecidedImage is an image about which somebody has to say whose it is.
type UndecidedImage struct {
	Image
	Candidates []ImagePerson // whose it may be, as they stand now
}

// Asks tells whether somebody has to say whose the image is.
func (i Image) Asks() bool {
	linkedElsewhere := len(i.People) > 0 && i.File.Undecided != UndecidedUnknown // on another device
	return i.File.Undecided != "" && !linkedElsewhere
}

// Undecided lists the images of a shoot, or of all with "", about which somebody has to say whose they are, in order of capture.
// Linking, counting no people, and Settle end that.
func (s *Session) Undecided(shoot consent.ShootID) []UndecidedImage {
	var list []UndecidedImage
	for _, img := range s.Images(ImageFilter{Shoot: shoot}) {
		if !img.Asks() {
			continue
		}
		undecided := UndecidedImage{Image: img, Candidates: []ImagePerson{}}
		s.mu.RLock()
		for _, id := range img.File.Candidates {
			id = s.state.Canonical(id)
			if sub, ok := s.state.Subject(id); ok && !sub.Erased && !slices.Contains(undecided.Candidates, ImagePerson{ID: id, Code: sub.Code}) {
				undecided.Candidates = append(undecided.Candidates, ImagePerson{ID: id, Code: sub.Code})
			}
		}
		s.mu.RUnlock()
		list = append(list, undecided)
	}
	return list
}

// Settle says whose undecided images are: they are linked to these people, or, without any, to nobody for now. How many people they
// show is another question. Images that nobody asked about are linked all the same.
func (s *Session) Settle(ctx context.Context, images []consent.AssetID, subjects ...consent.SubjectID) error {
	return s.change(ctx, func(c *change) error {
		linked, err := s.linkable(subjects)
		if err != nil {
			return err
		}
		for _, asset := range once(images) {
			if err := c.settle(asset, linked); err != nil {
				return err
			}
		}
		return c.undoable(&keptAct{Act: Act{Kind: ActSettled}})
	})
}

// settle links an image and ends the question about it.
func (c *change) settle(asset consent.AssetID, subjects []consent.SubjectID) error {
	if _, ok := c.session.state.Asset(asset); !ok {
		return assetUnknown(string(asset))
	}
	for _, subject := range subjects {
		if _, err := c.link(subject, asset, consent.Span{}); err != nil {
			return err
		}
	}
	return c.decided(asset)
}

// SettleCard says whose card it is that an image shows and that could not be read, or, without people, that it shows none. What follows
// it and was undecided for that reason is decided with it; it returns how many images that were.
func (s *Session) SettleCard(ctx context.Context, asset consent.AssetID, subjects ...consent.SubjectID) (int, error) {
	followed := 0
	err := s.change(ctx, func(c *change) error {
		followed = 0
		holders, err := s.linkable(subjects)
		if err != nil {
			return err
		}
		card, here := s.files[asset]
		a, known := s.state.Asset(asset)
		switch {
		case !known:
			return assetUnknown(string(asset))
		case !here || card.Card != CardUnreadable:
			return problem.New(problem.Invalid, "no-unreadable-card",
				"{{.name}} is not an image of a card that could not be read; nothing was changed; \"image undecided\" lists those there are.", "name", s.image(a).Name)
		}
		if err := c.decided(asset); err != nil {
			return err
		}
		card.Card, card.Slate, card.Followed, card.Undecided, card.Candidates = "", holders, true, "", nil
		c.then(func() { s.keepFile(card) })
		if err := c.PutAssetFile(card); err != nil {
			return err
		}
		sl := s.slatingWith(a.Shoot, card)
		frames := sl.unreadableAfter(a.Shoot, card)
		if len(holders) == 0 { // it shows none, and is a frame like the others
			frames = append(frames, card)
		}
		for _, frame := range frames {
			told := sl.cameras[cameraOf(card)].whose(frame.TakenAt, frame.place())
			if told.why != "" || len(told.subjects) == 0 && frame.Asset == asset {
				continue
			}
			if err := c.settle(frame.Asset, told.subjects); err != nil {
				return err
			}
			if frame.Asset != asset {
				followed++
			}
		}
		return c.undoable(&keptAct{Act: Act{Kind: ActSettled}})
	})
	return followed, err
}

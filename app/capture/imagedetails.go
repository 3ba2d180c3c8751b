package capture

import (
	"context"
	"slices"

	"samtykke/app/consent"
)

// ImageDetails is everything that is known of an image.
type ImageDetails struct {
	Image
	// GroundWhy is the justification of the ground; nil when there is none or it is not on this device.
	GroundWhy *string
	// People are those who appear, and those who once did and have said something of it.
	People     []ImageAppearance
	Clearance  map[consent.Channel]consent.Verdict
	Deliveries []consent.Delivery
}

// ImageAppearance is one person's part in an image.
type ImageAppearance struct {
	ImagePerson
	Name    string // "" when the profile is not on this device
	Appears bool
	Parts   []consent.Span // of a film or a recording; empty for the whole
	Said    string         // "approved", "rejected" or ""
	Reason  string         // in their words, as far as it is on this device
}

// ImageDetails tells everything that is known of an asset.
func (s *Session) ImageDetails(ctx context.Context, id consent.AssetID) (ImageDetails, error) {
	var d ImageDetails
	err := s.Store.View(ctx, func(tx Tx) error {
		s.mu.RLock()
		defer s.mu.RUnlock()
		a, ok := s.state.Asset(id)
		if !ok {
			return assetUnknown(string(id))
		}
		d = ImageDetails{Image: s.image(a), Deliveries: s.state.Deliveries(id), Clearance: map[consent.Channel]consent.Verdict{}}
		now := s.Clock()
		for _, channel := range s.channels() {
			d.Clearance[channel], _ = s.index.Verdict(id, channel, now)
		}
		if a.GroundWhy != "" {
			why, here, err := readDetails[string](tx, a.GroundWhy)
			if err != nil {
				return err
			}
			if here {
				d.GroundWhy = &why
			}
		}
		var err error
		d.People, err = s.appearancesOf(tx, a)
		return err
	})
	return d, err
}

func (s *Session) appearancesOf(tx Tx, a consent.Asset) ([]ImageAppearance, error) {
	people := []ImageAppearance{}
	of := func(registration consent.SubjectID) *ImageAppearance {
		id := s.state.Canonical(registration)
		at := slices.IndexFunc(people, func(p ImageAppearance) bool { return p.ID == id })
		if at < 0 {
			sub, _ := s.state.Subject(id)
			at, people = len(people), append(people, ImageAppearance{ImagePerson: ImagePerson{ID: id, Code: sub.Code}, Name: s.profiles[id].Name, Parts: []consent.Span{}})
		}
		return &people[at]
	}
	for _, ap := range a.Appearances {
		p := of(ap.Subject)
		p.Appears = true
		if !ap.Whole() {
			p.Parts = append(p.Parts, ap.Span)
		}
	}
	for _, answer := range a.Answers {
		p := of(answer.Subject)
		if p.Said == "rejected" { // under another registration; a rejection counts
			continue
		}
		if p.Said, p.Reason = "rejected", ""; answer.Approved {
			p.Said = "approved"
		}
		for _, ref := range answer.Evidence {
			reason, _, err := readDetails[string](tx, ref.SHA256)
			if err != nil {
				return nil, err
			}
			p.Reason = reason
		}
	}
	return people, nil
}

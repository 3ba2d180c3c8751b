package capture

import (
	"cmp"
	"context"
	"math"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// maxSpan bounds where in a recording somebody can appear, in seconds: a week.
const maxSpan = 7 * 24 * 60 * 60

// Link says that a person appears on assets. It refuses somebody who is not to be photographed: the picture should go.
func (s *Session) Link(ctx context.Context, id consent.SubjectID, assets ...consent.AssetID) error {
	return s.LinkPart(ctx, id, consent.Span{}, assets...)
}

// LinkPart is Link for a part of films or recordings. A person may appear in several parts.
func (s *Session) LinkPart(ctx context.Context, id consent.SubjectID, part consent.Span, assets ...consent.AssetID) error {
	_, err := s.LinkPeople(ctx, []consent.SubjectID{id}, part, assets...)
	return err
}

// LinkPeople says that everybody of several people appears on all of several assets, or in a part of them, as one act: all of it or
// nothing. It tells how many links that made; those that stood already are not made again.
func (s *Session) LinkPeople(ctx context.Context, people []consent.SubjectID, part consent.Span, assets ...consent.AssetID) (int, error) {
	made := 0
	err := s.change(ctx, func(c *change) error {
		made = 0
		linked, err := s.linkable(people)
		if err != nil {
			return err
		}
		for _, asset := range once(assets) {
			if err := s.knownPart(asset, part); err != nil {
				return err
			}
			for _, id := range linked {
				fresh, err := c.link(id, asset, part)
				if err != nil {
					return err
				}
				if fresh {
					made++
				}
			}
			if err := c.decided(asset); err != nil {
				return err
			}
		}
		return c.undoable(&keptAct{Act: Act{Kind: ActLinked}})
	})
	return made, err
}

// linkable are the people as they stand, each once; who cannot be linked is refused. The caller is inside a change.
func (s *Session) linkable(people []consent.SubjectID) ([]consent.SubjectID, error) {
	standing := make([]consent.SubjectID, len(people))
	for i, id := range people {
		standing[i] = s.state.Canonical(id)
		sub, ok := s.state.Subject(standing[i])
		if !ok || sub.Erased {
			return nil, subjectUnknown(string(id))
		}
		if sub.Avoid {
			return nil, problem.New(problem.Invalid, "subject-avoid",
				"{{.code}} is not to be photographed; nothing was linked; remove the picture instead, or take the mark off the person if it was a mistake.", "code", sub.Code)
		}
	}
	return once(standing), nil
}

// once is a list without what was named before in it.
func once[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	return slices.DeleteFunc(slices.Clone(list), func(one T) bool {
		again := seen[one]
		seen[one] = true
		return again
	})
}

// PartsOf lists in which parts of a film or a recording somebody appears, under all their registrations, in order. The zero part is the whole.
func (s *Session) PartsOf(id consent.SubjectID, asset consent.AssetID) []consent.Span {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, _ := s.state.Asset(asset)
	var parts []consent.Span
	for _, ap := range a.Appearances {
		if s.state.Canonical(ap.Subject) == s.state.Canonical(id) && !slices.Contains(parts, ap.Span) {
			parts = append(parts, ap.Span)
		}
	}
	slices.SortFunc(parts, func(a, b consent.Span) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return parts
}

// link records an appearance unless it stands already; it tells whether it did.
func (c *change) link(id consent.SubjectID, asset consent.AssetID, part consent.Span) (bool, error) {
	if a, ok := c.session.state.Asset(asset); ok {
		for _, ap := range a.Appearances {
			if c.session.state.Canonical(ap.Subject) == c.session.state.Canonical(id) && ap.Span == part {
				return false, nil
			}
		}
	} else if !slices.ContainsFunc(c.events, func(e consent.Received) bool { return e.Type == consent.AssetImported && e.Asset == asset }) {
		return false, assetUnknown(string(asset))
	}
	_, err := c.sign(evidence.Draft{Type: consent.AssetAppearance, Subject: id, Asset: asset, Body: consent.AppearanceBody(part)})
	return err == nil, err
}

// Unlink takes a person off assets, from all their parts and under all their registrations.
func (s *Session) Unlink(ctx context.Context, id consent.SubjectID, assets ...consent.AssetID) error {
	return s.UnlinkPart(ctx, id, consent.Span{}, assets...)
}

// UnlinkPart takes a person off one part of films or recordings, as it was linked; the whole part takes them off all.
func (s *Session) UnlinkPart(ctx context.Context, id consent.SubjectID, part consent.Span, assets ...consent.AssetID) error {
	return s.UnlinkPeople(ctx, []consent.SubjectID{id}, part, assets...)
}

// UnlinkPeople is UnlinkPart for several people, as one act.
func (s *Session) UnlinkPeople(ctx context.Context, people []consent.SubjectID, part consent.Span, assets ...consent.AssetID) error {
	return s.change(ctx, func(c *change) error {
		for _, asset := range once(assets) {
			if err := s.knownPart(asset, part); err != nil {
				return err
			}
			for _, id := range once(people) {
				if err := c.unlink(id, asset, part); err != nil {
					return err
				}
			}
			if err := c.takenOff(asset, people...); err != nil {
				return err
			}
		}
		return c.undoable(&keptAct{Act: Act{Kind: ActUnlinked}})
	})
}

func (c *change) unlink(id consent.SubjectID, asset consent.AssetID, part consent.Span) error {
	linked := c.session.linkedAs(id, asset, part)
	if len(linked) == 0 && !part.Whole() {
		return problem.New(problem.NotFound, "part-not-linked",
			"The person is not linked to the part from {{.from}} to {{.to}} seconds; nothing was changed; \"image show\" lists the parts as they were linked.",
			"from", part.From, "to", part.To)
	}
	if len(linked) == 0 { // said again, or of somebody who was never linked: it is kept for what other devices may say
		linked = []consent.SubjectID{id}
	}
	for _, registration := range linked {
		if _, err := c.sign(evidence.Draft{Type: consent.AssetAppearanceRemoved, Subject: registration, Asset: asset,
			Body: consent.AppearanceBody(part)}); err != nil {
			return err
		}
	}
	return nil
}

// linkedAs lists the registrations of a person under which they are linked to a part; to any part, for the whole.
func (s *Session) linkedAs(id consent.SubjectID, asset consent.AssetID, part consent.Span) []consent.SubjectID {
	var linked []consent.SubjectID
	a, _ := s.state.Asset(asset)
	for _, ap := range a.Appearances {
		same := s.state.Canonical(ap.Subject) == s.state.Canonical(id) && (part.Whole() || ap.Span == part)
		if same && !slices.Contains(linked, ap.Subject) {
			linked = append(linked, ap.Subject)
		}
	}
	return linked
}

// knownPart refuses a part that an asset cannot have. The caller holds a lock or is inside a change.
func (s *Session) knownPart(asset consent.AssetID, part consent.Span) error {
	a, ok := s.state.Asset(asset)
	switch possible := part.From >= 0 && part.To > part.From && part.To <= maxSpan && !math.IsNaN(part.From); {
	case !ok:
		return assetUnknown(string(asset))
	case part.Whole():
		return nil
	case !possible:
		return problem.New(problem.Invalid, "part-impossible",
			"There is no part from {{.from}} to {{.to}} seconds; nothing was changed; let it begin at 0 or later and end after it begins, within a week.",
			"from", part.From, "to", part.To)
	case a.Kind == consent.Photo:
		return problem.New(problem.Invalid, "part-of-photo",
			"The image {{.id}} is a photo, which has no parts in time; nothing was changed; leave the seconds out.", "id", asset)
	}
	return nil
}

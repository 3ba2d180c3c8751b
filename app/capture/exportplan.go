package capture

import (
	"cmp"
	"context"
	"slices"
	"time"

	"samtykke/app/consent"
)

// ExportPlan is what an export would write, before it does.
type ExportPlan struct {
	May int // how many are cleared
	// Not sums up why the others are not: each counts once, under what stands foremost against it. The largest group first.
	Not []PlannedRefusal
}

// Refused is how many are not cleared.
func (p ExportPlan) Refused() int {
	n := 0
	for _, r := range p.Not {
		n += r.Count
	}
	return n
}

// PlannedRefusal is a reason and how many it keeps back.
type PlannedRefusal struct {
	Reason  consent.ReasonKind
	Verdict consent.Verdict
	Count   int
}

// PlanExport says what exporting a shoot, or everything with "", for a channel would come to now. Nothing is written.
func (s *Session) PlanExport(ctx context.Context, channel consent.Channel, shoot consent.ShootID) (ExportPlan, error) {
	var plan ExportPlan
	if err := s.KnownChannel(channel); err != nil {
		return plan, err
	}
	type group struct {
		reason  consent.ReasonKind
		verdict consent.Verdict
	}
	groups, now := map[group]int{}, s.Clock()
	for _, img := range s.Images(ImageFilter{Shoot: shoot}) {
		if err := ctx.Err(); err != nil {
			return plan, err
		}
		if img.File.ShowsCard() {
			continue
		}
		if verdict, reason := s.foremost(img.ID, channel, now); verdict == consent.Yes {
			plan.May++
		} else {
			groups[group{reason, verdict}]++
		}
	}
	for g, n := range groups {
		plan.Not = append(plan.Not, PlannedRefusal{g.reason, g.verdict, n})
	}
	slices.SortFunc(plan.Not, func(a, b PlannedRefusal) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Reason, b.Reason)) })
	return plan, nil
}

// foremost is the verdict on an asset and the first of its reasons, the gravest.
func (s *Session) foremost(id consent.AssetID, channel consent.Channel, now time.Time) (consent.Verdict, consent.ReasonKind) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if verdict, _ := s.index.Verdict(id, channel, now); verdict == consent.Yes {
		return verdict, ""
	}
	clear := s.state.Clear(id, channel, now)
	for _, r := range clear.Reasons {
		if r.Verdict == clear.Verdict {
			return clear.Verdict, r.Kind
		}
	}
	return clear.Verdict, ""
}

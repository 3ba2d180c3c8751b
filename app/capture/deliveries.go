package capture

import (
	"context"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// deliver records that an asset leaves for use, on what it rests then, and refuses it when it is no longer cleared: somebody may
// have withdrawn while its copy was being made. It is called when the copy is complete and has not got its name yet.
func (s *Session) deliver(ctx context.Context, asset consent.AssetID, channel consent.Channel, order string) error {
	return s.change(ctx, func(c *change) error {
		clearance := s.state.Clear(asset, channel, c.at)
		if clearance.Verdict != consent.Yes {
			return problem.New(problem.Conflict, "export-no-longer-cleared",
				"The image was no longer cleared when its copy was ready; it was not exported; look at the reasons and ask again.")
		}
		a, _ := s.state.Asset(asset)
		body := consent.DeliveryBody{Channel: channel, Order: order, Ground: a.Ground}
		for _, r := range clearance.Reasons {
			if a.Ground == consent.GroundConsent && r.Subject != "" {
				body.Records = append(body.Records, s.state.Supporting(r.Subject, consent.Scope{Channel: channel, Media: a.Kind}, c.at)...)
			}
		}
		slices.Sort(body.Records)
		body.Records = slices.Compact(body.Records)
		_, err := c.sign(evidence.Draft{Type: consent.DeliveryMade, Shoot: a.Shoot, Asset: asset, Body: body})
		return err
	})
}

// Deliveries lists when an asset left for use, oldest first.
func (s *Session) Deliveries(id consent.AssetID) []consent.Delivery {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.Deliveries(id)
}

// deliveredTo lists the deliveries that a withdrawal touches: those that rested on consent, in the withdrawn scopes, of assets on
// which the person appears or by a record of theirs. Whoever has these copies is to be told (GDPR art. 19).
func (s *Session) deliveredTo(w Withdrawal) []consent.Delivery {
	delivered := []consent.Delivery{}
	id := s.state.Canonical(w.Subject)
	for _, asset := range s.state.AssetsWhere(func(asset consent.AssetID, _ consent.ShootID) bool { return s.state.Appeared(id, asset) }) {
		a, _ := s.state.Asset(asset)
		pictured := slices.ContainsFunc(a.Appearances, func(ap consent.Appearance) bool { return s.state.Canonical(ap.Subject) == id })
		for _, d := range s.state.Deliveries(asset) {
			theirs := slices.ContainsFunc(d.Records, func(record consent.RecordID) bool {
				_, subject, _, _, known := s.state.Record(record)
				return known && s.state.Canonical(subject) == id
			})
			scope := consent.Scope{Channel: d.Channel, Media: a.Kind}
			if d.Ground == consent.GroundConsent && (pictured || theirs) && (len(w.Scopes) == 0 || slices.Contains(w.Scopes, scope)) {
				delivered = append(delivered, d)
			}
		}
	}
	slices.SortStableFunc(delivered, func(a, b consent.Delivery) int { return a.At.Compare(b.At) })
	return delivered
}

package capture

import (
	"context"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Approval is what a person says of some very assets, whatever they agreed to in general.
type Approval struct {
	Subject  consent.SubjectID
	Assets   []consent.AssetID
	Approved bool   // false: they do not want these to be used
	Reason   string // in the person's words; kept sealed
}

// Approve records that a person approves of assets or rejects them. A rejection is an objection too where an asset is used on
// another ground than consent (GDPR art. 21). Only somebody who appears or appeared on an asset has a say about it.
func (s *Session) Approve(ctx context.Context, a Approval) error {
	return s.change(ctx, func(c *change) error {
		id := s.state.Canonical(a.Subject)
		sub, ok := s.state.Subject(id)
		if !ok || sub.Erased {
			return subjectUnknown(string(a.Subject))
		}
		for _, asset := range a.Assets {
			if _, ok := s.state.Asset(asset); !ok {
				return assetUnknown(string(asset))
			}
			if !s.state.Appeared(id, asset) {
				return problem.New(problem.Invalid, "approval-not-pictured",
					"{{.code}} does not appear on the image {{.id}} and has no say about it; nothing was changed; link the person to it first.",
					"code", sub.Code, "id", asset)
			}
		}
		var body consent.RejectedBody
		if reason := strings.TrimSpace(a.Reason); reason != "" {
			ref, err := details(c, id, ClassEvidence, reason)
			if err != nil {
				return err
			}
			body.Evidence = []consent.EvidenceRef{ref}
		}
		kind := consent.AssetRejected
		if a.Approved {
			kind = consent.AssetApproved
		}
		for _, asset := range a.Assets {
			for _, registration := range s.answeredAs(id, asset, a.Approved) {
				if _, err := c.sign(evidence.Draft{Type: kind, Subject: registration, Asset: asset, Body: body}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// answeredAs lists under which registrations an answer is recorded: the standing one, and for an approval every one under which the
// person had rejected the asset.
func (s *Session) answeredAs(id consent.SubjectID, asset consent.AssetID, approved bool) []consent.SubjectID {
	as := []consent.SubjectID{id}
	if a, _ := s.state.Asset(asset); approved {
		for _, rejected := range a.Rejected {
			if s.state.Canonical(rejected) == id && !slices.Contains(as, rejected) {
				as = append(as, rejected)
			}
		}
	}
	return as
}

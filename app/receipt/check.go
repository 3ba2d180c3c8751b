package receipt

import (
	"errors"
	"fmt"
	"slices"
)

var (
	kinds     = []Kind{"", KindConsent, KindRefusal, KindChange, KindRenewal, KindWithdrawal}
	roles     = []string{"self", "child", "guardian", "staff"}
	methods   = []string{"drawn", "typed", "paper", "verbal"}
	guardians = []Guardians{"", GuardiansAwaited, GuardiansComplete, GuardiansSole}
)

// check finds what would print a false or empty receipt.
func (d Document) check() error {
	switch {
	case d.Texts == nil:
		return errors.New("no texts")
	case d.Number == "":
		return errors.New("no receipt number")
	case d.Organisation.Name == "":
		return errors.New("no organisation")
	case d.SubjectCode == "":
		return errors.New("no subject code")
	case d.Signed.IsZero() || d.Issued.IsZero():
		return errors.New("no time")
	case !slices.Contains(roles, d.SignerRole):
		return fmt.Errorf("unknown signer role %q", d.SignerRole)
	case !slices.Contains(kinds, d.Kind):
		return fmt.Errorf("unknown kind %q", d.Kind)
	case d.Kind != KindWithdrawal && (d.SignerRole == "staff" || !slices.Contains(methods, d.Method)):
		return fmt.Errorf("unknown method %q of %s", d.Method, d.SignerRole)
	case (d.Kind == KindChange || d.Kind == KindRenewal) && d.Before.IsZero():
		return fmt.Errorf("a %s of nothing", d.Kind)
	case !slices.Contains(guardians, d.Guardians):
		return fmt.Errorf("unknown step of guardians %q", d.Guardians)
	case len(d.MediaKinds) == 0 || len(d.Answers) == 0:
		return errors.New("no answers")
	case len(d.MediaTitles) != len(d.MediaKinds):
		return fmt.Errorf("%d titles for %d media kinds", len(d.MediaTitles), len(d.MediaKinds))
	}
	for _, answer := range d.Answers {
		if len(answer.Cells) != len(d.MediaKinds) {
			return fmt.Errorf("channel %q has %d answers for %d media kinds", answer.Title, len(answer.Cells), len(d.MediaKinds))
		}
		for _, cell := range answer.Cells {
			for _, status := range compact(cell.Was, cell.Said, nonEmpty(cell.Status, "none")) {
				if _, known := statusMarks[status]; !known {
					return fmt.Errorf("channel %q has the unknown status %q", answer.Title, status)
				}
			}
		}
	}
	return nil
}

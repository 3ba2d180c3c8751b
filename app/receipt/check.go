package receipt

import (
	"errors"
	"fmt"
	"slices"
)

var (
	roles   = []string{"self", "guardian"}
	methods = []string{"drawn", "typed", "paper", "verbal"}
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
	case !slices.Contains(methods, d.Method):
		return fmt.Errorf("unknown method %q", d.Method)
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
			if _, known := statusMarks[cell.Status]; !known {
				return fmt.Errorf("channel %q has the unknown status %q", answer.Title, cell.Status)
			}
		}
	}
	return nil
}

package consent

import (
	"net/mail"
	"strings"

	"samtykke/app/problem"
)

// Organisation is the data controller (GDPR art. 4(7)): who asks, and whom to turn to.
type Organisation struct {
	Name    string `json:"name"`
	Number  string `json:"number"`            // organisation number, in Norway nine digits of Enhetsregisteret
	Address string `json:"address,omitempty"` // postal address on one line
	Contact string `json:"contact"`           // e-mail for questions, access and withdrawal
	DPO     string `json:"dpo,omitempty"`     // e-mail of the data protection officer; empty: the same as Contact
	Policy  string `json:"policy,omitempty"`  // address of the privacy notice
}

// Validate checks that the organisation can be named and reached.
func (o Organisation) Validate() error {
	if strings.TrimSpace(o.Name) == "" {
		return problem.New(problem.Invalid, "organisation-name-missing",
			"The organisation has no name; nothing was saved; give the name that people know it by.")
	}
	if strings.TrimSpace(o.Number) == "" {
		return problem.New(problem.Invalid, "organisation-number-missing",
			"The organisation has no organisation number; nothing was saved; give the number it is registered under.")
	}
	for _, address := range []string{o.Contact, o.DPO} {
		if address == "" && o.Contact != "" {
			continue
		}
		if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
			return problem.New(problem.Invalid, "organisation-contact-wrong",
				"The contact address of the organisation is not an e-mail address; nothing was saved; write it like post@example.no.")
		}
	}
	return nil
}

// DPOOrContact is whom a subject writes to about their rights.
func (o Organisation) DPOOrContact() string {
	if o.DPO != "" {
		return o.DPO
	}
	return o.Contact
}

package receipt

import "time"

// Kind is what a receipt is of.
type Kind string

// The kinds.
const (
	KindConsent    Kind = "consent"    // a yes to something, for the first time
	KindRefusal    Kind = "refusal"    // a yes to nothing
	KindChange     Kind = "change"     // other answers than the same signer gave before
	KindRenewal    Kind = "renewal"    // the same answers as before, for a new time
	KindWithdrawal Kind = "withdrawal" // a yes taken back
)

// title is the text that names the kind.
func (k Kind) title() string {
	if k == KindConsent || k == "" {
		return "receipt.title"
	}
	return "receipt.title." + string(k)
}

// terms are what applies, by kind: GDPR art. 13 and 7(3) in a few lines each.
func (k Kind) terms() []string {
	switch k {
	case KindRefusal:
		return []string{"refused", "storage", "basis", "rights", "complaint"}
	case KindWithdrawal:
		return []string{"withdraw", "published", "storage", "retention", "basis", "rights", "complaint"}
	}
	return []string{"withdraw", "storage", "abroad", "retention", "basis", "rights", "complaint"}
}

// Guardians is how far the guardians of a child have come.
type Guardians string

// The steps.
const (
	GuardiansAwaited  Guardians = "awaited"  // another one has to answer before a yes counts
	GuardiansComplete Guardians = "complete" // everybody who has to answer has answered
	GuardiansSole     Guardians = "sole"     // this one decides alone
)

// Concern is a consent record that a withdrawal takes back.
type Concern struct {
	Record string    // its number
	Signed time.Time // in the zone to print
}

// lead is the sentence under the title that says what this receipt means.
func (p *page) lead() string {
	d := p.doc
	switch d.Kind {
	case KindRefusal:
		return p.t("lead.refusal")
	case KindWithdrawal:
		return p.tf("lead.withdrawal", "Time", p.moment(d.Signed))
	case KindChange, KindRenewal:
		return p.tf("lead."+string(d.Kind), "Date", p.date(d.Before))
	}
	return d.FormTitle
}

// notes are what has to be said about the answers as a whole, below the table.
func (p *page) notes() []string {
	d := p.doc
	var notes []string
	until, several := p.validity()
	switch {
	case several:
		notes = append(notes, p.t("valid.several"))
	case !until.IsZero():
		notes = append(notes, p.tf("valid", "Date", p.date(until)))
	}
	if d.Kind != KindRefusal {
		notes = append(notes, p.t("valid.only"))
	}
	if d.SignerRole == "child" {
		notes = append(notes, p.t("child.note"))
	}
	switch {
	case d.Guardians == GuardiansSole:
		notes = append(notes, p.tf("guardian.sole", "Reason", d.SoleGuardian))
	case d.Guardians == GuardiansComplete:
		notes = append(notes, p.t("guardian.complete"))
	case p.has("awaiting-guardian"):
		notes = append(notes, p.t("guardian.note"), p.tf("guardian.how", "Code", d.SubjectCode))
	}
	return notes
}

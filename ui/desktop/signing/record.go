package signing

import (
	"context"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// act is one signing on its way into the vault.
type act struct {
	session  *capture.Session
	shoot    consent.ShootID
	person   *capture.Person // nil: to be registered first
	typed    consent.Profile // whom to register
	added    []consent.Guardian
	signing  func(capture.Person) capture.Signing
	language string
}

// outcome is what the vault has answered.
type outcome struct {
	person *capture.Person // set also when only the registration came through
	added  bool            // the guardians who were entered stand in the profile now
	signed capture.Signed
	// waiting tells that another guardian has to answer before something can be used.
	waiting bool
	// address is where the receipt can be mailed to, "" when nobody has given one, or when no library is known that could.
	address string
	err     error
}

// record registers the person if nobody has, adds the guardians who were entered, and stores the consent. Each step that came
// through is in the outcome, so that trying again does not do it twice.
func (a act) record(ctx context.Context) (out outcome) {
	out.person = a.person
	if out.person == nil {
		p, err := a.session.Register(ctx, capture.Registration{Shoot: a.shoot, Name: a.typed.Name, Phone: a.typed.Phone,
			Email: a.typed.Email, Born: a.typed.Born})
		if err != nil {
			out.err = err
			return out
		}
		out.person = &p
	}
	signing := a.signing(*out.person) // counts the guardians before the new ones come
	if len(a.added) > 0 {
		guardians := append(append([]consent.Guardian(nil), out.person.Profile.Guardians...), a.added...)
		p, err := a.session.Amend(ctx, out.person.ID, capture.Amendment{Guardians: &guardians})
		if err != nil {
			out.err = err
			return out
		}
		out.person, out.added = &p, true
	}
	if out.signed, out.err = a.session.RecordConsent(ctx, signing); out.err != nil {
		return out
	}
	out.address = a.mailable(*out.person, signing.Guardian)
	standings, err := a.session.Standings(signing.Subject)
	if err != nil {
		return out // the consent is stored; only the hint about another guardian is left out
	}
	for _, standing := range standings {
		out.waiting = out.waiting || standing.Status == consent.StatusAwaitingGuardian
	}
	return out
}

// mailable is where the library can mail the receipt to. Without a library nobody may be promised one.
func (a act) mailable(p capture.Person, guardian int) string {
	if _, enrolled := a.session.Enrolment(); !enrolled {
		return ""
	}
	by := consent.Signer{Role: consent.RoleSelf}
	if guardian > 0 {
		by = consent.Signer{Role: consent.RoleGuardian, Guardian: p.Profile.Guardians[guardian-1].ID}
	}
	return p.Profile.ReceiptAddress(by)
}

package capture

import (
	"context"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Enrolment is what ties this device to a library.
type Enrolment struct {
	Address     string               `json:"address"`    // where the device reaches it
	PublicURL   string               `json:"public_url"` // what personal links begin with
	LibraryKey  evidence.PublicKey   `json:"library_key"`
	Certificate evidence.Certificate `json:"certificate"`
	Trust       evidence.TrustList   `json:"trust"`
	EnrolledAt  time.Time            `json:"enrolled_at"`
}

// Enrolment returns the library that this device belongs to; false while there is none.
func (s *Session) Enrolment() (Enrolment, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.enrolment == nil {
		return Enrolment{}, false
	}
	return *s.enrolment, true
}

// Enrol takes up what a library answered to an invitation: its key, its list of devices, and the forms it has published.
func (s *Session) Enrol(ctx context.Context, e Enrolment, organisation consent.Organisation, forms [][]byte) error {
	if err := e.Certificate.Verify(e.LibraryKey); err != nil {
		return err
	}
	if err := e.Trust.Verify(e.LibraryKey); err != nil {
		return err
	}
	e.EnrolledAt = s.Clock().UTC()
	return s.change(ctx, func(c *change) error {
		if known := s.enrolment; known != nil && known.LibraryKey.Device() == e.LibraryKey.Device() {
			if err := known.refuseOlder(e.Trust); err != nil {
				return err
			}
		}
		if err := c.PutSetting(settingEnrolment, e); err != nil {
			return err
		}
		if organisation.Name != "" {
			if err := c.PutSetting(settingOrganisation, organisation); err != nil {
				return err
			}
			c.then(func() { s.organisation = organisation })
		}
		c.then(func() { s.enrolment = &e })
		return c.takeForms(forms)
	})
}

// takeTrust takes over a newer list of devices that the library signed.
func (e *Enrolment) takeTrust(list evidence.TrustList) error {
	if err := list.Verify(e.LibraryKey); err != nil {
		return err
	}
	if err := e.refuseOlder(list); err != nil {
		return err
	}
	if list.IssuedAt.After(e.Trust.IssuedAt) {
		e.Trust = list
	}
	return nil
}

// refuseOlder refuses a list of devices older than the one known: it could bring back a device that was shut out since. A library's
// clock may be set back a little; the newer list then stays.
func (e *Enrolment) refuseOlder(list evidence.TrustList) error {
	if !list.IssuedAt.Add(consent.ClockTolerance).Before(e.Trust.IssuedAt) {
		return nil
	}
	return problem.New(problem.Damaged, "trust-older",
		"The library sent an older list of devices than the one known here, from {{.theirs}} instead of {{.ours}}; nothing of it was taken in; tell whoever runs the library, since an old list can bring back a device that was shut out.",
		"theirs", list.IssuedAt.Format(time.RFC3339), "ours", e.Trust.IssuedAt.Format(time.RFC3339))
}

// Sign signs a value for a purpose with this device's key: the proofs that the library asks for.
func (s *Session) Sign(domain evidence.Domain, value any) ([]byte, error) {
	return s.key.Sign(domain, value)
}

// takeForms stores the forms that the library has published.
func (c *change) takeForms(forms [][]byte) error {
	for _, raw := range forms {
		if _, err := consent.ParseForm(raw); err != nil {
			return err
		}
		canonical, hash, err := consent.HashForm(raw)
		if err != nil {
			return err
		}
		if err := c.PutBlob(Blob{Hash: consent.BlobHash(hash), Class: ClassForm, Data: canonical}); err != nil {
			return err
		}
		c.then(func() { _ = c.session.learnForm(canonical) }) // it was parsed above
	}
	return nil
}

// libraryAddress is what personal links begin with; "" while no library is known.
func (s *Session) libraryAddress() string {
	if s.enrolment == nil {
		return ""
	}
	return s.enrolment.PublicURL
}

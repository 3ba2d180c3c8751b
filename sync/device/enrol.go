package device

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/sync/wire"
)

// Enrol makes the device one of the library's. The library's key that comes with the answer is pinned from then on.
func (c *Client) Enrol(ctx context.Context, s *capture.Session, invitation string) error {
	invited, err := wire.ParseInvitation(invitation)
	if err != nil {
		return err
	}
	address, err := secure(invited.Address)
	if err != nil {
		return err
	}
	own := s.Device()
	claim := wire.EnrolClaim{Secret: invited.Secret, PublicKey: own.PublicKey, Name: own.Name}
	proof, err := s.Sign(evidence.DomainEnrol, claim)
	if err != nil {
		return err
	}
	q, err := asJSON(http.MethodPost, wire.PathEnrol, wire.EnrolRequest{EnrolClaim: claim, Proof: proof, Organisation: s.Organisation()})
	if err != nil {
		return err
	}
	q.repeat, q.most = false, wire.MaxJSON // an invitation is good for once
	answer, err := ask[wire.EnrolResponse](ctx, c, address, q, invited.Secret)
	if err != nil {
		return err
	}
	enrolment, err := check(answer, own)
	if err != nil {
		return err
	}
	if before, enrolled := s.Enrolment(); enrolled && !bytes.Equal(before.LibraryKey, enrolment.LibraryKey) {
		return errElsewhere
	}
	enrolment.Address = address
	if enrolment.PublicURL == "" {
		enrolment.PublicURL = address
	}
	c.log.Info("enrolled", "device", own.ID, "library", enrolment.LibraryKey.Device())
	return s.Enrol(context.WithoutCancel(ctx), enrolment, answer.Organisation, c.understood(answer.Forms))
}

// check makes sure that the answer is a library's, and about this device.
func check(a wire.EnrolResponse, own capture.Device) (capture.Enrolment, error) {
	e := capture.Enrolment{PublicURL: a.PublicURL, LibraryKey: a.LibraryKey, Certificate: a.Certificate, Trust: a.Trust}
	switch {
	case a.Certificate.Device != own.ID || !bytes.Equal(a.Certificate.PublicKey, own.PublicKey):
		return e, errNotOurs
	case a.PublicURL != "" && !usable(a.PublicURL):
		return e, errNotOurs
	}
	if err := a.Certificate.Verify(a.LibraryKey); err != nil {
		return e, errNotOurs.Because(err)
	}
	if err := a.Trust.Verify(a.LibraryKey); err != nil {
		return e, errNotOurs.Because(err)
	}
	return e, nil
}

// understood keeps the forms that this version of the program can read. One that it cannot read comes again with every sync.
func (c *Client) understood(forms []json.RawMessage) [][]byte {
	var known [][]byte
	for _, raw := range forms {
		if _, err := consent.ParseForm(raw); err != nil {
			c.log.Warn("form not understood", "error", err)
			continue
		}
		known = append(known, raw)
	}
	return known
}

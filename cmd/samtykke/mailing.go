package main

import (
	"samtykke/app/consent"
)

// receiptMail has the library send a receipt.
type receiptMail struct {
	Consent  consent.RecordID `required:"" help:"The consent or the withdrawal." placeholder:"ID"`
	Language string           `help:"Another language than the one it was signed in." placeholder:"L"`
}

func (m *receiptMail) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	event, err := s.MailReceipt(c.context, m.Consent, m.Language)
	if err != nil {
		return err
	}
	text := "Queued. The library mails it when this device has synced"
	if _, enrolled := s.Enrolment(); !enrolled {
		text = "Queued. It goes out once this device belongs to a media library and has synced: see device enrol"
	}
	return c.answer(map[string]any{"queued": true, "id": event}, text)
}

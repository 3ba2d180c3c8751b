package main

import (
	"samtykke/app/capture"
	"samtykke/app/consent"
)

// receiptMail has the library send a receipt.
type receiptMail struct {
	Consent  consent.RecordID `required:"" help:"The consent or the withdrawal." placeholder:"ID"`
	Language string           `help:"Another language than the one it was signed in." placeholder:"L"`
	Again    bool             `help:"A further mail, although the same was asked for today or is on its way."`
}

func (m *receiptMail) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	ask := (*capture.Session).MailReceipt
	if m.Again {
		ask = (*capture.Session).MailReceiptAgain
	}
	asked, err := ask(s, c.context, m.Consent, m.Language)
	if err != nil {
		return err
	}
	text := "Queued. The library mails it when this device has synced"
	if _, enrolled := s.Enrolment(); !enrolled {
		text = "Queued. It goes out once this device belongs to a media library and has synced: see device enrol"
	}
	if !asked.Fresh {
		text = "It was asked for already, on " + asked.At.Local().Format("2006-01-02 at 15:04") + ": it is one mail; --again asks for a further one"
	}
	return c.answer(map[string]any{"queued": true, "id": asked.Event, "fresh": asked.Fresh}, text)
}

package capture

import (
	"context"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// MailReceipt asks the library to mail the receipt of a record or a withdrawal to whoever signed it. The receipt itself and the request
// are durable when it returns, and go out with the next sync; the address stays in the sealed profile. Asked twice, it is mailed twice.
// Without a language it is in that of the record.
func (s *Session) MailReceipt(ctx context.Context, id consent.RecordID, language string) (consent.EventID, error) {
	var event consent.EventID
	err := s.change(ctx, func(c *change) error {
		by, of, read, known := s.signedBy(id)
		if !known {
			return recordUnknown(id)
		}
		if language == "" {
			language = read
		}
		profile, err := s.knownProfile(s.state.Canonical(of))
		if err != nil {
			return err
		}
		if profile.ReceiptAddress(by) == "" {
			return problem.New(problem.Invalid, "receipt-address-missing",
				"Nobody has given an e-mail address for this receipt; nothing was sent; add the address of the person, or of the guardian who signed, and ask again.")
		}
		file, draft, err := s.sealedReceipt(c, id, language)
		if err != nil {
			return err
		}
		draft.Subject = profile.Subject // whose profile the library looks the address up in
		hash, err := c.blob(ClassEvidence, draft.Subject, file)
		if err != nil {
			return err
		}
		draft.Body = consent.ReceiptBody{Record: id, SHA256: hash, Mail: true, Language: language,
			Evidence: []consent.EvidenceRef{{Kind: consent.EvidenceReceipt, SHA256: hash, Size: int64(len(file)), MIME: "application/pdf"}}}
		e, err := c.sign(draft)
		event = e.ID
		return err
	})
	return event, err
}

// signedBy is who signed a record or took something back, of whom, and in which language they read it.
func (s *Session) signedBy(id consent.RecordID) (by consent.Signer, of consent.SubjectID, language string, known bool) {
	if body, subject, _, _, ok := s.state.Record(id); ok {
		return body.Signer, subject, body.Language, true
	}
	entry, subject, ok := s.state.Withdrawal(consent.EventID(id))
	if !ok {
		return by, of, "", false
	}
	for _, earlier := range s.state.History(subject) {
		if earlier.Record != nil {
			language = earlier.Record.Language
		}
	}
	return entry.By, subject, language, true
}

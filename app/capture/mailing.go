package capture

import (
	"context"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// MailAsked is a request to have a receipt mailed.
type MailAsked struct {
	Event consent.EventID // that asks for it
	At    time.Time
	Fresh bool // it was made now: false when the same had been asked for already
}

// mailRequest is the last request for a receipt's mail, so that asking again by mistake is no second mail.
type mailRequest struct {
	Event    consent.EventID  `json:"event"`
	File     consent.BlobHash `json:"file"`
	At       time.Time        `json:"at"`
	Language string           `json:"language"`
	// Revision is of the profile that holds the address: a corrected one is worth a mail of its own.
	Revision int `json:"revision"`
}

func mailRequestSetting(id consent.RecordID) string { return "mail_asked/" + string(id) }

// mailRepeat is for how long asking for the same mail is taken for the same wish.
const mailRepeat = 24 * time.Hour

// MailReceipt asks the library to mail the receipt of a record or a withdrawal to whoever signed it. The receipt itself and the request
// are durable when it returns, and go out with the next sync; the address stays in the sealed profile. Without a language it is in that
// of the record. Asked again within a day, or before the library has it, for the same language and profile, it is one mail.
func (s *Session) MailReceipt(ctx context.Context, id consent.RecordID, language string) (MailAsked, error) {
	return s.mailReceipt(ctx, id, language, false)
}

// MailReceiptAgain is MailReceipt for a mail besides those that were asked for.
func (s *Session) MailReceiptAgain(ctx context.Context, id consent.RecordID, language string) (MailAsked, error) {
	return s.mailReceipt(ctx, id, language, true)
}

func (s *Session) mailReceipt(ctx context.Context, id consent.RecordID, language string, again bool) (MailAsked, error) {
	var asked MailAsked
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
		request := mailRequest{At: c.at, Language: language, Revision: profile.Revision}
		if !again {
			earlier, same, err := c.askedAlready(id, request)
			if err != nil || same {
				asked = MailAsked{Event: earlier.Event, At: earlier.At}
				return err
			}
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
		if err != nil {
			return err
		}
		request.Event, request.File = e.ID, hash
		asked = MailAsked{Event: e.ID, At: c.at, Fresh: true}
		return c.PutSetting(mailRequestSetting(id), request)
	})
	return asked, err
}

// askedAlready finds an earlier request that says the same as this one and is young, or on its way.
func (c *change) askedAlready(id consent.RecordID, request mailRequest) (earlier mailRequest, same bool, err error) {
	found, err := c.Setting(mailRequestSetting(id), &earlier)
	if err != nil || !found || earlier.Language != request.Language || earlier.Revision != request.Revision {
		return earlier, false, err
	}
	if age := request.At.Sub(earlier.At); age >= 0 && age < mailRepeat {
		return earlier, true, nil
	}
	file, queued, err := c.Transfer(earlier.File)
	return earlier, queued && file.State != TransferReceived, err
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

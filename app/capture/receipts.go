package capture

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/app/receipt"
	"samtykke/assets"
)

// tokenFor is what the verification token of a record says.
func (s *Session) tokenFor(e consent.Envelope, body consent.DecidedBody, form *consent.Form) evidence.Token {
	sub, _ := s.state.Subject(e.Subject)
	raw, _ := evidence.Canonical(e) // an envelope that was just signed is canonical JSON
	return evidence.Token{Organisation: s.organisation.Number, Code: sub.Code, Record: consent.RecordID(e.ID),
		RecordHash: string(hashOf(raw)), Form: form.Key + " " + form.Version, Issued: e.At, Until: body.Until}
}

// WriteReceipt draws the receipt of a record, attaches it as a signed document for machines (see RecordDocument), seals the whole
// and notes in the log that it was issued. Without a language it is in that of the record. The same record always carries the same
// token and personal link.
func (s *Session) WriteReceipt(ctx context.Context, id consent.RecordID, language string) ([]byte, error) {
	var file []byte
	err := s.change(ctx, func(c *change) error {
		body, subject, shoot, at, ok := s.state.Record(id)
		if !ok {
			return recordUnknown(id)
		}
		doc, token, err := s.receiptDocument(c, id, body, subject, shoot, at, language)
		if err != nil {
			return err
		}
		if doc.Record, err = s.recordDocument(c, id, c.at); err != nil {
			return err
		}
		var pdf bytes.Buffer
		if err := receipt.Write(&pdf, doc); err != nil {
			return err
		}
		if file, err = evidence.SealFile(s.key, pdf.Bytes(), token); err != nil {
			return err
		}
		_, err = c.sign(evidence.Draft{Type: consent.ReceiptIssued, Subject: subject, Shoot: shoot,
			Body: consent.ReceiptBody{Record: id, SHA256: hashOf(file)}})
		return err
	})
	return file, err
}

func (s *Session) receiptDocument(c *change, id consent.RecordID, body consent.DecidedBody, subject consent.SubjectID,
	shoot consent.ShootID, at time.Time, language string) (receipt.Document, evidence.Token, error) {
	none := func(err error) (receipt.Document, evidence.Token, error) {
		return receipt.Document{}, evidence.Token{}, err
	}
	profile, err := s.knownProfile(subject)
	if err != nil {
		return none(err)
	}
	form := s.state.Form(body.Form)
	if form == nil {
		return none(formNotHere())
	}
	if language == "" {
		language = body.Language
	}
	text, err := form.Text(language)
	if err != nil {
		return none(err)
	}
	statement, signature, err := evidenceOf(c, body)
	if err != nil {
		return none(err)
	}
	sub, _ := s.state.Subject(subject)
	where := s.shoots[shoot]
	zone := c.at.Location()
	doc := receipt.Document{
		Language: language, Texts: assets.NewTexts(language).T,
		Number: string(id), Issued: c.at, Signed: at.In(zone),
		Organisation: receipt.Organisation{Name: form.Organisation.Name, Number: form.Organisation.Number, Address: form.Organisation.Address,
			Contact: form.Organisation.Contact, DPO: form.Organisation.DPO, Policy: form.Organisation.Policy},
		SubjectName: profile.Name, SubjectCode: string(sub.Code),
		SignerName: statement.Signer, SignerRole: string(body.Signer.Role), Method: string(statement.Method), TypedName: statement.TypedName, Witness: statement.Witness,
		FormTitle: text.Title, FormKey: form.Key, FormVersion: form.Version, FormHash: string(body.Form), MachineMade: text.MachineMade,
		Purpose: text.Purpose, Summary: text.Summary, Statement: statement.Signed,
		ShootTitle: where.Title, ShootPlace: where.Place, Photographer: statement.Photographer, Device: statement.Device,
		Signature: signature,
	}
	if language != body.Language {
		doc.SignedIn = form.Texts[body.Language].Name
	}
	for _, section := range text.Notice {
		doc.Notice = append(doc.Notice, receipt.Section(section))
	}
	for _, media := range form.Media {
		doc.MediaKinds, doc.MediaTitles = append(doc.MediaKinds, string(media)), append(doc.MediaTitles, text.Media[media])
	}
	for _, channel := range form.Channels {
		row := receipt.Answer{Title: text.Channels[channel.Key].Title, Text: text.Channels[channel.Key].Text}
		for _, media := range form.Media {
			row.Cells = append(row.Cells, s.receiptCell(subject, consent.Scope{Channel: channel.Key, Media: media}, body, zone, c.at))
		}
		doc.Answers = append(doc.Answers, row)
	}
	token, err := s.handOut(c, id, subject, &doc)
	return doc, token, err
}

// handOut puts the record's token and personal link on the receipt, the same ones every time, and returns what the token says.
func (s *Session) handOut(c *change, id consent.RecordID, subject consent.SubjectID, doc *receipt.Document) (evidence.Token, error) {
	var handed handedOut
	if found, err := c.Setting(handedOutSetting(id), &handed); err != nil || !found {
		return evidence.Token{}, cmp.Or(err, error(evidenceElsewhere()))
	}
	body, _, _, _, _ := s.state.Record(id)
	link, err := c.personalLink(subject, handed.LinkNonce, body.Link)
	if err != nil {
		return evidence.Token{}, err
	}
	if library := s.libraryAddress(); library != "" {
		doc.Link = link.URL(library)
	}
	token, err := evidence.DecodeToken(s.trusted(), handed.Token)
	doc.Token, doc.KeyID = handed.Token, string(token.Device[:min(16, len(token.Device))])
	return token, err
}

// receiptCell is one answer as the receipt shows it: what the person said, and for a yes whether it already counts.
func (s *Session) receiptCell(subject consent.SubjectID, scope consent.Scope, body consent.DecidedBody, zone *time.Location, now time.Time) receipt.Cell {
	switch body.Answers[scope] {
	case consent.DecisionYes:
	case consent.DecisionNo:
		return receipt.Cell{Status: string(consent.StatusRefused)}
	default: // an optional channel that was left open
		return receipt.Cell{Status: string(consent.StatusUnanswered)}
	}
	standing := s.state.Standing(subject, scope, now)
	switch standing.Status {
	case consent.StatusAwaitingGuardian, consent.StatusUnderReview:
		return receipt.Cell{Status: string(standing.Status)}
	}
	return receipt.Cell{Status: string(consent.StatusGiven), Until: body.Until.In(zone)}
}

// evidenceOf reads the sealed account of a record, and its signature as a picture (nil when there is none to show).
func evidenceOf(tx Blobs, body consent.DecidedBody) (Statement, []byte, error) {
	var statement Statement
	var signature []byte
	for _, ref := range body.Evidence {
		switch ref.Kind {
		case consent.EvidenceStatement:
			found, ok, err := readDetails[Statement](tx, ref.SHA256)
			if err != nil {
				return statement, nil, err
			}
			if !ok {
				return statement, nil, evidenceElsewhere()
			}
			statement = found
		case consent.EvidenceDrawn, consent.EvidencePaper:
			b, ok, err := tx.Blob(ref.SHA256)
			if err != nil || !ok {
				return statement, nil, err
			}
			if signature, err = signaturePNG(b.Data); err != nil {
				return statement, nil, err
			}
		}
	}
	return statement, signature, nil
}

func evidenceElsewhere() *problem.Problem {
	return problem.New(problem.NotFound, "evidence-elsewhere",
		"This consent was signed on another device, and its evidence is there and in the library; nothing was changed; write the receipt on that device.")
}

// Verification is what checking a receipt, a token or a signed document offline found.
type Verification struct {
	evidence.Token        // of a signed document only what it says itself: no hash of a file
	SignedBy       string // the device's name, or its identifier when only that is known
	// KnownHere: the record is in this vault. WithdrawnSince: so is a later withdrawal or refusal of something it said yes to.
	KnownHere, WithdrawnSince bool
}

// Verify checks a receipt file (PDF or JSON-LD) or the text of a token without a network. An error says why it is not to be
// trusted; what it claims comes along where it could be read. What a device signed that was shut out is trusted when its record is here.
func (s *Session) Verify(receiptOrToken []byte) (Verification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var token evidence.Token
	var err error
	switch {
	case bytes.HasPrefix(receiptOrToken, []byte("%PDF-")):
		token, err = evidence.OpenFile(s.trusted(), receiptOrToken)
	case bytes.HasPrefix(receiptOrToken, []byte("{")):
		token, err = evidence.OpenReceipt(s.trusted(), receiptOrToken)
	default:
		token, err = evidence.DecodeToken(s.trusted(), string(receiptOrToken))
	}
	v := Verification{Token: token, SignedBy: s.deviceName(token.Device)}
	body, subject, _, _, known := s.state.Record(token.Record)
	v.KnownHere = known
	if known {
		for scope, decision := range body.Answers {
			status := s.state.Standing(subject, scope, s.Clock()).Status
			if decision == consent.DecisionYes && (status == consent.StatusWithdrawn || status == consent.StatusRefused) {
				v.WithdrawnSince = true
			}
		}
	}
	if err == nil && !known && s.shutOut(token.Device) { // it may be dated back: only the log tells what was signed in time
		err = problem.New(problem.Unauthorised, "token-shut-out",
			"The receipt was signed by a device that has been shut out since, and its record is not here; it may be forged; ask the media library whether it has the record.")
	}
	return v, err
}

// shutOut tells whether the library's list says that a device no longer counts.
func (s *Session) shutOut(id consent.DeviceID) bool {
	return s.enrolment != nil && !s.enrolment.Trust.Counts(id, time.Time{})
}

// CardPayload is the text of a subject's QR card: a prefix and the short code, nothing else.
func CardPayload(code consent.Code) string { return cardPrefix + string(code) }

const cardPrefix = "SMK1:"

// card prepares the card of a subject.
func (s *Session) card(id consent.SubjectID, language string) (receipt.Card, error) {
	person, err := s.Person(id)
	if err != nil {
		return receipt.Card{}, err
	}
	card := receipt.Card{Language: language, Texts: assets.NewTexts(language).T, Code: string(person.Code), Payload: CardPayload(person.Code),
		OrganisationName: s.Organisation().Name}
	if len(person.Shoots) > 0 {
		s.mu.RLock()
		card.ShootTitle = s.shoots[person.Shoots[len(person.Shoots)-1]].Title
		s.mu.RUnlock()
	}
	return card, nil
}

// WriteCardPDF writes a subject's QR card to hand out.
func (s *Session) WriteCardPDF(w io.Writer, id consent.SubjectID, language string) error {
	card, err := s.card(id, language)
	if err != nil {
		return err
	}
	return receipt.WriteCardPDF(w, card)
}

// WriteCardPNG writes a subject's QR card as a picture.
func (s *Session) WriteCardPNG(w io.Writer, id consent.SubjectID, language string) error {
	card, err := s.card(id, language)
	if err != nil {
		return err
	}
	return receipt.WriteCardPNG(w, card)
}

func recordUnknown(id consent.RecordID) error {
	return problem.New(problem.NotFound, "record-unknown",
		"There is no consent {{.id}} in this vault; nothing was changed; \"consent show\" lists a person's consents.", "id", id)
}

package capture

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"io"
	"slices"
	"strings"
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

// WriteReceipt draws the receipt of a record or of a withdrawal, attaches it as a signed document for machines (see RecordDocument),
// seals the whole and notes in the log that it was issued. Without a language it is in that of the record. The same record always
// carries the same token and personal link.
func (s *Session) WriteReceipt(ctx context.Context, id consent.RecordID, language string) ([]byte, error) {
	var file []byte
	err := s.change(ctx, func(c *change) error {
		sealed, draft, err := s.sealedReceipt(c, id, language)
		if err != nil {
			return err
		}
		file = sealed
		draft.Body = consent.ReceiptBody{Record: id, SHA256: hashOf(file)}
		_, err = c.sign(draft)
		return err
	})
	return file, err
}

// sealedReceipt makes a receipt's file, and the event of its being issued, which still lacks its body.
func (s *Session) sealedReceipt(c *change, id consent.RecordID, language string) ([]byte, evidence.Draft, error) {
	r, err := s.receiptOf(c, id, language)
	if err != nil {
		return nil, evidence.Draft{}, err
	}
	if r.doc.Record, err = s.recordDocument(c, id, c.at); err != nil {
		return nil, evidence.Draft{}, err
	}
	var pdf bytes.Buffer
	if err := receipt.Write(&pdf, r.doc); err != nil {
		return nil, evidence.Draft{}, err
	}
	file, err := evidence.SealFile(s.key, pdf.Bytes(), r.token)
	return file, evidence.Draft{Type: consent.ReceiptIssued, Subject: r.subject, Shoot: r.shoot}, err
}

// issue is one receipt in the making.
type issue struct {
	subject consent.SubjectID
	shoot   consent.ShootID
	doc     receipt.Document
	token   evidence.Token
}

func (s *Session) receiptOf(c *change, id consent.RecordID, language string) (issue, error) {
	if entry, subject, ok := s.state.Withdrawal(consent.EventID(id)); ok {
		return s.withdrawalReceipt(c, entry, subject, language)
	}
	body, subject, shoot, at, ok := s.state.Record(id)
	if !ok {
		return issue{}, recordUnknown(id)
	}
	r := issue{subject: subject, shoot: shoot}
	doc, text, err := s.receiptBase(c, body, subject, language)
	if err != nil {
		return r, err
	}
	statement, signature, err := evidenceOf(c, body)
	if err != nil {
		return r, err
	}
	form, where, zone := s.state.Form(body.Form), s.shootDetails(shoot), c.at.Location()
	doc.Number, doc.Signed = string(id), at.In(zone)
	doc.SignerName, doc.SignerRole, doc.Method = statement.Signer, string(body.Signer.Role), string(statement.Method)
	doc.TypedName, doc.Witness, doc.Statement = statement.TypedName, statement.Witness, statement.Signed
	doc.Purpose, doc.Summary = text.Purpose, text.Summary
	doc.ShootTitle, doc.ShootPlace, doc.Photographer, doc.Device = where.Title, where.Place, statement.Photographer, statement.Device
	doc.Signature = signature
	for _, section := range text.Notice {
		doc.Notice = append(doc.Notice, receipt.Section(section))
	}
	earlier := s.earlierAnswers(subject, consent.EventID(id), body.Signer)
	for _, channel := range form.Channels {
		row := receipt.Answer{Title: text.Channels[channel.Key].Title, Text: text.Channels[channel.Key].Text}
		for _, media := range form.Media {
			scope := consent.Scope{Channel: channel.Key, Media: media}
			cell := s.receiptCell(subject, scope, body, zone, c.at)
			cell.Was = earlier.was(scope, body.Answers[scope])
			row.Cells = append(row.Cells, cell)
		}
		doc.Answers = append(doc.Answers, row)
	}
	doc.Kind, doc.Before = earlier.kind(body), earlier.at
	if !doc.Before.IsZero() {
		doc.Before = doc.Before.In(zone)
	}
	if body.Minor {
		s.aboutGuardians(&doc, body, statement)
	}
	r.token, err = s.handOut(c, id, &doc)
	r.doc = doc
	return r, err
}

// receiptBase is what the receipts of a record and of its withdrawal have in common.
func (s *Session) receiptBase(c *change, body consent.DecidedBody, subject consent.SubjectID, language string) (receipt.Document, consent.FormText, error) {
	profile, err := s.knownProfile(subject)
	if err != nil {
		return receipt.Document{}, consent.FormText{}, err
	}
	form := s.state.Form(body.Form)
	if form == nil {
		return receipt.Document{}, consent.FormText{}, formNotHere()
	}
	if language == "" {
		language = body.Language
	}
	if _, there := form.Texts[language]; there && !slices.Contains(form.Languages(), language) {
		language = form.Languages()[0] // read before such languages were refused; paper cannot show it
	}
	text, err := form.Text(language)
	if err != nil {
		return receipt.Document{}, consent.FormText{}, err
	}
	sub, _ := s.state.Subject(subject)
	doc := receipt.Document{
		Language: language, Texts: assets.NewTexts(language).T, Issued: c.at,
		Organisation: receipt.Organisation{Name: form.Organisation.Name, Number: form.Organisation.Number, Address: form.Organisation.Address,
			Contact: form.Organisation.Contact, DPO: form.Organisation.DPO, Policy: form.Organisation.Policy},
		SubjectName: profile.Name, SubjectCode: string(sub.Code),
		FormTitle: text.Title, FormKey: form.Key, FormVersion: form.Version, FormHash: string(body.Form), MachineMade: text.MachineMade,
	}
	if language != body.Language {
		doc.SignedIn = form.Texts[body.Language].Name
	}
	for _, media := range form.Media {
		doc.MediaKinds, doc.MediaTitles = append(doc.MediaKinds, string(media)), append(doc.MediaTitles, text.Media[media])
	}
	return doc, text, nil
}

// handOut puts the record's token and personal link on the receipt, the same ones every time, and returns what the token says.
func (s *Session) handOut(c *change, id consent.RecordID, doc *receipt.Document) (evidence.Token, error) {
	var handed handedOut
	if found, err := c.Setting(handedOutSetting(id), &handed); err != nil || !found {
		return evidence.Token{}, cmp.Or(err, error(evidenceElsewhere()))
	}
	if err := s.handOutLink(c, id, doc); err != nil {
		return evidence.Token{}, err
	}
	token, err := evidence.DecodeToken(s.trusted(), handed.Token)
	doc.Token, doc.KeyID = handed.Token, keyID(token.Device)
	return token, err
}

// keyID is how a receipt names the key that signed its token.
func keyID(device consent.DeviceID) string { return string(device[:min(16, len(device))]) }

// receiptCell is one answer as the receipt shows it: what the person said, and for a yes what it amounts to by now.
func (s *Session) receiptCell(subject consent.SubjectID, scope consent.Scope, body consent.DecidedBody, zone *time.Location, now time.Time) receipt.Cell {
	switch body.Answers[scope] {
	case consent.DecisionYes:
	case consent.DecisionNo:
		return receipt.Cell{Status: string(consent.StatusRefused)}
	default: // an optional channel that was left open
		return receipt.Cell{Status: string(consent.StatusUnanswered)}
	}
	switch standing := s.state.Standing(subject, scope, now); standing.Status {
	case consent.StatusAwaitingGuardian, consent.StatusUnderReview:
		return receipt.Cell{Status: string(standing.Status)}
	case consent.StatusWithdrawn, consent.StatusRefused, consent.StatusExpired: // since, or by somebody else with a say
		return receipt.Cell{Status: string(standing.Status), Said: string(consent.StatusGiven)}
	}
	return receipt.Cell{Status: string(consent.StatusGiven), Until: body.Until.In(zone)}
}

// evidenceOf reads the sealed account of a record, and its signature as a picture (nil when there is none to show).
func evidenceOf(tx Blobs, body consent.DecidedBody) (Statement, image.Image, error) {
	var statement Statement
	var signature image.Image
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
			if signature, err = signaturePicture(b.Data); err != nil {
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

// CardPayload is the text of a subject's QR card: a prefix and the short code, nothing else.
func CardPayload(code consent.Code) string { return cardPrefix + string(code) }

const cardPrefix = "SMK1:"

// ParseCardCode reads a short code as somebody types it, or as a scanner reads it off a card.
func ParseCardCode(text string) (consent.Code, error) {
	return consent.ParseCode(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), cardPrefix))
}

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
		card.ShootTitle = s.shootDetails(person.Shoots[len(person.Shoots)-1]).Title
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

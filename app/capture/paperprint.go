package capture

import (
	"io"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/app/receipt"
	"samtykke/assets"
)

// PaperPrint is an order of forms to be filled in with a pen.
type PaperPrint struct {
	Shoot    consent.ShootID
	Form     string // key; "" for the one in use at the shoot
	Language string
	// Subjects get sheets with their name and short code; without any they are for anybody.
	Subjects []consent.SubjectID
	Copies   int // how many sheets for each of the Subjects, or for anybody, from 1
}

// maxPaperCopies bounds one order: more than any school needs, and less than fills a disk.
const maxPaperCopies = 2000

// WritePaperForms draws paper forms as one PDF of two pages for each sheet, and returns how many sheets that is. Every sheet has a
// code by which a photograph of it is known on import; nothing is saved here.
func (s *Session) WritePaperForms(w io.Writer, p PaperPrint) (sheets int, err error) {
	if people := max(1, len(p.Subjects)); p.Copies < 1 || p.Copies > maxPaperCopies/people {
		return 0, problem.New(problem.Invalid, "paper-copies-wrong",
			"{{.count}} copies of {{.sheets}} is not a number of sheets that can be printed at once; nothing was written; ask for at least one, and for at most {{.max}} sheets.",
			"count", p.Copies, "sheets", people, "max", maxPaperCopies)
	}
	form, err := s.paperDocument(p)
	if err != nil {
		return 0, err
	}
	return len(form.Sheets), receipt.WritePaperForms(w, form)
}

func (s *Session) paperDocument(p PaperPrint) (receipt.PaperForm, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var doc receipt.PaperForm
	shoot, err := s.knownShoot(p.Shoot)
	if err != nil {
		return doc, err
	}
	form, hash, err := s.formAt(p.Shoot, p.Form)
	if err != nil {
		return doc, err
	}
	text, err := form.Text(p.Language)
	if err != nil {
		return doc, err
	}
	texts := assets.NewTexts(p.Language)
	doc = receipt.PaperForm{Language: p.Language, Texts: texts.T, Printed: s.Clock(), OrganisationName: form.Organisation.Name,
		ShootTitle: shoot.Title, ShootPlace: shoot.Place, Title: text.Title, Key: form.Key, Version: form.Version, Hash: string(hash),
		MachineMade: text.MachineMade, Purpose: text.Purpose, Summary: text.Summary,
		Statement: text.Statement, GuardianStatement: text.GuardianStatement, SoleConsentAge: form.MinorPolicy.SoleConsentAge}
	for _, section := range text.Notice {
		doc.Notice = append(doc.Notice, receipt.Section(section))
	}
	for _, media := range form.Media {
		doc.MediaTitles = append(doc.MediaTitles, text.Media[media])
	}
	for _, channel := range form.Channels {
		row := receipt.PaperChannel{Title: text.Channels[channel.Key].Title, Text: text.Channels[channel.Key].Text}
		row.Remarks = channelRemarks(channel, texts)
		doc.Channels = append(doc.Channels, row)
	}
	code := PaperCode{Shoot: p.Shoot, Form: string(hash), Language: strings.ToLower(p.Language)}
	for _, id := range p.Subjects {
		profile, err := s.knownProfile(s.state.Canonical(id))
		if err != nil {
			return doc, err
		}
		sub, _ := s.state.Subject(profile.Subject)
		code.Code = sub.Code
		if err := s.addSheets(&doc, code, profile.Name, p.Copies); err != nil {
			return doc, err
		}
	}
	if len(p.Subjects) > 0 {
		return doc, nil
	}
	return doc, s.addSheets(&doc, code, "", p.Copies)
}

// addSheets adds sheets for one person or for anybody, each with a serial of its own.
func (s *Session) addSheets(doc *receipt.PaperForm, code PaperCode, name string, count int) (err error) {
	back := code
	back.Back = true
	for range count {
		if code.Serial, err = newPaperSerial(s.Random); err != nil {
			return err
		}
		back.Serial = code.Serial
		doc.Sheets = append(doc.Sheets, receipt.PaperSheet{Serial: code.Serial, Payload: code.String(), BackPayload: back.String(), Name: name, Code: string(code.Code)})
	}
	return nil
}

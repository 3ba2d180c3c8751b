package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// formPaper prints forms to be filled in with a pen.
type formPaper struct {
	Shoot    consent.ShootID `required:"" help:"The shoot." placeholder:"ID"`
	Form     string          `help:"Key of the form; the one in use at the shoot when left out." placeholder:"KEY"`
	Language string          `help:"One of the form's languages." default:"nb" placeholder:"L"`
	Copies   int             `help:"How many sheets, for each person or for anybody; each has a number of its own." default:"1" placeholder:"N"`
	Subject  []string        `help:"For this person, by id or short code; may be repeated." placeholder:"ID"`
	Out      string          `required:"" help:"Where to." type:"path" placeholder:"FILE.pdf"`
}

func (f *formPaper) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	order := capture.PaperPrint{Shoot: f.Shoot, Form: f.Form, Language: f.Language, Copies: f.Copies}
	if order.Subjects, err = resolveAll(s, f.Subject); err != nil {
		return err
	}
	var pdf bytes.Buffer
	sheets, err := s.WritePaperForms(&pdf, order)
	if err != nil {
		return err
	}
	if err := capture.WriteFile(f.Out, pdf.Bytes()); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": f.Out, "sheets": sheets}, fmt.Sprintf("Sheets to print on both sides in %s: %d", f.Out, sheets))
}

// resolveAll finds the people that a command names.
func resolveAll(s *capture.Session, texts []string) ([]consent.SubjectID, error) {
	ids := make([]consent.SubjectID, len(texts))
	for i, text := range texts {
		id, err := s.Resolve(text)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

type paperCommand struct {
	Add     paperAdd     `cmd:"" help:"Take in photographs or scans of signed paper forms."`
	List    paperList    `cmd:"" help:"List the signed papers, those that wait to be read first."`
	Show    paperShow    `cmd:"" help:"Write a signed paper out, for reading."`
	Confirm paperConfirm `cmd:"" help:"Record what you have read on a signed paper."`
	Discard paperDiscard `cmd:"" help:"Remove a paper that nobody is to confirm."`
}

type paperJSON struct {
	ID       consent.BlobHash   `json:"id"`
	Shoot    consent.ShootID    `json:"shoot"`
	Form     string             `json:"form"` // hash, or its beginning
	Language string             `json:"language"`
	Serial   string             `json:"serial"`
	Code     consent.Code       `json:"code,omitempty"`
	Name     string             `json:"name"`
	Imported time.Time          `json:"imported"`
	State    capture.PaperState `json:"state"`
	Same     []consent.BlobHash `json:"same,omitempty"` // other pictures of the same sheet
	Consents []consent.RecordID `json:"consents,omitempty"`
}

// paperFoundJSON is a signed paper that an import came upon.
type paperFoundJSON struct {
	Path string           `json:"path"`
	ID   consent.BlobHash `json:"id"`
}

func paperOf(p capture.SignedPaper) paperJSON {
	return paperJSON{ID: p.ID, Shoot: p.Shoot, Form: p.Form, Language: p.Language, Serial: p.Serial, Code: p.Code, Name: p.Name,
		Imported: p.Imported, State: p.State(), Consents: p.Records}
}

type paperAdd struct {
	Files    []string        `arg:"" name:"file" help:"Pictures, or PDFs." type:"path"`
	Shoot    consent.ShootID `help:"Where its code cannot be read: the shoot." placeholder:"ID"`
	Form     string          `help:"The same: the form's key, else the one in use at the shoot." placeholder:"KEY"`
	Language string          `help:"The same: the language." placeholder:"L"`
}

func (a *paperAdd) Run(c *call) error {
	s, err := c.open()
	if err != nil {
		return err
	}
	added := []paperJSON{}
	text := ""
	for _, path := range a.Files {
		data, err := readBounded(path, capture.MaxBlob)
		if err != nil {
			return err
		}
		paper, fresh, err := s.AddPaper(c.context, capture.PaperFile{Name: filepath.Base(path), Data: data, Shoot: a.Shoot, Form: a.Form, Language: a.Language})
		if err != nil {
			if len(added) > 0 { // what came in before it did come in
				err = errors.Join(c.answer(added, text), err)
			}
			return err
		}
		added = append(added, paperOf(paper))
		was := ""
		if !fresh {
			was = " (was here already)"
		}
		text += fmt.Sprintf("%.12s  sheet %s%s\n", paper.ID, orDash(paper.Serial), was)
	}
	return c.answer(added, text+"Read each with \"paper show\", then \"paper confirm\".")
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

type paperList struct {
	Shoot consent.ShootID `help:"Only of this shoot." placeholder:"ID"`
}

func (l *paperList) Run(c *call) error {
	s, err := c.openAt(l.Shoot)
	if err != nil {
		return err
	}
	papers, err := s.Papers(c.context, l.Shoot)
	if err != nil {
		return err
	}
	rows, lines := []paperJSON{}, []string{}
	for _, p := range papers {
		row := paperOf(p.SignedPaper)
		row.Same = p.Same
		rows = append(rows, row)
		line := fmt.Sprintf("%.12s  %-9s  sheet %-6s  %s  %s", row.ID, row.State, orDash(row.Serial), row.Imported.Local().Format("2006-01-02 15:04"), plain(row.Name))
		if row.Code != "" {
			line += "  for " + string(row.Code)
		}
		if len(row.Same) > 0 {
			line += fmt.Sprintf("  (pictures of this sheet: %d)", len(row.Same)+1)
		}
		lines = append(lines, line)
	}
	return c.answer(rows, strings.Join(lines, "\n"))
}

// openPaper is open for what is about one paper, which the beginning of its id names.
func (c *call) openPaper(id string) (*capture.Session, capture.SignedPaper, error) {
	s, err := c.open()
	if err != nil {
		return nil, capture.SignedPaper{}, err
	}
	paper, err := s.Paper(c.context, id)
	return s, paper, err
}

type paperShow struct {
	ID  string `arg:"" help:"The paper, by the beginning of its id."`
	Out string `required:"" help:"Where to." type:"path" placeholder:"FILE"`
}

func (p *paperShow) Run(c *call) error {
	s, paper, err := c.openPaper(p.ID)
	if err != nil {
		return err
	}
	data, err := s.PaperBytes(c.context, paper.ID)
	if err != nil {
		return err
	}
	if err := capture.WriteFile(p.Out, data); err != nil {
		return err
	}
	return c.answer(map[string]any{"path": p.Out, "mime": paper.MIME},
		fmt.Sprintf("The paper is in %s, outside the vault: delete it when you have read it", p.Out))
}

type paperConfirm struct {
	ID           string   `arg:"" help:"The paper, by the beginning of its id."`
	Subject      string   `help:"Whose it is: id or short code; for whom it was printed when left out." xor:"who" placeholder:"ID"`
	Name         string   `help:"Register the person with this name." xor:"who" placeholder:"S"`
	Phone        string   `help:"With --name: phone." placeholder:"S"`
	Email        string   `help:"With --name: e-mail." placeholder:"S"`
	Born         string   `help:"With --name: year or date of birth." placeholder:"YYYY[-MM-DD]"`
	Guardian     []string `help:"With --name: a guardian; may be repeated." placeholder:"\"name;phone;email\"" sep:"none"`
	Yes          string   `help:"What is ticked yes: comma list of channel:kind; web:*, *:photo, rest." placeholder:"SCOPES"`
	No           string   `help:"What is ticked no: comma list of channel:kind, or rest." placeholder:"SCOPES"`
	Signer       string   `help:"self, or guardian:N counted from 1." default:"self" placeholder:"self|guardian:N"`
	SoleGuardian string   `help:"Why this guardian decides alone." placeholder:"REASON"`
	SignedOn     string   `help:"The day that stands on the paper." placeholder:"YYYY-MM-DD"`
	Witness      string   `help:"Name of a witness." placeholder:"S"`
}

func (p *paperConfirm) Run(c *call) error {
	guardian, err := parseSigner(p.Signer)
	if err != nil {
		return err
	}
	if p.Name == "" && (p.Phone != "" || p.Email != "" || p.Born != "" || p.Guardian != nil) {
		return fmt.Errorf("%w: --phone, --email, --born and --guardian go with --name", errUsage)
	}
	s, paper, err := c.openPaper(p.ID)
	if err != nil {
		return err
	}
	confirmation := capture.PaperConfirmation{Paper: paper.ID, Guardian: guardian, SoleGuardian: p.SoleGuardian, SignedOn: p.SignedOn, Witness: p.Witness}
	if p.Subject != "" {
		if confirmation.Subject, err = s.Resolve(p.Subject); err != nil {
			return err
		}
	}
	if p.Name != "" {
		guardians, err := parseGuardians(p.Guardian)
		if err != nil {
			return err
		}
		confirmation.New = &capture.Registration{Name: p.Name, Phone: p.Phone, Email: p.Email, Born: p.Born, Guardians: guardians}
	}
	form, err := s.PaperForm(paper)
	if err != nil {
		return err
	}
	if confirmation.Answers, err = parseAnswers(form, p.Yes, p.No); err != nil {
		return err
	}
	signed, err := s.ConfirmPaper(c.context, confirmation)
	if err != nil {
		return err
	}
	if paper, err = s.Paper(c.context, string(paper.ID)); err != nil {
		return err
	}
	person, err := s.Person(paper.Subject)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": signed.Record, "subject": person.ID, "code": person.Code, "receipt": signed.Record, "token": signed.Token,
		"personal_link": signed.Link}, fmt.Sprintf("Saved. Consent %s of %s", signed.Record, person.Code))
}

type paperDiscard struct {
	ID string `arg:"" help:"The paper, by the beginning of its id."`
}

func (p *paperDiscard) Run(c *call) error {
	s, paper, err := c.openPaper(p.ID)
	if err != nil {
		return err
	}
	if err := s.DiscardPaper(c.context, paper.ID); err != nil {
		return err
	}
	return c.answer(map[string]any{"id": paper.ID, "discarded": true}, "The paper is removed")
}

// papersWaiting says in a line how many papers wait, "" when none does.
func papersWaiting(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("\nSigned papers that nobody has confirmed, on this device alone: %d: \"paper list\"", n)
}

package capture

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
)

// ClassPaper are photographs and scans of signed paper forms that nobody has confirmed yet. They stay on this device and in its
// backups: an event names them, and the library gets them, once a person has read the answers (see ConfirmPaper).
const ClassPaper BlobClass = "paper"

// settingPapers lists the papers, those that are waiting and those that became evidence, by when they came in.
const settingPapers = "papers"

// SignedPaper is a photograph or a scan of a signed paper form. It is no picture of people: it is in no grid and never exported.
type SignedPaper struct {
	ID       consent.BlobHash `json:"id"`    // SHA-256 of its bytes
	Shoot    consent.ShootID  `json:"shoot"` // which the sheet was printed for
	Form     string           `json:"form"`  // the form's hash, or the beginning of it that the sheet's code has
	Language string           `json:"language"`
	Serial   string           `json:"serial,omitempty"` // of the sheet; "" when no code was read
	Code     consent.Code     `json:"code,omitempty"`   // for whom the sheet was printed
	Back     bool             `json:"back,omitempty"`   // it shows the back of the sheet, where nothing is answered
	Name     string           `json:"name"`             // of the file
	MIME     string           `json:"mime"`
	Size     int64            `json:"size"` // bytes
	Imported time.Time        `json:"imported"`
	// Subject and Records say what it is evidence of, once it is.
	Subject consent.SubjectID  `json:"subject,omitempty"`
	Records []consent.RecordID `json:"records,omitempty"`
}

// State is "waiting" until a person has confirmed what stands on it, then "confirmed". A back waits for nothing.
func (p SignedPaper) State() PaperState {
	if len(p.Records) > 0 {
		return PaperConfirmed
	}
	if p.Back {
		return PaperBack
	}
	return PaperWaiting
}

// PaperState is how far a paper has come.
type PaperState string

// The states.
const (
	PaperWaiting   PaperState = "waiting"
	PaperConfirmed PaperState = "confirmed"
	PaperBack      PaperState = "back"
)

// sameSheet tells whether two photographs are of one sheet.
func (p SignedPaper) sameSheet(other SignedPaper) bool {
	return p.Serial != "" && p.Serial == other.Serial && p.Shoot == other.Shoot && p.Form == other.Form
}

// PaperFile is a file that shows a signed paper form.
type PaperFile struct {
	Name string // of the file
	Data []byte // a picture, or a PDF
	// Shoot, Form (a key; "" for the one in use at the shoot) and Language are for a sheet whose code cannot be read, as that of a PDF; what
	// the code says goes before them.
	Shoot    consent.ShootID
	Form     string
	Language string
}

// AddPaper takes in a photograph or a scan of a paper form, which then waits for somebody to confirm what stands on it. One that is
// here already changes nothing; fresh tells.
func (s *Session) AddPaper(ctx context.Context, f PaperFile) (paper SignedPaper, fresh bool, err error) {
	mime, err := paperMIME(f.Data)
	if err != nil {
		return paper, false, err
	}
	code, read := PaperCode{}, false
	if mime != mimePDF {
		if code, read, err = findPaperCode(ctx, f.Data); err != nil {
			return paper, false, err
		}
	}
	paper = SignedPaper{Name: f.Name, MIME: mime, Shoot: code.Shoot, Form: code.Form, Language: code.Language, Serial: code.Serial, Code: code.Code, Back: code.Back}
	if !read {
		if f.Shoot == "" || f.Language == "" {
			return paper, false, problem.New(problem.Invalid, "paper-code-unread",
				"The code on the paper cannot be read; nothing was saved; say which shoot, form and language it is of, or take a sharper picture of the whole sheet.")
		}
		s.mu.RLock()
		_, hash, err := s.formAt(f.Shoot, f.Form)
		s.mu.RUnlock()
		if err != nil {
			return paper, false, err
		}
		paper.Shoot, paper.Form, paper.Language = f.Shoot, string(hash), f.Language
	}
	return s.keepPaper(ctx, paper, f.Data)
}

const mimePDF = "application/pdf"

// paperMIME says what a scan or a photograph of a paper is, and refuses what is neither.
func paperMIME(data []byte) (string, error) {
	if len(data) > MaxBlob {
		return "", errPaperTooLarge()
	}
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return checkSignature(Paper, data)
	}
	info, err := picture.Inspect(bytes.NewReader(data), int64(len(data)))
	if err != nil || info.Kind != picture.Photo {
		return "", problem.New(problem.Invalid, "paper-unreadable",
			"The file is not a picture or a PDF of a paper; nothing was saved; take a photograph of the sheet, or scan it to PDF, PNG or JPEG.").Because(err)
	}
	return info.MIME, nil
}

func errPaperTooLarge() error {
	return problem.New(problem.Invalid, "paper-too-large",
		"The picture of the paper is larger than {{.max}} MB; nothing was saved; scan it at 150 to 300 dpi, or let the camera take smaller pictures.", "max", MaxBlob>>20)
}

// findPaperCode looks for the code of a paper form in a picture; false when there is none, or several.
func findPaperCode(ctx context.Context, data []byte) (code PaperCode, found bool, err error) {
	file, err := picture.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return code, false, ctx.Err()
	}
	// One picture, which somebody has named: it may take longer than among thousands.
	read, err := file.FindSlates(ctx, 2*slateTime, func(text string) (string, bool) {
		_, ok := ParsePaperCode(text)
		return text, ok
	})
	if ctx.Err() != nil || err != nil || len(read.Values) != 1 {
		return code, false, ctx.Err()
	}
	code, found = ParsePaperCode(read.Values[0])
	return code, found, nil
}

// keepPaper seals a paper and lists it, in one transaction.
func (s *Session) keepPaper(ctx context.Context, paper SignedPaper, data []byte) (kept SignedPaper, fresh bool, err error) {
	paper.ID, paper.Size = hashOf(data), int64(len(data))
	err = s.change(ctx, func(c *change) error {
		papers, err := readPapers(c)
		if err != nil {
			return err
		}
		if at := indexPaper(papers, paper.ID); at >= 0 {
			kept, fresh = papers[at], false
			return nil
		}
		if _, here, err := c.Blob(paper.ID); err != nil || here {
			if err == nil {
				err = problem.New(problem.Conflict, "paper-is-evidence",
					"This file is kept as evidence of a consent already; nothing was changed; there is nothing more to do with it.")
			}
			return err
		}
		paper.Imported = c.at.UTC()
		kept, fresh = paper, true
		if err := c.PutBlob(Blob{Hash: paper.ID, Class: ClassPaper, Data: data}); err != nil {
			return err
		}
		return c.PutSetting(settingPapers, append(papers, paper))
	})
	return kept, fresh, err
}

func readPapers(tx Settings) ([]SignedPaper, error) {
	var papers []SignedPaper
	_, err := tx.Setting(settingPapers, &papers)
	return papers, err
}

func indexPaper(papers []SignedPaper, id consent.BlobHash) int {
	return slices.IndexFunc(papers, func(p SignedPaper) bool { return p.ID == id })
}

// ListedPaper is a paper with the others that show the same sheet.
type ListedPaper struct {
	SignedPaper
	Same []consent.BlobHash
}

// Papers lists the papers of a shoot, of all when shoot is "": photographs of one sheet stand beside each other, and sheets by when
// the first of them came in.
func (s *Session) Papers(ctx context.Context, shoot consent.ShootID) ([]ListedPaper, error) {
	var papers []SignedPaper
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		papers, err = readPapers(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	list := []ListedPaper{}
	listed := map[consent.BlobHash]bool{}
	for _, first := range papers {
		for _, p := range papers {
			if listed[p.ID] || shoot != "" && p.Shoot != shoot || p.ID != first.ID && !first.sameSheet(p) {
				continue
			}
			listed[p.ID] = true
			entry := ListedPaper{SignedPaper: p, Same: []consent.BlobHash{}}
			for _, other := range papers {
				if other.ID != p.ID && p.sameSheet(other) {
					entry.Same = append(entry.Same, other.ID)
				}
			}
			list = append(list, entry)
		}
	}
	return list, nil
}

// Paper finds a paper by its identifier, or by the beginning of one that no other has.
func (s *Session) Paper(ctx context.Context, text string) (SignedPaper, error) {
	var paper SignedPaper
	err := s.Store.View(ctx, func(tx Tx) error {
		papers, err := readPapers(tx)
		if err != nil {
			return err
		}
		paper, err = findPaper(papers, text)
		return err
	})
	return paper, err
}

func findPaper(papers []SignedPaper, text string) (SignedPaper, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	var found []SignedPaper
	for _, p := range papers {
		if text != "" && strings.HasPrefix(string(p.ID), text) {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		return SignedPaper{}, problem.New(problem.NotFound, "paper-unknown",
			"{{.count}} papers on this device have an identifier that begins with {{.id}}; nothing was changed; \"paper list\" shows them all.", "count", len(found), "id", text)
	}
	return found[0], nil
}

// PaperBytes returns the bytes of a paper, as they came in, for reading.
func (s *Session) PaperBytes(ctx context.Context, id consent.BlobHash) ([]byte, error) {
	var data []byte
	err := s.Store.View(ctx, func(tx Tx) error {
		papers, err := readPapers(tx)
		if err != nil {
			return err
		}
		if _, err := findPaper(papers, string(id)); err != nil {
			return err
		}
		b, here, err := tx.Blob(id)
		if err == nil && !here {
			err = error(evidenceElsewhere())
		}
		data = b.Data
		return err
	})
	return data, err
}

// DiscardPaper removes a paper that nobody is to confirm: a blank one, one that cannot be read, a second photograph. What is
// evidence of a consent stays.
func (s *Session) DiscardPaper(ctx context.Context, id consent.BlobHash) error {
	return s.change(ctx, func(c *change) error {
		papers, err := readPapers(c)
		if err != nil {
			return err
		}
		paper, err := findPaper(papers, string(id))
		if err != nil {
			return err
		}
		if paper.State() == PaperConfirmed {
			return problem.New(problem.Conflict, "paper-confirmed",
				"This paper is evidence of a consent; nothing was removed; withdraw the consent, or erase the person, if it is not to count.")
		}
		return c.dropPapers(papers, func(p SignedPaper) bool { return p.ID == paper.ID })
	})
}

// dropPapers removes the papers that gone chooses, bytes and all. Evidence goes with its person.
func (c *change) dropPapers(papers []SignedPaper, gone func(SignedPaper) bool) error {
	kept := make([]SignedPaper, 0, len(papers))
	for _, p := range papers {
		if !gone(p) {
			kept = append(kept, p)
			continue
		}
		if p.State() == PaperConfirmed {
			continue
		}
		if err := c.DeleteBlob(p.ID); err != nil {
			return err
		}
	}
	if len(kept) == len(papers) {
		return nil
	}
	return c.PutSetting(settingPapers, kept)
}

// forgetPapers removes what waits for a person who is being erased, further photographs of the sheets that they signed too, and
// forgets what was confirmed of them.
func (c *change) forgetPapers(id consent.SubjectID) error {
	papers, err := readPapers(c)
	if err != nil || len(papers) == 0 {
		return err
	}
	return c.dropPapers(papers, func(p SignedPaper) bool { return c.session.isPaperOf(p, papers, id) })
}

// isPaperOf tells whether one of all papers is of a registration: confirmed as theirs, or waiting and printed for them, or another
// photograph of a sheet that is theirs. The caller holds a lock or is inside a change.
func (s *Session) isPaperOf(p SignedPaper, all []SignedPaper, id consent.SubjectID) bool {
	confirmed := func(p SignedPaper) bool { return p.State() == PaperConfirmed && p.Subject == id }
	if p.State() == PaperConfirmed {
		return confirmed(p)
	}
	holder, known := s.state.SubjectByCode(p.Code)
	return p.Code != "" && known && holder == id ||
		slices.ContainsFunc(all, func(other SignedPaper) bool { return confirmed(other) && other.sameSheet(p) })
}

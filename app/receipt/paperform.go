package receipt

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// PaperForm is a consent form to be filled in with a pen, for as many people as it has sheets.
type PaperForm struct {
	Language string // BCP 47
	Texts    Texts  // translations of the paper.*, signing.* and receipt.* identifiers into Language; required
	Printed  time.Time

	OrganisationName string
	ShootTitle       string
	ShootPlace       string

	Title       string
	Key         string
	Version     string
	Hash        string    // SHA-256 of the form's canonical JSON, in hex
	MachineMade bool      // no reader of Language has reviewed the form's text yet, which the sheet then says
	Purpose     string    // what people are asked for
	Summary     []string  // the short lines
	Notice      []Section // the whole notice, for the back

	MediaTitles []string
	Channels    []PaperChannel
	// Statement is what the person signs, GuardianStatement what a guardian signs for somebody below SoleConsentAge.
	Statement, GuardianStatement string
	SoleConsentAge               int

	Sheets []PaperSheet // at least one
}

// PaperChannel is one row of the grid.
type PaperChannel struct {
	Title   string
	Text    string   // what a yes means there
	Remarks []string // that it leaves the EEA, that it may stay open
}

// PaperSheet is what differs from sheet to sheet. Name and Code are "" on a sheet for anybody.
type PaperSheet struct {
	Serial  string
	Payload string // the text of the QR code
	// BackPayload is that of the one on the back, which tells a photograph of it from a picture of people.
	BackPayload string
	Name        string
	Code        string
}

// WritePaperForms draws each sheet as a front, on which everything is answered and signed, so that one photograph holds all of it,
// and a back with the whole notice, as one PDF. Colours carry nothing: it may be printed in black and white.
func WritePaperForms(w io.Writer, f PaperForm) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("check paper form: %w", err)
	}
	scale, err := f.scale()
	if err != nil {
		return err
	}
	p, err := f.newPage(scale)
	if err != nil {
		return err
	}
	for _, sheet := range f.Sheets {
		if err := p.drawFront(sheet); err != nil {
			return err
		}
		if err := p.drawBack(sheet); err != nil {
			return err
		}
	}
	if err := p.write(w); err != nil {
		return fmt.Errorf("write paper form: %w", err)
	}
	return nil
}

func (f PaperForm) check() error {
	switch {
	case f.Texts == nil:
		return errors.New("no texts")
	case len(f.MediaTitles) == 0 || len(f.Channels) == 0:
		return errors.New("nothing to answer")
	case f.Statement == "":
		return errors.New("no statement")
	case len(f.Sheets) == 0:
		return errors.New("no sheets")
	}
	for _, sheet := range f.Sheets {
		if sheet.Serial == "" || sheet.Payload == "" || sheet.BackPayload == "" {
			return errors.New("a sheet without a serial or a payload")
		}
	}
	return nil
}

// scale is how large the type of the front may be for everything to stand on it: languages differ by a third in length.
func (f PaperForm) scale() (float64, error) {
	for _, scale := range []float64{1, 0.96, 0.92, 0.88, 0.84} {
		p, err := f.newPage(scale)
		if err != nil {
			return 0, err
		}
		if err := p.drawFront(f.Sheets[0]); err != nil {
			return 0, err
		}
		if p.y <= p.paper.height-paperFoot {
			return scale, nil
		}
	}
	return 0, errors.New("the form does not fit on one side of a sheet")
}

// paperFoot is the height of the foot of a page, with the margin that printers leave white.
const paperFoot = 16.0

// paperPage is a paper form on its sheet. Blocks above the grid and below it keep their place from sheet to sheet.
type paperPage struct {
	page
	form  PaperForm
	scale float64
}

func (f PaperForm) newPage(scale float64) (*paperPage, error) {
	s, err := newSheet(paperA4, documentInfo{title: f.Title, author: f.OrganisationName, at: f.Printed})
	if err != nil {
		return nil, fmt.Errorf("prepare paper form: %w", err)
	}
	return &paperPage{page: page{sheet: s, doc: Document{Texts: f.Texts, Notice: f.Notice}}, form: f, scale: scale}, nil
}

func (p *paperPage) sized(st style) style { return st.sized(st.size * p.scale) }

func (p *paperPage) words(id string) string { return p.form.Texts("paper."+id, nil) }

// drawFront draws what is answered and signed.
func (p *paperPage) drawFront(sheet PaperSheet) error {
	p.pdf.AddPage()
	p.y = 12
	if err := p.drawPaperHead(sheet); err != nil {
		return err
	}
	p.drawGrid()
	p.drawPerson(sheet)
	p.drawGuardians()
	p.drawPaperFoot(sheet, p.words("front"))
	return nil
}

// drawPaperHead draws who asks for what, beside the code that a camera reads.
func (p *paperPage) drawPaperHead(sheet PaperSheet) error {
	const codeSide = 30.0
	top, f := p.y, p.form
	if err := p.drawCode(sheet, sheet.Payload, codeSide); err != nil {
		return err
	}

	width := p.width() - codeSide - 3
	p.box(p.left(), p.y, 22, 1.4, ink)
	p.y += 4
	name := style{9.6, true, ink}
	p.y = p.lines(p.left(), p.y, name, p.faces.wrap(name, f.OrganisationName, width))
	p.y += 0.8
	title := p.faces.fit(style{19, true, ink}, f.Title, width, 13)
	p.y = p.lines(p.left(), p.y, title, p.faces.wrap(title, f.Title, width))
	under := style{9, false, muted}
	for _, words := range compact(f.ShootTitle, f.ShootPlace) {
		p.y = p.lines(p.left(), p.y, under, firstLines(p.faces.wrap(under, words, width), 1))
	}
	p.y = max(p.y+1, top+codeSide+0.6)

	text := p.sized(style{8.4, false, ink})
	if f.MachineMade {
		p.y = p.lines(p.left(), p.y, text, p.faces.wrap(text, p.t("machine-made"), p.width()))
	}
	p.y = p.lines(p.left(), p.y, text, p.faces.wrap(text, f.Purpose, p.width())) + 0.8
	for _, words := range f.Summary {
		p.box(p.left()+0.6, p.y+text.ascent()-1.35, 0.9, 0.9, ink)
		p.y = p.lines(p.left()+4, p.y, text, p.faces.wrap(text, words, p.width()-4))
	}
	p.y = p.lines(p.left(), p.y+0.8, text, p.faces.wrap(text, p.words("back"), p.width())) + 1.6
	return nil
}

// drawCode draws a QR code in the upper right corner of a page, with the sheet's serial under it.
func (p *paperPage) drawCode(sheet PaperSheet, payload string, side float64) error {
	const quiet = 3 // the white around a code may reach into the margin
	modules, err := qrModules(payload)
	if err != nil {
		return err
	}
	p.drawQR(modules, p.right()-side+quiet, p.y-quiet, side)
	p.textCentred(p.right()-side/2+quiet, p.y+side-2.6, style{8, true, ink}, p.serial(sheet))
	return nil
}

// serial is how a sheet is called.
func (p *paperPage) serial(sheet PaperSheet) string {
	return p.form.Texts("paper.sheet", map[string]any{"Serial": sheet.Serial})
}

// drawGrid draws the channels and kinds, with two boxes of the same size for each.
func (p *paperPage) drawGrid() {
	const (
		box  = 4.2
		room = 1.2 // between a box and its word
	)
	f := p.form
	word := p.sized(style{8.2, false, ink})
	yes, no := f.Texts("signing.yes", nil), f.Texts("signing.no", nil)
	half := max(11, box+room+max(p.faces.width(word, yes), p.faces.width(word, no))+1.8)
	cell := 2*half + 4
	titleWidth := p.width() - cell*float64(len(f.MediaTitles)) - 2
	first := p.left() + titleWidth + 2
	title, text := p.sized(style{9.2, true, ink}), p.sized(style{7.4, false, ink})

	p.box(p.left(), p.y, p.width(), 0.6, ink)
	p.y += 1.6
	instruction := p.sized(style{9, true, ink})
	lines := p.faces.wrap(instruction, p.words("instruction"), titleWidth)
	head, bottom := p.y, p.lines(p.left(), p.y, instruction, lines)
	for i, kind := range f.MediaTitles {
		bottom = max(bottom, p.lines(first+float64(i)*cell+3, p.y, instruction, p.faces.wrap(instruction, kind, cell-2)))
	}
	p.y = bottom + 1.2
	for _, channel := range f.Channels {
		p.rule(p.left(), p.right(), p.y, muted, 0.2)
		p.y += 1
		top := p.y
		bottom := p.lines(p.left(), top, title, p.faces.wrap(title, channel.Title, titleWidth))
		for _, words := range append([]string{channel.Text}, channel.Remarks...) {
			bottom = p.lines(p.left(), bottom, text, p.faces.wrap(text, words, titleWidth))
		}
		bottom = max(bottom, top+box+1.6)
		middle := (top + bottom) / 2
		for i := range f.MediaTitles {
			x := first + float64(i)*cell + 3
			for k, answer := range []string{yes, no} {
				p.tickBox(x+float64(k)*half, middle-box/2, box)
				p.text(x+float64(k)*half+box+room, middle+word.size*pointMM*0.36, word, answer)
			}
		}
		p.y = bottom + 1
	}
	for i := range f.MediaTitles { // a pair of boxes is seen as one question
		p.box(first+float64(i)*cell, head, 0.15, p.y-head, muted)
	}
	p.box(p.left(), p.y, p.width(), 0.3, ink)
	p.y += 2
}

// tickBox draws an empty box for a pen.
func (p *paperPage) tickBox(x, y, side float64) {
	p.pdf.SetDrawColor(int(ink.r), int(ink.g), int(ink.b))
	p.pdf.SetLineWidth(0.35)
	p.pdf.SetLineJoinStyle("miter")
	p.pdf.Rect(x, y, side, side, "D")
}

// penLine is one line to write on.
type penLine struct {
	label string
	width float64
	value string // what is known already
}

// drawLines draws lines to write on, beside each other, and moves below them.
func (p *paperPage) drawLines(height float64, fields ...penLine) {
	const gap = 4.0
	x := p.left()
	label, value := p.sized(caption.in(ink)), style{11, false, ink}
	for _, f := range fields {
		p.lines(x, p.y, label, firstLines(p.faces.wrap(label, f.label, f.width), 1))
		if f.value != "" {
			fitted := p.faces.fit(value, f.value, f.width, 7)
			p.text(x, p.y+height-1.4, fitted, f.value)
		}
		p.rule(x, x+f.width, p.y+height, ink, 0.25)
		x += f.width + gap
	}
	p.y += height + 1.6
}

// drawPerson draws who is pictured or heard, and what they sign.
func (p *paperPage) drawPerson(sheet PaperSheet) {
	row := 9.4 * p.scale
	p.drawLines(row, penLine{p.words("name"), 92, sheet.Name}, penLine{p.words("born"), 30, ""}, penLine{p.words("phone"), 44, ""})
	second := []penLine{{p.words("email"), p.width(), ""}}
	if sheet.Code != "" {
		second = []penLine{{p.words("email"), p.width() - 48, ""}, {p.words("code"), 44, sheet.Code}}
	}
	p.drawLines(row, second...)
	text := p.sized(style{8.2, false, ink})
	p.y = p.lines(p.left(), p.y, text, p.faces.wrap(text, p.form.Statement, p.width())) + 0.8
	p.drawLines(12.5*p.scale, penLine{p.words("signature"), 106, ""}, penLine{p.words("place-date"), 64, ""})
}

// drawGuardians draws where guardians sign for somebody who does not answer alone: two, since some uses ask for two.
func (p *paperPage) drawGuardians() {
	head, text := p.sized(style{9, true, ink}), p.sized(style{8.2, false, ink})
	age := p.form.Texts("paper.guardians", map[string]any{"Age": p.form.SoleConsentAge})
	p.y = p.lines(p.left(), p.y, head, p.faces.wrap(head, age, p.width()))
	p.y = p.lines(p.left(), p.y, text, p.faces.wrap(text, p.form.GuardianStatement, p.width())) + 0.8
	for range 2 {
		p.drawLines(10.5*p.scale, penLine{p.words("guardian"), 48, ""}, penLine{p.words("contact"), 42, ""},
			penLine{p.words("signature"), 48, ""}, penLine{p.words("date"), 24, ""})
	}
}

// drawBack draws the whole notice, in two columns of the largest type with which it fits, below a code like that of the front.
func (p *paperPage) drawBack(sheet PaperSheet) error {
	const (
		gutter   = 8.0
		codeSide = 26.0
	)
	p.addPage()
	p.y = 12
	top := p.y
	if err := p.drawCode(sheet, sheet.BackPayload, codeSide); err != nil {
		return err
	}
	title := p.faces.fit(style{15, true, ink}, p.form.Title, p.width()-codeSide, 11)
	p.y = p.lines(p.left(), p.y+2, title, p.faces.wrap(title, p.form.Title, p.width()-codeSide))
	p.y = max(p.y, top+codeSide)
	width := (p.width() - gutter) / 2
	size := 0.0
	for _, size = range []float64{8.6, 8.2, 7.8, 7.4, 7, 6.6} {
		lines := p.noticeLines(width, size)
		if first := columnEnd(lines, p.room()); first+columnEnd(lines[first:], p.room()) == len(lines) {
			break
		}
	}
	p.flow(p.noticeLines(width, size), width, gutter)
	p.drawPaperFoot(sheet, p.words("reverse"))
	return nil
}

// drawPaperFoot says which form and which sheet it is, so that a page that went astray finds its other side.
func (p *paperPage) drawPaperFoot(sheet PaperSheet, side string) {
	y := p.paper.height - 10
	p.rule(p.left(), p.right(), y-4, muted, 0.2)
	form := fmt.Sprintf("%s %s · %.10s · %s", p.form.Key, p.form.Version, p.form.Hash, p.form.Language)
	p.text(p.left(), y, caption, form)
	p.textRight(p.right(), y, caption, p.serial(sheet)+" · "+side)
}

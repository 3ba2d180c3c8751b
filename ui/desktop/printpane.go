package desktop

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/receipt"
	"samtykke/ui/desktop/part"
)

// printPane prints what is handed out at a shoot: sheets of QR cards, and forms for a pen.
type printPane struct {
	pane   *sidePane
	shoot  consent.ShootID
	notice *notice
	person capture.Person // who was selected; without a name when nobody was whose name is known
	form   capture.PublishedForm

	layout   *part.Select
	names    *part.Check
	blank    *part.Entry
	language *part.Select
	whose    *part.Select
	copies   *part.Entry
}

// openPrintPane shows what can be printed, once the form has been read. person is who is selected, "" for nobody.
func openPrintPane(pane *sidePane, shoot consent.ShootID, person consent.SubjectID) {
	w := pane.shell.window
	p := &printPane{pane: pane, shoot: shoot, notice: newNotice(w)}
	background(w, only(func(context.Context) (err error) {
		if person != "" {
			if p.person, err = w.session.Person(person); err != nil {
				return err
			}
		}
		p.form, err = w.session.ShootForm(shoot)
		return err
	}), func(_ noResult, err error) {
		if err != nil {
			pane.shell.notice.fail(err)
			return
		}
		pane.showFields(w.words.t("print"), part.Stack(p.cards(), p.papers()), p.notice.root)
	})
}

func (p *printPane) cards() fyne.CanvasObject {
	w := p.pane.shell.window
	t := w.words.t
	var layouts []string
	for _, l := range receipt.CardLayouts() {
		id := "cards.layout.labels"
		if l.Cut {
			id = "cards.layout.plain"
		}
		layouts = append(layouts, t(id, "key", l.Key, "count", l.PerSheet()))
	}
	p.layout = part.NewSelect(layouts, nil)
	p.layout.Selected = layouts[0]
	p.names, p.blank = part.NewCheck(t("cards.names"), nil), part.NewEntry("0")
	ask := func() drawing {
		order := p.cardOrder()
		return func(ctx context.Context, out io.Writer) error {
			_, err := w.session.WriteCardSheet(ctx, out, order)
			return err
		}
	}
	return part.Section(t("cards"), container.NewVBox(part.Body(t("cards.why")), part.Field(t("cards.layout"), part.Framed(p.layout), ""),
		p.names, part.Note(t("cards.names.why")), part.Field(t("cards.blank"), p.blank, t("cards.blank.why")), p.ways("cards.file", ask)))
}

// cardOrder is what was asked for; a number that is none is refused by the use case.
func (p *printPane) cardOrder() capture.CardOrder {
	return capture.CardOrder{Shoot: p.shoot, Blank: number(p.blank.Text), Layout: receipt.CardLayouts()[p.layout.SelectedIndex()], Names: p.names.Checked,
		Language: p.pane.shell.window.words.Language}
}

// number reads a count; nothing is 0, and what is no number -1.
func number(text string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// For whom forms are printed, in the order of the choices.
const (
	formsForAnybody = iota
	formsForAll
	formsForOne
)

func (p *printPane) papers() fyne.CanvasObject {
	w := p.pane.shell.window
	t := w.words.t
	var languages []string
	at := 0
	for i, l := range p.form.Form.Languages() {
		languages = append(languages, p.form.Form.Texts[l].Name)
		if l == w.words.Language {
			at = i
		}
	}
	p.language = part.NewSelect(languages, nil)
	p.language.Selected = languages[at]
	p.copies = part.NewEntry("")
	p.copies.SetText("10")
	copies := part.Field(t("paper.copies"), p.copies, "")
	whose := []string{t("paper.anybody"), t("paper.all")}
	if p.person.Known {
		whose = append(whose, p.person.Profile.Name)
	}
	p.whose = part.NewSelect(whose, nil)
	p.whose.Selected = whose[0]
	p.whose.OnChanged = func(string) {
		copies.Hidden = p.whose.SelectedIndex() != formsForAnybody
		copies.Refresh()
	}
	ask := func() drawing {
		order, all := p.paperOrder(), p.whose.SelectedIndex() == formsForAll
		return func(_ context.Context, out io.Writer) error {
			if all {
				for _, person := range w.session.People(p.shoot) {
					if person.Known && !person.Avoid {
						order.Subjects = append(order.Subjects, person.ID)
					}
				}
			}
			_, err := w.session.WritePaperForms(out, order)
			return err
		}
	}
	return part.Section(t("paper"), container.NewVBox(part.Body(t("paper.why")), part.Field(t("paper.language"), part.Framed(p.language), ""),
		part.Field(t("paper.whose"), part.Framed(p.whose), ""), copies, p.ways("paper.file", ask)))
}

// paperOrder is what was asked for; for everybody at the shoot the people are still to be named.
func (p *printPane) paperOrder() capture.PaperPrint {
	order := capture.PaperPrint{Shoot: p.shoot, Form: p.form.Form.Key, Language: p.form.Form.Languages()[p.language.SelectedIndex()], Copies: 1}
	switch p.whose.SelectedIndex() {
	case formsForAnybody:
		order.Copies = number(p.copies.Text)
	case formsForOne:
		order.Subjects = []consent.SubjectID{p.person.ID}
	}
	return order
}

// drawing draws a PDF, off Fyne's goroutine.
type drawing func(context.Context, io.Writer) error

// ways are to save what is drawn, and to open it in another program, where it can be printed. ask reads what is asked for.
func (p *printPane) ways(name string, ask func() drawing) fyne.CanvasObject {
	s := p.pane.shell
	t := s.window.words.t
	file := func() string { return t(name) + "-" + time.Now().Format("20060102-150405") + ".pdf" }
	pdf := func(draw drawing) func(context.Context) ([]byte, error) {
		return func(ctx context.Context) ([]byte, error) {
			var file bytes.Buffer
			err := draw(ctx, &file)
			return file.Bytes(), err
		}
	}
	var save, open *part.Button
	save = part.NewButton(t("print.save"), func() { s.save(p.notice, save, file(), "print.saved", pdf(ask())) })
	open = part.NewButton(t("print.open"), func() { s.open(p.notice, open, file(), pdf(ask())) })
	return wrapping(open, save)
}

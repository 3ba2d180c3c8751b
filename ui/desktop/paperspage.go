package desktop

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
	"samtykke/ui/desktop/part"
)

// papersData are the signed papers of a shoot, those that wait first, ready to show.
type papersData struct {
	papers  []paperView
	waiting int
}

// paperView is a signed paper.
type paperView struct {
	capture.SignedPaper
	whose string // for whom it was printed, or whose evidence it is; "" when it does not say
}

func readPapers(ctx context.Context, s *capture.Session, w *words, shoot consent.ShootID) (papersData, error) {
	listed, err := s.Papers(ctx, shoot)
	var d papersData
	var read []paperView
	for _, p := range listed {
		v := paperView{SignedPaper: p.SignedPaper}
		id := p.Subject
		if id == "" && p.Code != "" {
			v.whose = string(p.Code)
			id, _ = s.ResolveExactly(string(p.Code)) // unknown here: the code is all there is
		}
		if person, err := s.Person(id); id != "" && err == nil {
			v.whose = join(" · ", personName(person, w), string(person.Code))
		}
		if p.State() == capture.PaperWaiting {
			d.papers = append(d.papers, v)
		} else {
			read = append(read, v)
		}
	}
	d.waiting = len(d.papers)
	d.papers = append(d.papers, read...)
	return d, err
}

// papersPage shows the signed papers of a shoot one after the other: the photograph, and beside it what somebody reads off it.
type papersPage struct {
	shell *shell
	root  *fyne.Container
	shoot consent.ShootID
	data  papersData
	at    consent.BlobHash // the paper that shows, "" for none
	form  *paperForm
	large bool
	sheet image.Image // of the paper that shows; nil for a PDF, or while it is being read

	notice   *notice
	headline *widget.Label
	state    *fyne.Container
	earlier  *part.Button
	later    *part.Button
	enlarge  *part.Button
	photo    *fyne.Container
	pane     *fyne.Container
}

// newPapersPage calls back when the reader is done with papers.
func newPapersPage(s *shell, back func()) *papersPage {
	t := s.window.words.t
	p := &papersPage{shell: s, notice: newNotice(s.window), photo: container.NewStack(), pane: container.NewStack(), state: container.NewStack()}
	p.headline = part.Subheading("")
	p.headline.Wrapping = fyne.TextWrapOff
	p.earlier = part.NewQuietButton(t("papers.earlier"), func() { p.move(-1) })
	p.later = part.NewQuietButton(t("papers.later"), func() { p.move(1) })
	p.enlarge = part.NewQuietButton(t("papers.enlarge"), func() { p.large = !p.large; p.showPhoto() })
	away := container.NewVBox(part.NewQuietButton(t("back"), back).WithKey("Esc"))
	head := border(nil, nil, nil, away, wrapping(p.headline, p.earlier, p.later, p.enlarge, part.NewQuietButton(t("papers.add"), p.choose)))
	p.root = container.New(layout.NewCustomPaddedLayout(8, 8, 24, 24),
		border(container.NewVBox(head, p.notice.root), nil, nil, nil, container.New(besides{wide: true}, p.photo, p.pane)))
	return p
}

// show shows the papers as they are now. What is being filled in for one stays while it is there.
func (p *papersPage) show(shoot consent.ShootID, d papersData) {
	if shoot != p.shoot {
		p.shoot, p.at = shoot, ""
	}
	p.data = d
	if at := p.index(); at < 0 || p.form != nil && p.form.done {
		p.at = ""
		if len(d.papers) > 0 {
			p.at = d.papers[0].ID
		}
		p.turn()
	}
	p.count()
}

// index is which paper shows, -1 for none.
func (p *papersPage) index() int {
	for i, paper := range p.data.papers {
		if paper.ID == p.at {
			return i
		}
	}
	return -1
}

func (p *papersPage) move(by int) {
	if to := p.index() + by; to >= 0 && to < len(p.data.papers) {
		p.at = p.data.papers[to].ID
		p.turn()
		p.count()
	}
}

// count says which of how many shows.
func (p *papersPage) count() {
	t, at := p.shell.window.words.t, p.index()
	p.earlier.Hidden, p.later.Hidden = len(p.data.papers) < 2, len(p.data.papers) < 2
	enable(p.earlier, at > 0)
	enable(p.later, at < len(p.data.papers)-1)
	if at < 0 {
		p.headline.SetText(t("papers"))
		return
	}
	p.headline.SetText(t("papers.of", "number", at+1, "count", len(p.data.papers)))
	p.root.Refresh()
}

// turn shows another paper.
func (p *papersPage) turn() {
	w := p.shell.window
	p.notice.hide()
	p.sheet, p.form, p.large = nil, nil, false
	p.pane.RemoveAll()
	p.pane.Refresh()
	at := p.index()
	if at < 0 {
		p.showPhoto()
		return
	}
	paper := p.data.papers[at]
	p.form = newPaperForm(p, paper)
	p.photo.Objects = []fyne.CanvasObject{part.EmptyState(nil, w.words.t("papers.reading"), "", nil)}
	p.photo.Refresh()
	type read struct {
		form  *consent.Form
		sheet image.Image
	}
	shown := p.form
	background(w, func(ctx context.Context) (r read, err error) {
		if r.form, err = w.session.PaperForm(paper.SignedPaper); err != nil {
			return r, err
		}
		data, err := w.session.PaperBytes(ctx, paper.ID)
		if err != nil || paper.MIME == mimePDF {
			return r, err
		}
		preview, err := picture.Preview(bytes.NewReader(data), int64(len(data)), paperEdge)
		if err == nil {
			r.sheet, err = jpeg.Decode(bytes.NewReader(preview))
		}
		return r, err
	}, func(r read, err error) {
		if shown != p.form {
			return // the reader has gone on
		}
		if err != nil {
			p.notice.fail(err)
		}
		p.sheet = r.sheet
		p.showPhoto()
		if r.form != nil {
			p.form.ask(r.form)
			p.pane.Objects = []fyne.CanvasObject{p.form.content}
			p.pane.Refresh()
			p.root.Refresh()
		}
	})
}

const (
	// paperEdge is how large the photograph of a paper is read, in pixels: enough for the ticks on it when it is enlarged.
	paperEdge = 2400
	enlarged  = 1.8 // how many times as wide as the room for it the photograph is, when it is enlarged
	mimePDF   = "application/pdf"
)

// showPhoto shows the photograph as large as there is room, or enlarged, to be moved about.
func (p *papersPage) showPhoto() {
	w := p.shell.window
	t := w.words.t
	p.enlarge.Hidden = p.sheet == nil
	if p.enlarge.SetText(t("papers.enlarge")); p.large {
		p.enlarge.SetText(t("papers.whole"))
	}
	at := p.index()
	var shown fyne.CanvasObject
	switch {
	case at < 0:
		shown = part.EmptyState(nil, t("papers.none"), t("papers.none.detail"), part.NewButton(t("papers.add"), p.choose))
	case p.sheet == nil:
		var open *part.Button
		paper := p.data.papers[at]
		open = part.NewButton(t("print.open"), func() {
			p.shell.open(p.notice, open, "paper-"+string(paper.ID[:12])+".pdf", func(ctx context.Context) ([]byte, error) { return w.session.PaperBytes(ctx, paper.ID) })
		})
		shown = part.EmptyState(nil, t("papers.pdf"), t("papers.pdf.detail"), open)
	default:
		photo := canvas.NewImageFromImage(p.sheet)
		photo.FillMode, photo.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
		shown = photo
		if p.large {
			size, width := p.sheet.Bounds().Size(), p.photo.Size().Width*enlarged
			photo.SetMinSize(fyne.NewSize(width, width*float32(size.Y)/float32(size.X)))
			shown = container.NewScroll(photo)
		}
	}
	p.photo.Objects = []fyne.CanvasObject{shown}
	p.photo.Refresh()
}

// choose takes a photograph or a scan from the disk.
func (p *papersPage) choose() {
	w := p.shell.window
	w.choose(part.Choice{Title: w.words.t("papers"), Chosen: func(paths []string) { p.add(paths[0], "") }}, p.notice)
}

// add takes a paper in. Where its code cannot be read, the language is asked for, and the paper is of this shoot.
func (p *papersPage) add(path, language string) {
	w, shoot := p.shell.window, p.shell.shoot
	p.notice.hide()
	type added struct {
		paper capture.SignedPaper
		form  capture.PublishedForm // to ask for one of its languages; none when the paper is in
	}
	background(w, func(ctx context.Context) (a added, err error) {
		data, err := readPaper(path)
		if err != nil {
			return a, err
		}
		a.paper, _, err = w.session.AddPaper(ctx, capture.PaperFile{Name: filepath.Base(path), Data: data, Shoot: shoot, Language: language})
		if problem.Of(err).ID == "paper-code-unread" {
			a.form, err = w.session.ShootForm(shoot)
		}
		return a, err
	}, func(a added, err error) {
		switch {
		case err != nil:
			p.notice.fail(err)
		case a.form.Form != nil:
			var choices []*part.Button
			for _, l := range a.form.Form.Languages() {
				choices = append(choices, part.NewButton(a.form.Form.Texts[l].Name, func() { p.add(path, l) }))
			}
			p.notice.say(part.MarkWarning, w.words.t("papers.unread"), choices...)
		default:
			w.toast(w.words.t("papers.added"))
			p.at = a.paper.ID
			p.shell.board.refresh()
			p.form = nil
		}
	})
}

// readPaper reads a file that shows a paper. One that is too large is refused by the use case.
func readPaper(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the picture of a paper: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, capture.MaxBlob+1))
	if err != nil {
		return nil, fmt.Errorf("read the picture of a paper: %w", err)
	}
	return data, nil
}

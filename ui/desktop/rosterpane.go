package desktop

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// rosterPane brings a list of people to a shoot: it says what the list is taken for and what an import would do, does that, and tells what
// came of it.
type rosterPane struct {
	pane   *sidePane
	shoot  consent.ShootID
	notice *notice
	scroll *container.Scroll // what the pane scrolls while this is what it shows
	data   []byte            // the list
}

// rosterEndings are those that lists of people have as text.
var rosterEndings = []string{".csv", ".txt", ".tsv"}

// importRoster shows what is on a list that was dropped onto the window, to be imported.
func (b *boardPage) importRoster(path string) {
	b.choosing, b.reading = false, false
	b.refresh()
	openRosterPane(b.side, b.shell.shoot).read(path)
}

// openRosterPane asks for a list.
func openRosterPane(pane *sidePane, shoot consent.ShootID) *rosterPane {
	t := pane.shell.window.words.t
	p := &rosterPane{pane: pane, shoot: shoot, notice: newNotice(pane.shell.window)}
	p.fill(part.Stack(part.Body(t("roster.why")), part.Note(t("roster.drop"))), nil, part.NewPrimaryButton(t("roster.choose"), p.choose))
	return p
}

// fill shows a step.
func (p *rosterPane) fill(content fyne.CanvasObject, left, right *part.Button) {
	var other fyne.CanvasObject
	if left != nil {
		other = left
	}
	p.pane.showFields(p.pane.shell.window.words.t("roster"), content, container.NewVBox(p.notice.root, ends(other, right)))
	p.scroll = p.pane.scroll
}

// shows tells whether the reader still looks at this.
func (p *rosterPane) shows() bool { return p.pane.open() && p.pane.scroll == p.scroll }

// choose asks for the file.
func (p *rosterPane) choose() {
	w := p.pane.shell.window
	w.choose(part.Choice{Title: w.words.t("roster.choose"), Endings: rosterEndings, Chosen: func(paths []string) { p.read(paths[0]) }}, p.notice)
}

// read says what an import of a file would do. Nothing is saved.
func (p *rosterPane) read(path string) {
	w, session, shoot := p.pane.shell.window, p.pane.shell.window.session, p.shoot
	p.notice.hide()
	type read struct {
		data   []byte
		report capture.RosterReport
	}
	background(w, func(ctx context.Context) (r read, err error) {
		if r.data, err = capture.ReadRosterFile(path); err != nil {
			return r, err
		}
		r.report, err = session.ImportRoster(ctx, capture.RosterImport{Shoot: shoot, Data: r.data, Check: true})
		return r, err
	}, func(r read, err error) {
		if !p.shows() {
			return
		}
		if err != nil {
			p.notice.fail(err)
			return
		}
		p.data = r.data
		p.preview(filepath.Base(path), r.report)
	})
}

// preview says what the list is taken for, and what an import would do.
func (p *rosterPane) preview(name string, r capture.RosterReport) {
	w := p.pane.shell.window
	t, n := w.words.t, w.words.n
	counts := container.NewVBox(part.NewStatusMark(part.MarkYes, n("roster.new", r.Added)))
	p.count(counts, part.MarkYes, "roster.updates", r.Updated)
	p.rest(counts, r)
	content := part.Stack(part.Subheading(name), indented(counts), p.columns(r))
	p.rows(content, r)
	do := part.NewPrimaryButton(n("roster.do", r.Added+r.Updated), nil)
	enable(do, r.Added+r.Updated > 0)
	another := part.NewButton(t("roster.another"), p.choose)
	p.fill(content, another, do)
	do.OnTapped = func() { p.importNow(do, another) }
}

// count adds a line when there is something to count.
func (p *rosterPane) count(to *fyne.Container, mark part.Mark, id string, count int) {
	if count > 0 {
		to.Add(part.NewStatusMark(mark, p.pane.shell.window.words.n(id, count)))
	}
}

// rest counts what is the same before an import and after.
func (p *rosterPane) rest(to *fyne.Container, r capture.RosterReport) {
	p.count(to, part.MarkGiven, "roster.same", r.Same)
	p.count(to, part.MarkWarning, "roster.doubtful", r.Doubtful())
	p.count(to, part.MarkNo, "roster.refused", r.Refused)
}

// columns says what the columns of the list are taken for.
func (p *rosterPane) columns(r capture.RosterReport) fyne.CanvasObject {
	t := p.pane.shell.window.words.t
	var read []string
	for _, c := range r.Columns {
		field := t("roster.field." + c.Field)
		if c.Guardian > 0 {
			field = t("roster.guardian", "number", c.Guardian, "field", field)
		}
		read = append(read, t("roster.column", "heading", c.Heading, "field", field))
	}
	box := container.NewVBox(part.Body(strings.Join(read, " · ")))
	if len(r.Unread) > 0 {
		box.Add(part.Note(t("roster.unread", "headings", strings.Join(r.Unread, " · "))))
	}
	return part.Section(t("roster.columns"), box)
}

// mostRosterRows is how many rows of one kind are told of one by one.
const mostRosterRows = 40

// rows tells of the rows that somebody has to look at, by their lines in the file.
func (p *rosterPane) rows(to *fyne.Container, r capture.RosterReport) {
	words := p.pane.shell.window.words
	var wrong, doubtful []string
	for _, row := range r.Rows {
		where := words.t("roster.line", "line", row.Line)
		if row.Trouble != nil {
			wrong = append(wrong, join(", ", where, row.Column)+": "+words.problem(row.Trouble))
		}
		for _, like := range row.Like {
			whom := words.t("roster.line.other", "line", like.Line)
			if like.Line == 0 {
				whom = join(" ", string(like.Person.Code), like.Person.Profile.Name)
			}
			doubtful = append(doubtful, words.t("roster.like", "line", where, "whom", whom, "why", capture.Double{Why: like.Why}.In(words.Language)))
		}
	}
	for _, of := range []struct {
		id    string
		mark  part.Mark
		lines []string
	}{{"roster.mistakes", part.MarkNo, wrong}, {"roster.doubts", part.MarkWarning, doubtful}} {
		if len(of.lines) == 0 {
			continue
		}
		box := container.NewVBox()
		for _, line := range of.lines[:min(len(of.lines), mostRosterRows)] {
			box.Add(part.Body(line))
		}
		if more := len(of.lines) - mostRosterRows; more > 0 {
			box.Add(part.Note(words.n("roster.more", more)))
		}
		to.Add(part.Section(words.t(of.id), box))
	}
}

// importNow registers the people of the list. It goes on when the pane is closed; it can be stopped, and what is saved by then stays.
func (p *rosterPane) importNow(do, another *part.Button) {
	w, session := p.pane.shell.window, p.pane.shell.window.session
	p.notice.hide()
	do.Disable()
	another.SetText(w.words.t("roster.stop"))
	ctx, stop := context.WithCancel(w.context)
	another.OnTapped = stop
	order := capture.RosterImport{Shoot: p.shoot, Data: p.data, Progress: func(done, all int) {
		w.config.Do(func() { do.SetText(w.words.t("roster.doing", "done", done, "all", all)) })
	}}
	backgroundIn(ctx, w, func(ctx context.Context) (capture.RosterReport, error) { return session.ImportRoster(ctx, order) },
		func(r capture.RosterReport, err error) {
			stop()
			registered := w.words.n("roster.registered", r.Added)
			switch {
			case !p.shows() && err != nil && !errors.Is(err, context.Canceled):
				p.pane.shell.notice.fail(err)
			case !p.shows():
				w.toast(registered)
			default:
				p.report(registered, r, err)
			}
		})
}

// report tells what came of an import.
func (p *rosterPane) report(registered string, r capture.RosterReport, err error) {
	t := p.pane.shell.window.words.t
	counts := container.NewVBox(part.NewStatusMark(part.MarkYes, registered))
	p.count(counts, part.MarkYes, "roster.updated", r.Updated)
	p.rest(counts, r)
	content := part.Stack(indented(counts))
	p.rows(content, r)
	p.fill(content, nil, part.NewPrimaryButton(t("roster.done"), p.pane.close))
	switch {
	case errors.Is(err, context.Canceled):
		p.notice.warn(t("roster.stopped"))
	case err != nil:
		p.notice.fail(err)
	}
}

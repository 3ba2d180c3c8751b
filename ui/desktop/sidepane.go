package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// sidePane stands beside a list of people: it shows the selected person, or the form for a new one or for a correction.
type sidePane struct {
	shell   *shell
	root    *fyne.Container
	data    latest[personView]
	view    personView         // that shows
	person  consent.SubjectID  // "" while nobody shows
	form    bool               // a form shows; it is never replaced behind the reader's back
	filling *personForm        // that form, where it is about a person and nothing of it may be lost
	shown   consent.SubjectID  // whose view has been built
	tab     paneTab            // which part of a person shows
	tabs    []*part.Tab        // in the order of paneTab
	extra   latest[personMore] // what only some of the parts need
	more    personMore
	scroll  *container.Scroll
	// receipt is the record whose receipt the reader wants to hand out, "" for the newest.
	receipt consent.RecordID

	// changed is told when another person shows, "" for nobody.
	changed func(consent.SubjectID)
}

// paneTab is a part of what the pane shows of a person.
type paneTab int

// The parts. What is needed most comes first and needs no scrolling.
const (
	answersTab paneTab = iota
	historyTab
	picturesTab
	moreTab
)

func newSidePane(s *shell, changed func(consent.SubjectID)) *sidePane {
	p := &sidePane{shell: s, root: container.NewStack(), changed: changed}
	p.data = latest[personView]{window: s.window, fetch: p.fetch, show: p.show}
	p.extra = latest[personMore]{window: s.window, fetch: p.fetchMore, show: p.showMore}
	for at, name := range []string{"person.answers", "person.history", "person.images", "person.more"} {
		p.tabs = append(p.tabs, part.NewTab(s.window.words.t(name), func() { p.choose(paneTab(at)) }))
	}
	p.root.Hide()
	return p
}

// open tells whether the pane shows.
func (p *sidePane) open() bool { return p.root.Visible() }

// leave closes the pane for a reader who wants it gone.
func (p *sidePane) leave() {
	if !p.holds() {
		p.close()
	}
}

// holds tells whether what is written and not saved keeps the pane as it is.
func (p *sidePane) holds() bool {
	if !p.form || p.filling == nil || !p.filling.stays() {
		return false
	}
	p.changed(p.person) // and the list too
	return true
}

func (p *sidePane) close() {
	if p.form {
		p.shell.window.unfocus()
	}
	p.person, p.form, p.shown, p.view, p.more, p.filling = "", false, "", personView{}, personMore{}, nil
	p.root.Hide()
	p.root.RemoveAll()
	p.changed("")
	p.refit()
}

// showPerson shows somebody, whatever showed before; only what is written and not saved stays first. The part that showed of the last person
// shows of this one too.
func (p *sidePane) showPerson(id consent.SubjectID) {
	if p.holds() {
		return
	}
	p.person, p.form, p.receipt = id, false, ""
	p.shell.window.mark()
	if p.tab == moreTab && p.shown != id { // where things are done, it is done to whom the reader has gone to on purpose
		p.tab = answersTab
	}
	p.data.wish()
	p.extra.wish()
}

// refresh shows the same person as they are now; a form stays as it is.
func (p *sidePane) refresh() {
	if p.person != "" && !p.form {
		p.data.wish()
		if p.tab != answersTab {
			p.extra.wish()
		}
	}
}

// choose shows another part of the person.
func (p *sidePane) choose(tab paneTab) {
	p.tab, p.form = tab, false
	if p.shown != p.person || p.view.id != p.person {
		p.data.wish()
	} else {
		p.build(fyne.Position{})
	}
	p.extra.wish()
}

func (p *sidePane) newPerson(shoot consent.ShootID) {
	if p.holds() {
		return
	}
	p.person = ""
	p.showForm(newPersonForm(p, shoot))
}

func (p *sidePane) showForm(f *personForm) {
	p.showFields(f.heading, f.content, f.actions)
	p.filling, f.first = f, f.written()
	p.shell.window.focus(f.name)
}

// showFields shows something to fill in, which stays until it is done or closed.
func (p *sidePane) showFields(heading string, content, actions fyne.CanvasObject) {
	p.form, p.shown, p.filling = true, "", nil
	p.fill(heading, nil, content, actions)
}

func (p *sidePane) fetch() func(context.Context) (personView, error) {
	session, words, id, now := p.shell.window.session, p.shell.window.words, p.person, p.shell.window.config.Now()
	return func(ctx context.Context) (personView, error) { return readPersonView(ctx, session, words, now, id) }
}

func (p *sidePane) show(v personView, err error) {
	if p.form || p.person == "" || err == nil && v.id != p.person && v.asked != p.person {
		return // the reader has gone on meanwhile
	}
	if err != nil {
		p.shell.notice.fail(err)
		return
	}
	p.person = v.id // somebody who was merged into another is that one now
	offset := fyne.Position{}
	if p.shown == v.id && p.scroll != nil {
		offset = p.scroll.Offset
	}
	p.shown, p.view = v.id, v
	p.build(offset)
}

// build shows the chosen part of the person, scrolled to where the reader was.
func (p *sidePane) build(offset fyne.Position) {
	v := p.view
	for at, tab := range p.tabs {
		tab.SetSelected(paneTab(at) == p.tab)
	}
	about := container.NewHBox(part.Code(v.code), container.NewCenter(part.NewStatusMark(v.mark, v.word)))
	tabs := container.NewHBox()
	for _, tab := range p.tabs {
		tabs.Add(tab)
	}
	content, actions := p.partOf(v)
	p.fill(v.name, container.NewVBox(about, tabs), content, actions)
	p.scroll.ScrollToOffset(offset)
}

// fill puts a heading, what may stand below it, content that scrolls, and actions that stay into the pane.
func (p *sidePane) fill(heading string, below, content, actions fyne.CanvasObject) {
	away := part.NewQuietButton(p.shell.window.words.t("pane.close"), p.leave).WithKey("Esc")
	head := container.New(&tight{}, border(nil, nil, nil, container.NewVBox(away), part.Subheading(heading)))
	if below != nil {
		head.Add(below)
	}
	p.scroll = container.NewVScroll(besideBar(content))
	p.root.Objects = []fyne.CanvasObject{part.Pane(border(head, actions, nil, nil, p.scroll))}
	p.root.Show()
	p.refit()
}

// refit gives what shows the room that it needs now.
func (p *sidePane) refit() { part.Settle(p.shell.middle) }

// fetchMore reads what the chosen part needs beyond the view.
func (p *sidePane) fetchMore() func(context.Context) (personMore, error) {
	session, words, id, tab, now := p.shell.window.session, p.shell.window.words, p.person, p.tab, p.shell.window.config.Now()
	return func(ctx context.Context) (personMore, error) {
		if id == "" {
			return personMore{}, nil
		}
		return readPersonMore(ctx, session, words, now, id, tab)
	}
}

func (p *sidePane) showMore(m personMore, err error) {
	if m.id == "" || m.id != p.person || p.form {
		return
	}
	if err != nil {
		p.shell.notice.fail(err)
		return
	}
	p.more = m
	if p.shown == p.person {
		p.build(p.scroll.Offset)
	}
}

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
	shell  *shell
	root   *fyne.Container
	data   latest[personView]
	person consent.SubjectID // "" while nobody shows
	form   bool              // a form shows; it is never replaced behind the reader's back
	shown  consent.SubjectID // whose view has been built
	scroll *container.Scroll
	// receipt is the record whose receipt the reader wants to hand out, "" for the newest.
	receipt consent.RecordID

	// changed is told when another person shows, "" for nobody.
	changed func(consent.SubjectID)
}

func newSidePane(s *shell, changed func(consent.SubjectID)) *sidePane {
	p := &sidePane{shell: s, root: container.NewStack(), changed: changed}
	p.data = latest[personView]{window: s.window, fetch: p.fetch, show: p.show}
	p.root.Hide()
	return p
}

// open tells whether the pane shows.
func (p *sidePane) open() bool { return p.root.Visible() }

func (p *sidePane) close() {
	p.person, p.form, p.shown = "", false, ""
	p.root.Hide()
	p.root.RemoveAll()
	p.changed("")
	p.shell.middle.Refresh()
}

// showPerson shows somebody, whatever showed before.
func (p *sidePane) showPerson(id consent.SubjectID) {
	p.person, p.form, p.receipt = id, false, ""
	p.data.wish()
}

// refresh shows the same person as they are now; a form stays as it is.
func (p *sidePane) refresh() {
	if p.person != "" && !p.form {
		p.data.wish()
	}
}

func (p *sidePane) newPerson(shoot consent.ShootID) {
	p.person = ""
	p.showForm(newPersonForm(p, shoot))
}

func (p *sidePane) showForm(f *personForm) {
	p.showFields(f.heading, f.content, f.actions)
	p.shell.window.focus(f.name)
}

// showFields shows something to fill in, which stays until it is done or closed.
func (p *sidePane) showFields(heading string, content, actions fyne.CanvasObject) {
	p.form, p.shown = true, ""
	p.fill(heading, nil, content, actions)
}

func (p *sidePane) fetch() func(context.Context) (personView, error) {
	session, words, id := p.shell.window.session, p.shell.window.words, p.person
	return func(context.Context) (personView, error) { return readPersonView(session, words, id) }
}

func (p *sidePane) show(v personView, err error) {
	if p.form || p.person == "" || err == nil && v.id != p.person {
		return // the reader has gone on meanwhile
	}
	if err != nil {
		p.shell.notice.fail(err)
		return
	}
	offset := fyne.Position{}
	if p.shown == v.id && p.scroll != nil {
		offset = p.scroll.Offset
	}
	p.shown = v.id
	p.fill(v.name, part.NewStatusMark(v.mark, v.word), p.personContent(v), nil)
	p.scroll.ScrollToOffset(offset)
}

// fill puts a heading, what may stand below it, content that scrolls, and actions that stay into the pane.
func (p *sidePane) fill(heading string, below, content, actions fyne.CanvasObject) {
	away := part.NewQuietButton(p.shell.window.words.t("pane.close"), p.close).WithKey("Esc")
	head := container.NewVBox(border(nil, nil, nil, container.NewVBox(away), part.Subheading(heading)))
	if below != nil {
		head.Add(indented(below))
	}
	p.scroll = container.NewVScroll(besideBar(content))
	p.root.Objects = []fyne.CanvasObject{part.Pane(border(head, actions, nil, nil, p.scroll))}
	p.root.Show()
	p.root.Refresh()
	p.shell.middle.Refresh()
}

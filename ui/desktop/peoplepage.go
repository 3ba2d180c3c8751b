package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// peoplePage is everyone in the vault, whatever shoot they were met at; or those who must be asked again, or may be registered twice.
type peoplePage struct {
	shell   *shell
	root    fyne.CanvasObject
	data    latest[peopleData]
	known   *peopleKnown // what was read before a search narrows it
	stale   bool         // it may no longer be so
	find    *part.Entry
	whom    *part.Select
	told    *widget.Label // how many there are
	list    *personList
	due     *dueList
	doubles *doubleList
	side    *sidePane
	lists   *fyne.Container
	empty   *fyne.Container
	nobody  *fyne.Container
	card    *part.Button
}

// whom is which people are listed, as an index of the choices.
type whom int

const (
	everybody whom = iota
	dueAgain
	twice
)

// mostFound is how many people a search lists: more than anybody reads, and few enough to be found between two keystrokes.
const mostFound = 200

// peopleKnown is everybody of a choice, before a search narrows it.
type peopleKnown struct {
	whom    whom
	ids     []consent.SubjectID // of everybody
	due     []dueRow
	doubles []doubleView
}

// peopleData is what the page shows.
type peopleData struct {
	peopleKnown
	known   *peopleKnown
	rows    *readRows // of everybody, or of those who were found
	limited bool      // there may be more than were found
	count   int
	narrow  bool // something was searched
}

func newPeoplePage(s *shell) *peoplePage {
	w := s.window
	t := w.words.t
	p := &peoplePage{shell: s, list: newPersonList(w.words, channelNames(w.session, w.words), true), told: part.Note("")}
	p.data = latest[peopleData]{window: w, fetch: p.fetch, show: p.show}
	p.side = newSidePane(s, func(id consent.SubjectID) { p.choose(id) })
	p.list.onSelected = func(id consent.SubjectID) { p.side.showPerson(id); p.selected() }
	p.due = newDueList(w.words, func(id consent.SubjectID) { p.list.choose(id); p.side.showPerson(id); p.selected() })
	p.doubles = newDoubleList(w.words, func(d doubleView) { p.side.compare(d); p.list.choose(d.one.id); p.selected() })
	p.find = part.NewEntry(t("find.placeholder"))
	p.find.OnChanged = func(string) { p.data.wish() }
	p.find.OnSubmitted = func(string) { p.openFirst() }
	p.whom = part.NewSelect([]string{t("people.everybody"), t("people.due"), t("people.twice")}, func(string) {
		p.side.close()
		p.data.wish()
	})
	p.card = part.NewButton(t("card.show"), func() { showCard(s, p.list.selected) }).WithKey("Q")
	p.card.Disable()
	p.empty = part.EmptyState(nil, t("people.empty"), t("people.empty.detail"), nil)
	p.nobody = part.EmptyState(nil, t("board.nobody"), t("board.nobody.detail"), nil)
	p.told.Wrapping, p.told.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	top := container.NewVBox(border(nil, nil, nil, p.card, p.find), border(nil, nil, part.Roomy(p.whom, 240), nil, p.told))
	p.lists = container.NewStack(p.list.root, p.due.rows, p.doubles.rows, p.empty, p.nobody)
	list := border(top, nil, nil, nil, container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), p.lists))
	p.root = container.New(layout.NewCustomPaddedLayout(16, 8, 24, 24), container.New(besides{}, list, p.side.root))
	p.due.rows.Hide()
	p.doubles.rows.Hide()
	return p
}

func (p *peoplePage) content() fyne.CanvasObject { return p.root }
func (p *peoplePage) title() string              { return p.shell.window.words.t("tab.people") }

// refresh reads everything anew. A search reads again only what it finds.
func (p *peoplePage) refresh() {
	p.stale = true
	p.side.refresh()
	p.data.wish()
}

func (p *peoplePage) keys() keys {
	return keys{
		letters: []letterKey{
			{'h', "shortcut.hand", func() {
				if p.list.selected != "" {
					p.shell.handOver(p.shell.shoot, p.list.selected)
				}
			}},
			{'q', "shortcut.card", func() { p.card.Tapped(nil) }},
		},
		within: rowKeys(),
		copy:   func() string { return p.shell.codeOf(p.list.selected) },
		escape: func() {
			if p.side.open() {
				p.side.leave()
			} else if p.find.Text != "" {
				p.find.SetText("")
			}
		},
		find: func() { p.shell.window.focus(p.find) },
	}
}

func (p *peoplePage) fetch() func(context.Context) (peopleData, error) {
	session, words, needle := p.shell.window.session, p.shell.window.words, p.find.Text
	asked, known := whom(max(p.whom.SelectedIndex(), 0)), p.known
	if p.stale || known != nil && known.whom != asked {
		known = nil
	}
	p.stale = false
	return func(context.Context) (peopleData, error) {
		return readPeople(session, words, asked, needle, known), nil
	}
}

// readPeople reads those who are asked for. A search among everybody goes straight to those it finds.
func readPeople(s *capture.Session, w *words, asked whom, needle string, known *peopleKnown) peopleData {
	d := peopleData{known: known, narrow: consent.Plain(needle) != ""}
	channels := channelNames(s, w)
	if asked == everybody && d.narrow {
		var ids []consent.SubjectID
		for _, person := range s.Find(capture.Search{Text: needle, Limit: mostFound}) {
			ids = append(ids, person.ID)
		}
		d.rows, d.limited, d.count = newReadRows(s, w, channels, ids), len(ids) == mostFound, len(ids)
		return d
	}
	if d.known == nil {
		d.known = readKnown(s, w, asked)
	}
	d.peopleKnown = *d.known
	if d.narrow {
		hits := map[consent.SubjectID]bool{}
		for _, person := range s.Find(capture.Search{Text: needle}) {
			hits[person.ID] = true
		}
		d.due = keep(d.due, func(r dueRow) bool { return hits[r.id] })
		d.doubles = keep(d.doubles, func(v doubleView) bool { return hits[v.one.id] || hits[v.other.id] })
	}
	d.rows = newReadRows(s, w, channels, d.ids)
	d.count = len(d.ids) + len(d.due) + len(d.doubles)
	return d
}

func readKnown(s *capture.Session, w *words, asked whom) *peopleKnown {
	known := &peopleKnown{whom: asked}
	switch asked {
	case dueAgain:
		known.due = readDue(s, w)
	case twice:
		for _, double := range s.Doubles("") {
			known.doubles = append(known.doubles, newDoubleView(w, double))
		}
	default:
		known.ids = s.Everybody()
	}
	return known
}

func (p *peoplePage) show(d peopleData, err error) {
	if err != nil {
		p.shell.notice.fail(err)
		return
	}
	p.known = d.known
	asked := whom(max(p.whom.SelectedIndex(), 0))
	p.list.showRead(d.rows)
	p.due.show(d.due)
	p.doubles.show(d.doubles)
	p.told.SetText(p.count(asked, d))
	for at, list := range []fyne.CanvasObject{p.list.root, p.due.rows, p.doubles.rows} {
		if whom(at) == asked && d.count > 0 {
			list.Show()
		} else {
			list.Hide()
		}
	}
	p.empty.Hidden = d.count > 0 || d.narrow || asked != everybody
	p.nobody.Hidden = d.count > 0 || !d.narrow
	p.selected()
	p.lists.Refresh()
}

// count says how many are listed.
func (p *peoplePage) count(asked whom, d peopleData) string {
	w := p.shell.window.words
	switch {
	case d.limited:
		return w.n("people.limited", d.count)
	case asked == dueAgain:
		return w.n("people.due.count", d.count)
	case asked == twice:
		return w.n("people.twice.count", d.count)
	case d.narrow:
		return w.n("people.found", d.count)
	}
	return w.n("people.count", d.count)
}

// openFirst opens the first of those who are listed, as Enter does after a search.
func (p *peoplePage) openFirst() {
	switch {
	case p.due.rows.Visible():
		p.due.rows.Select(0)
	case p.doubles.rows.Visible():
		p.doubles.rows.Select(0)
	case p.list.length() > 0:
		p.list.choose(p.list.id(0))
		p.side.showPerson(p.list.selected)
		p.selected()
	}
}

// choose selects in the lists whoever the pane shows, "" for nobody.
func (p *peoplePage) choose(id consent.SubjectID) {
	p.list.choose(id)
	if id == "" {
		p.due.rows.Unselect()
		p.doubles.rows.Unselect()
	}
	p.selected()
}

func (p *peoplePage) selected() { enable(p.card, p.list.selected != "") }

package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// peoplePage is everyone in the vault, whatever shoot they were met at.
type peoplePage struct {
	shell  *shell
	root   fyne.CanvasObject
	data   latest[[]personRow]
	find   *part.Entry
	list   *personList
	side   *sidePane
	empty  *fyne.Container
	nobody *fyne.Container
	card   *part.Button
}

func newPeoplePage(s *shell) *peoplePage {
	w := s.window
	t := w.words.t
	p := &peoplePage{shell: s, list: newPersonList(w.words, channelNames(w.session, w.words), true)}
	p.data = latest[[]personRow]{window: w, fetch: p.fetch, show: p.show}
	p.side = newSidePane(s, func(id consent.SubjectID) { p.list.choose(id); p.selected() })
	p.list.onSelected = func(id consent.SubjectID) { p.side.showPerson(id); p.selected() }
	p.find = part.NewEntry(t("find.placeholder"))
	p.find.OnChanged = func(string) { p.refresh() }
	p.card = part.NewButton(t("card.show"), func() { showCard(s, p.list.selected) }).WithKey("Q")
	p.card.Disable()
	p.empty = part.EmptyState(nil, t("people.empty"), t("people.empty.detail"), nil)
	p.nobody = part.EmptyState(nil, t("board.nobody"), t("board.nobody.detail"), nil)
	list := border(border(nil, nil, nil, p.card, p.find), nil, nil, nil, container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0),
		container.NewStack(p.list.root, p.empty, p.nobody)))
	p.root = container.New(layout.NewCustomPaddedLayout(16, 8, 24, 24), container.New(besides{}, list, p.side.root))
	return p
}

func (p *peoplePage) content() fyne.CanvasObject { return p.root }
func (p *peoplePage) title() string              { return p.shell.window.words.t("tab.people") }
func (p *peoplePage) refresh()                   { p.data.wish() }

func (p *peoplePage) keys() keys {
	return keys{
		letters: []letterKey{{'q', "shortcut.card", func() { p.card.Tapped(nil) }}},
		within:  rowKeys(),
		copy:    func() string { return p.shell.codeOf(p.list.selected) },
		escape: func() {
			if p.side.open() {
				p.side.close()
			} else if p.find.Text != "" {
				p.find.SetText("")
			}
		},
		find: func() { p.shell.window.focus(p.find) },
	}
}

func (p *peoplePage) fetch() func(context.Context) ([]personRow, error) {
	session, words, needle := p.shell.window.session, p.shell.window.words, p.find.Text
	return func(context.Context) ([]personRow, error) {
		return found(session, "", personRows(session.Board(""), channelNames(session, words), words), needle), nil
	}
}

func (p *peoplePage) show(rows []personRow, _ error) {
	p.list.show(rows)
	p.list.root.Hidden = len(rows) == 0
	p.empty.Hidden = len(rows) > 0 || p.find.Text != ""
	p.nobody.Hidden = len(rows) > 0 || p.find.Text == ""
	p.side.refresh()
	p.selected()
	p.shell.middle.Refresh()
}

func (p *peoplePage) selected() { enable(p.card, p.list.selected != "") }

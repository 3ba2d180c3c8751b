package desktop

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// boardPage is the photographer's home: the people of one shoot, and how far each has come. Without a shoot, or when the
// photographer asks for another one, it is the list of shoots.
type boardPage struct {
	shell *shell
	root  *fyne.Container
	data  latest[boardData]
	shown boardData

	choosing bool // the list of shoots shows
	shoots   *shootList
	reading  bool // the signed papers show
	papers   *papersPage
	toRead   *part.Button // opens them; hidden while there are none

	head     *fyne.Container
	counters []*widget.Label
	channel  *part.Select
	may      *widget.Label
	only     *part.Check
	find     *part.Entry
	hand     *part.Button
	card     *part.Button
	list     *personList
	side     *sidePane
	empty    *fyne.Container // in place of the list, when there is nobody
	nobody   *fyne.Container // in place of the list, when nobody is found
	people   *fyne.Container
	built    fyne.CanvasObject
	headline *widget.Label
	whereby  *widget.Label
}

// boardData is what the board shows.
type boardData struct {
	asked  consent.ShootID // that was worked on when this was asked for
	shoots []capture.Shoot // newest first; empty before the first one
	shoot  capture.Shoot
	board  capture.Board
	rows   []personRow // of those that are asked for
	may    int         // how many may appear in the chosen channel
	papers papersData
}

func newBoardPage(s *shell) *boardPage {
	b := &boardPage{shell: s, root: container.NewStack()}
	b.data = latest[boardData]{window: s.window, fetch: b.fetch, show: b.show}
	b.shoots = newShootList(s, func(id consent.ShootID) {
		b.choosing = false
		b.side.close()
		s.work(id)
		b.refresh()
	})
	b.papers = newPapersPage(s, func() { b.reading = false; b.refresh() })
	b.build()
	return b
}

func (b *boardPage) content() fyne.CanvasObject { return b.root }
func (b *boardPage) refresh()                   { b.data.wish() }

func (b *boardPage) title() string {
	shoot := b.shown.shoot
	if b.reading {
		return b.shell.window.words.t("papers")
	}
	if b.shell.shoot == "" || b.choosing || shoot.ID != b.shell.shoot {
		return b.shell.window.words.t("tab.shoots")
	}
	return join(" · ", shoot.Title, shoot.Place, b.shell.window.words.date(shoot.Date))
}

func (b *boardPage) keys() keys {
	onBoard := func(act func()) func() {
		return func() {
			if !b.choosing && !b.reading && b.shell.shoot != "" {
				act()
			}
		}
	}
	return keys{
		letters: []letterKey{
			{'n', "shortcut.new", onBoard(b.newPerson)},
			{'h', "shortcut.hand", onBoard(b.handOver)},
			{'q', "shortcut.card", onBoard(func() { b.card.Tapped(nil) })},
		},
		within: rowKeys(),
		copy:   func() string { return b.shell.codeOf(b.list.selected) },
		escape: func() {
			switch {
			case b.reading:
				b.reading = false
				b.refresh()
			case b.choosing && b.shell.shoot != "":
				b.choosing = false
				b.refresh()
			case b.side.open():
				b.side.close()
			case b.find.Text != "":
				b.find.SetText("")
			}
		},
		find: func() {
			if !b.choosing && !b.reading && b.shell.shoot != "" {
				b.shell.window.focus(b.find)
			}
		},
	}
}

// build makes what stays; show fills it.
func (b *boardPage) build() {
	w := b.shell.window
	t := w.words.t
	channels := channelNames(w.session, w.words)
	b.list = newPersonList(w.words, channels, false)
	b.side = newSidePane(b.shell, func(id consent.SubjectID) { b.list.choose(id); b.selected() })
	b.list.onSelected = func(id consent.SubjectID) { b.side.showPerson(id); b.selected() }

	b.headline, b.whereby = part.Subheading(""), part.Note("")
	b.headline.Wrapping, b.whereby.Wrapping = fyne.TextWrapOff, fyne.TextWrapOff
	b.headline.Truncation = fyne.TextTruncateEllipsis
	other := part.NewQuietButton(t("shoot.others"), func() { b.choosing = true; b.refresh() })
	b.toRead = part.NewQuietButton("", func() { b.readPapers() })
	b.toRead.Hide()
	prints := part.NewQuietButton(t("print"), func() { openPrintPane(b.side, b.shell.shoot, b.list.selected) })
	b.head = border(nil, nil, nil, container.NewHBox(container.NewCenter(b.whereby), b.toRead, prints, other), b.headline)

	counts := container.NewHBox()
	for range 4 {
		label := widget.NewLabel("")
		b.counters = append(b.counters, label)
		counts.Add(label)
	}
	titles := make([]string, len(channels))
	for i, c := range channels {
		titles[i] = c.title
	}
	b.may = part.Body("")
	b.may.Wrapping, b.may.TextStyle = fyne.TextWrapOff, fyne.TextStyle{Bold: true}
	b.only = part.NewCheck(t("board.only"), func(bool) { b.refresh() })
	b.channel = part.NewSelect(titles, func(string) { b.list.focus = b.channel.SelectedIndex(); b.refresh() })
	filter := container.NewHBox(container.NewCenter(widget.NewLabel(t("board.may"))), container.NewCenter(part.Framed(b.channel)),
		container.NewCenter(b.may), container.NewCenter(b.only))

	b.find = part.NewEntry(t("find.placeholder"))
	b.find.OnChanged = func(string) { b.refresh() }
	b.find.OnSubmitted = func(string) {
		if len(b.list.rows) > 0 {
			b.list.choose(b.list.rows[0].id)
			b.side.showPerson(b.list.selected)
			b.selected()
		}
	}
	b.hand = part.NewButton(t("hand"), b.handOver).WithKey("H")
	b.card = part.NewButton(t("card.show"), func() { showCard(b.shell, b.list.selected) }).WithKey("Q")
	b.card.Disable()
	row := border(nil, nil, nil, apart(b.hand, b.card), b.find)

	b.empty = part.EmptyState(nil, t("board.empty"), t("board.empty.detail"), nil)
	b.nobody = part.EmptyState(nil, t("board.nobody"), t("board.nobody.detail"), nil)
	b.people = container.NewStack(b.list.root, b.empty, b.nobody)
	top := container.NewVBox(b.head, container.New(&wrapping{}, counts, filter), row)
	b.built = container.New(layout.NewCustomPaddedLayout(8, 8, 24, 24),
		container.New(besides{}, border(top, nil, nil, nil, container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), b.people)), b.side.root))
}

// fetch reads the shoot that is worked on, the newest when none is, and who of it is asked for.
func (b *boardPage) fetch() func(context.Context) (boardData, error) {
	session, words, asked := b.shell.window.session, b.shell.window.words, b.shell.shoot
	only, channel, needle := b.only.Checked, b.channel.SelectedIndex(), b.find.Text
	return func(ctx context.Context) (boardData, error) {
		d := boardData{asked: asked, shoots: session.Shoots()}
		if len(d.shoots) == 0 {
			return d, nil
		}
		d.shoot = d.shoots[max(slices.IndexFunc(d.shoots, func(s capture.Shoot) bool { return s.ID == asked }), 0)]
		channels := channelNames(session, words)
		d.board = session.Board(d.shoot.ID)
		d.rows = personRows(d.board, channels, words)
		if channel >= 0 && channel < len(channels) {
			d.may = d.board.MayAppear[channels[channel].key]
			if only {
				d.rows = keep(d.rows, func(r personRow) bool { return r.marks[channel] == consent.Yes })
			}
		}
		d.rows = found(session, d.shoot.ID, d.rows, needle)
		var err error
		d.papers, err = readPapers(ctx, session, words, d.shoot.ID)
		return d, err
	}
}

// found keeps the rows that a text finds among the people of a shoot, or all people when it is ""; an empty text finds all.
func found(session *capture.Session, shoot consent.ShootID, rows []personRow, needle string) []personRow {
	if consent.Plain(needle) == "" {
		return rows
	}
	hits := map[consent.SubjectID]bool{}
	for _, p := range session.Find(capture.Search{Text: needle, Shoot: shoot, OnlyShoot: shoot != ""}) {
		hits[p.ID] = true
	}
	return keep(rows, func(r personRow) bool { return hits[r.id] })
}

func (b *boardPage) show(d boardData, err error) {
	w := b.shell.window
	if err != nil {
		b.shell.notice.fail(err)
		return
	}
	if d.asked != b.shell.shoot {
		b.refresh() // the reader has changed the shoot meanwhile
		return
	}
	b.shown = d
	if len(d.shoots) > 0 && b.shell.shoot == "" && !b.choosing {
		b.shell.work(d.shoot.ID)
	}
	if b.choosing || len(d.shoots) == 0 {
		b.shoots.show(d.shoots)
		b.replace(b.shoots.root)
		b.shell.retitle()
		return
	}
	b.toRead.SetText(w.words.n("papers.waiting", d.papers.waiting))
	b.toRead.Hidden = len(d.papers.papers) == 0
	b.papers.show(d.shoot.ID, d.papers)
	if b.reading {
		b.replace(b.papers.root)
		b.shell.retitle()
		return
	}
	b.headline.SetText(d.shoot.Title)
	b.whereby.SetText(join(" · ", d.shoot.Place, w.words.date(d.shoot.Date)))
	for i, count := range []struct {
		id string
		n  int
	}{{"board.registered", d.board.Registered}, {"board.signed", d.board.Signed}, {"board.waiting", d.board.Waiting}, {"board.no", d.board.Said}} {
		b.counters[i].SetText(w.words.t(count.id, "count", count.n))
	}
	b.may.SetText(w.words.t("board.of", "some", d.may, "all", d.board.Registered))
	b.list.show(d.rows)
	b.empty.Hidden = d.board.Registered > 0
	b.nobody.Hidden = d.board.Registered == 0 || len(d.rows) > 0
	b.list.root.Hidden = len(d.rows) == 0
	b.side.refresh()
	b.selected()
	b.replace(b.built)
	b.people.Refresh()
	b.shell.retitle()
}

func (b *boardPage) replace(o fyne.CanvasObject) {
	if len(b.root.Objects) == 1 && b.root.Objects[0] == o {
		return
	}
	b.root.Objects = []fyne.CanvasObject{o}
	b.root.Refresh()
}

func (b *boardPage) selected() { enable(b.card, b.list.selected != "") }

// readPapers shows the signed papers of the shoot, to be read and confirmed.
func (b *boardPage) readPapers() {
	b.side.close()
	b.choosing, b.reading = false, true
	b.refresh()
}

// newPerson opens the form for a person at this shoot.
func (b *boardPage) newPerson() {
	b.list.choose("")
	b.selected()
	b.side.newPerson(b.shell.shoot)
}

// handOver hands the screen to the selected person, or to somebody who registers themselves.
func (b *boardPage) handOver() { b.shell.handOver(b.shell.shoot, b.list.selected) }

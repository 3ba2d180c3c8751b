package desktop

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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

	low       bool // there is little height
	moreShows bool // what the head has no room for

	headline *widget.Label
	whereby  *widget.Label
	acts     *fyne.Container // what is done with the shoot as a whole
	more     *part.Button    // leads to them where they have no room
	counters []*part.Counter // of counted
	group    *part.Select
	groups   []string // behind the options of group, without the first
	ofGroup  fyne.CanvasObject
	avoid    *part.Strip
	channel  *part.Select
	channels []channelName // behind the options of channel, and the columns of the list
	may      *widget.Label
	only     *part.Check
	filter   *fyne.Container // who may appear where
	finding  *fyne.Container // find, and what is done with whoever was found
	find     *part.Entry
	search   latest[boardHits]
	hits     boardHits
	tally    capture.Tally // whom the counters show alone, "" for all
	hand     *part.Button
	card     *part.Button
	list     *personList
	side     *sidePane
	empty    *fyne.Container // in place of the list, when there is nobody
	nobody   *fyne.Container // in place of the list, when nobody is found
	people   *fyne.Container
	built    fyne.CanvasObject
}

// boardData is what the board shows.
type boardData struct {
	asked    consent.ShootID // that was worked on when this was asked for
	shoots   []capture.Shoot // newest first; empty before the first one
	shoot    capture.Shoot
	board    capture.Board
	channels []channelName
	groups   []string
	forms    []formName // in use
	rows     boardRows
	papers   papersData
}

func newBoardPage(s *shell) *boardPage {
	b := &boardPage{shell: s, root: container.NewStack()}
	b.data = latest[boardData]{window: s.window, fetch: b.fetch, show: b.show}
	b.search = latest[boardHits]{window: s.window, fetch: b.seek, show: b.sought}
	b.shoots = newShootList(s, func(id consent.ShootID) {
		b.choosing = false
		b.side.close()
		b.askForAll()
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
			case b.moreShows:
				b.showMore(false)
			case b.side.open():
				b.side.leave()
			case b.find.Text != "":
				b.find.SetText("")
			case b.tally != "":
				b.showOnly("")
			}
		},
		find: func() {
			if !b.choosing && !b.reading && b.shell.shoot != "" {
				b.shell.window.focus(b.find)
			}
		},
	}
}

// fetch reads the shoot that is worked on, the newest when none is.
func (b *boardPage) fetch() func(context.Context) (boardData, error) {
	session, words, asked := b.shell.window.session, b.shell.window.words, b.shell.shoot
	return func(ctx context.Context) (boardData, error) {
		d := boardData{asked: asked, shoots: session.Shoots(), forms: formNames(session, words)}
		if len(d.shoots) == 0 {
			return d, nil
		}
		d.shoot = d.shoots[max(slices.IndexFunc(d.shoots, func(s capture.Shoot) bool { return s.ID == asked }), 0)]
		d.board = session.Board(d.shoot.ID)
		d.channels, d.groups = namesOf(session, words, d.board.Channels), d.board.Groups()
		d.rows = newBoardRows(d.board, d.channels, words)
		var err error
		d.papers, err = readPapers(ctx, session, words, d.shoot.ID)
		return d, err
	}
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
		b.shoots.show(d.shoots, d.forms)
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
	b.offer(d)
	b.fill()
	if b.find.Text != "" {
		b.search.wish() // whoever came or went is found or not
	}
	b.side.refresh()
	b.replace(b.built)
	b.shell.retitle()
}

func (b *boardPage) replace(o fyne.CanvasObject) {
	if len(b.root.Objects) == 1 && b.root.Objects[0] == o {
		return
	}
	b.root.Objects = []fyne.CanvasObject{o}
	part.Settle(b.root) // it may have waited out of view while the size of text changed
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

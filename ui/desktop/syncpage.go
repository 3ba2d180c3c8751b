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

// syncPage is the way to the library: what waits, what goes, what arrived. Before the device belongs to a library it takes
// the invitation. Copies on a stick are made here too, with a library and without one.
type syncPage struct {
	shell   *shell
	root    *fyne.Container
	data    latest[syncData]
	alone   fyne.CanvasObject // the page without a library
	built   fyne.CanvasObject // the page with one
	copying fyne.CanvasObject // the page of the backups
	backups []*backupsCard
	invited bool // a new invitation is asked for, although there is a library
	copies  bool // the page of the backups shows
	back    *part.Button

	notice  *notice
	library *widget.Label
	last    *widget.Label
	start   *part.Button
	pause   *part.Button
	bar     *widget.ProgressBar
	step    *widget.Label
	wait    *part.Button // lets the lock wait
	running *fyne.Container
	remind  *notice
	// reminded: the reminder has been shown and may have been put away.
	reminded bool
	round    int // the sync that the notice is about

	tabs    [queueFilters]*part.Tab
	tools   *fyne.Container
	sum     *widget.Label
	list    *part.RowList
	nothing *fyne.Container
	side    *queuePane
	queue   *queue
	filter  queueFilter
	going   consent.BlobHash // whose row shows the progress
}

type syncData struct {
	enrolment capture.Enrolment
	queue     *queue
}

func newSyncPage(s *shell) *syncPage {
	p := &syncPage{shell: s, root: container.NewStack(), queue: newQueue(capture.Status{}, 0, nil)}
	p.data = latest[syncData]{window: s.window, fetch: p.fetch, show: p.show}
	p.buildAlone()
	p.buildCopying()
	p.build()
	return p
}

func (p *syncPage) content() fyne.CanvasObject { return p.root }
func (p *syncPage) title() string              { return p.shell.window.words.t("tab.sync") }

func (p *syncPage) keys() keys {
	return keys{escape: func() {
		switch {
		case p.copies || p.invited:
			p.home()
		case p.side.open():
			p.side.close()
		}
	}}
}

func (p *syncPage) refresh() { p.data.wish() }

// buildAlone makes the page that takes an invitation.
func (p *syncPage) buildAlone() {
	w := p.shell.window
	n := newNotice(w)
	fields := newInvitationFields(w, n, func() {
		w.syncing.failures = 0
		w.syncing.plan(syncSoon)
		p.home()
	})
	p.back = part.NewQuietButton(w.words.t("back"), p.home).WithKey("Esc")
	p.back.Hide()
	why := part.Body(w.words.t("sync.join.why"))
	card := part.Card(w.words.t("sync.join"), part.Stack(why, fields.content, n.root, ends(p.back, fields.button)))
	p.alone = container.NewVScroll(part.Margin(part.Narrow(640, part.Stack(card, p.newBackups()))))
}

// buildCopying makes the page of the backups.
func (p *syncPage) buildCopying() {
	back := part.NewQuietButton(p.shell.window.words.t("back"), p.home).WithKey("Esc")
	p.copying = container.NewVScroll(part.Margin(part.Narrow(640, part.Stack(ends(back, nil), p.newBackups()))))
}

func (p *syncPage) newBackups() fyne.CanvasObject {
	card := newBackupsCard(p.shell)
	p.backups = append(p.backups, card)
	return part.Card(p.shell.window.words.t("backups"), card.content)
}

// showCopies shows the page of the backups.
func (p *syncPage) showCopies() {
	p.copies = true
	p.refresh()
}

// home shows the queue.
func (p *syncPage) home() {
	p.copies, p.invited = false, false
	p.refresh()
}

func (p *syncPage) build() {
	w := p.shell.window
	t := w.words.t
	p.notice, p.remind = newNotice(w), newNotice(w)
	p.library, p.last, p.step, p.sum = part.Subheading(""), part.Note(""), part.Body(""), part.Note("")
	p.library.Wrapping, p.library.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	p.start = part.NewPrimaryButton(t("sync.now"), func() {
		if w.syncing.paused {
			w.syncing.pause(false)
		} else {
			w.syncing.start()
		}
	})
	p.pause = part.NewButton(t("sync.pause"), func() { w.syncing.pause(true) })
	p.bar = widget.NewProgressBar()
	p.bar.TextFormatter = func() string { return "" }
	p.wait = part.NewQuietButton(t("sync.await"), func() { w.syncing.await() })
	p.running = container.NewVBox(p.step, border(nil, nil, nil, p.wait, p.bar))
	copies := part.NewButton(t("backups.copy"), p.showCopies)
	head := container.NewVBox(
		border(nil, nil, nil, container.NewCenter(apart(p.pause, p.start)), container.NewVBox(p.library, p.last)), p.running)
	p.tools = wrapping()
	for f, name := range [queueFilters]string{"all", "waiting", "sending", "failed", "arrived"} {
		p.tabs[f] = part.NewTab(t("sync.filter."+name, "count", 0), func() { p.choose(queueFilter(f)) })
		p.tools.Add(p.tabs[f])
	}
	columns := []part.Column{{Title: t("column.what")}, {Title: t("column.state"), Width: 170},
		{Title: t("column.more"), Stretch: 1.6}, {Title: t("column.size"), Width: 88, Align: fyne.TextAlignTrailing}}
	p.list = part.NewRowList(columns, func() int { return len(p.rows()) }, p.fill)
	p.side = newQueuePane(p)
	p.list.OnSelected = func(i int) { p.side.choose(p.rows()[i]) }
	p.nothing = part.EmptyState(nil, t("sync.nothing"), t("sync.nothing.detail"), nil)
	list := border(nil, border(nil, nil, nil, container.NewCenter(copies), p.sum), nil, nil, container.NewStack(p.list, p.nothing))
	p.built = container.New(layout.NewCustomPaddedLayout(8, 4, 24, 24), belowNotices(border(
		container.NewVBox(head, p.tools), nil, nil, nil, container.New(besides{}, list, p.side.root)), p.notice.root, p.remind.root))
}

// rows are the places in the queue that show.
func (p *syncPage) rows() []int32 { return p.queue.rows[p.filter] }

func (p *syncPage) fill(i int, cells []part.Cell) {
	w, q, row := p.shell.window.words, p.queue, p.rows()[i]
	mark, word := q.state(w, row, p.progress())
	cells[0], cells[1], cells[2] = part.Cell{Text: q.title(w, row)}, part.Cell{Text: word, Mark: mark}, part.Cell{Text: q.more(w, row), Muted: true}
	if row >= 0 {
		cells[3] = part.Cell{Text: w.size(q.items[row].Size)}
	}
}

// progress is where the exchange is, the zero value while there is none.
func (p *syncPage) progress() capture.SyncProgress {
	if s := p.shell.window.syncing; s.running {
		return s.progress
	}
	return capture.SyncProgress{}
}

func (p *syncPage) choose(f queueFilter) {
	p.filter = f
	p.list.Unselect()
	p.side.close()
	p.showQueue()
}

func (p *syncPage) fetch() func(context.Context) (syncData, error) {
	w := p.shell.window
	session := w.session
	return func(ctx context.Context) (syncData, error) {
		var d syncData
		status, err := session.Status(ctx)
		if err != nil {
			return d, err
		}
		profiles, err := session.WaitingProfiles(ctx)
		if err != nil {
			return d, err
		}
		items, err := session.Queue(ctx)
		if err != nil {
			return d, err
		}
		d.enrolment, _ = session.Enrolment()
		d.queue = newQueue(status, len(profiles), items)
		return d, nil
	}
}

func (p *syncPage) show(d syncData, err error) {
	w := p.shell.window
	if err != nil {
		p.shell.notice.fail(err)
		return
	}
	w.syncing.knows(d.queue.status)
	for _, card := range p.backups {
		card.show(d.queue.status)
	}
	p.queue = d.queue
	enable(p.back, d.queue.status.Enrolled)
	p.back.Hidden = !d.queue.status.Enrolled
	switch {
	case p.copies:
		p.replace(p.copying)
	case !d.queue.status.Enrolled, p.invited:
		p.replace(p.alone)
	default:
		p.library.SetText(d.enrolment.Address)
		p.told()
		p.showTrouble()
		p.showReminder()
		p.showQueue()
		p.side.refresh()
		p.replace(p.built)
	}
	p.root.Refresh()
}

// showQueue shows the rows of the chosen filter and what they come to.
func (p *syncPage) showQueue() {
	w, q := p.shell.window.words, p.queue
	for f, name := range [queueFilters]string{"all", "waiting", "sending", "failed", "arrived"} {
		p.tabs[f].SetText(w.t("sync.filter."+name, "count", len(q.rows[f])))
		p.tabs[f].SetSelected(queueFilter(f) == p.filter)
	}
	p.tools.Refresh()
	rest := w.t("sync.sum.waiting", "bytes", w.size(q.bytes[queueAll]))
	switch p.filter {
	case queueAll:
		p.sum.SetText(join(" · ", rest, w.t("sync.sum.arrived", "bytes", w.size(q.bytes[queueArrived]))))
	case queueArrived:
		p.sum.SetText(w.t("sync.sum.arrived", "bytes", w.size(q.bytes[queueArrived])))
	default:
		p.sum.SetText(w.t("sync.sum.waiting", "bytes", w.size(q.bytes[p.filter])))
	}
	p.nothing.Hidden, p.list.Hidden = len(p.rows()) > 0, len(p.rows()) == 0
	p.list.Refresh()
}

// told shows how far the exchange has come, without reading anything.
func (p *syncPage) told() {
	w := p.shell.window
	t, s := w.words.t, w.syncing
	p.last.SetText(p.standing())
	p.start.SetText(t("sync.now"))
	if s.paused {
		p.start.SetText(t("sync.go-on"))
	}
	p.start.Hidden, p.pause.Hidden = s.running, s.paused
	enable(p.start, !s.running)
	p.running.Hidden, p.wait.Hidden, p.last.Hidden = !s.running, s.awaited, s.running
	p.step.SetText(join(" · ", progressWords(w.words, s.progress), s.pace.words(w.words, w.config.Now(), s.progress.TotalBytes-s.progress.DoneBytes)))
	p.bar.SetValue(progressValue(s.progress))
	p.built.Refresh()
	now := p.progress().Item
	for _, hash := range []consent.BlobHash{p.going, now} {
		if at := p.queue.find(p.filter, hash); hash != "" && at >= 0 {
			p.list.RefreshRow(at)
		}
	}
	p.going = now
}

// standing says when the device and the library last agreed, what the last exchange brought, and when the next one begins.
func (p *syncPage) standing() string {
	w := p.shell.window
	t, s := w.words.t, w.syncing
	last := t("sync.never")
	if at := p.queue.status.LastSync; !at.IsZero() {
		last = t("sync.last", "when", w.words.moment(at))
	}
	did, next := "", ""
	if r := s.report; s.ended && !s.running && s.err == nil {
		n := w.words.n
		did = t("sync.report", "sent", n("transfer.events", r.EventsSent), "received", n("transfer.events", r.EventsReceived),
			"profiles", n("transfer.profiles", r.ProfilesSent), "blobs", n("count.files", r.BlobsSent), "bytes", w.words.size(r.BytesSent))
	}
	switch {
	case s.paused:
		next = t("sync.paused")
	case !s.running && s.err != nil && !s.next.IsZero():
		next = t("sync.next", "when", s.next.Local().Format("15:04"))
	}
	return join(" · ", last, did, next)
}

func (p *syncPage) replace(o fyne.CanvasObject) {
	if len(p.root.Objects) != 1 || p.root.Objects[0] != o {
		p.root.Objects = []fyne.CanvasObject{o}
		part.Settle(p.root) // it may have waited out of view while the size of text changed
	}
}

// progressWords says what a sync is doing.
func progressWords(w *words, p capture.SyncProgress) string {
	step := w.t("step." + string(p.Step))
	switch {
	case p.TotalBytes > 0:
		return w.t("sync.bytes", "step", step, "done", p.Done, "total", p.Total, "bytes", w.size(p.DoneBytes), "all", w.size(p.TotalBytes))
	case p.Total > 0:
		return w.t("sync.items", "step", step, "done", p.Done, "total", p.Total)
	}
	return step
}

// progressValue is how much of the present step is done, from 0 to 1.
func progressValue(p capture.SyncProgress) float64 {
	switch {
	case p.TotalBytes > 0:
		return float64(p.DoneBytes) / float64(p.TotalBytes)
	case p.Total > 0:
		return float64(p.Done) / float64(p.Total)
	}
	return 0
}

package desktop

import (
	"context"
	"path"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// syncPage is the way to the library: what waits, what goes, what arrived. Before the device belongs to a library it takes
// the invitation.
type syncPage struct {
	shell *shell
	root  *fyne.Container
	data  latest[syncData]
	alone fyne.CanvasObject // the page without a library
	built fyne.CanvasObject // the page with one

	notice  *notice
	library *widget.Label
	last    *widget.Label
	start   *part.Button
	stop    *part.Button
	bar     *widget.ProgressBar
	step    *widget.Label
	running *fyne.Container
	summary *widget.Label
	waiting *widget.Label
	list    *part.RowList
	rows    []transferRow
	nothing *fyne.Container
	round   int // the sync that the notice is about
}

type syncData struct {
	status    capture.Status
	enrolment capture.Enrolment
	rows      []transferRow
}

// transferRow is one thing on its way, every string ready.
type transferRow struct {
	what, size, word, trouble string
	mark                      part.Mark
}

func newSyncPage(s *shell) *syncPage {
	p := &syncPage{shell: s, root: container.NewStack()}
	p.data = latest[syncData]{window: s.window, fetch: p.fetch, show: p.show}
	p.buildAlone()
	p.build()
	return p
}

func (p *syncPage) content() fyne.CanvasObject { return p.root }
func (p *syncPage) title() string              { return p.shell.window.words.t("tab.sync") }
func (p *syncPage) keys() keys                 { return keys{} }
func (p *syncPage) refresh()                   { p.data.wish() }

func (p *syncPage) buildAlone() {
	w := p.shell.window
	n := newNotice(w)
	fields := newInvitationFields(w, n, func() { p.refresh() })
	card := part.Card(w.words.t("sync.join"), part.Stack(part.Body(w.words.t("sync.join.why")), fields.content, n.root,
		ends(nil, fields.button)))
	p.alone = container.NewVScroll(part.Margin(part.Narrow(640, container.NewVBox(card))))
}

func (p *syncPage) build() {
	w := p.shell.window
	t := w.words.t
	p.notice = newNotice(w)
	p.library, p.last, p.summary, p.step = part.Subheading(""), part.Note(""), part.Body(""), part.Body("")
	p.waiting = part.Subheading("")
	p.start = part.NewPrimaryButton(t("sync.now"), func() { w.syncing.start() })
	p.stop = part.NewButton(t("sync.stop"), func() {
		if w.syncing.running {
			w.syncing.stop()
			p.stop.Disable()
		}
	})
	p.bar = widget.NewProgressBar()
	p.bar.TextFormatter = func() string { return "" }
	p.running = container.NewVBox(p.step, border(nil, nil, nil, p.stop, p.bar))
	head := part.Pane(part.Stack(
		border(nil, nil, nil, container.NewCenter(p.start), container.NewVBox(p.library, p.last)), p.running, p.summary))
	columns := []part.Column{{Title: t("column.what")}, {Title: t("column.state"), Width: 190},
		{Title: t("column.trouble"), Stretch: 2}, {Title: t("column.size"), Width: 88, Align: fyne.TextAlignTrailing}}
	p.list = part.NewRowList(columns, func() int { return len(p.rows) }, func(i int, cells []part.Cell) {
		r := p.rows[i]
		cells[0], cells[1] = part.Cell{Text: r.what}, part.Cell{Text: r.word, Mark: r.mark}
		cells[2], cells[3] = part.Cell{Text: r.trouble}, part.Cell{Text: r.size}
	})
	p.nothing = part.EmptyState(nil, t("sync.nothing"), t("sync.nothing.detail"), nil)
	p.built = container.New(layout.NewCustomPaddedLayout(16, 8, 24, 24), border(
		container.NewVBox(p.notice.root, head, p.waiting), nil, nil, nil, container.NewStack(p.list, p.nothing)))
}

func (p *syncPage) fetch() func(context.Context) (syncData, error) {
	session, words := p.shell.window.session, p.shell.window.words
	return func(ctx context.Context) (syncData, error) {
		var d syncData
		var err error
		if d.status, err = session.Status(ctx); err != nil {
			return d, err
		}
		d.enrolment, _ = session.Enrolment()
		d.rows, err = transferRows(ctx, session, words, d.status)
		return d, err
	}
}

// transferRows lists what waits: the log and the people first, as they are sent, then every blob.
func transferRows(ctx context.Context, s *capture.Session, w *words, status capture.Status) ([]transferRow, error) {
	profiles, err := s.WaitingProfiles(ctx)
	if err != nil {
		return nil, err
	}
	transfers, err := s.WaitingTransfers(ctx)
	if err != nil {
		return nil, err
	}
	var rows []transferRow
	waiting := func(what string) transferRow {
		return transferRow{what: what, mark: part.MarkWaiting, word: w.t("transfer.waiting")}
	}
	if status.PendingEvents > 0 {
		rows = append(rows, waiting(w.n("transfer.events", status.PendingEvents)))
	}
	if len(profiles) > 0 {
		rows = append(rows, waiting(w.n("transfer.profiles", len(profiles))))
	}
	for _, t := range transfers {
		row := waiting(w.t("transfer." + string(t.Class)))
		row.size, row.trouble = w.size(t.Size), t.Trouble
		if t.State == capture.TransferSending {
			row.mark, row.word = part.MarkSending, w.t("transfer.sending", "done", w.size(t.Offset))
		}
		if t.Trouble != "" {
			row.mark = part.MarkWarning
		}
		if img, err := s.Image(consent.AssetID(t.Hash)); t.Class == capture.ClassOriginal && err == nil {
			row.what = path.Base(img.Name)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (p *syncPage) show(d syncData, err error) {
	w := p.shell.window
	t := w.words.t
	if err != nil {
		p.shell.notice.fail(err)
		return
	}
	if !d.status.Enrolled {
		p.replace(p.alone)
		return
	}
	s := w.syncing
	p.library.SetText(d.enrolment.Address)
	p.last.SetText(t("sync.never"))
	if !d.status.LastSync.IsZero() {
		p.last.SetText(t("sync.last", "when", w.words.moment(d.status.LastSync)))
	}
	enable(p.start, !s.running)
	enable(p.stop, s.running)
	p.running.Hidden = !s.running
	p.step.SetText(progressWords(w.words, s.progress))
	p.bar.SetValue(progressValue(s.progress))
	p.summary.Hidden = s.running || !s.ended
	p.summary.SetText(t("sync.report", "sent", s.report.EventsSent, "received", s.report.EventsReceived, "profiles", s.report.ProfilesSent,
		"blobs", s.report.BlobsSent, "bytes", w.words.size(s.report.BytesSent)))
	if s.round != p.round { // what the notice says is about an earlier one
		p.round = s.round
		p.notice.hide()
		if s.err != nil {
			p.notice.fail(s.err, part.NewButton(t("sync.retry"), s.start))
		}
	}
	p.rows = d.rows
	p.waiting.Hidden = len(d.rows) == 0
	p.waiting.SetText(t("sync.waiting", "bytes", w.words.size(d.status.PendingBytes)))
	p.nothing.Hidden, p.list.Hidden = len(d.rows) > 0, len(d.rows) == 0
	p.list.Refresh()
	p.replace(p.built)
	p.built.Refresh()
}

func (p *syncPage) replace(o fyne.CanvasObject) {
	if len(p.root.Objects) != 1 || p.root.Objects[0] != o {
		p.root.Objects = []fyne.CanvasObject{o}
		p.root.Refresh()
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

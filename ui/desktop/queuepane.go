package desktop

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/ui/desktop/part"
)

// queuePane stands beside the queue and tells of one row of it: what went wrong and what to do, or the library's receipt.
type queuePane struct {
	page *syncPage
	root *fyne.Container
	data latest[queueProof]
	row  int32            // rowEvents and the like; else the place of hash
	hash consent.BlobHash // "" for rows that stand for many things
	some bool             // a row is chosen
}

// queueProof is what has to be read for one row.
type queueProof struct {
	hash    consent.BlobHash
	receipt evidence.StorageReceipt
	held    []capture.HeldEvent
}

func newQueuePane(p *syncPage) *queuePane {
	s := &queuePane{page: p, root: container.NewStack()}
	s.data = latest[queueProof]{window: p.shell.window, fetch: s.fetch, show: s.show}
	s.root.Hide()
	return s
}

func (s *queuePane) open() bool { return s.some }

func (s *queuePane) close() {
	if !s.some {
		return
	}
	s.some, s.hash = false, ""
	s.root.RemoveAll()
	s.root.Hide()
	s.page.list.Unselect()
	part.Settle(s.page.shell.middle)
}

// choose shows a row.
func (s *queuePane) choose(row int32) {
	s.some, s.row, s.hash = true, row, ""
	if row >= 0 {
		s.hash = s.page.queue.items[row].Hash
	}
	s.data.wish()
}

// refresh shows the same row as it is now, wherever it stands.
func (s *queuePane) refresh() {
	if !s.some {
		return
	}
	if s.hash != "" {
		at := s.page.queue.find(queueAll, s.hash)
		if at < 0 {
			s.close()
			return
		}
		s.row = s.page.queue.rows[queueAll][at]
	}
	s.data.wish()
}

func (s *queuePane) fetch() func(context.Context) (queueProof, error) {
	session, q, row, hash := s.page.shell.window.session, s.page.queue, s.row, s.hash
	return func(ctx context.Context) (queueProof, error) {
		d := queueProof{hash: hash}
		var err error
		switch {
		case row == rowHeld:
			d.held, err = session.HeldEvents(ctx)
		case row >= 0 && stateOf(&q.items[row]) == queueArrived:
			d.receipt, err = session.StorageReceipt(ctx, hash)
		}
		return d, err
	}
}

func (s *queuePane) show(d queueProof, err error) {
	if !s.some || d.hash != s.hash {
		return // the reader has gone on meanwhile
	}
	p, w := s.page, s.page.shell.window
	t, q := w.words.t, s.page.queue
	mark, word := q.state(w.words, s.row, p.progress())
	content := part.Stack()
	say := func(name, value string) {
		if value != "" {
			content.Add(container.NewVBox(part.FieldLabel(name), broken(value)))
		}
	}
	switch {
	case s.row == rowHeld:
		content.Add(part.Body(t("transfer.held.what")))
		for _, e := range d.held {
			say(w.words.moment(e.At)+" · "+string(e.Type), e.Why)
		}
	case s.row < 0:
		content.Add(part.Body(t("transfer.many")))
	default:
		s.tell(content, &q.items[s.row], d, err, say)
	}
	away := part.NewQuietButton(t("pane.close"), s.close).WithKey("Esc")
	title := part.Subheading(q.title(w.words, s.row))
	title.Wrapping = fyne.TextWrapBreak
	head := container.NewVBox(border(nil, nil, nil, container.NewVBox(away), title), indented(part.NewStatusMark(mark, word)))
	s.root.Objects = []fyne.CanvasObject{part.Pane(border(head, nil, nil, nil, container.NewVScroll(besideBar(content))))}
	s.root.Show()
	part.Settle(p.shell.middle)
}

// tell shows one blob or original.
func (s *queuePane) tell(content *fyne.Container, item *capture.QueueItem, d queueProof, err error, say func(name, value string)) {
	p, w := s.page, s.page.shell.window
	t := w.words.t
	if item.Failed() {
		buttons := wrapping(part.NewButton(t("sync.retry.one"), func() { p.tryAgain(item.Hash) }))
		if slices.Contains([]string{"file-changed", "file-unreadable", "reference-gone"}, item.Problem) {
			buttons.Add(part.NewButton(t("transfer.images"), func() { p.shell.show(tabImages) }))
		}
		content.Add(container.NewVBox(part.Body(troubleOf(w.words, item)), buttons))
	}
	if stateOf(item) == queueArrived {
		receipt := container.NewVBox(part.FieldLabel(t("transfer.proof")))
		if err != nil {
			receipt.Add(part.NewStatusMark(part.MarkNo, t("transfer.proof.bad")))
			receipt.Add(part.Body(w.words.problem(err)))
		} else {
			receipt.Add(indented(part.NewStatusMark(part.MarkYes, t("transfer.proof.good"))))
			receipt.Add(part.Note(t("transfer.proof.why")))
			receipt.Add(container.NewHBox(part.NewButton(t("transfer.proof.copy"), func() {
				w.clip(receiptText(w.words, item, d.receipt))
				w.toast(t("transfer.proof.copied"))
			})))
		}
		content.Add(receipt)
		say(t("transfer.stored"), w.words.moment(item.StoredAt))
		say(t("transfer.library"), string(d.receipt.Library))
	}
	say(t("column.size"), t("transfer.bytes", "size", w.words.size(item.Size), "bytes", item.Size))
	say(t("transfer.kind"), t("transfer."+string(item.Class)))
	say("SHA-256", string(item.Hash))
}

// receiptText is a storage receipt to be pasted somewhere: everything that its signature covers, and the signature.
func receiptText(w *words, item *capture.QueueItem, r evidence.StorageReceipt) string {
	return lines(w.t("transfer.proof"), item.Name, "sha256: "+string(r.SHA256), w.t("transfer.bytes", "size", w.size(r.Size), "bytes", r.Size),
		"stored_at: "+r.StoredAt.Format(time.RFC3339Nano), "library: "+string(r.Library), "sig: "+base64.StdEncoding.EncodeToString(r.Signature))
}

// broken is text that may be one long word.
func broken(text string) fyne.CanvasObject {
	l := part.Body(text)
	l.Wrapping = fyne.TextWrapBreak
	return l
}

// tryAgain sends one thing that could not be sent once more, with all else that waits.
func (p *syncPage) tryAgain(hash consent.BlobHash) {
	w := p.shell.window
	session := w.session
	background(w, only(func(ctx context.Context) error { return session.TryAgain(ctx, hash) }), func(_ noResult, err error) {
		if err != nil {
			p.notice.fail(err)
			return
		}
		if !w.syncing.paused {
			w.syncing.start()
		}
	})
}

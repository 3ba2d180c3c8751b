package desktop

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// withdrawing takes consent back in two presses: the first shows what it would affect, the second does it. The second has to wait until that
// is there, so that a double click is not both. When it cannot be told, that is said, and consent can be taken back all the same.
type withdrawing struct {
	pane     *sidePane
	view     personView
	channel  *part.Select
	kind     *part.Select
	reason   *part.Entry
	notice   *notice
	affected *fyne.Container
	do       *part.Button
	counted  int // counts the questions, so that a late answer to an old one is passed over
}

// withdraw shows what a withdrawal would affect.
func (p *sidePane) withdraw(v personView) {
	w := p.shell.window
	t := w.words.t
	f := &withdrawing{pane: p, view: v, reason: part.NewEntry(""), notice: newNotice(w), affected: container.NewVBox()}
	channels, of := []string{t("withdraw.everything")}, []string{t("withdraw.every-kind")}
	for _, c := range v.scope {
		channels = append(channels, c.title)
	}
	for _, kind := range v.kinds {
		of = append(of, t("kind."+string(kind)))
	}
	f.channel, f.kind = part.NewSelect(channels, func(string) { f.count() }), part.NewSelect(of, func(string) { f.count() })
	f.do = part.NewDangerButton(t("withdraw.do"), f.submit)
	f.count()
	p.showFields(t("withdraw.title", "name", v.name),
		part.Stack(container.NewGridWithColumns(2, part.Field(t("withdraw.where"), part.Framed(f.channel), ""), part.Field(t("withdraw.what"), part.Framed(f.kind), "")),
			f.affected, part.Field(t("withdraw.reason"), f.reason, t("withdraw.reason.why"))),
		container.NewVBox(f.notice.root, ends(part.NewButton(t("withdraw.keep"), func() { p.showPerson(v.id) }), f.do)))
}

// asked is the withdrawal as it is chosen. A channel or a kind alone names its scopes; everything names none.
func (f *withdrawing) asked() capture.Withdrawal {
	withdrawal := capture.Withdrawal{Subject: f.view.id, Reason: f.reason.Text}
	channel, kind := f.channel.SelectedIndex(), f.kind.SelectedIndex()
	if channel <= 0 && kind <= 0 {
		return withdrawal
	}
	channels, of := f.view.scope, kinds
	if channel > 0 {
		channels = channels[channel-1 : channel]
	}
	if kind > 0 {
		of = f.view.kinds[kind-1 : kind]
	}
	for _, c := range channels {
		for _, k := range of {
			withdrawal.Scopes = append(withdrawal.Scopes, consent.Scope{Channel: c.key, Media: k})
		}
	}
	return withdrawal
}

// planned is what a withdrawal would do, ready to show.
type planned struct {
	capture.Withdrawn
	stills []still
	left   int
	gone   []string // copies that left for use
	more   int      // of them beyond these
	hold   []string // folders that were exported to and have copies
}

func (f *withdrawing) count() {
	f.counted++
	f.do.Disable()
	w, asked, nth := f.pane.shell.window, f.asked(), f.counted
	f.affected.Objects = []fyne.CanvasObject{part.Body(w.words.t("withdraw.counting"))}
	f.affected.Refresh()
	reading(w.context, w, func(ctx context.Context) (planned, error) { return planWithdrawal(ctx, w.session, w.words, asked) },
		func(will planned, err error) {
			if nth != f.counted {
				return
			}
			f.do.Enable()
			if err != nil {
				f.notice.fail(err)
				return
			}
			f.show(will)
		})
}

func planWithdrawal(ctx context.Context, s *capture.Session, w *words, asked capture.Withdrawal) (will planned, err error) {
	if will.Withdrawn, err = s.WithdrawalOf(asked); err != nil {
		return will, err
	}
	will.stills, will.left = readStills(ctx, s, will.Affected)
	will.gone, will.more = deliveredLines(s, w, will.Delivered)
	will.hold, err = s.FoldersWith(ctx, will.Delivered)
	return will, err
}

func (f *withdrawing) show(will planned) {
	w := f.pane.shell.window.words
	f.affected.Objects = []fyne.CanvasObject{part.Body(affects(w, "withdraw.affected", "withdraw.affected.none", len(will.Affected)))}
	if len(will.Affected) > 0 {
		f.affected.Add(showStills(w, will.stills, will.left))
	}
	if len(will.gone) > 0 {
		list := container.New(&tight{}, part.FieldLabel(w.t("withdraw.delivered")))
		for _, line := range append(will.gone, will.hold...) {
			list.Add(part.Note(line))
		}
		if will.more > 0 {
			list.Add(part.Note(w.n("stills.left", will.more)))
		}
		f.affected.Add(list)
	}
	f.pane.refit()
}

// mostLines is how many copies are named one by one.
const mostLines = 6

// deliveredLines names copies that left for use, in a line for each picture and channel.
func deliveredLines(s *capture.Session, w *words, delivered []consent.Delivery) (lines []string, more int) {
	type use struct {
		asset   consent.AssetID
		channel consent.Channel
	}
	last := map[use]consent.Delivery{}
	var uses []use
	for _, d := range delivered { // the oldest first
		u := use{d.Asset, d.Channel}
		if _, told := last[u]; !told {
			uses = append(uses, u)
		}
		last[u] = d
	}
	for _, u := range uses[:min(len(uses), mostLines)] {
		name := u.asset.Short()
		if img, err := s.Image(u.asset); err == nil && img.Name != "" {
			name = img.Name
		}
		lines = append(lines, fmt.Sprintf("%s · %s · %s", name, s.ChannelTitle(u.channel, w.Language), w.day(last[u].At)))
	}
	return lines, len(uses) - len(lines)
}

// affects says how many pictures a withdrawal affects; that it affects none is a sentence of its own.
func affects(w *words, id, none string, pictures int) string {
	if pictures == 0 {
		return w.t(none)
	}
	return w.n(id, pictures)
}

func (f *withdrawing) submit() {
	p, w := f.pane, f.pane.shell.window
	f.notice.hide()
	ready, asked, session := busy(f.do, w.words.t("withdraw.doing")), f.asked(), w.session
	type withdrawn struct {
		capture.Withdrawn
		folders []string // that were exported to and hold copies
		unread  error    // why they could not be listed; the withdrawal holds
	}
	background(w, func(ctx context.Context) (done withdrawn, err error) {
		ctx = context.WithoutCancel(ctx) // what was pressed is done, also when somebody locks the vault meanwhile
		if done.Withdrawn, err = session.Withdraw(ctx, asked); err == nil {
			done.folders, done.unread = session.FoldersWith(ctx, done.Delivered)
		}
		return done, err
	}, func(done withdrawn, err error) {
		ready()
		if err != nil {
			f.notice.fail(err)
			return
		}
		w.toast(affects(w.words, "withdraw.done", "withdraw.done.none", len(done.Affected)))
		if done.unread != nil {
			p.shell.notice.fail(done.unread)
		}
		if len(done.folders) > 0 {
			p.shell.notice.warn(w.words.t("withdraw.exported", "folders", join(", ", done.folders...)))
		}
		p.showPerson(f.view.id)
	})
}

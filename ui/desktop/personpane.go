package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// personContent builds what the pane shows of a person.
func (p *sidePane) personContent(v personView) fyne.CanvasObject {
	t := p.shell.window.words.t
	column := part.Stack()

	about := container.NewVBox(part.Code(v.code))
	for _, fact := range v.facts {
		about.Add(part.Body(fact))
	}
	if v.person.Known {
		about.Add(container.NewHBox(part.NewQuietButton(t("person.correct"), func() { p.showForm(newCorrectionForm(p, v.person)) })))
	}
	column.Add(about)

	if !v.person.Avoid {
		answers := container.NewVBox()
		for _, c := range v.channels {
			answers.Add(standingRow(c))
		}
		column.Add(part.Section(t("person.answers"), answers))
	}
	history := container.NewVBox()
	for _, line := range v.history {
		history.Add(p.historyRow(v, line))
	}
	column.Add(part.Section(t("person.history"), history))
	column.Add(part.Section(t("person.images"), part.Body(v.images)))
	if v.given {
		column.Add(p.withdrawal(v))
	}
	return column
}

// standingRow shows a channel and what stands in it.
func standingRow(c channelStanding) fyne.CanvasObject {
	title := widget.NewLabel(c.title)
	title.Truncation = fyne.TextTruncateEllipsis
	words := container.NewVBox()
	for _, s := range c.standings {
		words.Add(part.NewStatusMark(s.mark, s.word))
	}
	if len(c.standings) == 1 {
		return border(nil, nil, nil, container.NewCenter(words), title)
	}
	return border(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(8, 8, 0, 0), words), container.NewVBox(title))
}

func (p *sidePane) historyRow(v personView, line historyLine) fyne.CanvasObject {
	row := container.NewVBox(part.Note(line.when), part.Body(line.what))
	t := p.shell.window.words.t
	switch {
	case line.elsewhere:
		row.Add(part.Note(t("receipt.elsewhere")))
	case line.record == "":
	case line.record == p.handing(v):
		row.Add(p.receiptActions(consent.Code(v.code), line.receiptLine))
	default:
		row.Add(container.NewHBox(part.NewQuietButton(t("receipt"), func() {
			p.receipt = line.record
			p.show(v, nil)
		})))
	}
	return row
}

// handing is the record whose receipt can be handed out with one press: the one that was asked for, else the newest.
func (p *sidePane) handing(v personView) consent.RecordID {
	newest := consent.RecordID("")
	for _, line := range v.history {
		if line.record == p.receipt && p.receipt != "" {
			return p.receipt
		}
		if newest == "" {
			newest = line.record
		}
	}
	return newest
}

// withdrawal takes consent back in two presses: the first shows what it would affect, the second does it.
func (p *sidePane) withdrawal(v personView) fyne.CanvasObject {
	t := p.shell.window.words.t
	place := container.NewVBox()
	var begin func()
	begin = func() {
		place.Objects = []fyne.CanvasObject{container.NewHBox(part.NewButton(t("withdraw.begin"), func() {
			place.Objects = []fyne.CanvasObject{p.confirmWithdrawal(v, begin)}
			place.Refresh()
			p.scroll.ScrollToBottom()
		}))}
		place.Refresh()
	}
	begin()
	return part.Section(t("withdraw"), place)
}

func (p *sidePane) confirmWithdrawal(v personView, keep func()) fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	withdrawal := capture.Withdrawal{Subject: v.id}
	affected := part.Body(t("withdraw.counting"))
	count := func() {
		asked := withdrawal
		background(w, func(context.Context) (int, error) {
			planned, err := w.session.WithdrawalOf(asked)
			return len(planned.Affected), err
		}, func(n int, _ error) {
			affected.SetText(w.words.n("withdraw.affected", n))
			p.scroll.ScrollToBottom()
		})
	}
	choices := []string{t("withdraw.everything")}
	for _, c := range v.scope {
		choices = append(choices, c.title)
	}
	what := part.NewSelect(choices, nil)
	what.OnChanged = func(string) {
		withdrawal.Scopes = nil
		if at := what.SelectedIndex(); at > 0 {
			for _, kind := range kinds {
				withdrawal.Scopes = append(withdrawal.Scopes, consent.Scope{Channel: v.scope[at-1].key, Media: kind})
			}
		}
		count()
	}
	n := newNotice(w)
	var do *part.Button
	do = part.NewDangerButton(t("withdraw.do"), func() {
		ready := busy(do, t("withdraw.doing"))
		asked := withdrawal
		type withdrawn struct {
			capture.Withdrawn
			folders []string // that were exported to and hold copies
		}
		background(w, func(ctx context.Context) (done withdrawn, err error) {
			if done.Withdrawn, err = w.session.Withdraw(ctx, asked); err == nil {
				done.folders, err = w.session.FoldersWith(ctx, done.Delivered)
			}
			return done, err
		}, func(done withdrawn, err error) {
			ready()
			if err != nil {
				n.fail(err)
				return
			}
			w.toast(w.words.n("withdraw.done", len(done.Affected)))
			if len(done.folders) > 0 {
				p.shell.notice.warn(w.words.t("withdraw.exported", "folders", strings.Join(done.folders, ", ")))
			}
			p.refresh()
		})
	})
	count()
	return container.NewVBox(part.Framed(what), affected, n.root, ends(part.NewButton(t("withdraw.keep"), keep), do))
}

package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// partOf builds the chosen part of a person, and the actions that stay below it, nil for none.
func (p *sidePane) partOf(v personView) (content, actions fyne.CanvasObject) {
	switch p.tab {
	case historyTab:
		return p.historyTab(v), nil
	case picturesTab:
		return p.picturesTab(v), nil
	case moreTab:
		return p.moreTab(v), nil
	}
	return p.answersTab(v), p.answerActions(v)
}

// answersTab is what is needed most: how to reach somebody, what stands, and the receipt.
func (p *sidePane) answersTab(v personView) fyne.CanvasObject {
	t := p.shell.window.words.t
	about := container.New(&tight{})
	if v.person.Known {
		correct := part.NewQuietButton(t("person.correct"), func() { p.showForm(newCorrectionForm(p, v.person)) })
		about.Add(border(nil, nil, nil, container.NewVBox(correct), part.Body(join(" · ", v.facts...))))
	}
	for _, sentence := range v.due {
		about.Add(remark(part.MarkWarning, sentence))
	}
	if len(p.more.doubles) > 0 && p.more.id == v.id {
		about.Add(border(nil, nil, nil, container.NewCenter(part.NewQuietButton(t("double.look"), func() { p.compare(p.more.doubles[0]) })),
			remark(part.MarkWarning, t("double.maybe", "name", p.more.doubles[0].other.name))))
	}
	column := container.NewVBox(about)
	if !v.person.Avoid {
		answers := container.New(&tight{})
		for _, c := range v.channels {
			answers.Add(standingRow(c))
		}
		column.Add(answers)
	} else {
		column.Add(part.Note(t("avoid.answers")))
	}
	if line := p.handing(v); line != nil {
		said := container.New(&tight{}, part.Note(line.when), part.Body(line.what))
		if line.elsewhere {
			said.Add(part.Note(t("receipt.elsewhere")))
		}
		column.Add(said)
		if line.record != "" {
			column.Add(p.receiptActions(consent.Code(v.code), line.receiptLine))
		}
	}
	return column
}

// remark is a sentence that somebody should read first.
func remark(mark part.Mark, sentence string) fyne.CanvasObject {
	return border(nil, nil, container.New(markColumn{}, part.NewStatusIcon(mark, "")), nil, part.Body(sentence))
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

// handing is the act whose receipt can be handed out with one press: the one that was asked for, else the newest; nil when nothing was
// answered.
func (p *sidePane) handing(v personView) *historyLine {
	for i := range v.history {
		if p.receipt != "" && v.history[i].record == p.receipt {
			return &v.history[i]
		}
	}
	if len(v.history) == 0 {
		return nil
	}
	return &v.history[0]
}

// answerActions are the ways to another answer. What can be done to nobody is not there.
func (p *sidePane) answerActions(v personView) fyne.CanvasObject {
	t := p.shell.window.words.t
	if !v.person.Known || v.person.Avoid {
		return nil
	}
	actions := part.Flow(8, part.NewButton(t("person.hand"), func() { p.shell.handOver(p.shootFor(v), v.id) }),
		part.NewButton(t("spoken.begin"), func() { p.recordSpoken(v) }))
	if v.given {
		actions.Add(part.NewButton(t("withdraw.begin"), func() { p.withdraw(v) }))
	}
	return container.NewVBox(widget.NewSeparator(), actions)
}

// shootFor is where somebody answers now: the shoot that is worked on, else one they were at.
func (p *sidePane) shootFor(v personView) consent.ShootID {
	if p.shell.shoot == "" && len(v.person.Shoots) > 0 {
		return v.person.Shoots[0]
	}
	return p.shell.shoot
}

// moreTab is what is done with a person's data, each with what it means.
func (p *sidePane) moreTab(v personView) fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	column := part.Stack()
	act := func(why string, buttons ...fyne.CanvasObject) {
		column.Add(container.NewVBox(part.Body(why), indented(wrapping(buttons...))))
	}
	if v.person.Erased {
		return part.Body(t("person.erased.why"))
	}
	for _, double := range p.more.doubles {
		if p.more.id == v.id {
			act(t("double.maybe", "name", double.other.name)+" "+t("double.because", "why", double.why),
				part.NewButton(t("double.look"), func() { p.compare(double) }))
		}
	}
	if v.person.Avoid {
		act(t("avoid.is"), p.avoidButton(v, t("avoid.end"), false))
	} else if v.person.Known {
		act(t("avoid.why"), p.avoidButton(v, t("avoid.begin"), true))
	}
	act(t("access.why"), part.NewButton(t("access.begin"), func() { p.handOutEverything(v) }))
	act(t("erase.why"), part.NewButton(t("erase.begin"), func() { p.erase(v) }))
	return column
}

package signing

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// readOn is a page of the whole notice.
func (f *Flow) readOn(from, to int) page {
	sections := f.noticePieces()
	list := newColumn(-f.gap())
	for _, s := range sections[from:to] {
		list.Add(section(s, f.close()))
	}
	p := page{body: list, next: f.t("signing.next", nil), onNext: func() { f.goTo(step{stepRead, to}) },
		onBack: func() { f.goTo(step{stepRead, from - 1}) }, title: f.t("signing.read.title", map[string]any{"Page": 1, "Pages": 1})}
	if starts := f.packed[f.packing(stepRead)]; slices.Contains(starts, from) {
		p.title = f.t("signing.read.title", map[string]any{"Page": slices.Index(starts, from) + 1, "Pages": len(starts)})
	}
	notice := func() { f.goTo(step{kind: stepNotice}) }
	if from == 0 {
		p.onBack = notice
	}
	if to == len(sections) {
		p.next, p.onNext = f.t("signing.read.done", nil), notice
	}
	return p
}

// noticePieces are the sections of the notice; one that is longer than a page falls into several, between two sentences.
func (f *Flow) noticePieces() []consent.FormSection {
	now := f.packing(stepRead)
	if pieces, ok := f.notice[now]; ok {
		return pieces
	}
	var pieces []consent.FormSection
	for _, s := range f.text().Notice {
		pieces = append(pieces, f.inPieces(s)...)
	}
	f.notice[now] = pieces
	return pieces
}

func (f *Flow) inPieces(s consent.FormSection) []consent.FormSection {
	title := f.t("signing.read.title", map[string]any{"Page": 10, "Pages": 10})
	middle := len(s.Text) / 2
	end := strings.LastIndex(s.Text[:middle], ". ")
	if after := strings.Index(s.Text[middle:], ". "); after >= 0 && (end < 0 || after < middle-end) {
		end = middle + after
	}
	if end < 0 || f.fits(page{title: title, body: section(s, f.close()), next: f.t("signing.next", nil)}) {
		return []consent.FormSection{s}
	}
	first, second := s, s
	first.Text, second.Text = s.Text[:end+1], s.Text[end+2:]
	return append(f.inPieces(first), f.inPieces(second)...)
}

func section(s consent.FormSection, gap float32) fyne.CanvasObject {
	head := part.Body(s.Heading)
	head.TextStyle.Bold = true
	return newColumn(gap, head, part.Body(s.Text))
}

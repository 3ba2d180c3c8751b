package signing

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// readWidth is how wide the notice is set: lines that read well.
const readWidth = 880

// readPage is a page of the whole notice.
func (f *Flow) readPage(index int) page {
	pages := f.noticePages()
	index = min(index, len(pages)-1)
	p := page{body: f.sections(pages[index]), next: f.t("signing.next", nil), onNext: func() { f.goTo(step{stepRead, index + 1}) },
		onBack: func() { f.goTo(step{stepRead, index - 1}) },
		title:  f.t("signing.read.title", map[string]any{"Page": index + 1, "Pages": len(pages)})}
	notice := func() { f.goTo(step{kind: stepNotice}) }
	if index == 0 {
		p.onBack = notice
	}
	if index == len(pages)-1 {
		p.next, p.onNext = f.t("signing.read.done", nil), notice
	}
	return p
}

// noticePages shares the sections of the notice among pages that fit on the screen, at least one on each.
func (f *Flow) noticePages() [][]consent.FormSection {
	room := f.frame.body.Size()
	if room.Height < 200 { // not laid out yet
		room = fyne.NewSize(readWidth, 480)
	}
	var pages [][]consent.FormSection
	left := float32(0)
	for _, section := range f.text().Notice {
		block := f.sections([]consent.FormSection{section})
		container.NewThemeOverride(block, f.theme) // measured in the type it will be set in
		height := heightAt(block, min(room.Width, readWidth)) - f.gap()
		if left < height {
			pages, left = append(pages, nil), room.Height-2*f.gap()
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], section)
		left -= height
	}
	return pages
}

func (f *Flow) sections(sections []consent.FormSection) *fyne.Container {
	list := newColumn(-f.gap())
	for _, s := range sections {
		head := part.Body(s.Heading)
		head.TextStyle.Bold = true
		list.Add(newColumn(f.close(), head, part.Body(s.Text)))
	}
	return list
}

package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// showMore opens or closes what the head of the board has no room for.
func (b *boardPage) showMore(shows bool) {
	b.moreShows = shows
	b.fold()
	part.Settle(b.root)
}

// fold hides the filter on a low board, unless it is used or asked for. What was asked for stands in place of the field to find somebody.
func (b *boardPage) fold() {
	hide(b.filter, b.low && !b.moreShows && !b.only.Checked)
	hide(b.finding, b.low && b.moreShows)
}

// boardHead lays out what the shoot is called, where and when it is, and what can be done with it. Where and when stands beside the title or,
// where there is no room for that, below it. What can be done stands at the right end where there is room for all of it; else a button leads
// to it.
type boardHead struct {
	board *boardPage
	width float32
}

// leastTitle is how much room a title gets at least, in units.
const leastTitle = 120

func (l *boardHead) MinSize(objects []fyne.CanvasObject) fyne.Size {
	acts, more := l.board.acts.MinSize(), l.board.more.MinSize()
	beside := l.besideTitle(more.Width)
	return fyne.NewSize(max(acts.Width, leastTitle+beside), l.arrange(l.width))
}

func (l *boardHead) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(size.Width)
}

// besideTitle is how much room stands at the right of the title: for the papers to be read, and for what is that wide beside them.
func (l *boardHead) besideTitle(wide float32) float32 {
	if l.board.toRead.Visible() {
		wide += l.board.toRead.MinSize().Width + wrappingGap
	}
	return wide
}

func (l *boardHead) arrange(width float32) float32 {
	b := l.board
	title, where := b.headline, b.whereby
	titleWide, whereWide := natural(title, theme.SizeNameSubHeadingText), natural(where, theme.SizeNameText)
	titleHigh, whereHigh := title.MinSize().Height, where.MinSize().Height

	// What matters most comes first: all of the title, then that everything can be done at once, then one line.
	together, more := besideEachOther(b.acts.Objects), b.more.MinSize()
	all := !b.low && titleWide+wrappingGap+l.besideTitle(together) <= width
	beside := l.besideTitle(more.Width)
	if all {
		beside = l.besideTitle(together)
	}
	room := width - beside - wrappingGap
	inLine := titleWide+whereWide <= room
	hide(b.more, all)
	hide(b.acts, !all && !b.moreShows)

	height := max(titleHigh, more.Height)
	if inLine {
		placed(title, 0, (height-titleHigh)/2, titleWide, titleHigh)
		placed(where, titleWide, (height-whereHigh)/2, whereWide, whereHigh)
	} else {
		below := titleHigh - tight{}.overlap()
		placed(title, 0, 0, min(titleWide, max(room, 0)), titleHigh)
		placed(where, 0, below, min(whereWide, max(room, 0)), whereHigh)
		height = below + whereHigh
	}
	line := max(titleHigh, more.Height) // of the title, in whose middle the rest stands
	x := width - beside
	if papers := b.toRead.MinSize(); b.toRead.Visible() {
		placed(b.toRead, x, (line-papers.Height)/2, papers.Width, papers.Height)
		x += papers.Width + wrappingGap
	}
	if all {
		high := highAt(b.acts, together)
		placed(b.acts, x, (line-high)/2, together, high)
		return height
	}
	placed(b.more, x, (line-more.Height)/2, more.Width, more.Height)
	if b.moreShows {
		high := highAt(b.acts, width)
		placed(b.acts, 0, height, width, high)
		height += high
	}
	return height
}

// natural is how wide a label is when nothing of its text is cut.
func natural(label *widget.Label, size fyne.ThemeSizeName) float32 {
	return fyne.MeasureText(label.Text, look.SizeFor(label, size), label.TextStyle).Width + 2*look.SizeFor(label, theme.SizeNameInnerPadding) + 1
}

// boardLine lays out the counters, who is not to be photographed, and the filter: in one line where there is room, else the filter below. Those
// who are not to be photographed have a line of their own before any of their names is cut.
type boardLine struct{ width float32 }

func (l *boardLine) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(objects[0].MinSize().Width, objects[2].MinSize().Width), l.arrange(objects, l.width))
}

func (l *boardLine) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(objects, size.Width)
}

func (l *boardLine) arrange(objects []fyne.CanvasObject, width float32) float32 {
	counts, strip, filter := objects[0], objects[1].(*part.Strip), objects[2].(*fyne.Container)
	count, together := counts.MinSize(), float32(0)
	if filter.Visible() {
		together = besideEachOther(filter.Objects)
	}
	placed(counts, 0, 0, count.Width, count.Height)
	used, height := count.Width+wrappingGap, count.Height
	names := float32(0)
	if strip.Visible() {
		names = strip.Natural() + wrappingGap
	}
	one := used+names+together <= width
	rest := width - used
	if one {
		rest -= together + wrappingGap
	}
	switch {
	case !strip.Visible():
	case strip.Natural() <= rest:
		placed(strip, used, 0, strip.Natural(), count.Height)
	default:
		placed(strip, 0, height, width, count.Height)
		height += count.Height
	}
	if !filter.Visible() {
		return height
	}
	if one {
		least := highAt(filter, together)
		placed(filter, width-together, (height-least)/2, together, least)
		return max(height, least)
	}
	height += boardGap
	least := highAt(filter, width)
	placed(filter, 0, height, width, least)
	return height + least
}

package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// counted are the counters in their order, all who are registered first. Who is not to be photographed stands beside them by name.
var counted = []capture.Tally{"", capture.TallySigned, capture.TallyWaiting, capture.TallySaidNo}

// tallyMarks are the shapes of the counters.
var tallyMarks = map[capture.Tally]part.Mark{capture.TallySigned: part.MarkGiven, capture.TallyWaiting: part.MarkUnanswered,
	capture.TallySaidNo: part.MarkRefused}

// build makes what stays; show fills it.
func (b *boardPage) build() {
	w := b.shell.window
	t := w.words.t
	b.side = newSidePane(b.shell, func(id consent.SubjectID) { b.list.choose(id); b.selected() })
	b.headline, b.whereby = part.Subheading(""), part.Note("")
	for _, label := range []*widget.Label{b.headline, b.whereby} {
		label.Wrapping, label.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	}
	b.toRead = part.NewQuietButton("", func() { b.readPapers() })
	b.toRead.Hide()
	acts := wrapping(b.toRead,
		part.NewQuietButton(t("roster.import"), func() { openRosterPane(b.side, b.shell.shoot).choose() }),
		part.NewQuietButton(t("print"), func() { openPrintPane(b.side, b.shell.shoot, b.list.selected) }),
		part.NewQuietButton(t("shoot.edit"), func() { openShootPane(b.side, b.shown.shoot, b.shown.forms) }),
		part.NewQuietButton(t("shoot.others"), func() { b.choosing = true; b.refresh() }))
	head := container.New(&boardHead{}, b.headline, b.whereby, acts)

	counts := container.NewHBox()
	for _, tally := range counted {
		holding := t("board.alone")
		if tally == "" {
			holding = t("board.everybody")
		}
		c := part.NewCounter(tallyMarks[tally], holding, func() { b.showOnly(tally) })
		b.counters = append(b.counters, c)
		counts.Add(c)
	}
	b.group = part.NewSelect([]string{t("board.groups")}, func(string) { b.fill() })
	b.ofGroup = container.NewCenter(part.Framed(b.group))
	b.avoid = part.NewStrip(part.MarkAvoid, t("board.alone"), func() { b.showOnly(capture.TallyAvoid) })
	b.may = part.Body("")
	b.may.Wrapping, b.may.TextStyle = fyne.TextWrapOff, fyne.TextStyle{Bold: true}
	b.only = part.NewCheck(t("board.only"), func(bool) { b.fill() })
	b.channel = part.NewSelect(nil, func(string) { b.fill() })
	filter := wrapping(container.NewCenter(widget.NewLabel(t("board.may"))), container.NewCenter(part.Framed(b.channel)),
		container.NewCenter(b.may), container.NewCenter(b.only))

	b.find = part.NewEntry(t("find.placeholder"))
	b.find.OnChanged = func(string) { b.search.wish() }
	b.find.OnSubmitted = func(string) { b.openFirst() }
	b.hand = part.NewButton(t("hand"), b.handOver).WithKey("H")
	b.card = part.NewButton(t("card.show"), func() { showCard(b.shell, b.list.selected) }).WithKey("Q")
	b.card.Disable()
	row := container.New(&findRow{long: t("find.placeholder"), short: t("find.short")}, b.find, apart(b.ofGroup, b.hand, b.card))

	b.empty = part.EmptyState(nil, t("board.empty"), t("board.empty.detail"), nil)
	b.nobody = part.EmptyState(nil, t("board.nobody"), t("board.nobody.detail"), nil)
	b.people = container.NewStack()
	b.columns(channelNames(w.session, w.words))
	line := container.New(&boardLine{}, counts, b.avoid, filter)
	b.built = container.New(layout.NewCustomPaddedLayout(4, 4, 24, 24),
		container.New(besides{}, container.New(&boardLayout{}, head, line, row, b.people), b.side.root))
}

// columns makes the list for the channels that the form of the shoot asks for. The channel that was looked at stays, if it is asked for.
func (b *boardPage) columns(channels []channelName) {
	w := b.shell.window
	chosen, at := b.looksAt(), 0
	titles := make([]string, len(channels))
	for i, c := range channels {
		titles[i] = c.title
		if c.key == chosen {
			at = i
		}
	}
	var selected consent.SubjectID
	if b.list != nil {
		selected = b.list.selected
	}
	b.channels = channels
	b.channel.Options, b.channel.Selected = titles, ""
	if len(titles) > 0 {
		b.channel.Selected = titles[at]
	}
	b.channel.Refresh()
	b.list = newPersonList(w.words, channels, false)
	b.list.selected = selected
	b.list.onSelected = func(id consent.SubjectID) { b.side.showPerson(id); b.selected() }
	b.people.Objects = []fyne.CanvasObject{b.list.root, b.empty, b.nobody}
	b.people.Refresh()
}

// looksAt is the channel for which the reader asks who may appear, "" while there is none.
func (b *boardPage) looksAt() consent.Channel {
	if at := b.channel.SelectedIndex(); at >= 0 && at < len(b.channels) {
		return b.channels[at].key
	}
	return ""
}

// boardLayout puts what stands above the list below each other and gives the list the rest. It knows how wide they are before it asks how
// high, so that what wraps has its room at once.
type boardLayout struct{}

// boardGap is between what stands above the list.
const boardGap = 4

func (l *boardLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, boardGap)
	for _, o := range objects {
		least := o.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height+boardGap)
	}
	return size.SubtractWidthHeight(0, boardGap)
}

func (l *boardLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y, last := float32(0), len(objects)-1
	for _, o := range objects[:last] {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		height := o.MinSize().Height // now that it knows its width
		placed(o, 0, y, size.Width, height)
		y += height + boardGap
	}
	y += boardGap
	placed(objects[last], 0, y, size.Width, max(size.Height-y, 0))
}

// boardHead lays out what the shoot is called, where and when it is, and what can be done with it. Where and when is left out where there is
// no room: the title of the window says it too. In one line where there is room for the acts, else they stand below.
type boardHead struct{ width float32 }

// leastTitle is how much room a title gets at least before the acts go below it, in units.
const leastTitle = 120

func (l *boardHead) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[2].MinSize().Width, l.arrange(objects, l.width))
}

func (l *boardHead) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(objects, size.Width)
}

func (l *boardHead) arrange(objects []fyne.CanvasObject, width float32) float32 {
	title, where, acts := objects[0].(*widget.Label), objects[1].(*widget.Label), objects[2].(*fyne.Container)
	wide := func(label *widget.Label, size fyne.ThemeSizeName) float32 {
		return fyne.MeasureText(label.Text, look.SizeFor(label, size), label.TextStyle).Width + 2*look.SizeFor(label, theme.SizeNameInnerPadding) + 1
	}
	height, together := title.MinSize().Height, besideEachOther(acts.Objects)
	left := width - together - wrappingGap
	below := left < leastTitle
	if below {
		left = width
	}
	titleWide, whereWide := wide(title, theme.SizeNameSubHeadingText), wide(where, theme.SizeNameText)
	if where.Hidden = min(titleWide, 2*leastTitle)+whereWide > left; where.Hidden {
		whereWide = 0
	}
	titleWide = min(titleWide, max(left-whereWide, 0))
	placed(title, 0, 0, titleWide, height)
	placed(where, titleWide, (height-where.MinSize().Height)/2, whereWide, where.MinSize().Height)
	if below {
		placed(acts, 0, height, width, 0)
		placed(acts, 0, height, width, acts.MinSize().Height)
		return height + acts.MinSize().Height
	}
	placed(acts, width-together, 0, together, 0)
	acting := acts.MinSize().Height
	placed(acts, width-together, max(0, (height-acting)/2), together, acting)
	return max(height, acting)
}

// boardLine lays out the counters, who is not to be photographed, and the filter: in one line where there is room, else the filter below.
type boardLine struct{ width float32 }

// leastStrip is how much room the names of those who are not to be photographed get at least, in units.
const leastStrip = 190

func (l *boardLine) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(objects[0].MinSize().Width, objects[2].MinSize().Width), l.arrange(objects, l.width))
}

func (l *boardLine) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(objects, size.Width)
}

func (l *boardLine) arrange(objects []fyne.CanvasObject, width float32) float32 {
	counts, strip, filter := objects[0], objects[1].(*part.Strip), objects[2].(*fyne.Container)
	count, together := counts.MinSize(), besideEachOther(filter.Objects)
	placed(counts, 0, 0, count.Width, count.Height)
	used, height := count.Width+wrappingGap, count.Height
	names := float32(0)
	if strip.Visible() {
		names = max(leastStrip, strip.Natural()) + wrappingGap
	}
	one := used+names+together <= width
	rest := width - used
	if one {
		rest -= together + wrappingGap
	}
	switch {
	case !strip.Visible():
	case rest >= leastStrip:
		placed(strip, used, 0, min(rest, max(leastStrip, strip.Natural())), count.Height)
	default:
		placed(strip, 0, height, width, count.Height)
		height += count.Height
	}
	if one {
		placed(filter, width-together, 0, together, 0)
		least := filter.MinSize().Height
		placed(filter, width-together, (height-least)/2, together, least)
		return max(height, least)
	}
	height += boardGap
	placed(filter, 0, height, width, 0)
	least := filter.MinSize().Height
	placed(filter, 0, height, width, least)
	return height + least
}

// findRow puts the field to find somebody before what is done with them. Where the field is short, what it says in grey is too.
type findRow struct{ long, short string }

func (l *findRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	find, acts := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(find.Width+boardGap+acts.Width, max(find.Height, acts.Height))
}

func (l *findRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	find, acts := objects[0].(*part.Entry), objects[1]
	beside := acts.MinSize().Width
	width := size.Width - beside - boardGap
	says := l.long
	if fyne.MeasureText(says, look.SizeFor(find, theme.SizeNameText), fyne.TextStyle{}).Width+4*look.SizeFor(find, theme.SizeNameInnerPadding) > width {
		says = l.short
	}
	if find.PlaceHolder != says {
		find.SetPlaceHolder(says)
	}
	placed(find, 0, 0, width, size.Height)
	placed(acts, width+boardGap, 0, beside, size.Height)
}

// besideEachOther is how wide objects are in a row, with the gaps of wrapping.
func besideEachOther(objects []fyne.CanvasObject) float32 {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width += o.MinSize().Width + wrappingGap
		}
	}
	return max(width-wrappingGap, 0)
}

func placed(o fyne.CanvasObject, x, y, width, height float32) {
	if size := fyne.NewSize(width, height); o.Size() != size {
		o.Resize(size)
	}
	o.Move(fyne.NewPos(x, y))
}

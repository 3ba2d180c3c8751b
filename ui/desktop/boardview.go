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
	act := func(word string, do func()) fyne.CanvasObject {
		return part.NewQuietButton(t(word), func() { b.showMore(false); do() })
	}
	b.more = part.NewQuietButton(t("board.more"), func() { b.showMore(!b.moreShows) })
	b.acts = wrapping(act("roster.import", func() { openRosterPane(b.side, b.shell.shoot).choose() }),
		act("print", func() { openPrintPane(b.side, b.shell.shoot, b.list.selected) }),
		act("shoot.edit", func() { openShootPane(b.side, b.shown.shoot, b.shown.forms) }),
		act("shoot.others", func() { b.choosing = true; b.refresh() }))
	head := container.New(&boardHead{board: b}, b.headline, b.whereby, b.toRead, b.acts, b.more)

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
	b.ofGroup = container.NewCenter(part.Roomy(b.group, 160))
	b.avoid = part.NewStrip(part.MarkAvoid, t("board.alone"), func() { b.showOnly(capture.TallyAvoid) })
	b.may = part.Body("")
	b.may.Wrapping, b.may.TextStyle = fyne.TextWrapOff, fyne.TextStyle{Bold: true}
	b.only = part.NewCheck(t("board.only"), func(bool) { b.fill() })
	b.channel = part.NewSelect(nil, func(string) { b.fill() })
	b.filter = wrapping(container.NewCenter(widget.NewLabel(t("board.may"))), container.NewCenter(part.Roomy(b.channel, 200)),
		container.NewCenter(b.may), container.NewCenter(b.only))

	b.find = part.NewEntry(t("find.placeholder"))
	b.find.OnChanged = func(string) { b.search.wish() }
	b.find.OnSubmitted = func(string) { b.openFirst() }
	b.hand = part.NewButton(t("hand"), b.handOver).WithKey("H")
	b.card = part.NewButton(t("card.show"), func() { showCard(b.shell, b.list.selected) }).WithKey("Q")
	b.card.Disable()
	b.finding = container.New(&findRow{long: t("find.placeholder"), short: t("find.short")}, b.find, apart(b.ofGroup, b.hand, b.card))

	b.empty = part.EmptyState(nil, t("board.empty"), t("board.empty.detail"), nil)
	b.nobody = part.EmptyState(nil, t("board.nobody"), t("board.nobody.detail"), nil)
	b.people = container.NewStack()
	b.columns(channelNames(w.session, w.words))
	line := container.New(&boardLine{}, counts, b.avoid, b.filter)
	b.built = container.New(layout.NewCustomPaddedLayout(4, 4, 24, 24),
		container.New(besides{}, container.New(&boardLayout{board: b}, head, line, b.finding, b.people), b.side.root))
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
type boardLayout struct{ board *boardPage }

// lowBoard is up to which height the board shows the filter only while it is used or asked for, in units.
const lowBoard = 460

// boardGap is between what stands above the list.
const boardGap = 4

func (l *boardLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, boardGap)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height+boardGap)
	}
	return size.SubtractWidthHeight(0, boardGap)
}

func (l *boardLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.board.low = size.Height < lowBoard
	l.board.fold()
	y, last := float32(0), len(objects)-1
	for _, o := range objects[:last] {
		if !o.Visible() {
			continue
		}
		height := highAt(o, size.Width)
		placed(o, 0, y, size.Width, height)
		y += height + boardGap
	}
	y += boardGap
	placed(objects[last], 0, y, size.Width, max(size.Height-y, 0))
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

// placed puts an object where it belongs, and touches none that is there already: Fyne draws the window anew for whatever is moved or
// resized, and asks for sizes while it draws.
func placed(o fyne.CanvasObject, x, y, width, height float32) {
	if size := fyne.NewSize(width, height); o.Size() != size {
		o.Resize(size)
	}
	if at := fyne.NewPos(x, y); o.Position() != at {
		o.Move(at)
	}
}

// highAt is how high an object has to be at a width, which it gets: what wraps knows its height then.
func highAt(o fyne.CanvasObject, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.Size().Height))
	}
	return o.MinSize().Height
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Column is one column of a RowList.
type Column struct {
	Title string
	// Width is that of the column in units; 0 lets it stretch.
	Width float32
	// Stretch is this column's share of what is left, among those that stretch; 0 counts as 1.
	Stretch float32
	// Align is where the column's text stands; numbers stand at the right.
	Align fyne.TextAlign
}

// Cell is what one row shows in one column, ready to show: the rows of a list carry finished strings,
// so that scrolling costs nothing but drawing.
type Cell struct {
	Text string
	// Mark stands before the text.
	Mark Mark
	// Icon stands before the text, where there is no mark.
	Icon fyne.Resource
	// Word says what a mark or an icon without a text means, for assistive technology.
	Word string
	// Bold and Muted set the text apart.
	Bold, Muted bool
	// Monospace is for codes.
	Monospace bool
	// Span is over how many columns the cell goes; 0 is one, -1 is the rest of the row.
	Span int
}

// RowList is a table of rows under a heading: the people of a shoot, the items of a queue. It holds only
// the rows that can be seen, so that tens of thousands cost no more than thirty.
//
// Up, Down, Page Up, Page Down, Home and End move the selection; Enter opens the selected row.
type RowList struct {
	widget.BaseWidget
	columns  []Column
	list     *keyList
	header   *row
	selected int
	focused  bool
	unseen   bool // what is selected waits for the list to be seen

	placed                  []columnPlace // for this width and size of text:
	placedWidth, placedText float32

	// Length gives how many rows there are.
	Length func() int
	// Row fills the cells of a row, one per column; cells come empty. It is called while drawing.
	Row func(index int, cells []Cell)
	// OnSelected is called when another row is selected, by pointer or key.
	OnSelected func(index int)
	// OnOpened is called when Enter is pressed on the selected row.
	OnOpened func(index int)
	// OnPressed is called when a row is pressed by the pointer, also when it is the selected one already; OnSelected has been told before.
	OnPressed func(index int)
}

// NewRowList gives a list with columns; set Length and Row before it shows.
func NewRowList(columns []Column, length func() int, fill func(index int, cells []Cell)) *RowList {
	l := &RowList{columns: columns, selected: -1, Length: length, Row: fill}
	l.header = newRow(l)
	l.header.heading = true
	for i, c := range columns {
		l.header.cells[i] = Cell{Text: c.Title, Bold: true, Muted: true}
	}
	l.list = newKeyList(l)
	l.ExtendBaseWidget(l)
	return l
}

// SetTitle writes another heading over a column, which is as wide as that needs.
func (l *RowList) SetTitle(column int, title string) {
	if l.columns[column].Title == title {
		return
	}
	l.columns[column].Title, l.header.cells[column].Text, l.placed = title, title, nil
	l.Refresh()
}

// Selected is the index of the selected row, or -1.
func (l *RowList) Selected() int { return l.selected }

// Select selects a row, brings it into sight and calls OnSelected; an index outside of the list is ignored.
func (l *RowList) Select(index int) {
	if index < 0 || index >= l.Length() || index == l.selected {
		return
	}
	l.selected = index // before the list draws its rows anew
	l.list.Select(index)
	l.ShowSelected()
}

// ShowSelected brings the selected row into sight, or, while the list is hidden, as soon as it has its place again: it cannot be scrolled
// right before it knows how high it is.
func (l *RowList) ShowSelected() {
	if l.unseen = !l.Visible() || l.Size().Height == 0; !l.unseen && l.selected >= 0 {
		l.list.ScrollTo(l.selected)
	}
}

// Resize implements fyne.CanvasObject.
func (l *RowList) Resize(size fyne.Size) {
	l.BaseWidget.Resize(size)
	if l.unseen {
		l.ShowSelected()
	}
}

// press is a press of the pointer on a row.
func (l *RowList) press(index int) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(l.list); canvas != nil {
		canvas.Focus(l.list)
	}
	l.Select(index)
	if l.OnPressed != nil {
		l.OnPressed(index)
	}
}

// Unselect takes the selection away without a call.
func (l *RowList) Unselect() {
	l.selected = -1
	l.list.UnselectAll()
}

// Refresh shows what Length and Row give now.
func (l *RowList) Refresh() {
	if l.selected >= l.Length() {
		l.Unselect()
	}
	l.header.Refresh()
	l.list.Refresh()
}

// RefreshRow shows one row anew, if it can be seen.
func (l *RowList) RefreshRow(index int) { l.list.RefreshItem(index) }

// Focusable is what takes the keys, to be given the focus.
func (l *RowList) Focusable() fyne.Focusable { return l.list }

// CreateRenderer implements fyne.Widget.
func (l *RowList) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	return widget.NewSimpleRenderer(container.NewBorder(l.header, nil, nil, nil, l.list))
}

// place gives where column i begins and how wide it is, over span columns, in a row of a width.
func (l *RowList) place(i, span int, width float32) (x, w float32) {
	text := look.SizeFor(l, theme.SizeNameText)
	if l.placed == nil || l.placedWidth != width || l.placedText != text {
		l.placed, l.placedWidth, l.placedText = l.arrange(width), width, text
	}
	last := len(l.placed) - 1
	if span > 0 {
		last = min(last, i+span-1)
	}
	return l.placed[i].x, l.placed[last].x + l.placed[last].width - l.placed[i].x
}

// columnPlace is where a column stands.
type columnPlace struct{ x, width float32 }

// arrange shares a width among the columns.
func (l *RowList) arrange(width float32) []columnPlace {
	inner := look.SizeFor(l, theme.SizeNameInnerPadding)
	left, shares := width-inner*float32(len(l.columns)+1)-l.barWidth(), float32(0)
	for _, c := range l.columns {
		if c.Width == 0 {
			shares += max(c.Stretch, 1)
		} else {
			left -= l.fixed(c)
		}
	}
	places, x := make([]columnPlace, len(l.columns)), inner
	for i, c := range l.columns {
		w := l.fixed(c)
		if c.Width == 0 {
			w = max(left, 0) * max(c.Stretch, 1) / shares
		}
		places[i] = columnPlace{x, w}
		x += w + inner
	}
	return places
}

// fixed is the width of a column that does not stretch: what was asked for, and at least its title.
func (l *RowList) fixed(c Column) float32 {
	title := fyne.MeasureText(c.Title, look.SizeFor(l, theme.SizeNameText), fyne.TextStyle{Bold: true})
	return max(c.Width, title.Width+1)
}

// minWidth gives stretching columns a little room each.
func (l *RowList) minWidth() float32 {
	inner := look.SizeFor(l, theme.SizeNameInnerPadding)
	width := inner + l.barWidth()
	for _, c := range l.columns {
		w := l.fixed(c)
		if c.Width == 0 {
			w = 3 * look.SizeFor(l, look.SizeTarget)
		}
		width += w + inner
	}
	return width
}

// barWidth is kept free at the right, where the scroll bar lies over the rows.
func (l *RowList) barWidth() float32 { return look.SizeFor(l, theme.SizeNameScrollBarSmall) }

// keyList is a list of Fyne's whose selection follows the arrow keys.
type keyList struct {
	widget.List
	rows *RowList
}

func newKeyList(rows *RowList) *keyList {
	k := &keyList{rows: rows}
	k.HideSeparators = false
	k.Length = func() int { return rows.Length() }
	k.CreateItem = func() fyne.CanvasObject { return newRow(rows) }
	k.UpdateItem = func(index int, o fyne.CanvasObject) { o.(*row).set(index) }
	k.List.OnSelected = func(index int) {
		if rows.selected != index { // by pointer
			rows.selected = index
			k.List.Refresh()
		}
		if rows.OnSelected != nil {
			rows.OnSelected(index)
		}
	}
	k.ExtendBaseWidget(k)
	return k
}

// FocusGained implements fyne.Focusable.
func (k *keyList) FocusGained() { k.rows.focused = true; k.List.Refresh() }

// FocusLost implements fyne.Focusable.
func (k *keyList) FocusLost() { k.rows.focused = false; k.List.Refresh() }

// TypedRune implements fyne.Focusable: letters are for the window.
func (k *keyList) TypedRune(r rune) { passRune(k, r) }

// TypedKey implements fyne.Focusable.
func (k *keyList) TypedKey(key *fyne.KeyEvent) {
	last, at := k.rows.Length()-1, k.rows.selected
	page := max(int(k.Size().Height/(look.SizeFor(k.rows, look.SizeTarget)+look.SizeFor(k.rows, theme.SizeNamePadding)))-1, 1)
	switch key.Name {
	case fyne.KeyDown:
		at++
	case fyne.KeyUp:
		at--
	case fyne.KeyPageDown:
		at += page
	case fyne.KeyPageUp:
		at -= page
	case fyne.KeyHome:
		at = 0
	case fyne.KeyEnd:
		at = last
	case fyne.KeyReturn, fyne.KeyEnter:
		if at >= 0 && k.rows.OnOpened != nil {
			k.rows.OnOpened(at)
		}
		return
	default:
		passKey(k, key)
		return
	}
	k.rows.Select(min(max(at, 0), last))
}

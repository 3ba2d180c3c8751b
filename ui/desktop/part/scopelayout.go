package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// scopeLayout places a ScopeGrid: as a table where the window is wide enough, else with the cells of a
// channel below its title. Its height depends on its width, so it answers for the width it had last.
//
// Fyne asks for the least size in every frame, so what is placed already must cost nothing: place moves
// only what is elsewhere.
type scopeLayout struct {
	grid      *ScopeGrid
	width     float32
	cell, all float32 // the widths of a yes and a no beside each other, and of each of the buttons for a row
}

// titleRoom is the least room, in text heights, that a table leaves for the titles of channels.
const titleRoom = 13

// MinSize implements fyne.Layout.
func (l *scopeLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	l.measure()
	least := max(l.cell, 12*l.size(theme.SizeNameText))
	for _, r := range l.grid.rows {
		if r.more != nil {
			least = max(least, r.more.MinSize().Width)
		}
		least = max(least, l.allWidth(r))
		if r.warning != nil {
			least = max(least, r.warning.MinSize().Width)
		}
	}
	width := l.width
	if width < least {
		width = max(least, l.tableWidth())
	}
	return fyne.NewSize(least, l.arrange(width))
}

// Layout implements fyne.Layout.
func (l *scopeLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.measure()
	l.arrange(size.Width)
}

// size gives a size of the theme that the grid's buttons have.
func (l *scopeLayout) size(name fyne.ThemeSizeName) float32 {
	if len(l.grid.rows) > 0 && len(l.grid.columns) > 0 {
		return look.SizeFor(l.grid.rows[0].cells[0].yes, name)
	}
	return look.SizeFor(nil, name)
}

func (l *scopeLayout) pad() float32 { return 2 * l.size(theme.SizeNamePadding) }

// measure takes the widths that the theme and the words give.
func (l *scopeLayout) measure() {
	l.cell, l.all = 0, 0
	if len(l.grid.rows) == 0 || len(l.grid.columns) == 0 {
		return
	}
	l.cell = 2*l.grid.rows[0].cells[0].yes.MinSize().Width + keyGap
	for _, r := range l.grid.rows {
		for _, b := range r.all {
			l.all = max(l.all, b.MinSize().Width)
		}
	}
}

// tableWidth is what a table needs.
func (l *scopeLayout) tableWidth() float32 {
	answers := l.cellsWidth()
	for _, r := range l.grid.rows {
		answers = max(answers, l.allWidth(r))
	}
	return titleRoom*l.size(theme.SizeNameText) + l.size(look.SizeGroup) + answers
}

// cellsWidth is that of all columns of a table.
func (l *scopeLayout) cellsWidth() float32 {
	return float32(len(l.grid.columns))*(l.cell+l.size(look.SizeGroup)) - l.size(look.SizeGroup)
}

// allWidth is what the buttons for a row need beside each other.
func (l *scopeLayout) allWidth(r *scopeRow) float32 {
	return float32(len(r.all))*(l.all+keyGap) - keyGap
}

// arrange places everything for a width and gives the height.
func (l *scopeLayout) arrange(width float32) float32 {
	table := width >= l.tableWidth()
	y := float32(0)
	for i, head := range l.grid.heads {
		head.Hidden = !table
		if table {
			height := head.MinSize().Height
			place(head, l.columnAt(i, width), 0, l.cell, height)
			y = max(y, height)
		}
	}
	for i, r := range l.grid.rows {
		if i > 0 {
			y += l.size(look.SizeGroup)
		}
		for _, cell := range r.cells {
			cell.caption.Hidden = table
		}
		if table {
			y = l.tableRow(r, y, width)
		} else {
			y = l.stackedRow(r, y, width)
		}
		if !r.explain.Hidden {
			y = placeText(r.explain, y, width)
		}
	}
	return y
}

// columnAt is where column i of a table begins.
func (l *scopeLayout) columnAt(i int, width float32) float32 {
	return width - l.cellsWidth() + float32(i)*(l.cell+l.size(look.SizeGroup))
}

func (l *scopeLayout) tableRow(r *scopeRow, top, width float32) float32 {
	room := l.columnAt(0, width) - l.size(look.SizeGroup)
	left := placeText(r.title, top, room)
	if r.may != nil {
		left = placeText(r.may, left, room)
	}
	if r.note != nil {
		left = placeText(r.note, left-l.size(theme.SizeNameInnerPadding), room)
	}
	if r.warning != nil {
		left = l.placeWarning(r, left)
	}
	if r.more != nil {
		min := r.more.MinSize()
		place(r.more, 0, left, min.Width, min.Height)
		left += min.Height
	}
	right := top
	for i, cell := range r.cells {
		right = max(right, l.placeCell(cell, l.columnAt(i, width), top))
	}
	if len(r.all) > 0 {
		cells := max(l.cellsWidth(), l.allWidth(r))
		each := (cells+keyGap)/float32(len(r.all)) - keyGap
		right = l.placeAll(r, width-cells, right+l.pad()/2, each)
	}
	return max(left, right)
}

// placeAll places the buttons for a row beside each other, each as wide as the others, and returns where they end.
func (l *scopeLayout) placeAll(r *scopeRow, x, y, each float32) (bottom float32) {
	for _, b := range r.all {
		height := b.MinSize().Height
		place(b, x, y, each, height)
		x += each + keyGap
		bottom = y + height
	}
	return bottom
}

func (l *scopeLayout) stackedRow(r *scopeRow, top, width float32) float32 {
	y := placeText(r.title, top, width)
	if r.may != nil {
		y = placeText(r.may, y, width)
	}
	if r.note != nil {
		y = placeText(r.note, y-l.size(theme.SizeNameInnerPadding), width)
	}
	if r.warning != nil {
		y = l.placeWarning(r, y)
	}
	inner := l.size(theme.SizeNameInnerPadding)
	y -= inner
	x, bottom := float32(0), y
	for _, cell := range r.cells {
		if x > 0 && x+l.cell > width {
			x, y = 0, bottom+l.pad()
		}
		caption := cell.caption.MinSize()
		place(cell.caption, x, y, l.cell, caption.Height)
		bottom = l.placeCell(cell, x, y+caption.Height-inner/2)
		x += l.cell + l.size(look.SizeGroup)
	}
	x, y = 0, bottom+l.pad()/2
	if r.more != nil {
		min := r.more.MinSize()
		place(r.more, 0, y, min.Width, min.Height)
		bottom = y + min.Height
		if x = min.Width + l.pad(); x+l.allWidth(r) > width {
			x, y = 0, bottom+l.pad()/2
		}
	}
	if len(r.all) > 0 {
		bottom = l.placeAll(r, x, y, min(l.all, (width+keyGap)/float32(len(r.all))-keyGap))
	}
	return bottom
}

func (l *scopeLayout) placeWarning(r *scopeRow, y float32) float32 {
	min := r.warning.MinSize()
	inset := l.size(theme.SizeNameInnerPadding)
	place(r.warning, inset, y-inset/2, min.Width, min.Height)
	return y + min.Height
}

func (l *scopeLayout) placeCell(cell *scopeCell, x, y float32) float32 {
	min := cell.yes.MinSize()
	place(cell.yes, x, y, min.Width, min.Height)
	place(cell.no, x+min.Width+keyGap, y, min.Width, min.Height)
	return y + min.Height
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	if at := fyne.NewPos(x, y); o.Position() != at {
		o.Move(at)
	}
	if size := fyne.NewSize(width, height); o.Size() != size {
		o.Resize(size)
	}
}

// placeText gives a wrapping text a width and returns where it ends.
func placeText(o fyne.CanvasObject, y, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
	}
	height := o.MinSize().Height
	place(o, 0, y, width, height)
	return y + height
}

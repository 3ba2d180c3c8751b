package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// scopeLayout places a ScopeGrid: as a table where the window is wide enough, else with the cells of a
// channel below its title. Its height depends on its width, so it answers for the width it had last.
type scopeLayout struct {
	grid  *ScopeGrid
	width float32
}

// titleRoom is the least room, in text heights, that a table leaves for the titles of channels.
const titleRoom = 13

// MinSize implements fyne.Layout.
func (l *scopeLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	least := fyne.Max(l.cellWidth(), 12*l.size(theme.SizeNameText))
	for _, r := range l.grid.rows {
		for _, o := range l.links(r) {
			least = fyne.Max(least, o.MinSize().Width)
		}
		if r.warning != nil {
			least = fyne.Max(least, r.warning.MinSize().Width)
		}
	}
	width := l.width
	if width < least {
		width = fyne.Max(least, l.tableWidth())
	}
	return fyne.NewSize(least, l.arrange(width))
}

// Layout implements fyne.Layout.
func (l *scopeLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
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

// cellWidth is that of a yes and a no beside each other.
func (l *scopeLayout) cellWidth() float32 {
	if len(l.grid.rows) == 0 || len(l.grid.columns) == 0 {
		return 0
	}
	return 2*l.grid.rows[0].cells[0].yes.MinSize().Width + l.pad()
}

// allWidth is that of the buttons for a whole row, one below the other.
func (l *scopeLayout) allWidth() float32 {
	width := float32(0)
	for _, r := range l.grid.rows {
		for _, b := range r.all {
			width = fyne.Max(width, b.MinSize().Width)
		}
	}
	return width
}

// tableWidth is what a table needs.
func (l *scopeLayout) tableWidth() float32 {
	columns := float32(len(l.grid.columns))
	return titleRoom*l.size(theme.SizeNameText) + columns*(l.cellWidth()+l.size(look.SizeGroup)) + l.allWidth()
}

// arrange places everything for a width and gives the height.
func (l *scopeLayout) arrange(width float32) float32 {
	table := width >= l.tableWidth()
	y := float32(0)
	for i, head := range l.grid.heads {
		head.Hidden = !table
		if table {
			height := head.MinSize().Height
			place(head, l.columnAt(i, width), 0, l.cellWidth(), height)
			y = fyne.Max(y, height)
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
			y = placeText(r.explain, 0, y, width)
		}
	}
	return y
}

// columnAt is where column i of a table begins.
func (l *scopeLayout) columnAt(i int, width float32) float32 {
	step := l.cellWidth() + l.size(look.SizeGroup)
	return width - l.allWidth() - float32(len(l.grid.columns)-i)*step + l.size(look.SizeGroup)/2
}

func (l *scopeLayout) tableRow(r *scopeRow, top, width float32) float32 {
	room := l.columnAt(0, width) - l.size(look.SizeGroup)
	left := placeText(r.title, 0, top, room)
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
		right = fyne.Max(right, l.placeCell(cell, l.columnAt(i, width), top))
	}
	all := top
	for _, b := range r.all {
		min := b.MinSize()
		place(b, width-l.allWidth(), all, min.Width, min.Height)
		all += min.Height
	}
	return fyne.Max(left, fyne.Max(right, all))
}

func (l *scopeLayout) stackedRow(r *scopeRow, top, width float32) float32 {
	y := placeText(r.title, 0, top, width)
	if r.warning != nil {
		y = l.placeWarning(r, y)
	}
	x, bottom := float32(0), y
	for _, cell := range r.cells {
		if x > 0 && x+l.cellWidth() > width {
			x, y = 0, bottom+l.pad()
		}
		caption := cell.caption.MinSize()
		place(cell.caption, x, y, l.cellWidth(), caption.Height)
		bottom = l.placeCell(cell, x, y+caption.Height)
		x += l.cellWidth() + l.size(look.SizeGroup)
	}
	x, y = 0, bottom
	for _, b := range l.links(r) {
		min := b.MinSize()
		if x > 0 && x+min.Width > width {
			x, y = 0, y+min.Height
		}
		place(b, x, y, min.Width, min.Height)
		x += min.Width + l.pad()
		bottom = y + min.Height
	}
	return bottom
}

// links are the quiet buttons of a row.
func (l *scopeLayout) links(r *scopeRow) []*Button {
	if r.more == nil {
		return r.all
	}
	return append([]*Button{r.more}, r.all...)
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
	place(cell.no, x+min.Width+l.pad(), y, min.Width, min.Height)
	return y + min.Height
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// placeText gives a wrapping text a width and returns where it ends.
func placeText(o fyne.CanvasObject, x, y, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
	}
	height := o.MinSize().Height
	place(o, x, y, width, height)
	return y + height
}

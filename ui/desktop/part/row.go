package part

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// row is one line of a RowList, or its heading. Rows are used again for other indices while scrolling.
type row struct {
	widget.BaseWidget
	list    *RowList
	cells   []Cell
	index   int
	heading bool
}

var _ fyne.Accessible = (*row)(nil)

func newRow(list *RowList) *row {
	r := &row{list: list, cells: make([]Cell, len(list.columns)), index: -1}
	r.ExtendBaseWidget(r)
	return r
}

func (r *row) set(index int) {
	r.index = index
	clear(r.cells)
	r.list.Row(index, r.cells)
	r.Refresh()
}

// Tapped implements fyne.Tappable: the row is chosen, and gets the keys.
func (r *row) Tapped(*fyne.PointEvent) {
	if !r.heading {
		r.list.press(r.index)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (r *row) AccessibilityLabel() string {
	var said []string
	for _, c := range r.cells {
		if text := strings.TrimSpace(c.Word + " " + c.Text); text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, ", ")
}

// AccessibilityRole implements fyne.Accessible.
func (r *row) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	out := &rowRenderer{row: r, bar: canvas.NewRectangle(nil), edge: canvas.NewRectangle(nil)}
	for range r.cells {
		out.icons = append(out.icons, &canvas.Image{FillMode: canvas.ImageFillContain})
		out.texts = append(out.texts, &canvas.Text{})
	}
	out.objects = []fyne.CanvasObject{out.bar, out.edge}
	for i := range r.cells {
		out.objects = append(out.objects, out.icons[i], out.texts[i])
	}
	out.arrange()
	return out
}

type rowRenderer struct {
	row     *row
	bar     *canvas.Rectangle // at the left of the selected row
	edge    *canvas.Rectangle // below the heading
	icons   []*canvas.Image
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

// arrange shows the cells at their places, shortened to the width they have.
func (r *rowRenderer) arrange() {
	list, size := r.row.list, r.row.Size()
	inline, pad := look.SizeFor(list, theme.SizeNameInlineIcon)*0.9, look.SizeFor(list, theme.SizeNamePadding)
	hidden := 0 // so many columns are below a cell that goes over several
	for i, cell := range r.row.cells {
		icon, text := r.icons[i], r.texts[i]
		if icon.Hidden, text.Hidden = true, true; hidden > 0 {
			hidden--
			continue
		}
		span := max(cell.Span, 1)
		if cell.Span < 0 {
			span = len(r.row.cells) - i
		}
		hidden = span - 1
		x, width := list.place(i, span, size.Width)
		used := float32(0)
		if resource := r.icon(cell); resource != nil {
			setIcon(icon, resource)
			icon.Hidden, used = false, inline
		}
		if cell.Text != "" {
			text.Hidden = false
			text.Color, text.TextSize = r.color(cell), look.SizeFor(list, theme.SizeNameText)
			text.TextStyle = fyne.TextStyle{Bold: cell.Bold, Monospace: cell.Monospace}
			if used > 0 {
				used += pad
			}
			text.Text = shorten(OneLine(cell.Text), width-used, text.TextSize, text.TextStyle)
			text.Refresh()
		}
		words := text.MinSize()
		if text.Hidden {
			words = fyne.Size{}
		}
		x += aligned(list.columns[i].Align, width-used-words.Width)
		icon.Resize(fyne.NewSquareSize(inline))
		icon.Move(fyne.NewPos(x, (size.Height-inline)/2))
		text.Resize(words)
		text.Move(fyne.NewPos(x+used, (size.Height-words.Height)/2))
	}
	r.frame(size)
}

// frame shows the line below the heading, and the bar that tells the selected row also without colours.
func (r *rowRenderer) frame(size fyne.Size) {
	list := r.row.list
	r.edge.Hidden = !r.row.heading
	r.edge.FillColor = look.ColorFor(list, look.ColorLine)
	r.edge.Move(fyne.NewPos(0, size.Height-1))
	r.edge.Resize(fyne.NewSize(size.Width, 1))
	r.bar.Hidden = r.row.heading || r.row.index != list.selected
	r.bar.FillColor = look.ColorFor(list, look.ColorEdge)
	if list.focused {
		r.bar.FillColor = look.ColorFor(list, look.ColorAccent)
	}
	r.bar.Resize(fyne.NewSize(4, size.Height))
	r.bar.Refresh()
}

func (r *rowRenderer) color(cell Cell) color.Color {
	switch {
	case cell.Mark != MarkNone && cell.Text != "":
		return look.ColorFor(r.row.list, cell.Mark.Color())
	case cell.Muted:
		return look.ColorFor(r.row.list, look.ColorMuted)
	}
	return look.ColorFor(r.row.list, theme.ColorNameForeground)
}

func (r *rowRenderer) icon(cell Cell) fyne.Resource {
	if cell.Mark != MarkNone {
		return cell.Mark.Icon(look.ColorFor(r.row.list, cell.Mark.Color()))
	}
	return cell.Icon
}

func (r *rowRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.row.list.minWidth(), look.SizeFor(r.row.list, look.SizeTarget))
}

func (r *rowRenderer) Layout(fyne.Size) { r.arrange() }

func (r *rowRenderer) Refresh() {
	r.arrange()
	canvas.Refresh(r.row)
}

func (r *rowRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *rowRenderer) Destroy()                     {}

func aligned(align fyne.TextAlign, left float32) float32 {
	switch align {
	case fyne.TextAlignTrailing:
		return max(left, 0)
	case fyne.TextAlignCenter:
		return max(left/2, 0)
	}
	return 0
}

// shorten cuts a text to a width and says so with an ellipsis.
func shorten(text string, width, size float32, style fyne.TextStyle) string {
	if fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	letters := []rune(text)
	low, high := 0, len(letters) // letters[:low] fits
	for low < high {
		middle := (low + high + 1) / 2
		if fyne.MeasureText(string(letters[:middle])+"…", size, style).Width <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return strings.TrimRight(string(letters[:low]), " ") + "…"
}

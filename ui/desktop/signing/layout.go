package signing

import (
	"fyne.io/fyne/v2"
)

// The layouts here carry their gaps with them. Those of Fyne and of package part ask the theme that is in force while they run,
// which outside of a full layout is the window's and not the larger one of subject mode, so that a page would jump.

// column puts objects below each other. What wraps gets its width first and is then as high as it needs to be.
type column struct {
	gap   float32
	grow  fyne.CanvasObject // takes the height that is left; nil leaves it empty
	least []float32         // heights that the objects have at least, in order
	width float32           // that it was laid out for
}

func newColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap}, Objects: objects}
}

// newGrowingColumn is a column in which one of the objects takes all the height that the others leave.
func newGrowingColumn(gap float32, grow fyne.CanvasObject, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap, grow: grow}, Objects: objects}
}

func (l *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range shown(objects) {
		width = max(width, o.MinSize().Width)
	}
	at := max(l.width, width)
	return fyne.NewSize(width, l.height(objects, at))
}

func (l *column) height(objects []fyne.CanvasObject, width float32) float32 {
	height := float32(0)
	for i, o := range shown(objects) {
		if i > 0 {
			height += l.gap
		}
		height += l.heightOf(i, o, width)
	}
	return height
}

// heightOf is the height of object i.
func (l *column) heightOf(i int, o fyne.CanvasObject, width float32) float32 {
	height := heightAt(o, width)
	if i < len(l.least) {
		return max(height, l.least[i])
	}
	return height
}

func (l *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	left := max(size.Height-l.height(objects, size.Width), 0)
	y := float32(0)
	for i, o := range shown(objects) {
		height := l.heightOf(i, o, size.Width)
		if o == l.grow {
			height += left
		}
		place(o, 0, y, size.Width, height)
		y += height + l.gap
	}
}

// columns puts objects beside each other in widths of given shares, each as high as the whole.
type columns struct {
	gap    float32
	shares []float32
	falls  bool // below each other where there is no room
	width  float32
}

// newEither puts objects beside each other, or below each other where one of them has no room.
func newEither(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &columns{gap: gap, falls: true}, Objects: objects}
}

// fallen is the column in which the objects stand below each other; nil while they have room beside each other.
func (l *columns) fallen(objects []fyne.CanvasObject, width float32) *column {
	for i, each := range l.widths(len(objects), width) {
		if l.falls && objects[i].MinSize().Width > each {
			return &column{gap: l.gap, width: width}
		}
	}
	return nil
}

func newColumns(gap float32, shares []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &columns{gap: gap, shares: shares}, Objects: objects}
}

func (l *columns) widths(count int, width float32) []float32 {
	sum, widths := float32(0), make([]float32, count)
	for i := range widths {
		widths[i] = 1
		if i < len(l.shares) {
			widths[i] = l.shares[i]
		}
		sum += widths[i]
	}
	for i := range widths {
		widths[i] *= max(width-l.gap*float32(count-1), 0) / sum
	}
	return widths
}

// given is widths, but where there is room for all, none gets less than it needs: the others give of theirs.
func (l *columns) given(objects []fyne.CanvasObject, width float32) []float32 {
	widths := l.widths(len(objects), width)
	lacking, spare := float32(0), float32(0)
	for i, o := range objects {
		if over := widths[i] - o.MinSize().Width; over < 0 {
			lacking -= over
		} else {
			spare += over
		}
	}
	if lacking == 0 || spare < lacking {
		return widths
	}
	for i, o := range objects {
		least := o.MinSize().Width
		widths[i] = max(widths[i]-(widths[i]-least)*lacking/spare, least)
	}
	return widths
}

func (l *columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	objects = shown(objects)
	least, height := float32(0), float32(0)
	for _, o := range objects {
		least += o.MinSize().Width
	}
	least += l.gap * float32(max(len(objects)-1, 0))
	if below := l.fallen(objects, l.width); l.width > 0 && below != nil {
		return below.MinSize(objects)
	}
	for i, width := range l.given(objects, max(l.width, least)) {
		height = max(height, heightAt(objects[i], width))
	}
	if l.falls {
		least = 0
		for _, o := range objects {
			least = max(least, o.MinSize().Width)
		}
	}
	return fyne.NewSize(least, height)
}

func (l *columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	objects, x := shown(objects), float32(0)
	if below := l.fallen(objects, size.Width); below != nil {
		below.Layout(objects, size)
		return
	}
	for i, width := range l.given(objects, size.Width) {
		place(objects[i], x, 0, width, size.Height)
		x += width + l.gap
	}
}

// inStep puts two columns beside each other whose objects stand in rows: where a name above a field takes two lines, the field beside it
// moves down with it.
type inStep struct{ gap, width float32 }

func (l *inStep) each(width float32) float32 { return max(width-l.gap, 0) / 2 }

// align gives the objects of both columns the same heights at a width.
func (l *inStep) align(objects []fyne.CanvasObject, width float32) {
	var least []float32
	for _, o := range objects {
		for i, inner := range shown(o.(*fyne.Container).Objects) {
			if i == len(least) {
				least = append(least, 0)
			}
			least[i] = max(least[i], heightAt(inner, l.each(width)))
		}
	}
	for _, o := range objects {
		o.(*fyne.Container).Layout.(*column).least = least
	}
}

func (l *inStep) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least, height := float32(0), float32(0)
	for _, o := range objects {
		least = max(least, o.MinSize().Width)
	}
	least = 2*least + l.gap
	width := max(l.width, least)
	l.align(objects, width)
	for _, o := range objects {
		height = max(height, heightAt(o, l.each(width)))
	}
	return fyne.NewSize(least, height)
}

func (l *inStep) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.align(objects, size.Width)
	each := l.each(size.Width)
	for i, o := range objects {
		place(o, float32(i)*(each+l.gap), 0, each, size.Height)
	}
}

// line puts objects beside each other, each as wide as it needs, and the next line below where there is no room.
type line struct {
	gap   float32
	width float32
}

func newLine(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &line{gap: gap}, Objects: objects}
}

func (l *line) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := float32(0)
	for _, o := range shown(objects) {
		least = max(least, o.MinSize().Width)
	}
	return fyne.NewSize(least, l.arrange(objects, max(l.width, least), false))
}

func (l *line) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(objects, size.Width, true)
}

func (l *line) arrange(objects []fyne.CanvasObject, width float32, move bool) float32 {
	x, y, row := float32(0), float32(0), float32(0)
	for _, o := range shown(objects) {
		min := o.MinSize()
		if x > 0 && x+min.Width > width {
			x, y, row = 0, y+row+l.gap, 0
		}
		if move {
			place(o, x, y, min.Width, min.Height)
		}
		x, row = x+min.Width+l.gap, max(row, min.Height)
	}
	return y + row
}

// lineWidth is how wide a line is that has all its objects beside each other.
func lineWidth(c *fyne.Container) float32 {
	width := float32(0)
	for i, o := range shown(c.Objects) {
		if i > 0 {
			width += c.Layout.(*line).gap
		}
		width += o.MinSize().Width
	}
	return width
}

// narrow keeps content at the left and no wider than lines that read well.
type narrow struct{ width float32 }

func newNarrow(width float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &narrow{width}, Objects: []fyne.CanvasObject{o}}
}

func (l *narrow) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l *narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, min(size.Width, l.width), size.Height)
}

// shown are the objects that are not hidden.
func shown(objects []fyne.CanvasObject) []fyne.CanvasObject {
	visible := make([]fyne.CanvasObject, 0, len(objects))
	for _, o := range objects {
		if o.Visible() {
			visible = append(visible, o)
		}
	}
	return visible
}

// heightAt is how high an object is at a width; text wraps to it.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
	}
	return o.MinSize().Height
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	if at := fyne.NewPos(x, y); o.Position() != at {
		o.Move(at)
	}
	if size := fyne.NewSize(width, height); o.Size() != size {
		o.Resize(size)
	}
}

package pictures

import "fyne.io/fyne/v2"

// readingOrder puts a head above and actions below what has the rest of the room; Tab goes through them in that order.
type readingOrder struct{}

func (readingOrder) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		least := o.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height)
	}
	return size
}

func (readingOrder) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	head := objects[0].MinSize().Height
	bottom := float32(0)
	if len(objects) > 2 {
		bottom = objects[2].MinSize().Height
		objects[2].Move(fyne.NewPos(0, size.Height-bottom))
		objects[2].Resize(fyne.NewSize(size.Width, bottom))
	}
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width, head))
	objects[1].Move(fyne.NewPos(0, head))
	objects[1].Resize(fyne.NewSize(size.Width, size.Height-head-bottom))
}

// besideSide puts tools above, a column at the right, what is to be known below, and the pictures into the rest. On a small screen
// the column is narrower, so that pictures have room too. Tab goes through them in the order: tools, pictures, what is below, column.
type besideSide struct{}

// sideWidth is how wide the column is, in units, and sideShare how much of a narrow screen it takes.
const (
	sideWidth = 348
	sideShare = 0.44
)

func (besideSide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[1].MinSize()
	width, height := max(least.Width, objects[0].MinSize().Width, objects[2].MinSize().Width), least.Height
	if side := objects[3]; side.Visible() {
		width = max(width, least.Width+side.MinSize().Width+sideGap)
		height = max(height, side.MinSize().Height)
	}
	return fyne.NewSize(width, height+headHeight(objects[0])+belowHeight(objects[2]))
}

const sideGap = 12

func (besideSide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	tools, middle, below, side := objects[0], objects[1], objects[2], objects[3]
	// What wraps knows its height once it knows its width.
	for _, o := range []fyne.CanvasObject{tools, below} {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
	}
	top, bottom := headHeight(tools), belowHeight(below)
	tools.Resize(fyne.NewSize(size.Width, max(top-4, 0)))
	tools.Move(fyne.Position{})
	below.Resize(fyne.NewSize(size.Width, max(bottom-sideGap, 0)))
	below.Move(fyne.NewPos(0, size.Height-bottom+sideGap))
	height, width := size.Height-top-bottom, size.Width
	if side.Visible() {
		column := max(min(sideWidth, size.Width*sideShare), side.MinSize().Width)
		width -= column + sideGap
		side.Resize(fyne.NewSize(column, height))
		side.Move(fyne.NewPos(size.Width-column, top))
	}
	middle.Resize(fyne.NewSize(width, height))
	middle.Move(fyne.NewPos(0, top))
}

// belowHeight is how much room what stands below needs, none when there is nothing.
func belowHeight(below fyne.CanvasObject) float32 {
	if height := below.MinSize().Height; height > 0 && below.Visible() {
		return height + sideGap
	}
	return 0
}

// headHeight is how much room the tools need, none when they are hidden.
func headHeight(tools fyne.CanvasObject) float32 {
	if !tools.Visible() {
		return 0
	}
	return tools.MinSize().Height + 4
}

// sideBySide puts two columns beside each other where both have room, and else below each other.
type sideBySide struct{ width float32 }

const columnLeast, columnGap = 320, 16

func (c *sideBySide) beside() bool { return c.width >= 2*columnLeast+columnGap }

func (c *sideBySide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	if c.beside() {
		return fyne.NewSize(columnLeast, max(a.Height, b.Height))
	}
	return fyne.NewSize(max(a.Width, b.Width), a.Height+columnGap+b.Height)
}

func (c *sideBySide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	a, b := objects[0], objects[1]
	if c.beside() {
		column := (size.Width - columnGap) / 2
		a.Resize(fyne.NewSize(column, size.Height))
		a.Move(fyne.Position{})
		b.Resize(fyne.NewSize(column, size.Height))
		b.Move(fyne.NewPos(column+columnGap, 0))
		return
	}
	a.Resize(fyne.NewSize(size.Width, a.MinSize().Height))
	a.Move(fyne.Position{})
	b.Resize(fyne.NewSize(size.Width, b.MinSize().Height))
	b.Move(fyne.NewPos(0, a.MinSize().Height+columnGap))
}

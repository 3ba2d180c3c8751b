package desktop

import "fyne.io/fyne/v2"

// beside lays out a list at the left, what stands for it in a narrow window, and the content that is chosen by either.
type beside struct{}

const (
	besideGap   = 24
	leastBeside = 360 // content narrower than this has the whole width, below what stands for the list
)

func (beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	instead, content := objects[1].MinSize(), objects[2].MinSize()
	return fyne.NewSize(max(instead.Width, content.Width), instead.Height+columnGap+content.Height)
}

func (beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, instead, content := objects[0], objects[1], objects[2]
	width := list.MinSize().Width
	wide := width+besideGap+leastBeside <= size.Width
	shown(list, wide)
	shown(instead, !wide)
	if wide {
		put(list, 0, 0, width, size.Height)
		put(content, width+besideGap, 0, size.Width-width-besideGap, size.Height)
		return
	}
	height := instead.MinSize().Height
	put(instead, 0, 0, size.Width, height)
	put(content, 0, height+columnGap, size.Width, size.Height-height-columnGap)
}

const columnGap = 16

// shown shows or hides something, when it is not so already: each showing lays out anew.
func shown(o fyne.CanvasObject, show bool) {
	switch {
	case show && !o.Visible():
		o.Show()
	case !show && o.Visible():
		o.Hide()
	}
}

func put(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// narrowLeft keeps content at the left and no wider than a line that reads well.
type narrowLeft struct{ width float32 }

func (l *narrowLeft) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

func (l *narrowLeft) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		put(o, 0, 0, min(size.Width, l.width), size.Height)
	}
}

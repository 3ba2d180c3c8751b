package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// tight puts labels that belong together below each other, closer than their own padding would have them.
type tight struct{}

func (tight) overlap() float32 {
	return 2*look.SizeFor(nil, theme.SizeNameInnerPadding) - look.SizeFor(nil, theme.SizeNamePadding)
}

// MinSize implements fyne.Layout.
func (l tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		if size.Height > 0 {
			size.Height -= l.overlap()
		}
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height)
	}
	return size
}

// Layout implements fyne.Layout.
func (l tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		o.Move(fyne.NewPos(0, y))
		y += o.MinSize().Height - l.overlap()
	}
}

// markColumn keeps the room of a mark at the left of a line, where the line begins.
type markColumn struct{}

const markRoom = 24

// MinSize implements fyne.Layout.
func (markColumn) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(markRoom, markRoom) }

// Layout implements fyne.Layout.
func (markColumn) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	pad := look.SizeFor(nil, theme.SizeNameInnerPadding)
	for _, o := range objects {
		o.Resize(o.MinSize())
		o.Move(fyne.NewPos(0, pad))
	}
}

package desktop

import "fyne.io/fyne/v2"

// pairColumns puts two columns beside each other where both have room, else below each other.
type pairColumns struct{ width float32 }

const (
	columnGap   = 16
	columnLeast = 380 // a column narrower than this stands alone
)

func (l *pairColumns) beside(width float32) bool { return width >= 2*columnLeast+columnGap }

// MinSize is that of one column; the height follows the present width.
func (l *pairColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		min := o.MinSize()
		size.Width = max(size.Width, min.Width)
		if l.beside(l.width) {
			size.Height = max(size.Height, min.Height)
		} else {
			size.Height += min.Height + columnGap
		}
	}
	return size
}

func (l *pairColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	x, y, width := float32(0), float32(0), size.Width
	if l.beside(size.Width) {
		width = (size.Width - columnGap) / 2
	}
	for _, o := range objects {
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
		o.Move(fyne.NewPos(x, y))
		if l.beside(size.Width) {
			x += width + columnGap
		} else {
			y += o.MinSize().Height + columnGap
		}
	}
}

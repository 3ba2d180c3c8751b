package desktop

import (
	"strings"

	"fyne.io/fyne/v2"
)

// wrapping puts objects beside each other where there is room, the last one at the right end unless together, and else below each other.
type wrapping struct {
	width    float32
	together bool // the last one stays beside the others
}

// MinSize is as wide as the widest object, and as high as the objects need at the present width.
func (l *wrapping) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return fyne.NewSize(width, l.arrange(objects, l.width, false))
}

func (l *wrapping) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(objects, size.Width, true)
}

const wrappingGap = 16

func (l *wrapping) arrange(objects []fyne.CanvasObject, width float32, move bool) float32 {
	x, y, row, between := float32(0), float32(0), float32(0), float32(0)
	if l.together {
		between = wrappingGap / 2 // buttons have edges
	}
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if x > 0 && width > 0 && x+size.Width > width {
			x, y, row = 0, y+row+between, 0
		}
		row = max(row, size.Height)
		if move {
			at := x
			if i == len(objects)-1 && i > 0 && y == 0 && !l.together {
				at = max(x, width-size.Width)
			}
			o.Resize(size)
			o.Move(fyne.NewPos(at, y))
		}
		x += size.Width + wrappingGap
	}
	return y + row
}

// hide lets an object take no room, or shows it.
func hide(o fyne.CanvasObject, hidden bool) {
	if hidden {
		o.Hide()
	} else {
		o.Show()
	}
}

// join puts texts together that are not empty.
func join(separator string, texts ...string) string {
	return strings.Join(keep(texts, func(s string) bool { return s != "" }), separator)
}

// keep gives the elements of a list that pass, in a new list.
func keep[T any](list []T, pass func(T) bool) []T {
	var kept []T
	for _, each := range list {
		if pass(each) {
			kept = append(kept, each)
		}
	}
	return kept
}

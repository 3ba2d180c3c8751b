package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// border is Fyne's border container, except that its objects stand in the order of reading, which is also the order of the
// Tab key and of screen readers: top, left, centre, right, bottom. Any of them may be nil.
func border(top, bottom, left, right, centre fyne.CanvasObject) *fyne.Container {
	c := container.New(layout.NewBorderLayout(top, bottom, left, right))
	for _, o := range []fyne.CanvasObject{top, left, centre, right, bottom} {
		if o != nil {
			c.Objects = append(c.Objects, o)
		}
	}
	return c
}

// apart puts controls beside each other with room between them.
func apart(controls ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedHBoxLayout(8), controls...)
}

// indented moves an object that has no padding of its own to where the words of a label begin.
func indented(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 4, 8, 0), o)
}

// besideBar keeps what scrolls clear of the scroll bar.
func besideBar(o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 8, 2, 16), o)
}

// edgeBar is the line above or below a page that fills the window: a way on at the left end and a way back at the right, either may be nil,
// as far from the edges as everything else.
func edgeBar(left, right fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(12, 12, 24, 24), ends(left, right))
}

// ends puts one object at the left end of a line and one at the right; either may be nil.
func ends(left, right fyne.CanvasObject) *fyne.Container { return border(nil, nil, left, right, nil) }

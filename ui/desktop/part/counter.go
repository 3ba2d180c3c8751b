package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// Counter tells how many there are of something, and is pressed to see those alone. While it holds it is filled and underlined.
type Counter struct{ narrowing }

var _ fyne.Accessible = (*Counter)(nil)

// NewCounter gives a counter with a mark, or with MarkNone. holding is what assistive technology says behind the text while it holds.
func NewCounter(mark Mark, holding string, tapped func()) *Counter {
	c := &Counter{narrowing{mark: mark, holding: holding, OnTapped: tapped}}
	c.self = c
	c.ExtendBaseWidget(c)
	return c
}

// MinSize implements fyne.CanvasObject.
func (c *Counter) MinSize() fyne.Size {
	c.ExtendBaseWidget(c)
	return c.pressable.MinSize()
}

// CreateRenderer implements fyne.Widget.
func (c *Counter) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	f := newFace(c)
	f.compact = true
	r := &counterRenderer{counter: c, line: canvas.NewRectangle(nil)}
	r.faceRenderer = newFaceRenderer(f, &c.pressable, c.paint)
	return r
}

func (c *Counter) paint() paint {
	p := paint{label: c.text, text: look.ColorFor(c, theme.ColorNameForeground), ring: look.ColorFor(c, look.ColorAccent)}
	if c.mark != MarkNone {
		p.icon = c.mark.Icon(look.ColorFor(c, c.mark.Color()))
	}
	if c.holds {
		p.fill, p.edge = look.ColorFor(c, look.ColorSurface), look.ColorFor(c, look.ColorEdge)
	}
	return p
}

// counterRenderer draws the face of the counter and the line below it.
type counterRenderer struct {
	*faceRenderer
	counter *Counter
	line    *canvas.Rectangle
}

func (r *counterRenderer) Layout(size fyne.Size) {
	r.face.layout(size)
	r.counter.underline(r.line, size)
}

func (r *counterRenderer) Refresh() {
	r.face.show(r.paint(), r.state)
	r.Layout(r.state.Size())
}

func (r *counterRenderer) Objects() []fyne.CanvasObject { return append(r.face.objects(), r.line) }

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// Counter tells how many there are of something, and is pressed to see those alone. While it holds it is filled and underlined, so that
// its state is seen also without colours.
type Counter struct {
	pressable
	mark    Mark
	text    string
	holding string
	holds   bool

	// OnTapped is called when the counter is pressed; nil does nothing. Whether it holds is for the screen to say.
	OnTapped func()
}

var _ fyne.Accessible = (*Counter)(nil)

// NewCounter gives a counter with a mark, or with MarkNone. holding is what assistive technology says behind the text while it holds.
func NewCounter(mark Mark, holding string, tapped func()) *Counter {
	c := &Counter{mark: mark, holding: holding, OnTapped: tapped}
	c.ExtendBaseWidget(c)
	return c
}

// Text is what the counter says.
func (c *Counter) Text() string { return c.text }

// Holds tells whether those alone show that it counts.
func (c *Counter) Holds() bool { return c.holds }

// Set says how many there are, such as "3 waiting", and whether they alone show.
func (c *Counter) Set(text string, holds bool) {
	if c.text != text || c.holds != holds {
		c.text, c.holds = text, holds
		c.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (c *Counter) Tapped(*fyne.PointEvent) {
	if c.OnTapped != nil {
		c.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (c *Counter) TypedKey(key *fyne.KeyEvent) {
	if presses(key) {
		c.Tapped(nil)
		return
	}
	passKey(c, key)
}

// TypedRune implements fyne.Focusable: letters are for the window.
func (c *Counter) TypedRune(r rune) { passRune(c, r) }

// AccessibilityLabel implements fyne.Accessible.
func (c *Counter) AccessibilityLabel() string {
	if c.holds {
		return c.text + ", " + c.holding
	}
	return c.text
}

// AccessibilityRole implements fyne.Accessible.
func (c *Counter) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

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
	r.show()
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

func (r *counterRenderer) show() {
	r.line.FillColor, r.line.Hidden = look.ColorFor(r.counter, look.ColorAccent), !r.counter.holds
	r.line.Refresh()
}

func (r *counterRenderer) Layout(size fyne.Size) {
	r.face.layout(size)
	side := look.SizeFor(r.counter, theme.SizeNameInnerPadding)
	place(r.line, side, size.Height-4, size.Width-2*side, 3)
}

func (r *counterRenderer) Refresh() {
	r.show()
	r.face.show(r.paint(), r.state)
	r.Layout(r.state.Size())
}

func (r *counterRenderer) Objects() []fyne.CanvasObject { return append(r.face.objects(), r.line) }

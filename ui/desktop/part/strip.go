package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// Strip is a line on a screen that nobody may miss, with a mark, a bar in its colour and a text that is shortened to the room there is. It
// is pressed to see those alone of whom it tells, like a Counter.
type Strip struct{ narrowing }

var _ fyne.Accessible = (*Strip)(nil)

// NewStrip gives a strip without a text. holding is what assistive technology says behind the text while it holds.
func NewStrip(mark Mark, holding string, tapped func()) *Strip {
	s := &Strip{narrowing{mark: mark, holding: holding, OnTapped: tapped}}
	s.self = s
	s.ExtendBaseWidget(s)
	return s
}

// Natural is how wide the strip is when nothing of its text is cut.
func (s *Strip) Natural() float32 {
	return fyne.MeasureText(s.text, look.SizeFor(s, theme.SizeNameText), fyne.TextStyle{Bold: true}).Width + s.sides() + 1
}

// sides is what the strip needs beside its text.
func (s *Strip) sides() float32 {
	return look.SizeFor(s, theme.SizeNameInlineIcon) + 2*look.SizeFor(s, theme.SizeNamePadding) + 2*look.SizeFor(s, theme.SizeNameInnerPadding)
}

// CreateRenderer implements fyne.Widget.
func (s *Strip) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	f := newFace(s)
	f.leading = true
	r := &stripRenderer{strip: s, bar: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil)}
	r.faceRenderer = newFaceRenderer(f, &s.pressable, s.paint)
	return r
}

func (s *Strip) paint() paint {
	c := look.ColorFor(s, s.mark.Color())
	return paint{label: shorten(s.text, s.Size().Width-s.sides(), look.SizeFor(s, theme.SizeNameText), fyne.TextStyle{Bold: true}), icon: s.mark.Icon(c), text: c,
		fill: look.ColorFor(s, look.ColorSurface), edge: c, ring: look.ColorFor(s, look.ColorAccent)}
}

// stripRenderer draws the face of the strip, the bar at its left end, and the line below it while it holds.
type stripRenderer struct {
	*faceRenderer
	strip     *Strip
	bar, line *canvas.Rectangle
}

// MinSize is that of a target, however much the strip has to say.
func (r *stripRenderer) MinSize() fyne.Size {
	return fyne.NewSquareSize(look.SizeFor(r.strip, look.SizeTarget))
}

func (r *stripRenderer) Layout(size fyne.Size) {
	r.bar.FillColor = look.ColorFor(r.strip, r.strip.mark.Color())
	r.face.show(r.paint(), r.state)
	r.face.layout(size)
	place(r.bar, 0, 0, 4, size.Height)
	r.bar.Refresh()
	r.strip.underline(r.line, size)
}

func (r *stripRenderer) Refresh() { r.Layout(r.state.Size()) }

func (r *stripRenderer) Objects() []fyne.CanvasObject { return append(r.face.objects(), r.bar, r.line) }

package part

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// ErrNothingDrawn is returned for a picture of an empty pad.
var ErrNothingDrawn = errors.New("nothing is drawn")

// SignaturePad is a sheet to sign on with finger, pen or mouse. Backspace or Ctrl+Z takes back the last
// stroke, Delete all of them.
//
// Strokes keep the size of the pad on which the first of them was drawn; if the pad changes its size
// afterwards, they are shown larger or smaller but stay what they were.
type SignaturePad struct {
	widget.BaseWidget
	paper   sheet
	erased  int  // how often something was taken back
	open    bool // the last stroke is still being drawn
	byMouse bool // the mouse has drawn the stroke that a tap reports as well
	began   time.Time
	focused bool

	// Hint stands on the empty pad and is its name for assistive technology.
	Hint string
	// Drawn is the name of the pad that has been drawn on.
	Drawn string
	// Baseline is how far down the rule to sign on lies, from 0 to 1; 0 leaves it out.
	Baseline float32
	// OnChanged is called after a stroke has ended, was taken back, or the pad was cleared.
	OnChanged func()
	// Now gives the time of a point.
	Now func() time.Time
}

var (
	_ fyne.Draggable     = (*SignaturePad)(nil)
	_ fyne.Tappable      = (*SignaturePad)(nil)
	_ fyne.Focusable     = (*SignaturePad)(nil)
	_ fyne.Shortcutable  = (*SignaturePad)(nil)
	_ desktop.Mouseable  = (*SignaturePad)(nil)
	_ desktop.Cursorable = (*SignaturePad)(nil)
	_ fyne.Accessible    = (*SignaturePad)(nil)
)

// NewSignaturePad gives an empty pad with a rule to sign on.
func NewSignaturePad(hint string) *SignaturePad {
	p := &SignaturePad{Hint: hint, Drawn: hint, Baseline: 0.75, Now: time.Now}
	p.ExtendBaseWidget(p)
	return p
}

// Empty tells whether nothing is drawn.
func (p *SignaturePad) Empty() bool { return len(p.paper.strokes) == 0 }

// Strokes gives a copy of what is drawn, each stroke with at least one point.
func (p *SignaturePad) Strokes() [][]Point {
	strokes := make([][]Point, len(p.paper.strokes))
	for i, stroke := range p.paper.strokes {
		strokes[i] = append([]Point(nil), stroke...)
	}
	return strokes
}

// Clear takes back every stroke.
func (p *SignaturePad) Clear() {
	if p.Empty() {
		return
	}
	p.paper, p.open = sheet{}, false
	p.erased++
	p.changed()
}

// Undo takes back the last stroke.
func (p *SignaturePad) Undo() {
	n := len(p.paper.strokes)
	if n == 0 {
		return
	}
	p.paper.strokes, p.open = p.paper.strokes[:n-1], false
	if n == 1 {
		p.paper = sheet{}
	}
	p.erased++
	p.changed()
}

// SVG gives what is drawn as an SVG with one path per stroke, or nil when nothing is drawn.
func (p *SignaturePad) SVG() []byte {
	if p.Empty() {
		return nil
	}
	return p.paper.svg()
}

// PNG gives what is drawn, dark on white and fitted into width × height pixels. It returns
// ErrNothingDrawn when nothing is drawn.
func (p *SignaturePad) PNG(width, height int) ([]byte, error) {
	if p.Empty() {
		return nil, ErrNothingDrawn
	}
	if width < 1 || height < 1 || width > 10_000 || height > 10_000 {
		return nil, fmt.Errorf("picture of %d × %d pixels", width, height)
	}
	k := newInk(width, height, p.paper.width, p.paper.height, look.Color(theme.ColorNameForeground, theme.VariantLight))
	for _, stroke := range p.paper.strokes {
		for _, c := range curves(stroke, 1, false) {
			k.draw(c)
		}
	}
	page := image.NewRGBA(k.picture.Rect)
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(page, page.Rect, k.picture, image.Point{}, draw.Over)
	var out bytes.Buffer
	if err := png.Encode(&out, page); err != nil {
		return nil, fmt.Errorf("encode signature: %w", err)
	}
	return out.Bytes(), nil
}

// MouseDown implements desktop.Mouseable: the pen touches the paper.
func (p *SignaturePad) MouseDown(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary && e.Button != 0 {
		return
	}
	p.lift()
	p.byMouse = true
	p.touch(e.Position)
}

// MouseUp implements desktop.Mouseable.
func (p *SignaturePad) MouseUp(*desktop.MouseEvent) { p.lift() }

// Dragged implements fyne.Draggable.
func (p *SignaturePad) Dragged(e *fyne.DragEvent) {
	if !p.open {
		p.touch(e.Position.SubtractXY(e.Dragged.DX, e.Dragged.DY))
	}
	p.add(e.Position)
}

// DragEnd implements fyne.Draggable.
func (p *SignaturePad) DragEnd() { p.lift() }

// Tapped implements fyne.Tappable: a dot, such as that on an i. With a mouse the dot is there already.
func (p *SignaturePad) Tapped(e *fyne.PointEvent) {
	if p.byMouse {
		p.byMouse = false
		return
	}
	p.touch(e.Position)
	p.lift()
}

// touch begins a stroke.
func (p *SignaturePad) touch(at fyne.Position) {
	if p.Empty() {
		p.paper = sheet{width: p.Size().Width, height: p.Size().Height}
		p.began = p.Now()
	}
	p.paper.strokes = append(p.paper.strokes, nil)
	p.open = true
	p.add(at)
}

// add lets the pen move on. Positions closer than half a unit to the last one say nothing new.
func (p *SignaturePad) add(at fyne.Position) {
	last := len(p.paper.strokes) - 1
	stroke := p.paper.strokes[last]
	scale, left, top := p.placement()
	next := Point{X: (at.X - left) / scale, Y: (at.Y - top) / scale, Millis: p.Now().Sub(p.began).Milliseconds()}
	if n := len(stroke); n > 0 && math.Hypot(float64(next.X-stroke[n-1].X), float64(next.Y-stroke[n-1].Y)) < 0.5 {
		return
	}
	p.paper.strokes[last] = append(stroke, next)
	p.Refresh()
}

// placement is how the sheet lies on a pad that may have another size by now.
func (p *SignaturePad) placement() (scale, left, top float32) {
	size := p.Size()
	if p.paper.width <= 0 || p.paper.height <= 0 || size.Width <= 0 || size.Height <= 0 {
		return 1, 0, 0
	}
	scale = min(size.Width/p.paper.width, size.Height/p.paper.height)
	return scale, (size.Width - p.paper.width*scale) / 2, (size.Height - p.paper.height*scale) / 2
}

// lift ends a stroke.
func (p *SignaturePad) lift() {
	if !p.open {
		return
	}
	p.open = false
	p.changed()
}

func (p *SignaturePad) changed() {
	p.Refresh()
	if p.OnChanged != nil {
		p.OnChanged()
	}
}

// Cursor implements desktop.Cursorable.
func (p *SignaturePad) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// FocusGained implements fyne.Focusable.
func (p *SignaturePad) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *SignaturePad) FocusLost() { p.focused = false; p.Refresh() }

// TypedRune implements fyne.Focusable.
func (p *SignaturePad) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (p *SignaturePad) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyBackspace:
		p.Undo()
	case fyne.KeyDelete:
		p.Clear()
	default:
		passKey(p, key)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (p *SignaturePad) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutUndo); ok {
		p.Undo()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (p *SignaturePad) AccessibilityLabel() string {
	if p.Empty() {
		return p.Hint
	}
	return p.Drawn
}

// AccessibilityRole implements fyne.Accessible.
func (p *SignaturePad) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (p *SignaturePad) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &padRenderer{pad: p, ground: canvas.NewRectangle(nil), rule: canvas.NewLine(nil), hint: &canvas.Text{}}
	r.ink = canvas.NewRaster(r.render)
	r.show()
	return r
}

type padRenderer struct {
	pad    *SignaturePad
	ground *canvas.Rectangle
	rule   *canvas.Line
	hint   *canvas.Text
	ink    *canvas.Raster

	drawn   *ink // the picture that holds,
	color   color.Color
	erased  int // as of then,
	strokes int // so many strokes
	bent    int // and so many pieces of the last of them
}

func (r *padRenderer) show() {
	p := r.pad
	radius := look.SizeFor(p, theme.SizeNameInputRadius)
	r.ground.FillColor, r.ground.CornerRadius = look.ColorFor(p, look.ColorSurface), radius
	r.ground.StrokeColor, r.ground.StrokeWidth = look.ColorFor(p, look.ColorEdge), 1
	if p.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = look.ColorFor(p, look.ColorAccent), look.SizeFor(p, look.SizeRing)
	}
	r.rule.StrokeColor, r.rule.StrokeWidth = look.ColorFor(p, look.ColorEdge), 1
	r.rule.Hidden = p.Baseline <= 0
	r.hint.Text, r.hint.Color, r.hint.TextSize = p.Hint, look.ColorFor(p, look.ColorMuted), look.SizeFor(p, theme.SizeNameText)
	r.hint.Hidden = !p.Empty()
}

// render gives the picture of the ink. It draws only what has come since, unless something else has
// changed as well.
func (r *padRenderer) render(width, height int) image.Image {
	p := r.pad
	c := look.ColorFor(p, theme.ColorNameForeground)
	if r.drawn == nil || r.drawn.picture.Rect.Size() != image.Pt(width, height) || r.color != c || r.erased != p.erased ||
		(r.strokes == 0 && !p.Empty()) {
		r.drawn, r.color, r.erased = newInk(width, height, p.paper.width, p.paper.height, c), c, p.erased
		r.strokes, r.bent = 0, 0
	}
	for i := max(r.strokes-1, 0); i < len(p.paper.strokes); i++ {
		if i >= r.strokes {
			r.strokes, r.bent = i+1, 0
		}
		stroke := p.paper.strokes[i]
		open := p.open && i == len(p.paper.strokes)-1
		if open && len(stroke) == 1 {
			r.drawn.draw(curve{stroke[0], stroke[0], stroke[0]})
		}
		for _, piece := range curves(stroke, r.bent+1, open) {
			r.drawn.draw(piece)
		}
		r.bent = max(len(stroke)-2, 0)
	}
	return r.drawn.picture
}

func (r *padRenderer) MinSize() fyne.Size {
	target := look.SizeFor(r.pad, look.SizeTarget)
	return fyne.NewSize(6*target, 3*target)
}

func (r *padRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.ink.Resize(size)
	margin := look.SizeFor(r.pad, look.SizeMargin)
	y := size.Height * r.pad.Baseline
	r.rule.Position1, r.rule.Position2 = fyne.NewPos(margin, y), fyne.NewPos(size.Width-margin, y)
	r.hint.TextSize = look.SizeFor(r.pad, theme.SizeNameText)
	if wide := r.hint.MinSize().Width; wide > size.Width-2*margin { // rather smaller than cut off, in a long language
		r.hint.TextSize *= max(size.Width-2*margin, 0) / wide
	}
	hint := r.hint.MinSize()
	r.hint.Resize(hint)
	r.hint.Move(fyne.NewPos((size.Width-hint.Width)/2, (y-hint.Height)/2))
	if r.rule.Hidden {
		r.hint.Move(fyne.NewPos((size.Width-hint.Width)/2, (size.Height-hint.Height)/2))
	}
}

func (r *padRenderer) Refresh() {
	r.show()
	r.Layout(r.pad.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *padRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.rule, r.hint, r.ink}
}

func (r *padRenderer) Destroy() {}

package part

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// TwoStates is what the bottom line says, ready to read.
type TwoStates struct {
	Saved      string // "Saved on this laptop: 42 consents, 340 images"
	Received   string // "Received by the library: 30, 210"
	Connection string // "Online" or "Offline"
	Online     bool
	Trouble    string // what needs the photographer, or ""
}

// TwoStateLine is the bottom line of every screen: what is saved here and what the library has. A press
// opens what is behind it. On a narrow window its pieces stand below each other; none is cut.
type TwoStateLine struct {
	pressable
	states TwoStates
	width  float32 // that it was laid out for

	// OnTapped is called when the line is pressed, by pointer, Space or Enter.
	OnTapped func()
}

var _ fyne.Accessible = (*TwoStateLine)(nil)

// NewTwoStateLine gives a line that says nothing yet.
func NewTwoStateLine(tapped func()) *TwoStateLine {
	l := &TwoStateLine{OnTapped: tapped}
	l.ExtendBaseWidget(l)
	return l
}

// Set changes what the line says.
func (l *TwoStateLine) Set(states TwoStates) {
	if l.states == states {
		return
	}
	l.states = states
	l.Refresh()
}

// Tapped implements fyne.Tappable.
func (l *TwoStateLine) Tapped(*fyne.PointEvent) {
	if l.OnTapped != nil {
		l.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (l *TwoStateLine) TypedKey(key *fyne.KeyEvent) {
	if presses(key) {
		l.Tapped(nil)
		return
	}
	passKey(l, key)
}

// TypedRune implements fyne.Focusable: letters are for the window.
func (l *TwoStateLine) TypedRune(r rune) { passRune(l, r) }

// AccessibilityLabel implements fyne.Accessible.
func (l *TwoStateLine) AccessibilityLabel() string {
	var said []string
	for _, s := range []string{l.states.Saved, l.states.Received, l.states.Trouble, l.states.Connection} {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, ". ")
}

// AccessibilityRole implements fyne.Accessible.
func (l *TwoStateLine) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (l *TwoStateLine) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	r := &lineRenderer{line: l, ground: canvas.NewRectangle(nil), edge: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	for range 4 {
		r.icons = append(r.icons, &canvas.Image{FillMode: canvas.ImageFillContain})
		r.words = append(r.words, &canvas.Text{})
	}
	r.show()
	return r
}

type lineRenderer struct {
	line               *TwoStateLine
	ground, edge, ring *canvas.Rectangle
	icons              []*canvas.Image
	words              []*canvas.Text
}

func (r *lineRenderer) show() {
	l := r.line
	r.ground.FillColor = look.ColorFor(l, look.ColorSurface)
	if l.hovered {
		r.ground.FillColor = look.ColorFor(l, theme.ColorNameBackground)
	}
	r.edge.FillColor = look.ColorFor(l, look.ColorLine)
	r.ring.FillColor, r.ring.StrokeColor = orClear(nil), look.ColorFor(l, look.ColorAccent)
	r.ring.StrokeWidth, r.ring.CornerRadius = look.SizeFor(l, look.SizeRing), look.SizeFor(l, theme.SizeNameButtonRadius)
	r.ring.Hidden = !l.focused
	connection := MarkOffline
	if l.states.Online {
		connection = MarkOnline
	}
	marks := []Mark{MarkSaved, MarkReceived, MarkWarning, connection}
	words := []string{l.states.Saved, l.states.Received, l.states.Trouble, l.states.Connection}
	for i, mark := range marks {
		setIcon(r.icons[i], mark.Icon(look.ColorFor(l, mark.Color())))
		r.words[i].Text, r.words[i].TextSize = words[i], look.SizeFor(l, theme.SizeNameText)
		r.words[i].Color = look.ColorFor(l, theme.ColorNameForeground)
		r.icons[i].Hidden, r.words[i].Hidden = words[i] == "", words[i] == ""
	}
}

// MinSize is as wide as the longest piece and as high as the pieces need at the present width.
func (r *lineRenderer) MinSize() fyne.Size {
	width := float32(0)
	for i := range r.words {
		width = max(width, r.pieceWidth(i))
	}
	inner := look.SizeFor(r.line, theme.SizeNameInnerPadding)
	return fyne.NewSize(width+4*inner, r.arrange(r.line.width, false))
}

func (r *lineRenderer) Layout(size fyne.Size) {
	r.line.width = size.Width
	r.ground.Resize(size)
	r.edge.Resize(fyne.NewSize(size.Width, 1))
	r.ring.Move(fyne.NewPos(3, 3))
	r.ring.Resize(size.SubtractWidthHeight(6, 6))
	r.arrange(size.Width, true)
}

func (r *lineRenderer) pieceWidth(i int) float32 {
	if r.words[i].Hidden {
		return 0
	}
	return r.rowHeight()*0.7 + look.SizeFor(r.line, theme.SizeNamePadding) + r.words[i].MinSize().Width
}

func (r *lineRenderer) rowHeight() float32 { return look.SizeFor(r.line, theme.SizeNameText) * 1.6 }

// arrange puts the pieces from the left into as many rows as they need, the connection at the right end
// of the last one, and gives the height of it all.
func (r *lineRenderer) arrange(width float32, move bool) float32 {
	margin, gap := 2*look.SizeFor(r.line, theme.SizeNameInnerPadding), look.SizeFor(r.line, look.SizeMargin)
	pad, row := look.SizeFor(r.line, theme.SizeNamePadding), r.rowHeight()
	x, y := margin, 1.5*pad
	for i, word := range r.words {
		piece := r.pieceWidth(i)
		if piece == 0 {
			continue
		}
		if width > 0 && x > margin && x+piece > width-margin {
			x, y = margin, y+row
		}
		at := x
		if i == len(r.words)-1 {
			at = max(at, width-margin-piece)
		}
		if move {
			edge := row * 0.7
			r.icons[i].Resize(fyne.NewSquareSize(edge))
			r.icons[i].Move(fyne.NewPos(at, y+(row-edge)/2))
			size := word.MinSize()
			word.Resize(size)
			word.Move(fyne.NewPos(at+edge+pad, y+(row-size.Height)/2))
		}
		x += piece + gap
	}
	return y + row + 1.5*pad
}

func (r *lineRenderer) Refresh() {
	r.show()
	r.Layout(r.line.Size())
	for _, o := range []fyne.CanvasObject{r.ground, r.edge, r.ring} {
		o.Refresh()
	}
	for _, w := range r.words {
		w.Refresh()
	}
}

func (r *lineRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.ground, r.edge, r.ring}
	for i := range r.words {
		objects = append(objects, r.icons[i], r.words[i])
	}
	return objects
}

func (r *lineRenderer) Destroy() {}

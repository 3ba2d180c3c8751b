package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// Tab names one of several screens; the one that shows is underlined, or marked at its left where the tabs stand below each other.
// The screen that holds the tabs says which that is.
type Tab struct {
	pressable
	text     string
	selected bool
	side     bool

	// OnTapped is called when the tab is pressed; nil does nothing.
	OnTapped func()
	// OnMoved is called when Up (-1) or Down (1) is pressed on a side tab; nil does nothing.
	OnMoved func(by int)
}

var _ fyne.Accessible = (*Tab)(nil)

// NewTab gives a tab that is not selected.
func NewTab(text string, tapped func()) *Tab {
	t := &Tab{text: text, OnTapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

// NewSideTab gives a tab that stands with others below each other, at the left of what they choose.
func NewSideTab(text string, tapped func()) *Tab {
	t := NewTab(text, tapped)
	t.side = true
	return t
}

// Text is the word on the tab.
func (t *Tab) Text() string { return t.text }

// SetText changes the word.
func (t *Tab) SetText(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

// Selected tells whether the tab's screen shows.
func (t *Tab) Selected() bool { return t.selected }

// SetSelected says whether the tab's screen shows.
func (t *Tab) SetSelected(selected bool) {
	if t.selected != selected {
		t.selected = selected
		t.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (t *Tab) Tapped(*fyne.PointEvent) {
	if t.OnTapped != nil {
		t.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (t *Tab) TypedKey(key *fyne.KeyEvent) {
	switch {
	case presses(key):
		t.Tapped(nil)
	case t.side && t.OnMoved != nil && key.Name == fyne.KeyUp:
		t.OnMoved(-1)
	case t.side && t.OnMoved != nil && key.Name == fyne.KeyDown:
		t.OnMoved(1)
	default:
		passKey(t, key)
	}
}

// TypedRune implements fyne.Focusable: letters are for the window.
func (t *Tab) TypedRune(r rune) { passRune(t, r) }

// AccessibilityLabel implements fyne.Accessible.
func (t *Tab) AccessibilityLabel() string { return t.text }

// AccessibilityRole implements fyne.Accessible.
func (t *Tab) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (t *Tab) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &tabRenderer{tab: t, line: canvas.NewRectangle(nil)}
	f := newFace(t)
	f.leading = t.side
	r.faceRenderer = newFaceRenderer(f, &t.pressable, t.paint)
	r.show()
	return r
}

func (t *Tab) paint() paint {
	p := paint{label: t.text, text: look.ColorFor(t, look.ColorMuted), ring: look.ColorFor(t, look.ColorAccent)}
	if t.selected {
		p.text = look.ColorFor(t, theme.ColorNameForeground)
		if t.side {
			p.fill = look.ColorFor(t, theme.ColorNameSelection)
		}
	}
	return p
}

// tabRenderer draws the face of the tab and the line below it or at its left.
type tabRenderer struct {
	*faceRenderer
	tab  *Tab
	line *canvas.Rectangle
}

func (r *tabRenderer) show() {
	r.line.FillColor, r.line.Hidden = look.ColorFor(r.tab, look.ColorAccent), !r.tab.selected
	r.line.Refresh()
}

// MinSize leaves room for the line.
func (r *tabRenderer) MinSize() fyne.Size {
	if r.tab.side {
		return r.faceRenderer.MinSize()
	}
	return r.faceRenderer.MinSize().AddWidthHeight(0, 6)
}

func (r *tabRenderer) Layout(size fyne.Size) {
	r.face.layout(size)
	if r.tab.side {
		place(r.line, 0, 8, 3, size.Height-16)
		return
	}
	side := look.SizeFor(r.tab, theme.SizeNameInnerPadding)
	place(r.line, side, size.Height-3, size.Width-2*side, 3)
}

func (r *tabRenderer) Refresh() {
	r.show()
	r.face.show(r.paint(), r.state)
	r.Layout(r.state.Size())
}

func (r *tabRenderer) Objects() []fyne.CanvasObject { return append(r.face.objects(), r.line) }

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// Tab names one of several screens; the one that shows is underlined. The screen that holds the tabs says
// which that is.
type Tab struct {
	pressable
	text     string
	selected bool

	// OnTapped is called when the tab is pressed; nil does nothing.
	OnTapped func()
}

var _ fyne.Accessible = (*Tab)(nil)

// NewTab gives a tab that is not selected.
func NewTab(text string, tapped func()) *Tab {
	t := &Tab{text: text, OnTapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

// Text is the word on the tab.
func (t *Tab) Text() string { return t.text }

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
	if presses(key) {
		t.Tapped(nil)
		return
	}
	passKey(t, key)
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
	r.faceRenderer = newFaceRenderer(newFace(t), &t.pressable, t.paint)
	r.show()
	return r
}

func (t *Tab) paint() paint {
	p := paint{label: t.text, text: look.ColorFor(t, look.ColorMuted), ring: look.ColorFor(t, look.ColorAccent)}
	if t.selected {
		p.text = look.ColorFor(t, theme.ColorNameForeground)
	}
	return p
}

// tabRenderer draws the face of the tab and the line below it.
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
func (r *tabRenderer) MinSize() fyne.Size { return r.faceRenderer.MinSize().AddWidthHeight(0, 6) }

func (r *tabRenderer) Layout(size fyne.Size) {
	r.face.layout(size)
	side := look.SizeFor(r.tab, theme.SizeNameInnerPadding)
	place(r.line, side, size.Height-3, size.Width-2*side, 3)
}

func (r *tabRenderer) Refresh() {
	r.show()
	r.face.show(r.paint(), r.state)
	r.Layout(r.state.Size())
}

func (r *tabRenderer) Objects() []fyne.CanvasObject { return append(r.face.objects(), r.line) }

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// ButtonKind is how much a button stands out.
type ButtonKind int

const (
	// Plain is any button that is not one of the others.
	Plain ButtonKind = iota
	// Primary is what most people do next; a screen has one.
	Primary
	// Danger is what cannot be taken back; its text names what it does.
	Danger
	// Quiet has no edge: links in a text, rarely used actions in a row.
	Quiet
)

// Button is a control with a word, worked by pointer, Space and Enter. Unlike Fyne's it has an edge
// that can be seen and a ring of focus on any ground.
type Button struct {
	pressable
	text, key string
	name      string // for assistive technology, where it is not the text
	icon      fyne.Resource
	kind      ButtonKind

	// OnTapped is called when the button is pressed; nil does nothing.
	OnTapped func()
}

var _ fyne.Accessible = (*Button)(nil)

// NewButton gives a plain button.
func NewButton(text string, tapped func()) *Button { return newButton(Plain, text, tapped) }

// NewPrimaryButton gives the one button of a screen that does what most people do next.
func NewPrimaryButton(text string, tapped func()) *Button { return newButton(Primary, text, tapped) }

// NewDangerButton gives a button for what cannot be taken back.
func NewDangerButton(text string, tapped func()) *Button { return newButton(Danger, text, tapped) }

// NewQuietButton gives a button that looks like a link.
func NewQuietButton(text string, tapped func()) *Button { return newButton(Quiet, text, tapped) }

func newButton(kind ButtonKind, text string, tapped func()) *Button {
	b := &Button{text: text, kind: kind, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// WithIcon sets an icon before the text and gives the button back.
func (b *Button) WithIcon(icon fyne.Resource) *Button {
	b.icon = icon
	b.Refresh()
	return b
}

// WithKey shows the key that does the same, such as "N", and gives the button back. It shows the key
// only; the screen listens for it.
func (b *Button) WithKey(key string) *Button {
	b.key = key
	b.Refresh()
	return b
}

// WithName says what a button does whose face is only a picture, and gives the button back.
func (b *Button) WithName(name string) *Button {
	b.name = name
	return b
}

// Text is the word on the button.
func (b *Button) Text() string { return b.text }

// SetText changes the word on the button.
func (b *Button) SetText(text string) {
	b.text = text
	b.Refresh()
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.Disabled() || b.OnTapped == nil {
		return
	}
	b.OnTapped()
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	if presses(key) {
		b.Tapped(nil)
		return
	}
	passKey(b, key)
}

// TypedRune implements fyne.Focusable: letters are for the window.
func (b *Button) TypedRune(r rune) { passRune(b, r) }

// AccessibilityLabel implements fyne.Accessible.
func (b *Button) AccessibilityLabel() string {
	if b.name != "" {
		return b.name
	}
	return b.text
}

// AccessibilityRole implements fyne.Accessible.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// MinSize implements fyne.CanvasObject.
func (b *Button) MinSize() fyne.Size {
	b.ExtendBaseWidget(b)
	return b.pressable.MinSize()
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	f := newFace(b)
	f.compact = b.kind == Quiet
	return newFaceRenderer(f, &b.pressable, b.paint)
}

func (b *Button) paint() paint {
	c := func(name fyne.ThemeColorName) paint { return paint{text: look.ColorFor(b, name)} }
	p := c(theme.ColorNameForeground)
	iconColor := theme.ColorNameForeground
	switch b.kind {
	case Plain:
		p.fill, p.edge = look.ColorFor(b, look.ColorSurface), look.ColorFor(b, look.ColorEdge)
	case Primary, Danger:
		p = c(look.ColorOnAccent)
		iconColor = theme.ColorNameForegroundOnPrimary
		p.fill, p.ring = look.ColorFor(b, look.ColorAccent), look.ColorFor(b, look.ColorOnAccent)
		if b.kind == Danger {
			p.fill = look.ColorFor(b, look.ColorNo)
		}
		p.key = p.text
	case Quiet:
		p = c(look.ColorAccent)
		iconColor = theme.ColorNamePrimary
	}
	if p.ring == nil {
		p.ring = look.ColorFor(b, look.ColorAccent)
	}
	if p.key == nil {
		p.key = look.ColorFor(b, look.ColorMuted)
	}
	if b.Disabled() {
		iconColor = theme.ColorNameDisabled
		p.text = look.ColorFor(b, theme.ColorNameDisabled)
		p.key = p.text
		if b.kind != Quiet {
			p.fill, p.edge = look.ColorFor(b, theme.ColorNameDisabledButton), look.ColorFor(b, look.ColorLine)
		}
	}
	p.label, p.keyText, p.icon = b.text, b.key, tinted(b.icon, iconColor)
	return p
}

// tinted gives a themed icon in another of the theme's colours; other icons stay as they are.
func tinted(icon fyne.Resource, name fyne.ThemeColorName) fyne.Resource {
	if _, themed := icon.(fyne.ThemedResource); themed {
		return theme.NewColoredResource(icon, name)
	}
	return icon
}

// faceRenderer draws a pressable by its face.
type faceRenderer struct {
	face  *face
	state *pressable
	paint func() paint
}

func newFaceRenderer(f *face, state *pressable, paint func() paint) *faceRenderer {
	r := &faceRenderer{face: f, state: state, paint: paint}
	f.show(paint(), state)
	return r
}

func (r *faceRenderer) MinSize() fyne.Size           { return r.face.minSize() }
func (r *faceRenderer) Layout(size fyne.Size)        { r.face.layout(size) }
func (r *faceRenderer) Objects() []fyne.CanvasObject { return r.face.objects() }
func (r *faceRenderer) Destroy()                     {}
func (r *faceRenderer) Refresh() {
	r.face.show(r.paint(), r.state)
	r.face.layout(r.state.Size())
}

package part

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// holdSteps is in how many steps a HoldButton fills while it is held.
const holdSteps = 8

// HoldButton does something only when it has been held down for a while, by pointer or with Space or
// Enter. It is for what a person who does not know the program must not do by accident. While it is held
// it fills from the left; letting go before it is full does nothing.
type HoldButton struct {
	pressable
	text string
	icon fyne.Resource
	step int
	stop func() bool

	// Hold is for how long it must be held.
	Hold time.Duration
	// OnHeld is called when it has been held long enough.
	OnHeld func()
	// After calls f on the UI goroutine when d has passed, unless stop is called first. It is
	// time.AfterFunc with fyne.Do unless it is replaced.
	After func(d time.Duration, f func()) (stop func() bool)
}

var (
	_ fyne.Accessible = (*HoldButton)(nil)
	_ desktop.Keyable = (*HoldButton)(nil)
)

// NewHoldButton gives a button that must be held for two seconds.
func NewHoldButton(text string, icon fyne.Resource, held func()) *HoldButton {
	b := &HoldButton{text: text, icon: icon, Hold: 2 * time.Second, OnHeld: held}
	b.After = func(d time.Duration, f func()) func() bool {
		return time.AfterFunc(d, func() { fyne.Do(f) }).Stop
	}
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes the word on the button.
func (b *HoldButton) SetText(text string) {
	b.text = text
	b.Refresh()
}

// MouseDown implements desktop.Mouseable.
func (b *HoldButton) MouseDown(e *desktop.MouseEvent) { b.pressable.MouseDown(e); b.begin() }

// MouseUp implements desktop.Mouseable.
func (b *HoldButton) MouseUp(e *desktop.MouseEvent) { b.pressable.MouseUp(e); b.end() }

// MouseOut implements desktop.Hoverable.
func (b *HoldButton) MouseOut() { b.pressable.MouseOut(); b.end() }

// FocusLost implements fyne.Focusable.
func (b *HoldButton) FocusLost() { b.pressable.FocusLost(); b.end() }

// TypedKey implements fyne.Focusable.
func (b *HoldButton) TypedKey(*fyne.KeyEvent) {}

// KeyDown implements desktop.Keyable.
func (b *HoldButton) KeyDown(key *fyne.KeyEvent) {
	if presses(key) {
		b.begin()
	}
}

// KeyUp implements desktop.Keyable.
func (b *HoldButton) KeyUp(key *fyne.KeyEvent) {
	if presses(key) {
		b.end()
	}
}

func (b *HoldButton) begin() {
	b.end()
	if !b.Disabled() {
		b.stop = b.After(b.Hold/holdSteps, b.fill)
	}
}

func (b *HoldButton) fill() {
	b.step++
	if b.step < holdSteps {
		b.stop = b.After(b.Hold/holdSteps, b.fill)
		b.Refresh()
		return
	}
	b.end()
	if b.OnHeld != nil {
		b.OnHeld()
	}
}

func (b *HoldButton) end() {
	if b.stop != nil {
		b.stop()
	}
	b.step, b.stop = 0, nil
	b.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (b *HoldButton) AccessibilityLabel() string { return b.text }

// AccessibilityRole implements fyne.Accessible.
func (b *HoldButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (b *HoldButton) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	r := &holdRenderer{faceRenderer: newFaceRenderer(newFace(b), &b.pressable, b.paint), button: b, bar: canvas.NewRectangle(nil)}
	r.show()
	return r
}

func (b *HoldButton) paint() paint {
	return paint{
		label: b.text, icon: tinted(b.icon, theme.ColorNameForeground), text: look.ColorFor(b, theme.ColorNameForeground),
		fill: look.ColorFor(b, look.ColorSurface), edge: look.ColorFor(b, look.ColorEdge), ring: look.ColorFor(b, look.ColorAccent),
	}
}

// holdRenderer lays a bar, as long as the button has been held, over the lower edge of its face.
type holdRenderer struct {
	*faceRenderer
	button *HoldButton
	bar    *canvas.Rectangle
}

func (r *holdRenderer) show() {
	r.bar.FillColor, r.bar.CornerRadius = look.ColorFor(r.button, look.ColorAccent), 2
	r.bar.Hidden = r.button.step == 0
	size := r.button.Size()
	const height = 5
	r.bar.Move(fyne.NewPos(0, size.Height-height))
	r.bar.Resize(fyne.NewSize(size.Width*float32(r.button.step)/holdSteps, height))
	r.bar.Refresh()
}

func (r *holdRenderer) Layout(size fyne.Size) {
	r.faceRenderer.Layout(size)
	r.show()
}

func (r *holdRenderer) Refresh() {
	r.faceRenderer.Refresh()
	r.show()
}

func (r *holdRenderer) Objects() []fyne.CanvasObject {
	return append(r.faceRenderer.Objects(), r.bar)
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// narrowing is what a Counter and a Strip have in common: a mark, a text that tells of some of what a screen shows, and being pressed to see
// those alone. Whether they alone show is for the screen to say.
type narrowing struct {
	pressable
	self    fyne.Widget // the counter or the strip: what the canvas and the theme know
	mark    Mark
	text    string
	holding string // what assistive technology says behind the text while it holds
	holds   bool

	// OnTapped is called when it is pressed; nil does nothing.
	OnTapped func()
}

// Text is all that it says, also what there is no room for.
func (n *narrowing) Text() string { return n.text }

// Holds tells whether those alone show of whom it tells.
func (n *narrowing) Holds() bool { return n.holds }

// Set says what it tells, such as "3 waiting", and whether those alone show of whom it does.
func (n *narrowing) Set(text string, holds bool) {
	if n.text != text || n.holds != holds {
		n.text, n.holds = text, holds
		n.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (n *narrowing) Tapped(*fyne.PointEvent) {
	if n.OnTapped != nil {
		n.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (n *narrowing) TypedKey(key *fyne.KeyEvent) {
	if presses(key) {
		n.Tapped(nil)
		return
	}
	passKey(n.self, key)
}

// TypedRune implements fyne.Focusable: letters are for the window.
func (n *narrowing) TypedRune(r rune) { passRune(n.self, r) }

// AccessibilityLabel implements fyne.Accessible.
func (n *narrowing) AccessibilityLabel() string {
	if n.holds {
		return n.text + ", " + n.holding
	}
	return n.text
}

// AccessibilityRole implements fyne.Accessible.
func (n *narrowing) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// underline lays out the line below it, which shows while it holds, so that its state is seen also without colours.
func (n *narrowing) underline(line *canvas.Rectangle, size fyne.Size) {
	line.FillColor, line.Hidden = look.ColorFor(n.self, look.ColorAccent), !n.holds
	side := look.SizeFor(n.self, theme.SizeNameInnerPadding)
	place(line, side, size.Height-4, size.Width-2*side, 3)
	line.Refresh()
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Select is Fyne's select, except that the keys it has no use for reach the window.
type Select struct{ widget.Select }

// NewSelect gives a select of options with the first one chosen. changed, which may be nil, is told of later choices.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = options, changed
	if len(options) > 0 {
		s.Selected = options[0]
	}
	s.ExtendBaseWidget(s)
	return s
}

// Roomy draws the edge of a select and gives it room for its longest option, but at most most units.
func Roomy(s *Select, most float32) *fyne.Container {
	return container.New(&roomy{s, most}, Framed(s))
}

// roomy is the layout of Roomy.
type roomy struct {
	of   *Select
	most float32
}

// MinSize implements fyne.Layout.
func (l *roomy) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	beside := 4*look.SizeFor(l.of, theme.SizeNameInnerPadding) + look.SizeFor(l.of, theme.SizeNameInlineIcon)
	for _, option := range l.of.Options {
		words := fyne.MeasureText(option, look.SizeFor(l.of, theme.SizeNameText), fyne.TextStyle{})
		size.Width = max(size.Width, min(words.Width+beside, l.most))
	}
	return size
}

// Layout implements fyne.Layout.
func (l *roomy) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// TypedRune implements fyne.Focusable: letters are for the window.
func (s *Select) TypedRune(r rune) { passRune(s, r) }

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		passKey(s, key)
	default:
		s.Select.TypedKey(key)
	}
}

// Check is Fyne's check box, except that the keys it has no use for reach the window.
type Check struct{ widget.Check }

// NewCheck gives a check box that is not checked. changed, which may be nil, is told when it is pressed.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedRune implements fyne.Focusable: the space bar checks, letters are for the window.
func (c *Check) TypedRune(r rune) {
	if r == ' ' {
		c.Check.TypedRune(r)
		return
	}
	passRune(c, r)
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(key *fyne.KeyEvent) { passKey(c, key) }

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
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

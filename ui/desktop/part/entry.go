package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Entry is Fyne's entry, except that Escape, the function keys and the window's shortcuts reach the window
// also while it has the focus.
type Entry struct{ widget.Entry }

// NewEntry gives an entry of one line.
func NewEntry(placeholder string) *Entry {
	e := &Entry{}
	e.Wrapping, e.PlaceHolder = fyne.TextWrapOff, placeholder
	e.ExtendBaseWidget(e)
	return e
}

// NewPasswordEntry gives an entry whose letters are hidden until the reader asks to see them.
func NewPasswordEntry() *Entry {
	e := NewEntry("")
	e.Password = true
	return e
}

// NewTextEntry gives an entry of several lines.
func NewTextEntry(placeholder string, rows int) *Entry {
	e := NewEntry(placeholder)
	e.MultiLine, e.Wrapping = true, fyne.TextWrapBreak
	e.SetMinRowsVisible(rows)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		passKey(e, key)
	default:
		e.Entry.TypedKey(key)
	}
}

// Written is the text and where the next letter goes, which change with everything that is typed.
func (e *Entry) Written() (text string, row, column int) { return e.Text, e.CursorRow, e.CursorColumn }

// AcceptsTab implements fyne.Tabbable: the Tab key always goes on to the next control.
func (e *Entry) AcceptsTab() bool { return false }

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(shortcut fyne.Shortcut) {
	if !passShortcut(e, shortcut) {
		e.Entry.TypedShortcut(shortcut)
	}
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Entry is Fyne's entry, except that Escape, the function keys and the window's shortcuts reach the window
// also while it has the focus, and that it is never lower than what a finger hits.
type Entry struct {
	widget.Entry

	// OnTouched is called when the entry has been pressed with a finger, a pen or a mouse; nil does nothing.
	OnTouched func()
	// OnKey is called for every key of a real keyboard, before it does what it does.
	OnKey func()
	// OnFocused is called when the entry has got the focus.
	OnFocused func()
}

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
	call(e.OnKey)
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

// TypedRune implements fyne.Focusable.
func (e *Entry) TypedRune(r rune) {
	call(e.OnKey)
	e.Entry.TypedRune(r)
}

// KeyDown implements desktop.Keyable. It comes also for keys that type nothing, such as Tab.
func (e *Entry) KeyDown(key *fyne.KeyEvent) {
	call(e.OnKey)
	e.Entry.KeyDown(key)
}

// SelectAll marks the whole text, so that what is typed next takes its place.
func (e *Entry) SelectAll() { e.Entry.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// Insert types a letter as a key on the screen does.
func (e *Entry) Insert(r rune) { e.Entry.TypedRune(r) }

// Erase takes back the letter before the cursor, or what is selected, as a key on the screen does.
func (e *Entry) Erase() { e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace}) }

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	reveal(e)
	call(e.OnFocused)
}

// Tapped implements fyne.Tappable.
func (e *Entry) Tapped(at *fyne.PointEvent) {
	e.Entry.Tapped(at)
	call(e.OnTouched)
}

// DoubleTapped implements fyne.DoubleTappable.
func (e *Entry) DoubleTapped(at *fyne.PointEvent) {
	e.Entry.DoubleTapped(at)
	call(e.OnTouched)
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Fyne gives a key to the control that has the focus and to nobody else. A control that has no use for it
// hands it on to the window, so that the keys of a screen work wherever the focus is.

// passKey hands a key on to the window.
func passKey(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(key)
	}
}

// passRune hands a letter on to the window.
func passRune(o fyne.CanvasObject, r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// passShortcut hands a shortcut of the window on to it; false when it is one of a control, such as paste.
func passShortcut(o fyne.CanvasObject, shortcut fyne.Shortcut) bool {
	if _, custom := shortcut.(*desktop.CustomShortcut); !custom {
		return false
	}
	return handShortcut(o, shortcut)
}

// handShortcut hands any shortcut on to the window.
func handShortcut(o fyne.CanvasObject, shortcut fyne.Shortcut) bool {
	c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable)
	if ok {
		c.TypedShortcut(shortcut)
	}
	return ok
}

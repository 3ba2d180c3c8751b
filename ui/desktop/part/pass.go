package part

import "fyne.io/fyne/v2"

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

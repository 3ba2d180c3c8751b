package desktop

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keys are what the keyboard does on what fills the window now. A nil function does nothing.
type keys struct {
	letter func(r rune) // lower case; only while nothing is being typed
	escape func()
	help   func()
	find   func() // Ctrl+F
	undo   func() // Ctrl+Z, and redo Ctrl+Y; only while nothing is being typed, since entries have their own
	redo   func()
	tab    func(n int) // Ctrl+1 and so on, from 0
	gone   func()      // is called when something else fills the window
}

// listen takes the keys of the window and hands them to whatever fills it.
func (w *Window) listen() {
	canvas := w.window.Canvas()
	canvas.SetOnTypedRune(func(r rune) {
		w.idle.touch()
		if w.keys.letter != nil && canvas.Overlays().Top() == nil {
			w.keys.letter(unicode.ToLower(r))
		}
	})
	canvas.SetOnTypedKey(func(key *fyne.KeyEvent) {
		w.idle.touch()
		switch {
		case key.Name == fyne.KeyEscape && w.keys.escape != nil:
			w.keys.escape()
		case key.Name == fyne.KeyF1 && w.keys.help != nil:
			w.keys.help()
		}
	})
	control := fyne.KeyModifierShortcutDefault
	canvas.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: control}, func(fyne.Shortcut) {
		if w.keys.find != nil {
			w.keys.find()
		}
	})
	canvas.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) {
		w.idle.touch()
		if w.keys.undo != nil {
			w.keys.undo()
		}
	})
	canvas.AddShortcut(&fyne.ShortcutRedo{}, func(fyne.Shortcut) {
		w.idle.touch()
		if w.keys.redo != nil {
			w.keys.redo()
		}
	})
	canvas.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyL, Modifier: control}, func(fyne.Shortcut) { w.LockNow() })
	for i, name := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5} {
		canvas.AddShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: control}, func(fyne.Shortcut) {
			if w.keys.tab != nil {
				w.keys.tab(i)
			}
		})
	}
}

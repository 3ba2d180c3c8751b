package desktop

import (
	"runtime"
	"slices"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"samtykke/ui/desktop/part"
)

// keys are what the keyboard does on what fills the window now. A nil function does nothing.
type keys struct {
	letters []letterKey // only while nothing is being typed
	other   func(rune)  // any other letter, in lower case; listed among within
	named   []namedKey  // only where no control takes them
	escape  func()
	find    func() // Ctrl+F
	undo    func() // Ctrl+Z, and redo Ctrl+Y; only while nothing is being typed, since entries have their own
	redo    func()
	copy    func() string // Ctrl+C: what to put into the clipboard, "" for nothing; only while no text is selected
	all     func()        // Ctrl+A, where no control takes it
	tab     func(n int)   // Ctrl+1 and so on, from 0
	gone    func()        // is called when something else fills the window
	within  []listedKey   // what the controls of this screen do with keys of their own, for the list of the keys
}

// letterKey is a letter, in lower case, and the text that says what it does. A letter without a text is not listed.
type letterKey struct {
	letter rune
	does   string
	act    func()
}

// namedKey is a key without a letter.
type namedKey struct {
	listedKey
	name fyne.KeyName
	act  func()
}

// listedKey is a line in the list of the keys: the key as the list writes it, or the text that names it, and the text that says what
// it does.
type listedKey struct{ key, does string }

// binding is a key that the window takes: it is both what listen goes by and what F1 lists, so that the two cannot differ.
type binding struct {
	listedKey      // not listed when it is empty
	letter    rune // one of these three
	name      fyne.KeyName
	shortcut  fyne.Shortcut
	act       func()
}

// bindings are the keys of what fills the window now, and those that work everywhere.
func (w *Window) bindings() (here, everywhere []binding) {
	k := w.keys
	for _, l := range k.letters {
		b := binding{letter: l.letter, act: l.act}
		if l.does != "" {
			b.listedKey = listedKey{string(unicode.ToUpper(l.letter)), l.does}
		}
		here = append(here, b)
	}
	for _, n := range k.named {
		here = append(here, binding{listedKey: n.listedKey, name: n.name, act: n.act})
	}
	add := func(list *[]binding, b binding, there bool) {
		if there {
			*list = append(*list, b)
		}
	}
	control := controlName()
	add(&here, binding{listedKey: listedKey{control + " F", "shortcut.find"}, shortcut: controlWith(fyne.KeyF), act: w.findAnew(k.find)}, k.find != nil)
	add(&here, binding{listedKey: listedKey{control + " C", "shortcut.copy"}, shortcut: &fyne.ShortcutCopy{}, act: w.copy}, k.copy != nil)
	add(&here, binding{listedKey: listedKey{control + " Z", "shortcut.undo"}, shortcut: &fyne.ShortcutUndo{}, act: k.undo}, k.undo != nil)
	add(&here, binding{listedKey: listedKey{control + " Y", "shortcut.redo"}, shortcut: &fyne.ShortcutRedo{}, act: k.redo}, k.redo != nil)
	add(&here, binding{listedKey: listedKey{control + " A", "shortcut.all"}, shortcut: &fyne.ShortcutSelectAll{}, act: k.all}, k.all != nil)
	add(&everywhere, binding{listedKey: listedKey{"Esc", "shortcut.escape"}, name: fyne.KeyEscape, act: k.escape}, k.escape != nil)
	if w.private {
		return here, everywhere
	}
	for n := range tabCount {
		b := binding{shortcut: controlWith(digit(n)), act: func() { k.tab(int(n)) }}
		if n == 0 {
			b.listedKey = listedKey{control + " 1–5", "shortcut.tabs"}
		}
		add(&everywhere, b, k.tab != nil)
	}
	add(&everywhere, binding{listedKey: listedKey{control + " L", "shortcut.lock"}, shortcut: controlWith(fyne.KeyL), act: w.LockNow}, w.shell != nil)
	add(&everywhere, binding{listedKey: listedKey{"F1", "shortcut.help"}, name: fyne.KeyF1, act: w.toggleShortcuts}, true)
	return here, everywhere
}

// press does what a key does, and tells whether it does anything now.
func (w *Window) press(is func(binding) bool) bool {
	w.idle.touch()
	here, everywhere := w.bindings()
	all := append(here, everywhere...)
	at := slices.IndexFunc(all, is)
	if at >= 0 && w.window.Canvas().Overlays().Top() == nil {
		all[at].act()
	}
	return at >= 0
}

// listen takes the keys of the window and hands them to whatever fills it.
func (w *Window) listen() {
	canvas := w.window.Canvas()
	canvas.SetOnTypedRune(func(r rune) {
		if w.taker != nil {
			w.early = append(w.early, r)
			return
		}
		defer w.deal()()
		r = unicode.ToLower(r)
		if !w.press(func(b binding) bool { return b.letter == r }) && w.keys.other != nil {
			w.keys.other(r)
		}
	})
	canvas.SetOnTypedKey(func(key *fyne.KeyEvent) {
		w.press(func(b binding) bool { return b.name != "" && b.name == key.Name })
	})
	for _, s := range shortcuts() {
		canvas.AddShortcut(s, w.shortcut)
	}
}

// deal notes until the returned function is called that no letter follows the key that is pressed.
func (w *Window) deal() (done func()) {
	w.dealt = true
	return func() { w.dealt = false }
}

// shortcuts are those that the window listens for.
func shortcuts() []fyne.Shortcut {
	list := []fyne.Shortcut{controlWith(fyne.KeyF), controlWith(fyne.KeyL), &fyne.ShortcutCopy{}, &fyne.ShortcutSelectAll{}, &fyne.ShortcutUndo{}, &fyne.ShortcutRedo{}}
	for n := range tabCount {
		list = append(list, controlWith(digit(n)))
	}
	return list
}

// digit is the key of a tab.
func digit(n tab) fyne.KeyName { return fyne.KeyName(string(rune('1' + n))) }

func (w *Window) shortcut(s fyne.Shortcut) {
	defer w.deal()()
	w.press(func(b binding) bool { return b.shortcut != nil && b.shortcut.ShortcutName() == s.ShortcutName() })
}

// copy puts what is chosen into the clipboard and says so.
func (w *Window) copy() {
	if text := w.keys.copy(); text != "" {
		w.clip(text)
		w.toast(w.words.t("copied", "text", text))
	}
}

func controlWith(name fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}
}

// controlName is what is written on the key that goes with a letter.
func controlName() string {
	if runtime.GOOS == "darwin" {
		return "Cmd"
	}
	return "Ctrl"
}

// findAnew leads to where something is looked for and marks what stands there: what is typed next takes its place.
func (w *Window) findAnew(find func()) func() {
	return func() {
		find()
		if e, ok := w.window.Canvas().Focused().(*part.Entry); ok {
			e.SelectAll()
		}
	}
}

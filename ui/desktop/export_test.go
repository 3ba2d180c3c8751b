package desktop

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

// Listed is a key of the list that F1 shows, with what a keyboard sends for it.
type Listed struct {
	Key      string
	Letter   rune
	Name     fyne.KeyName
	Shortcut fyne.Shortcut
}

// Probe fills the window with a screen that has every key there is, and gives them. called is told which of them was pressed.
func (w *Window) Probe(called func(key string)) (list []Listed) {
	tell := func(key string) func() { return func() { called(key) } }
	control := controlName()
	w.fill("probe", widget.NewLabel("probe"), keys{
		letters: []letterKey{{'n', "shortcut.new", tell("N")}},
		named:   []namedKey{{listedKey{"shortcut.space", "shortcut.new"}, fyne.KeyBackspace, tell("shortcut.space")}},
		escape:  tell("Esc"), find: tell(control + " F"), undo: tell(control + " Z"), redo: tell(control + " Y"),
		copy: func() string { called(control + " C"); return "" },
		all:  tell(control + " A"),
		tab:  func(int) { called(control + " 1–5") },
	}, nil)
	here, everywhere := w.bindings()
	for _, b := range append(here, everywhere...) {
		if b.does != "shortcut.lock" && b.does != "shortcut.help" { // lead away from here
			list = append(list, Listed{b.key, b.letter, b.name, b.shortcut})
		}
	}
	return list
}

// Shortcut does what the window does for a shortcut of a keyboard, since the canvas of a test knows none: nothing, when it does not listen
// for it.
func (w *Window) Shortcut(s fyne.Shortcut) {
	if slices.ContainsFunc(shortcuts(), func(taken fyne.Shortcut) bool { return taken.ShortcutName() == s.ShortcutName() }) {
		w.shortcut(s)
	}
}

// Choose asks for files or a folder, as the screens do.
func (w *Window) Choose(c part.Choice) { w.choose(c, w.shell.notice) }

// Rest waits until nothing works in the background.
func (w *Window) Rest() { w.jobs.Wait() }

// Hang lets work begin that never ends, such as reading from a disk that does not answer, and makes the window impatient.
func (w *Window) Hang() {
	w.config.Patience = time.Millisecond
	background(w, only(func(context.Context) error { select {} }), func(noResult, error) {})
}

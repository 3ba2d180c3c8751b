package desktop

import (
	"fyne.io/fyne/v2"

	"samtykke/ui/desktop/part"
)

// filling is what fills the window: a title that names it, and what its keys do.
type filling struct {
	title   string
	content fyne.CanvasObject
	keys    keys
	private bool // others than the photographer see it
}

// withhold keeps what would fill the window until the photographer has it back: work in the background that ends meanwhile, such as a new
// recovery key that is to be shown, must not put the photographer's screens before whoever signs.
func (w *Window) withhold(title string, content fyne.CanvasObject, k keys, focus fyne.Focusable) {
	w.forgetWithheld()
	w.withheld, w.forgotten = func() { w.fill(title, content, k, focus) }, k.gone
}

// returned fills the window with what came meanwhile, and tells whether anything did.
func (w *Window) returned() bool {
	show := w.withheld
	w.withheld, w.forgotten = nil, nil
	if show != nil {
		show()
	}
	return show != nil
}

func (w *Window) forgetWithheld() {
	if w.forgotten != nil {
		w.forgotten()
	}
	w.withheld, w.forgotten = nil, nil
}

// fill shows something in the whole window, under a title that names it. keys are what its keys do; focus, which may be nil,
// gets the focus.
func (w *Window) fill(title string, content fyne.CanvasObject, k keys, focus fyne.Focusable) {
	if w.private && w.flow != nil {
		w.withhold(title, content, k, focus)
		return
	}
	if w.keys.gone != nil {
		w.keys.gone()
	}
	w.set(filling{title: title, content: content, keys: k})
	if focus == nil {
		w.title(title)
		return
	}
	w.focus(focus)
	w.config.Do(func() { w.title(w.filling.title) }) // last, so that whoever waits for the title can begin to type
}

// fillPrivately is fill for what others than the photographer see: no toast may name anybody there.
func (w *Window) fillPrivately(title string, content fyne.CanvasObject, k keys) {
	w.toasts.Hide()
	w.fill(title, content, k, nil)
	w.private = true
}

// cover fills the window for a while: what filled it until now waits behind, as it is, and comes back, with the focus where it was, when
// the returned function is called. When something else fills the window meanwhile, that function does nothing any more.
func (w *Window) cover(title string, content fyne.CanvasObject, k keys, focus fyne.Focusable) (uncover func()) {
	behind := w.filling
	focused := w.window.Canvas().Focused()
	covering, ended := k.gone, false
	end := func() {
		ended = true
		if covering != nil {
			covering()
		}
	}
	k.gone = func() {
		end()
		if behind.keys.gone != nil {
			behind.keys.gone()
		}
	}
	w.set(filling{title: title, content: content, keys: k})
	w.title(title)
	if focus != nil {
		w.focus(focus)
	}
	return func() {
		if ended || w.content != content {
			return
		}
		end()
		w.set(behind)
		w.title(behind.title)
		if focused != nil {
			w.focus(focused)
		}
	}
}

func (w *Window) set(f filling) {
	w.filling = f
	w.unfocus()
	w.body.Objects = []fyne.CanvasObject{f.content}
	w.body.Refresh()
}

func (w *Window) title(title string) {
	if title = part.OneLine(title); title == "" {
		w.window.SetTitle(programName)
		return
	}
	w.window.SetTitle(programName + " – " + title)
}

// focus gives something the focus: at once where a shortcut or a letter led here. After any other key it waits until that has been dealt
// with: Fyne delivers a key and its letter one after the other, and the space that pressed a button must not end up in the field. What is
// typed meanwhile goes there too, and does not act as keys.
func (w *Window) focus(f fyne.Focusable) {
	if w.dealt {
		w.taker, w.early = nil, nil
		w.window.Canvas().Focus(f)
		return
	}
	w.taker, w.early = f, nil
	w.config.Do(func() {
		if w.taker != f { // something else was to have it since
			return
		}
		early := w.early
		w.taker, w.early = nil, nil
		w.window.Canvas().Focus(f)
		for i, r := range early {
			if i > 0 || r != ' ' {
				f.TypedRune(r)
			}
		}
	})
}

// unfocus takes the focus from what goes away, also where it was only going to have it: letters are the window's keys again.
func (w *Window) unfocus() {
	w.taker, w.early = nil, nil
	w.window.Canvas().Unfocus()
}

// retitle names what fills the window anew.
func (w *Window) retitle(title string) {
	w.filling.title = title
	w.title(title)
}

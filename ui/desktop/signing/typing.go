package signing

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// field is a question that is answered by typing.
type field struct {
	root    fyne.CanvasObject // with its name and its reason
	entry   *part.Entry
	purpose part.Purpose
}

// typing is the keyboard on the screen, for those who have no other: tablets show none of their own to a program like this. It comes
// when a field gets the focus by touch, and stays away as soon as a key of a real keyboard is pressed, until somebody asks for it again.
type typing struct {
	flow    *Flow
	board   *part.Keyboard
	toggle  *part.Button // shows the keyboard
	fields  []*field     // of the page, in order
	current *field
	away    bool
}

func newTyping(f *Flow) *typing {
	t := &typing{flow: f}
	t.board = part.NewKeyboard()
	t.board.OnTyped = func() { f.idle.touch() }
	t.board.OnNext = t.next
	t.board.OnHidden = t.putAway
	t.board.OnKeys = func() { f.setting.dress(t.board.Content()) }
	t.toggle = part.NewButton("", func() {
		f.idle.touch()
		t.away = false
		t.show(t.last())
	})
	t.hide()
	return t
}

// begin takes over the fields of a page that comes into view. The keyboard is there when one of them gets the focus at once.
func (t *typing) begin(focus fyne.Focusable) {
	f := t.flow
	t.fields, t.current, f.fields = f.fields, nil, nil
	t.toggle.SetText(f.t("signing.keyboard", nil))
	t.board.Words = part.KeyboardWords{Shift: f.t("signing.keyboard.shift", nil), Erase: f.t("signing.keyboard.erase", nil),
		Space: f.t("signing.keyboard.space", nil), Hide: f.t("signing.keyboard.hide", nil), Signs: f.t("signing.keyboard.signs", nil),
		Letters: f.t("signing.keyboard.letters", nil)}
	t.hide()
	for _, each := range t.fields {
		each.entry.OnTouched = func() { t.away = false; t.show(each) }
		each.entry.OnKey = t.hardware
		each.entry.OnFocused = func() {
			if t.current = each; t.open() {
				t.show(each)
			}
		}
		if fyne.Focusable(each.entry) == focus {
			t.current = each
		}
	}
	if t.current != nil && !t.away {
		t.show(t.current)
	}
}

// possible tells whether there is something to type.
func (t *typing) possible() bool { return len(t.fields) > 0 }

// open tells whether the keyboard shows.
func (t *typing) open() bool { return t.board.Content().Visible() }

// last is the field that had the focus last.
func (t *typing) last() *field {
	if t.current == nil {
		return t.fields[0]
	}
	return t.current
}

// show opens the keyboard for a field.
func (t *typing) show(to *field) {
	f := t.flow
	t.current = to
	word := f.t("signing.next", nil)
	if to == t.fields[len(t.fields)-1] {
		word = f.t("signing.thanks.done", nil)
	}
	opened := !t.open()
	if t.board.For(to.entry, to.purpose, letters(f.draft.language), word); opened {
		t.board.Content().Show()
	}
	f.frame.root.Refresh()
	if w := f.request.Window; w != nil && w.Canvas().Focused() != fyne.Focusable(to.entry) {
		w.Canvas().Focus(to.entry)
	}
}

func (t *typing) hide() { t.board.Content().Hide() }

// putAway hides the keyboard until somebody asks for it.
func (t *typing) putAway() {
	t.away = true
	t.close()
}

func (t *typing) close() {
	if t.open() {
		t.hide()
		t.flow.frame.root.Refresh()
	}
}

// hardware is called when a key of a real keyboard is pressed.
func (t *typing) hardware() {
	t.flow.idle.touch()
	t.putAway()
}

// listen notices the keys of a real keyboard while no field has the focus.
func (t *typing) listen(w fyne.Window) {
	if keyboard, ok := w.Canvas().(desktop.Canvas); ok {
		keyboard.SetOnKeyDown(func(*fyne.KeyEvent) { t.hardware() })
	}
}

func (t *typing) deaf(w fyne.Window) {
	if keyboard, ok := w.Canvas().(desktop.Canvas); ok {
		keyboard.SetOnKeyDown(nil)
	}
}

// next leads to the next field, and from the last one back to the page.
func (t *typing) next() {
	t.flow.idle.touch()
	for i, each := range t.fields {
		if each == t.current && i+1 < len(t.fields) {
			t.show(t.fields[i+1])
			return
		}
	}
	t.close()
}

// reveal brings the field that is typed into in sight where the room above the keyboard does not show the whole page.
func (t *typing) reveal() {
	scroll := t.flow.frame.scroll
	if scroll == nil || t.current == nil || !t.open() {
		return
	}
	driver := fyne.CurrentApp().Driver()
	from, field := driver.AbsolutePositionForObject(scroll.Content).Y, t.current.entry
	top := driver.AbsolutePositionForObject(t.current.root).Y - from
	if at := driver.AbsolutePositionForObject(field).Y - from; at+field.Size().Height-top > scroll.Size().Height {
		top = at // what is typed rather than its name
	}
	most := max(scroll.Content.MinSize().Height-scroll.Size().Height, 0)
	if want := min(max(top, 0), most); scroll.Offset.Y != want {
		scroll.Offset.Y = want
		scroll.Refresh()
	}
}

// letters are the rows of letters that people know from keyboards of their language.
func letters(language string) []string {
	const norwegian, english = "qwertyuiopå|asdfghjkløæ|zxcvbnm", "qwertyuiop|asdfghjkl|zxcvbnm"
	rows := map[string]string{
		"nb": norwegian, "nn": norwegian,
		"se": "áčđŋšŧž|" + norwegian,
		"de": "qwertzuiopü|asdfghjklöä|yxcvbnmß",
		"lt": "ąčęėįšųūž|" + english,
		"pl": "ąćęłńóśźż|" + english,
		"uk": "йцукенгшщзхї|фівапролджєґ|ячсмитьбю",
	}[assets.BaseLanguage(language)]
	if rows == "" {
		rows = english
	}
	return strings.Split(rows, "|")
}

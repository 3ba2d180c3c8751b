package signing

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// Guard is what the photographer has to know to get the screen back: the PIN, or the passphrase instead. It speaks the photographer's
// language, not that of whoever signs.
type Guard struct {
	// PIN and Passphrase answer nil when what was typed is right. They are called off the UI goroutine.
	PIN, Passphrase func(ctx context.Context, typed string) error
	// Sentence says what an error is.
	Sentence func(error) string
	Words    GuardWords
}

// GuardWords are the texts of the page that asks.
type GuardWords struct {
	Leave                       string // on the corner
	Title, PassphraseTitle, Why string
	Open, Trying, Back          string
	UsePassphrase, UsePIN       string
	PINField, PassphraseField   string
	Erase, Clear                string // on the pad: the last digit, and all
}

// guarding is the page while it is open.
type guarding struct {
	flow         *Flow
	then         func() // what the right answer leads to
	entry        *part.Entry
	byPassphrase bool
}

// Leave asks the photographer for the PIN and then does something, such as closing the window. Without a guard it does it at once. It does
// nothing while a signing is being stored.
func (f *Flow) Leave(then func()) {
	switch {
	case f.saving:
	case f.request.Guard == nil:
		f.Stop()
		then()
	default:
		f.guarding = &guarding{flow: f, then: then}
		f.guarding.show()
	}
}

// show covers the page with the question. Back leads to where the person was, with all that was entered.
func (g *guarding) show() {
	f, words := g.flow, g.flow.request.Guard.Words
	f.idle.touch()
	f.fields, f.again = nil, g.show
	g.entry = part.NewPasswordEntry()
	g.entry.OnSubmitted = func(string) { f.next() }
	title, field, other, button := words.Title, words.PINField, words.UsePassphrase, fyne.CanvasObject(g.digits())
	if g.byPassphrase {
		title, field, other, button = words.PassphraseTitle, words.PassphraseField, words.UsePIN, newColumn(0)
	}
	g.entry.OnChanged = func(text string) {
		f.idle.touch()
		if digits := onlyDigits(text); !g.byPassphrase && digits != text {
			g.entry.SetText(digits)
		}
	}
	swap := part.NewButton(other, func() { g.byPassphrase = !g.byPassphrase; g.show() })
	named := newColumn(-f.gap(), part.FieldLabel(field), g.entry)
	if g.byPassphrase {
		f.asks(named, g.entry, part.TypeText)
	}
	asked := newColumn(f.gap(), part.Body(words.Why), named, swap)
	f.page = page{title: title, body: newColumns(f.group(), []float32{1, 1}, asked, button), wide: true, focus: g.entry,
		next: words.Open, onNext: g.try, onBack: g.back, back: words.Back}
	f.frame.show(f.page)
	f.frame.leave.Hide()
	f.frame.steps.Hide()
	f.setting.refresh()
	g.focus()
}

func (g *guarding) focus() {
	if w := g.flow.request.Window; w != nil {
		w.Canvas().Focus(g.entry)
	}
}

// try looks at what was typed, off the UI goroutine, since looking takes a while on purpose.
func (g *guarding) try() {
	f, typed := g.flow, g.entry.Text
	if typed == "" || f.guarding != g {
		return
	}
	check := f.request.Guard.PIN
	if g.byPassphrase {
		check = f.request.Guard.Passphrase
	}
	f.frame.busy(f.request.Guard.Words.Trying)
	g.entry.Disable()
	go func() {
		err := check(f.ctx, typed)
		f.request.Do(func() {
			if f.guarding != g || f.stopped { // the page has been cleared meanwhile
				return
			}
			f.frame.idle()
			g.entry.Enable()
			g.entry.SetText("")
			if err != nil {
				f.frame.say(f.request.Guard.Sentence(err))
				g.focus()
				return
			}
			f.Stop()
			g.then()
		})
	}()
}

func (g *guarding) back() {
	g.flow.frame.say("")
	g.flow.goTo(g.flow.asked)
}

// digits is the pad: 1 to 9, and below them 0 between taking back one digit and all.
func (g *guarding) digits() *fyne.Container {
	f := g.flow
	pad := &fyne.Container{Layout: &padLayout{edge: 1.25 * f.size(look.SizeTarget), gap: f.gap()}}
	key := func(text string, do func(string) string) *part.Button {
		b := part.NewButton(text, func() {
			f.frame.say("")
			text := do(g.entry.Text)
			g.entry.SetText(text)
			g.entry.CursorColumn = len(text) // what is typed next comes last
			g.focus()
		})
		pad.Objects = append(pad.Objects, b)
		return b
	}
	digit := func(n int) {
		key(strconv.Itoa(n), func(text string) string { return text + strconv.Itoa(n) })
	}
	for n := 1; n <= 9; n++ {
		digit(n)
	}
	key(f.request.Guard.Words.Clear, func(string) string { return "" })
	digit(0)
	key(f.request.Guard.Words.Erase, func(text string) string { return text[:max(len(text)-1, 0)] })
	return pad
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// padLayout lays twelve keys in rows of three. No key is smaller than edge: 12 mm on a tablet and more.
type padLayout struct{ edge, gap float32 }

func (l *padLayout) least(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSquareSize(l.edge)
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

func (l *padLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	key := l.least(objects)
	return fyne.NewSize(3*key.Width+2*l.gap, 4*key.Height+3*l.gap)
}

func (l *padLayout) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	key := l.least(objects)
	for i, o := range objects {
		place(o, float32(i%3)*(key.Width+l.gap), float32(i/3)*(key.Height+l.gap), key.Width, key.Height)
	}
}

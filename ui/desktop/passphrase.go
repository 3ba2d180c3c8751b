package desktop

import (
	"context"
	"math"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
)

// leastPassphrase is how many characters the vault asks for; the vault itself refuses less.
const leastPassphrase = 8

// newPassphrase asks for a new passphrase twice and shows how strong it is.
type newPassphrase struct {
	window        *Window
	first, second *part.Entry
	meter         *part.Meter
	content       *fyne.Container

	// onChanged is told whether the two are the same and long enough.
	onChanged func(ready bool)
}

func newNewPassphrase(w *Window) *newPassphrase {
	p := &newPassphrase{window: w, first: part.NewPasswordEntry(), second: part.NewPasswordEntry(), meter: part.NewMeter()}
	p.first.OnChanged = func(string) { p.changed() }
	p.second.OnChanged = p.first.OnChanged
	p.meter.Set(0, w.words.t("passphrase.least", "count", leastPassphrase))
	p.content = container.NewVBox(
		part.Field(w.words.t("passphrase.new"), p.first, ""), p.meter,
		part.Field(w.words.t("passphrase.again"), p.second, w.words.t("passphrase.advice")))
	return p
}

func (p *newPassphrase) changed() {
	text := p.first.Text
	if len([]rune(text)) < leastPassphrase {
		p.meter.Set(min(len(text), 1), p.window.words.t("passphrase.least", "count", leastPassphrase))
	} else {
		bars := strength(text)
		p.meter.Set(bars, p.window.words.t([]string{"", "passphrase.weak", "passphrase.fair", "passphrase.good", "passphrase.strong"}[bars]))
	}
	if p.onChanged != nil {
		p.onChanged(p.ready())
	}
}

// ready tells whether the passphrase can be used.
func (p *newPassphrase) ready() bool {
	return len([]rune(p.first.Text)) >= leastPassphrase && p.first.Text == p.second.Text
}

// clear takes the passphrase out of the fields.
func (p *newPassphrase) clear() {
	p.first.SetText("")
	p.second.SetText("")
}

// passphrase is where the passphrase is changed.
func (l *locks) passphrase() fyne.CanvasObject {
	w := l.shell.window
	t := w.words.t
	n, old, fields := newNotice(w), part.NewPasswordEntry(), newNewPassphrase(w)
	var change *part.Button
	change = part.NewButton(t("passphrase.change"), func() {
		n.hide()
		ready := busy(change, t("passphrase.changing"))
		before, after := old.Text, fields.first.Text
		background(w, only(func(ctx context.Context) error { return w.config.Door.ChangePassphrase(ctx, before, after) }),
			func(_ noResult, err error) {
				ready()
				if err != nil {
					n.fail(err)
					return
				}
				old.SetText("")
				fields.clear()
				w.toast(t("passphrase.changed"))
			})
	})
	change.Disable()
	changed := func(bool) { enable(change, fields.ready() && old.Text != "") }
	fields.onChanged = changed
	old.OnChanged = func(string) { changed(true) }
	return container.NewVBox(part.Field(t("passphrase.old"), old, ""), fields.content, n.root, container.NewHBox(change))
}

// strength estimates a passphrase from 1 to 4 bars by how many different characters it has and from how large a set
// they come. It is a nudge, not a promise: it knows no dictionary.
func strength(text string) int {
	different := map[rune]bool{}
	var lower, upper, digit, other float64
	for _, r := range text {
		different[r] = true
		switch {
		case unicode.IsLower(r):
			lower = 29
		case unicode.IsUpper(r):
			upper = 29
		case unicode.IsDigit(r):
			digit = 10
		default:
			other = 20
		}
	}
	// Repeated characters add little: half of the length counts, and all of the different ones.
	length := (float64(len([]rune(text))) + float64(len(different))) / 2
	switch bits := length * math.Log2(lower+upper+digit+other); {
	case bits < 45:
		return 1
	case bits < 60:
		return 2
	case bits < 85:
		return 3
	}
	return 4
}

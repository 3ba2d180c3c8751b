package part

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// Purpose is what a field is for. It decides which keys a Keyboard has.
type Purpose int

const (
	// TypeText has all letters and signs.
	TypeText Purpose = iota
	// TypeName begins every word with a capital letter.
	TypeName
	// TypeMail has the signs of an e-mail address beside the letters, and no space.
	TypeMail
	// TypeNumber has digits only.
	TypeNumber
	// TypePhone has digits and the plus of a country code.
	TypePhone
)

// KeyboardWords name the keys that carry a picture, for assistive technology, and those that change what the keyboard shows.
type KeyboardWords struct {
	Shift, Erase, Space, Hide string
	Signs, Letters            string // "Digits and signs", "Letters"
}

// Keyboard types into an Entry by touch, on a screen whose system shows no keyboard of its own. Its keys take no focus: the field keeps
// it, and whoever has real keys does not meet these by Tab.
type Keyboard struct {
	root    *fyne.Container
	ground  *ground
	words   KeyboardWords
	entry   *Entry
	purpose Purpose
	letters []string
	next    string
	shift   bool
	signs   bool

	// Words are the names of keys in the language of whoever types. They count from the next For.
	Words KeyboardWords
	// OnTyped is called after every key; nil does nothing.
	OnTyped func()
	// OnNext is called by the key that leads on.
	OnNext func()
	// OnHidden is called by the key that puts the keyboard away.
	OnHidden func()
	// OnKeys is called when the keyboard has got other keys; nil does nothing.
	OnKeys func()
}

// NewKeyboard gives a keyboard without keys; For makes them.
func NewKeyboard() *Keyboard {
	k := &Keyboard{ground: newGround(false)}
	k.root = &fyne.Container{Layout: &keyboardLayout{ground: k.ground}, Objects: []fyne.CanvasObject{k.ground}}
	return k
}

// Content is the keyboard as an object to place.
func (k *Keyboard) Content() *fyne.Container { return k.root }

// For makes the keyboard type into an entry, with the rows of letters of a language, in lower case; next is the word on the key that
// leads on.
func (k *Keyboard) For(entry *Entry, purpose Purpose, letters []string, next string) {
	if k.entry != entry {
		k.signs = false
	}
	k.entry, k.purpose, k.letters, k.next, k.words = entry, purpose, letters, next, k.Words
	k.shift = k.capital()
	k.build()
}

// capital tells whether the next letter is a capital one by itself.
func (k *Keyboard) capital() bool {
	if k.purpose != TypeName {
		return false
	}
	before := []rune(k.entry.Text)
	before = before[:min(k.entry.CursorColumn, len(before))]
	return len(before) == 0 || before[len(before)-1] == ' ' || before[len(before)-1] == '-'
}

// build makes the rows of keys.
func (k *Keyboard) build() {
	var rows [][]*keyCap
	switch {
	case k.purpose == TypeNumber || k.purpose == TypePhone:
		rows = k.numbers()
	case k.signs:
		rows = k.signRows()
	default:
		rows = k.letterRows()
	}
	k.root.Layout = &keyboardLayout{k.ground, rows}
	k.root.Objects = []fyne.CanvasObject{k.ground}
	for _, row := range rows {
		for _, key := range row {
			k.root.Objects = append(k.root.Objects, key)
		}
	}
	if k.OnKeys != nil {
		k.OnKeys()
	}
	k.root.Refresh()
}

func (k *Keyboard) letterRows() [][]*keyCap {
	var rows [][]*keyCap
	for _, letters := range k.letters {
		rows = append(rows, k.runes(letters))
	}
	shift := k.picture(k.words.Shift, theme.MoveUpIcon(), 1.4, func() { k.shift = !k.shift; k.build() })
	shift.chosen = k.shift
	last := len(rows) - 1
	rows[last] = append(append([]*keyCap{shift}, rows[last]...), k.eraser(1.4))
	between := []*keyCap{k.char('-'), k.spaceBar(), k.char('.')}
	switch k.purpose {
	case TypeName:
		between = []*keyCap{k.char('-'), k.spaceBar(), k.char('\'')}
	case TypeMail:
		between = k.runes("@._-")
	}
	return append(rows, k.bottom("123", k.words.Signs, between))
}

func (k *Keyboard) signRows() [][]*keyCap {
	return [][]*keyCap{k.runes("1234567890"), k.runes("@._-+/:()"), append(k.runes("\"'!?&#%,;"), k.eraser(1)),
		k.bottom("abc", k.words.Letters, []*keyCap{k.spaceBar()})}
}

// bottom is the last row: to the other keys, away, what stands between, and on.
func (k *Keyboard) bottom(word, name string, between []*keyCap) []*keyCap {
	other := k.key(word, name, 1.3, func() { k.signs = !k.signs; k.build() })
	row := append([]*keyCap{other, k.hider()}, between...)
	return append(row, k.onward(2.4))
}

func (k *Keyboard) numbers() [][]*keyCap {
	plus := k.char('+')
	plus.Hidden = k.purpose == TypeNumber
	rows := [][]*keyCap{append(k.runes("123"), k.eraser(1)), append(k.runes("456"), plus), append(k.runes("789"), k.hider()),
		append(k.runes("0"), k.onward(1))}
	for _, row := range rows {
		for _, key := range row {
			key.weight = numberWidth
		}
	}
	rows[3][0].weight, rows[3][1].weight = 2*numberWidth, 2*numberWidth
	return rows
}

func (k *Keyboard) runes(letters string) []*keyCap {
	var keys []*keyCap
	for _, r := range letters {
		keys = append(keys, k.char(r))
	}
	return keys
}

// char is the key of a letter or a sign.
func (k *Keyboard) char(r rune) *keyCap {
	if k.shift && !k.signs && r != 'ß' { // which has no capital letter that people write
		r = unicode.ToUpper(r)
	}
	return k.key(string(r), string(r), 1, func() { k.write(r) })
}

func (k *Keyboard) spaceBar() *keyCap {
	return k.key("", k.words.Space, 4, func() { k.write(' ') })
}

func (k *Keyboard) eraser(weight float32) *keyCap {
	return k.picture(k.words.Erase, theme.NavigateBackIcon(), weight, func() {
		k.takeFocus()
		k.entry.Erase()
		k.typed()
	})
}

func (k *Keyboard) hider() *keyCap {
	return k.picture(k.words.Hide, theme.MoveDownIcon(), 1.2, func() { call(k.OnHidden) })
}

func (k *Keyboard) onward(weight float32) *keyCap {
	key := k.key(k.next, k.next, weight, func() { call(k.OnNext) })
	key.accent = true
	return key
}

func (k *Keyboard) key(word, name string, weight float32, tapped func()) *keyCap {
	c := &keyCap{word: word, name: name, weight: weight, tapped: tapped}
	c.ExtendBaseWidget(c)
	return c
}

func (k *Keyboard) picture(name string, icon fyne.Resource, weight float32, tapped func()) *keyCap {
	c := k.key("", name, weight, tapped)
	c.icon = icon
	return c
}

func (k *Keyboard) write(r rune) {
	k.takeFocus()
	k.entry.Insert(r)
	k.typed()
}

// takeFocus gives the focus back to the field: whatever is touched takes it away.
func (k *Keyboard) takeFocus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(k.entry); c != nil && c.Focused() != fyne.Focusable(k.entry) {
		c.Focus(k.entry)
	}
}

// typed follows with the capital letters.
func (k *Keyboard) typed() {
	if capital := k.capital(); k.shift != capital {
		k.shift = capital
		if !k.signs {
			k.build()
		}
	}
	call(k.OnTyped)
}

func call(f func()) {
	if f != nil {
		f()
	}
}

// keyboardLayout lays out rows of keys, each row in the middle and no key lower than what a finger hits.
type keyboardLayout struct {
	ground *ground
	rows   [][]*keyCap
}

// numberWidth is how wide the keys of digits are, in letters.
const numberWidth = 2

// keyGap is the room between keys.
const keyGap = 8

func (l *keyboardLayout) target() float32 {
	for _, row := range l.rows {
		return look.SizeFor(row[0], look.SizeTarget)
	}
	return look.SizeFor(nil, look.SizeTarget)
}

// MinSize implements fyne.Layout. Keys become as narrow as the window makes them, so that a keyboard never widens it.
func (l *keyboardLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	rows := float32(len(l.rows))
	return fyne.NewSize(0, rows*l.target()+(rows+1)*keyGap)
}

// Layout implements fyne.Layout.
func (l *keyboardLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	place(l.ground, 0, 0, size.Width, size.Height)
	most, widest := float32(0), 0
	for _, row := range l.rows {
		if sum := weights(row); sum > most || sum == most && len(row) > widest {
			most, widest = sum, len(row)
		}
	}
	if most == 0 {
		return
	}
	height := (size.Height - float32(len(l.rows)+1)*keyGap) / float32(len(l.rows))
	unit := min((size.Width-float32(widest+1)*keyGap)/most, 1.4*l.target())
	whole := most*unit + float32(widest-1)*keyGap
	for i, row := range l.rows {
		unit, gaps := unit, float32(len(row)-1)*keyGap
		if sum := weights(row); sum == most { // as wide as the widest, also when it has fewer keys
			unit = (whole - gaps) / sum
		}
		x, y := (size.Width-weights(row)*unit-gaps)/2, keyGap+float32(i)*(height+keyGap)
		for _, key := range row {
			place(key, x, y, key.weight*unit, height)
			x += key.weight*unit + keyGap
		}
	}
}

func weights(row []*keyCap) (sum float32) {
	for _, key := range row {
		sum += key.weight
	}
	return sum
}

// keyCap is a key.
type keyCap struct {
	pressable
	word, name string
	icon       fyne.Resource
	weight     float32 // how wide it is, in letters
	accent     bool    // the key that leads on
	chosen     bool    // it is in force, such as capital letters
	tapped     func()
}

var (
	_ fyne.Tappable   = (*keyCap)(nil)
	_ fyne.Accessible = (*keyCap)(nil)
)

// Tapped implements fyne.Tappable.
func (c *keyCap) Tapped(*fyne.PointEvent) { c.tapped() }

// AccessibilityLabel implements fyne.Accessible.
func (c *keyCap) AccessibilityLabel() string { return c.name }

// AccessibilityRole implements fyne.Accessible.
func (c *keyCap) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (c *keyCap) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	return &keyRenderer{newFaceRenderer(newFace(c), &c.pressable, c.paint)}
}

func (c *keyCap) paint() paint {
	p := paint{label: c.word, fill: look.ColorFor(c, look.ColorSurface), edge: look.ColorFor(c, look.ColorEdge),
		text: look.ColorFor(c, theme.ColorNameForeground)}
	icon := theme.ColorNameForeground
	if c.accent || c.chosen {
		p.fill, p.text, icon = look.ColorFor(c, look.ColorAccent), look.ColorFor(c, look.ColorOnAccent), theme.ColorNameForegroundOnPrimary
		p.edge = p.fill
	}
	p.icon = tinted(c.icon, icon)
	return p
}

// keyRenderer needs no room of its own: the rows give it.
type keyRenderer struct{ *faceRenderer }

func (r *keyRenderer) MinSize() fyne.Size { return fyne.Size{} }

package pictures

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// suggestions is how many people are offered while a name is typed.
const suggestions = 6

// linking names the person who is on the selected pictures: a name or a code, and Enter. What Enter would take stands first and
// is set apart; Up and Down choose another.
type linking struct {
	screen  *Screen
	content *fyne.Container
	entry   *linkEntry
	list    *fyne.Container
	note    *widget.Label
	part    *partFields

	found   []found
	foundBy string // the text that they were found by
	at      int
	asked   int // counts the searches, so that a late answer to an old one is passed over
}

// found is a person who may be meant.
type found struct {
	id   consent.SubjectID
	word string
}

func newLinking(s *Screen) *linking {
	l := &linking{screen: s, list: container.NewVBox(), note: part.Note(s.t("pictures.link.why", nil)), part: newPartFields(s)}
	l.entry = newLinkEntry(s.t("pictures.link.placeholder", nil), l.key)
	l.entry.OnChanged = func(string) { l.search(nil) }
	l.entry.OnSubmitted = func(string) { l.enter() }
	l.part.submitted = l.enter
	l.content = container.NewVBox(part.FieldLabel(s.t("pictures.link", nil)), l.entry, l.list, l.note, l.part.content)
	return l
}

// begin is called when somebody begins to type a name on the grid.
func (l *linking) begin(r rune) {
	l.screen.request.Window.Canvas().Focus(l.entry)
	l.entry.SetText(string(r))
	l.entry.CursorColumn = 1
	l.entry.Refresh()
}

// key moves through the suggestions; it tells whether it took the key.
func (l *linking) key(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyDown:
		l.at++
	case fyne.KeyUp:
		l.at--
	case fyne.KeyEscape:
		if l.entry.Text == "" {
			return false
		}
		l.entry.SetText("")
		return true
	default:
		return false
	}
	l.at = max(min(l.at, len(l.found)-1), 0)
	l.show()
	return true
}

// search looks for who may be meant, in the background, and calls then with who was found.
func (l *linking) search(then func()) {
	l.asked++
	asked, text, s := l.asked, strings.TrimSpace(l.entry.Text), l.screen
	if text == "" {
		l.found, l.foundBy, l.at = nil, "", 0
		l.say("pictures.link.why")
		l.show()
		return
	}
	r := s.request
	s.inBackground(func() func() {
		people := find(r.Session, r.Shoot, text)
		return func() {
			if asked != l.asked {
				return
			}
			l.found, l.foundBy, l.at = people, text, 0
			l.say("pictures.link.why")
			if len(people) == 0 {
				l.say("pictures.link.nobody")
			}
			l.show()
			if then != nil {
				then()
			}
		}
	})
}

// find lists who may be meant by a text: whose code it is, else who has it in name, code, phone or e-mail, the people of the
// shoot first.
func find(session *capture.Session, shoot consent.ShootID, text string) []found {
	people := session.Find(capture.Search{Text: text, Shoot: shoot, Limit: 2 * suggestions})
	if id, err := session.Resolve(text); err == nil {
		if p, err := session.Person(id); err == nil {
			people = []capture.Person{p}
		}
	}
	people = slices.DeleteFunc(people, func(p capture.Person) bool { return p.Erased })
	list := make([]found, 0, suggestions)
	for _, p := range people[:min(len(people), suggestions)] {
		list = append(list, found{p.ID, personWord(p)})
	}
	return list
}

// personWord is a person in a list: the code, which is on the card, and the name where it is known.
func personWord(p capture.Person) string {
	return strings.TrimSpace(string(p.Code) + "  " + p.Profile.Name)
}

func (l *linking) show() {
	l.list.Objects = nil
	for i, f := range l.found {
		take := func() { l.link(f) }
		b := part.NewButton(f.word, take)
		if i == l.at {
			b = part.NewPrimaryButton(f.word, take)
		}
		l.list.Add(b)
	}
	l.list.Refresh()
	l.screen.side.content.Refresh()
}

func (l *linking) say(id string) { l.note.SetText(l.screen.t(id, nil)) }

// enter links whom the list shows first, when it belongs to what is typed now; else it looks first.
func (l *linking) enter() {
	text := strings.TrimSpace(l.entry.Text)
	switch {
	case text == "":
	case text != l.foundBy:
		l.search(l.enter)
	case len(l.found) > 0:
		l.link(l.found[l.at])
	}
}

// link says that a person is on the selected pictures.
func (l *linking) link(f found) {
	s := l.screen
	chosen := ids(s.selection())
	if len(chosen) == 0 {
		l.say("pictures.link.nothing")
		return
	}
	of, ok := l.part.span()
	if !ok {
		l.say("pictures.part.wrong")
		return
	}
	l.entry.SetText("")
	l.part.clear()
	s.do(chosen, func(ctx context.Context) error { return s.request.Session.LinkPart(ctx, f.id, of, chosen...) }, func() {
		s.request.Toast(s.request.Texts.N("pictures.link.done", len(chosen), map[string]any{"Person": f.word}))
	})
	s.request.Window.Canvas().Focus(s.grid.Focusable())
}

// linkEntry hands the keys that move through the suggestions on.
type linkEntry struct {
	part.Entry
	onKey func(fyne.KeyName) bool
}

func newLinkEntry(placeholder string, onKey func(fyne.KeyName) bool) *linkEntry {
	e := &linkEntry{onKey: onKey}
	e.PlaceHolder = placeholder
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *linkEntry) TypedKey(key *fyne.KeyEvent) {
	if !e.onKey(key.Name) {
		e.Entry.TypedKey(key)
	}
}

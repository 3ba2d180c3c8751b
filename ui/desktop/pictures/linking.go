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

// linking names who is on the selected pictures: names or codes, commas between, and Enter. What Enter would take for the last of them
// stands first and is set apart; Up and Down choose another, and a comma takes it.
type linking struct {
	screen  *Screen
	content *fyne.Container
	entry   *linkEntry
	list    *fyne.Container
	note    *widget.Label
	part    *partFields

	taken map[string]found // who was chosen for a name that stands before a comma

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
	l := &linking{screen: s, taken: map[string]found{}, list: container.NewVBox(), note: part.Note(s.t("pictures.link.why", nil)), part: newPartFields(s)}
	l.entry = newLinkEntry(s.t("pictures.link.placeholder", nil), l.key)
	l.entry.OnChanged = func(string) { l.typed() }
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

// names splits what is typed: those that stand before a comma, and the last, which is still being typed.
func (l *linking) names() (before []string, last string) {
	all := strings.Split(l.entry.Text, ",")
	for _, name := range all[:len(all)-1] {
		if name = strings.TrimSpace(name); name != "" {
			before = append(before, name)
		}
	}
	return before, strings.TrimSpace(all[len(all)-1])
}

// typed follows what is typed. A comma takes whoever is set apart.
func (l *linking) typed() {
	before, last := l.names()
	if n := len(before); n > 0 && last == "" && before[n-1] == l.foundBy && len(l.found) > 0 {
		l.taken[l.foundBy] = l.found[l.at]
	}
	l.search(nil)
}

// search looks for who may be meant by the last name, in the background, and calls then with who was found.
func (l *linking) search(then func()) {
	l.asked++
	asked, s := l.asked, l.screen
	_, text := l.names()
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
	before, _ := l.names()
	for _, name := range before {
		if f, chosen := l.taken[name]; chosen {
			l.list.Add(part.NewStatusMark(part.MarkYes, f.word))
		}
	}
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

// enter links those who are named before commas and whom the list shows first, when it belongs to what is typed now; else it looks first.
func (l *linking) enter() {
	before, last := l.names()
	switch {
	case last == "" && len(before) == 0:
	case last != l.foundBy:
		l.search(l.enter)
	case last == "":
		l.link()
	case len(l.found) > 0:
		l.link(l.found[l.at])
	}
}

// link says that people are on the selected pictures: those who are named before commas, and these.
func (l *linking) link(more ...found) {
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
	before, _ := l.names()
	var people []consent.SubjectID
	var asked []string
	for _, name := range before {
		if f, known := l.taken[name]; known {
			people = append(people, f.id)
		} else {
			asked = append(asked, name)
		}
	}
	for _, f := range more {
		people = append(people, f.id)
	}
	typed, words, then := l.entry.Text, "", s.countNow()
	l.clear()
	s.doSome(func(ctx context.Context) ([]consent.AssetID, error) {
		named, err := s.request.Session.WhoAre(s.request.Shoot, asked)
		if err != nil {
			s.request.Do(func() { l.restore(typed) })
			return nil, err
		}
		people = append(people, named...)
		words = wordsFor(s.request.Session, people)
		_, err = s.request.Session.LinkPeople(ctx, people, of, chosen...)
		return chosen, err
	}, func() {
		s.request.Toast(s.request.Texts.N("pictures.link.done", len(chosen), map[string]any{"Person": words}) + then)
	})
	s.focus()
}

// clear forgets what was typed.
func (l *linking) clear() {
	clear(l.taken)
	l.entry.SetText("")
	l.part.clear()
}

// restore gives back what was typed when it could not be understood, unless something else is being typed by now.
func (l *linking) restore(text string) {
	if l.entry.Text == "" && !l.screen.stopped {
		l.entry.SetText(text)
		l.entry.CursorColumn = len([]rune(text))
		l.screen.request.Window.Canvas().Focus(l.entry)
	}
}

// wordsFor lists people in words.
func wordsFor(session *capture.Session, people []consent.SubjectID) string {
	var words []string
	for _, id := range people {
		if p, err := session.Person(id); err == nil && !slices.Contains(words, personWord(p)) {
			words = append(words, personWord(p))
		}
	}
	return strings.Join(words, ", ")
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

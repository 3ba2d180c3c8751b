package desktop

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// formList shows the published forms: those in use, to be read and to be tried as a subject, where they are used, and which versions came
// before.
type formList struct {
	shell *shell
	root  *fyne.Container
	shown []string // what shows, in short
}

func newFormList(s *shell) *formList { return &formList{shell: s, root: part.Stack()} }

// show builds the list anew when there is something else to say than before, so that nothing is taken from under the reader's hand.
func (l *formList) show(d settingsData) {
	var now []string
	for _, f := range d.forms {
		now = append(now, fmt.Sprint(f.Hash, f.Current, f.Records))
	}
	for _, shoot := range d.shoots {
		now = append(now, shoot.FormKey()+shoot.Title)
	}
	if len(l.shown) > 0 && slices.Equal(now, l.shown) {
		return
	}
	l.shown = now
	t := l.shell.window.words.t
	l.root.RemoveAll()
	for _, f := range d.forms {
		if f.Current {
			l.root.Add(part.Card(formTextFor(f.Form, l.shell.window.words.Language).Title, l.form(f, d)))
		}
	}
	l.root.Add(part.Card(t("form.import"), container.NewVBox(part.Note(t("form.import.why")),
		container.NewHBox(part.NewButton(t("form.choose"), func() { chooseForm(l.shell) })))))
	l.root.Refresh()
}

// form is a form in use, with its earlier versions.
func (l *formList) form(f capture.PublishedForm, d settingsData) fyne.CanvasObject {
	w := l.shell.window
	t := w.words.t
	said := container.NewVBox(part.Body(l.line(f)), part.Note(l.where(f, d.shoots)),
		wrapping(part.NewButton(t("form.read"), func() { readForm(l.shell, f.Form) }),
			part.NewButton(t("form.try"), func() { tryForm(l.shell, f.Form, l.shell.fill) })))
	earlier := container.NewVBox()
	for _, e := range d.forms {
		if e.Form.Key == f.Form.Key && !e.Current {
			read := part.NewQuietButton(t("form.read"), func() { readForm(l.shell, e.Form) })
			earlier.Add(border(nil, nil, nil, container.NewVBox(read), part.Body(l.line(e))))
		}
	}
	if len(earlier.Objects) == 0 {
		return said
	}
	return part.Stack(said, container.NewVBox(part.FieldLabel(t("form.earlier")), earlier))
}

// line says of a version which it is, since when, and how many have signed it.
func (l *formList) line(f capture.PublishedForm) string {
	w := l.shell.window
	return join(" · ", w.words.t("form.line", "key", f.Form.Key, "version", f.Form.Version, "published", w.words.date(f.Form.Published)),
		w.words.n("form.signed", f.Records))
}

// namedShoots is how many shoots are named that use a form; the others are counted.
const namedShoots = 3

// where says at which shoots people sign a form now.
func (l *formList) where(f capture.PublishedForm, shoots []capture.Shoot) string {
	var titles []string
	for _, shoot := range shoots {
		if shoot.FormKey() == f.Form.Key {
			titles = append(titles, shoot.Title)
		}
	}
	t := l.shell.window.words.t
	switch others := len(titles) - namedShoots; {
	case len(titles) == 0:
		return t("form.nowhere")
	case others > 0:
		return l.shell.window.words.N("desktop.form.where.more", others, map[string]any{"shoots": join(", ", titles[:namedShoots]...)})
	}
	return t("form.where", "shoots", join(", ", titles...))
}

package desktop

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// formList shows the published forms: those in use in every language they speak, to be read, and which versions came before.
type formList struct {
	shell *shell
	root  *fyne.Container
	shown []capture.PublishedForm
}

func newFormList(s *shell) *formList { return &formList{shell: s, root: container.NewVBox()} }

// show builds the list anew when there are other forms than before, so that nothing is taken from under the reader's hand.
func (l *formList) show(forms []capture.PublishedForm) {
	same := func(a, b capture.PublishedForm) bool { return a.Hash == b.Hash && a.Current == b.Current }
	if len(l.shown) > 0 && slices.EqualFunc(forms, l.shown, same) {
		return
	}
	l.shown = forms
	w := l.shell.window
	t := w.words.t
	l.root.RemoveAll()
	for _, f := range forms {
		if !f.Current {
			continue
		}
		l.root.Add(part.Body(t("form.line", "key", f.Form.Key, "version", f.Form.Version, "published", w.words.date(f.Form.Published))))
		l.root.Add(languageButtons(f.Form, func(language string) { showForm(l.shell, f.Form, language) }))
		if earlier := earlierVersions(forms, f.Form.Key); earlier != "" {
			l.root.Add(part.Note(t("form.earlier", "versions", earlier)))
		}
	}
	l.root.Add(part.Note(t("form.import.why")))
	l.root.Add(container.NewHBox(part.NewButton(t("form.import"), func() { chooseForm(l.shell) })))
	l.root.Refresh()
}

// earlierVersions names the versions of a form that are no longer in use, each once.
func earlierVersions(forms []capture.PublishedForm, key string) string {
	var versions []string
	for _, f := range forms {
		if f.Form.Key == key && !f.Current && f.Records > 0 && !slices.Contains(versions, f.Form.Version) {
			versions = append(versions, f.Form.Version)
		}
	}
	return join(", ", versions...)
}

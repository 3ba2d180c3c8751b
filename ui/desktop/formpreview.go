package desktop

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// readForm lets the photographer read a form as text: all that a subject can be shown, in the order in which they meet it. It begins in
// the photographer's language where the form has it.
func readForm(s *shell, form *consent.Form) {
	language := s.window.words.Language
	if _, speaks := form.Texts[language]; !speaks {
		language = form.Languages()[0]
	}
	showForm(s, form, language)
}

func showForm(s *shell, form *consent.Form, language string) {
	w := s.window
	line := part.Note(w.words.t("form.line", "key", form.Key, "version", form.Version, "published", w.words.date(form.Published)))
	column := part.Stack(container.NewVBox(part.Heading(form.Texts[language].Name), line),
		languageButtons(form, func(language string) { showForm(s, form, language) }), formPages(s, form, language))
	back := part.NewButton(w.words.t("back"), s.fill).WithKey("Esc")
	var page fyne.CanvasObject = container.NewVScroll(part.Margin(part.Narrow(formWidth, column)))
	w.fill(form.Texts[language].Title, border(edgeBar(nil, back), nil, nil, nil, page), keys{escape: s.fill}, nil)
}

// formWidth is how wide a form is set: lines that read well.
const formWidth = 680

// formPages is a form in a language, a card for every page.
func formPages(s *shell, form *consent.Form, language string) fyne.CanvasObject {
	t := s.window.words.t
	pages, err := capture.FormPages(form, language)
	if err != nil {
		s.notice.fail(err)
	}
	column := part.Stack()
	if form.Texts[language].MachineMade {
		column.Add(part.NewStatusMark(part.MarkWarning, t("form.machine")))
	}
	for i, p := range pages {
		content := container.NewVBox()
		for _, line := range p.Lines {
			content.Add(part.Body(line))
		}
		for _, section := range p.Sections {
			content.Add(part.Section(section.Heading, part.Body(section.Text)))
		}
		for _, q := range p.Questions {
			content.Add(part.Section(q.Title, container.NewVBox(part.Body(q.Text),
				part.Note(strings.Join(append(q.Kinds[:len(q.Kinds):len(q.Kinds)], q.Remarks...), " · ")))))
		}
		column.Add(part.Card(t("form.page", "page", i+1, "pages", len(pages), "title", p.Title), content))
	}
	return column
}

// languageButtons offer a form in every language it speaks.
func languageButtons(form *consent.Form, read func(language string)) *fyne.Container {
	row := wrapping()
	for _, language := range form.Languages() {
		row.Add(part.NewButton(form.Texts[language].Name, func() { read(language) }))
	}
	return row
}

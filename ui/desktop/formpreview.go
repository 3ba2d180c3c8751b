package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// showForm lets the photographer read a form in one of its languages, as text: all that a subject can be shown.
func showForm(s *shell, form *consent.Form, language string) {
	w := s.window
	text := form.Texts[language]
	column := part.Stack(container.NewVBox(part.Heading(text.Title), part.Note(w.words.t("form.line", "key", form.Key, "version", form.Version,
		"published", w.words.date(form.Published)))), part.Body(text.Purpose))
	summary := container.NewVBox()
	for _, line := range text.Summary {
		summary.Add(part.Body(line))
	}
	column.Add(summary)
	for _, section := range text.Notice {
		column.Add(part.Section(section.Heading, part.Body(section.Text)))
	}
	for _, channel := range form.Channels {
		c := text.Channels[channel.Key]
		column.Add(part.Section(c.Title, part.Body(c.Text)))
	}
	column.Add(part.Section(w.words.t("form.signed"), container.NewVBox(part.Body(text.Statement), part.Body(text.GuardianStatement))))
	back := part.NewButton(w.words.t("back"), s.fill).WithKey("Esc")
	var page fyne.CanvasObject = container.NewVScroll(part.Margin(part.Narrow(680, column)))
	w.fill(text.Title, border(ends(nil, container.NewPadded(back)), nil, nil, nil, page), keys{escape: s.fill}, nil)
}

package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// languages is the section about the language of the window, and what subjects are spoken to in.
func (p *settingsPage) languages() fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	choose := part.NewSelect(languageNames(), nil)
	choose.Selected = languageName(w.words.Language)
	choose.OnChanged = func(string) {
		if language := assets.Languages[choose.SelectedIndex()]; language != w.words.Language {
			w.changeLanguage(language)
		}
	}
	subject := container.NewVBox(part.Body(t("languages.subject.why")))
	if form, err := w.session.FormInUse(capture.DefaultForm); err == nil {
		var names []string
		for _, language := range form.Form.Languages() {
			names = append(names, form.Form.Texts[language].Name)
		}
		subject.Add(part.Body(join(" · ", names...)))
	}
	return part.Stack(
		part.Card(t("languages.window"), container.NewVBox(part.Framed(choose), part.Note(t("languages.window.why")))),
		part.Card(t("languages.subject"), subject))
}

// changeLanguage builds the window anew in another language, where the reader is.
func (w *Window) changeLanguage(language string) {
	before := w.shell
	before.images.stop()
	w.speak(language)
	w.shell = newShell(w)
	if before.shoot != "" {
		w.shell.work(before.shoot)
	}
	w.shell.showSection(sectionLanguages)
}

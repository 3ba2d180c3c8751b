package desktop

import (
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/signing"
)

// tryForm shows a form as a subject meets it: the very pages of the signing, in every language of the form. They are given no vault, so
// that nothing that is entered on them can be stored.
func tryForm(s *shell, form *consent.Form, back func()) {
	w := s.window
	t := w.words.t
	flow := signing.New(signing.Request{Preview: &signing.Preview{Form: form, Clock: w.session.Clock, Done: func() { endTry(s, form, back) }},
		Language: w.words.Language, Window: w.window, Do: w.config.Do, Viewing: w.viewing.Within("preview"), Layer: &w.large.tried, Leave: back, After: w.config.After})
	away := part.NewButton(t("form.try.end"), back).WithKey("Esc")
	told := part.NewStatusMark(part.MarkWarning, t("form.try.line"))
	bar := container.NewPadded(border(nil, nil, container.NewCenter(indented(told)), away, nil))
	page := border(container.NewVBox(bar, widget.NewSeparator()), nil, nil, nil, flow.Content())
	w.fill(t("form.try.title", "key", form.Key, "version", form.Version), page, keys{escape: back, gone: flow.Stop}, nil)
}

// endTry is shown where a subject would have signed.
func endTry(s *shell, form *consent.Form, back func()) {
	w := s.window
	t := w.words.t
	again := part.NewButton(t("form.try.again"), func() { tryForm(s, form, back) })
	away := part.NewPrimaryButton(t("form.try.end"), back)
	page := newEntrance(w, t("form.try.done"), t("form.try.done.why"))
	page.focus, page.back = away, back
	page.actions(away, again).show()
}

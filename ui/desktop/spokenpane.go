package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/signing"
)

// spoken records what somebody said aloud, on the phone or face to face: the answers, who said them, and how it was said.
type spoken struct {
	pane      *sidePane
	view      personView
	form      capture.PublishedForm
	language  *part.Select
	signer    *part.Select
	sole      *part.Entry
	soleField *fyne.Container
	said      *part.Entry
	witness   *part.Entry
	grid      *part.ScopeGrid
	place     *fyne.Container // of the grid
	notice    *notice
	save      *part.Button
}

// recordSpoken asks what was said, once the form that is in use has been read.
func (p *sidePane) recordSpoken(v personView) {
	w, shoot := p.shell.window, p.shootFor(v)
	reading(w.context, w, func(context.Context) (capture.PublishedForm, error) { return w.session.ShootForm(shoot) },
		func(form capture.PublishedForm, err error) {
			if err != nil {
				p.shell.notice.fail(err)
				return
			}
			f := &spoken{pane: p, view: v, form: form, notice: newNotice(w), place: container.NewVBox()}
			f.ask()
		})
}

func (f *spoken) ask() {
	p, w := f.pane, f.pane.shell.window
	t := w.words.t
	f.language = part.NewSelect(f.languages(), func(string) { f.renew() })
	for at, language := range f.form.Form.Languages() {
		if language == w.words.Language {
			f.language.Selected = f.languages()[at]
		}
	}
	signers := []string{t("papers.self")}
	for _, g := range f.view.person.Profile.Guardians {
		signers = append(signers, t("papers.by-guardian", "name", g.Name))
	}
	f.sole, f.said, f.witness = part.NewEntry(""), part.NewTextEntry("", 3), part.NewEntry("")
	f.soleField = part.Field(t("papers.sole"), f.sole, "")
	f.signer = part.NewSelect(signers, func(string) {
		f.soleField.Hidden = f.signer.SelectedIndex() <= 0
		f.soleField.Refresh()
	})
	f.soleField.Hide()
	f.save = part.NewPrimaryButton(t("save"), f.submit)
	f.renew()
	p.showFields(t("spoken.title", "name", f.view.name),
		part.Stack(part.Body(t("spoken.why")),
			container.NewGridWithColumns(2, part.Field(t("spoken.who"), part.Framed(f.signer), ""), part.Field(t("spoken.language"), part.Framed(f.language), "")),
			f.soleField, f.place, part.Field(t("spoken.note"), f.said, t("spoken.note.why")), part.Field(t("papers.witness"), f.witness, "")),
		container.NewVBox(f.notice.root, ends(part.NewButton(t("cancel"), func() { p.showPerson(f.view.id) }), f.save)))
}

func (f *spoken) languages() []string {
	var names []string
	for _, language := range f.form.Form.Languages() {
		names = append(names, languageName(language))
	}
	return names
}

func (f *spoken) spokenLanguage() string {
	return f.form.Form.Languages()[max(f.language.SelectedIndex(), 0)]
}

// renew asks in the language in which it was read aloud, and keeps what was answered.
func (f *spoken) renew() {
	language := f.spokenLanguage()
	text, err := f.form.Form.Text(language)
	if err != nil {
		f.notice.fail(err)
		return
	}
	var answered map[string]part.Answer
	if f.grid != nil {
		answered = f.grid.Answers()
	}
	f.grid = signing.Grid(f.form.Form, text, assets.NewTexts(language), f.form.Form.Channels)
	f.grid.SetAnswers(answered)
	f.place.Objects = []fyne.CanvasObject{f.grid.Content()}
	f.pane.refit()
}

func (f *spoken) submit() {
	p, w := f.pane, f.pane.shell.window
	f.notice.hide()
	if len(f.grid.Unanswered()) > 0 {
		f.notice.say(part.MarkNo, w.words.t("spoken.unanswered"))
		f.grid.FocusFirstUnanswered()
		return
	}
	asked := capture.Signing{Subject: f.view.id, Shoot: p.shootFor(f.view), Form: f.form.Form.Key, Version: f.form.Hash, Language: f.spokenLanguage(),
		Answers: signing.Answered(f.grid.Answers()), Guardian: max(f.signer.SelectedIndex(), 0), Method: capture.Verbal, Note: f.said.Text, Witness: f.witness.Text}
	if asked.Guardian > 0 {
		asked.SoleGuardian = f.sole.Text
	}
	ready := busy(f.save, w.words.t("saving"))
	background(w, func(ctx context.Context) (capture.Signed, error) { return w.session.RecordConsent(ctx, asked) }, func(_ capture.Signed, err error) {
		if ready(); err != nil {
			f.notice.fail(err)
			return
		}
		w.toast(w.words.t("spoken.saved"))
		p.showPerson(f.view.id)
	})
}

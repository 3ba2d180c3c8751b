package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// firstStart leads from nothing to the first shoot: language, passphrase, organisation, recovery key, library, shoot.
// The organisation comes before the key, because the consent form is published in its name when the vault is made.
type firstStart struct {
	window       *Window
	passphrase   string
	organisation *organisationFields
	recoveryKey  string
}

const firstStartSteps = 6

func (w *Window) showFirstStart() { (&firstStart{window: w}).language() }

func (f *firstStart) language() {
	w := f.window
	page := newEntrance(w, w.words.t("start.welcome"), w.words.t("start.why")).step(0)
	choices := container.NewVBox()
	for i, language := range assets.Languages {
		choices.Add(part.NewButton(languageNames()[i], func() {
			w.speak(language)
			f.choosePassphrase()
		}))
	}
	page.add(part.Subheading(w.words.t("start.language")), choices)
	page.show()
}

func (f *firstStart) choosePassphrase() {
	w := f.window
	page := newEntrance(w, w.words.t("start.passphrase"), w.words.t("start.passphrase.why")).step(1)
	fields := newNewPassphrase(w)
	next := part.NewPrimaryButton(w.words.t("next"), func() {
		f.passphrase = fields.first.Text
		fields.clear()
		f.askOrganisation()
	})
	next.Disable()
	fields.onChanged = func(ready bool) { enable(next, ready) }
	fields.second.OnSubmitted = func(string) { next.Tapped(nil) }
	page.focus, page.back = fields.first, f.language
	page.add(fields.content).actions(next, part.NewButton(w.words.t("back"), f.language),
		part.NewQuietButton(w.words.t("start.backup"), func() { w.showRestoring(f.choosePassphrase) })).show()
}

func (f *firstStart) askOrganisation() {
	w := f.window
	page := newEntrance(w, w.words.t("start.organisation"), w.words.t("start.organisation.why")).step(2)
	if f.organisation == nil {
		f.organisation = newOrganisationFields(w.words)
	}
	var next *part.Button
	next = part.NewPrimaryButton(w.words.t("start.create"), func() {
		page.notice.hide()
		ready := busy(next, w.words.t("start.creating"))
		setup := f.organisation.setup()
		passphrase := f.passphrase
		type made struct {
			session *capture.Session
			key     string
		}
		background(w, func(ctx context.Context) (made, error) {
			s, key, err := w.config.Door.Create(ctx, passphrase, setup)
			return made{s, key}, err
		}, func(m made, err error) {
			ready()
			if err != nil {
				page.notice.fail(err)
				return
			}
			f.passphrase, f.recoveryKey = "", m.key
			w.opened(m.session)
			f.showRecoveryKey()
		})
	})
	f.organisation.onEnter(func() { next.Tapped(nil) })
	page.focus, page.back = f.organisation.name, f.choosePassphrase
	page.add(f.organisation.content()).actions(next, part.NewButton(w.words.t("back"), f.choosePassphrase)).show()
}

func (f *firstStart) showRecoveryKey() {
	w := f.window
	page := newEntrance(w, w.words.t("start.key"), w.words.t("start.key.why")).step(3)
	sheet := newRecoverySheet(w, f.recoveryKey, page.notice)
	next := part.NewPrimaryButton(w.words.t("next"), func() {
		sheet.destroy()
		f.recoveryKey = ""
		f.askLibrary()
	})
	next.Disable()
	kept := part.NewCheck(w.words.t("key.kept"), func(kept bool) { enable(next, kept) })
	page.focus = kept
	page.add(sheet.content, kept).actions(next).show()
}

func (f *firstStart) askLibrary() {
	w := f.window
	page := newEntrance(w, w.words.t("start.library"), w.words.t("start.library.why")).step(4)
	join := newInvitationFields(w, page.notice, f.firstShoot)
	page.focus = join.entry
	page.add(join.content)
	page.actions(join.button, part.NewButton(w.words.t("start.alone"), f.firstShoot)).show()
}

func (f *firstStart) firstShoot() {
	w := f.window
	page := newEntrance(w, w.words.t("start.shoot"), w.words.t("start.shoot.why")).step(5)
	fields := newShootFields(w, page.notice, func(consent.ShootID) { w.enter() })
	page.focus = fields.title
	page.add(fields.content).actions(fields.button).show()
}

// enable switches something on or off.
func enable(o fyne.Disableable, on bool) {
	if on {
		o.Enable()
	} else {
		o.Disable()
	}
}

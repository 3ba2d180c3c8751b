package desktop

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// settingsPage shows whom this device works for and what it is, and lets the reader change how the window speaks and looks,
// the passphrase, and where receipts go.
type settingsPage struct {
	shell *shell
	root  *fyne.Container
	data  latest[settingsData]
	built bool
	org   *widget.Label
	about *widget.Label
	locks *locks
	forms *formList
}

type settingsData struct {
	organisation consent.Organisation
	device       string
	deviceID     consent.DeviceID
	library      string
	forms        []capture.PublishedForm
}

func newSettingsPage(s *shell) *settingsPage {
	p := &settingsPage{shell: s, root: container.NewStack(), forms: newFormList(s)}
	p.data = latest[settingsData]{window: s.window, fetch: p.fetch, show: p.show}
	return p
}

func (p *settingsPage) content() fyne.CanvasObject { return p.root }
func (p *settingsPage) title() string              { return p.shell.window.words.t("tab.settings") }
func (p *settingsPage) keys() keys                 { return keys{} }
func (p *settingsPage) refresh()                   { p.data.wish() }

func (p *settingsPage) fetch() func(context.Context) (settingsData, error) {
	session := p.shell.window.session
	return func(context.Context) (settingsData, error) {
		d := settingsData{organisation: session.Organisation(), device: session.Device().Name, deviceID: session.Device().ID}
		if e, ok := session.Enrolment(); ok {
			d.library = e.Address
		}
		d.forms = session.Forms()
		return d, nil
	}
}

// show fills in what the vault says; the controls are built once, so that nothing is taken from under the reader's hand.
func (p *settingsPage) show(d settingsData, err error) {
	if err != nil {
		p.shell.notice.fail(err)
	}
	if !p.built {
		p.build()
		p.built = true
	}
	p.locks.refresh()
	t := p.shell.window.words.t
	o := d.organisation
	p.forms.show(d.forms)
	p.org.SetText(lines(o.Name, t("settings.number", "number", o.Number), o.Address, o.Contact, o.DPO, o.Policy))
	library := t("settings.alone")
	if d.library != "" {
		library = t("settings.library", "address", d.library)
	}
	p.about.SetText(lines(d.device, library, t("settings.vault", "path", p.shell.window.config.Door.Path()),
		t("settings.device-id", "id", string(d.deviceID))))
}

func (p *settingsPage) build() {
	w := p.shell.window
	t := w.words.t
	p.org, p.about = part.Body(""), part.Body("")
	p.about.Wrapping, p.org.Wrapping = fyne.TextWrapBreak, fyne.TextWrapBreak
	left := part.Stack(part.Card(t("settings.organisation"), p.org), part.Card(t("settings.device"), p.about),
		part.Card(t("settings.forms"), p.forms.root), part.Card(t("settings.about"), p.program()))
	right := part.Stack(part.Card(t("settings.language"), p.languages()), part.Card(t("settings.appearance"), p.appearance()),
		part.Card(t("settings.receipts"), p.receipts()), part.Card(t("settings.passphrase"), p.passphrase()))
	p.locks = newLocks(p.shell)
	right.Add(part.Card(t("locks"), p.locks.content))
	columns := container.New(&pairColumns{}, left, right)
	p.root.Objects = []fyne.CanvasObject{container.NewVScroll(part.Margin(columns))}
	p.root.Refresh()
}

func (p *settingsPage) languages() fyne.CanvasObject {
	w := p.shell.window
	choose := part.NewSelect(languageNames(), nil)
	choose.Selected = languageName(w.words.Language)
	choose.OnChanged = func(string) {
		language := assets.Languages[choose.SelectedIndex()]
		if language == w.words.Language {
			return
		}
		shoot := p.shell.shoot
		p.shell.images.stop()
		w.speak(language)
		w.shell = newShell(w)
		if shoot != "" {
			w.shell.work(shoot)
		}
		w.shell.show(tabSettings)
	}
	return part.Framed(choose)
}

func (p *settingsPage) appearance() fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	names := []string{t("appearance.system"), t("appearance.light"), t("appearance.dark")}
	choose := widget.NewRadioGroup(names, nil)
	choose.Horizontal, choose.Required = true, true
	choose.Selected = names[w.app.Preferences().Int(preferVariant)]
	choose.OnChanged = func(chosen string) { w.appear(look.Preference(slices.Index(names, chosen))) }
	return choose
}

func (p *settingsPage) receipts() fyne.CanvasObject {
	w := p.shell.window
	where := part.Body(w.receiptFolder())
	where.Wrapping = fyne.TextWrapBreak
	choose := part.NewButton(w.words.t("receipts.choose"), func() {
		w.choose(part.Choice{Title: w.words.t("settings.receipts"), Folder: true, Chosen: func(paths []string) {
			w.app.Preferences().SetString(preferReceipts, paths[0])
			where.SetText(paths[0])
		}}, p.shell.notice)
	})
	return container.NewVBox(where, part.Note(w.words.t("receipts.why")), container.NewHBox(choose))
}

func (p *settingsPage) passphrase() fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	n, old, fields := newNotice(w), part.NewPasswordEntry(), newNewPassphrase(w)
	var change *part.Button
	change = part.NewButton(t("passphrase.change"), func() {
		n.hide()
		ready := busy(change, t("passphrase.changing"))
		before, after := old.Text, fields.first.Text
		background(w, only(func(ctx context.Context) error { return w.config.Door.ChangePassphrase(ctx, before, after) }),
			func(_ noResult, err error) {
				ready()
				if err != nil {
					n.fail(err)
					return
				}
				old.SetText("")
				fields.clear()
				w.toast(t("passphrase.changed"))
			})
	})
	change.Disable()
	changed := func(bool) { enable(change, fields.ready() && old.Text != "") }
	fields.onChanged = changed
	old.OnChanged = func(string) { changed(true) }
	return container.NewVBox(part.Field(t("passphrase.old"), old, ""), fields.content, n.root, container.NewHBox(change))
}

func (p *settingsPage) program() fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	return container.NewVBox(part.Body(t("about", "version", w.config.Version)),
		container.NewHBox(part.NewButton(t("shortcuts"), w.showShortcuts).WithKey("F1")))
}

// lines puts texts below each other, without the empty ones.
func lines(texts ...string) string { return join("\n", texts...) }

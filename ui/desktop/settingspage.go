package desktop

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// settingsPage shows one section of the settings at a time, chosen from a list at the left.
type settingsPage struct {
	shell    *shell
	root     *fyne.Container
	data     latest[settingsData]
	known    *settingsData // nil until it has been read
	sections []*section
	chosen   int
	tabs     []*part.Tab
	chooser  *part.Select // stands for the tabs in a narrow window
	scroll   *container.Scroll
	middle   *fyne.Container
}

// section is a part of the settings.
type section struct {
	name    string // by which it is shown, and of its texts
	build   func() fyne.CanvasObject
	content fyne.CanvasObject  // nil until it has been in view: nothing is taken from under the reader's hand later
	show    func(settingsData) // what is true now; nil where nothing can change
}

// settingsData is what the vault says.
type settingsData struct {
	organisation           consent.Organisation
	byLibrary, numberFixed bool
	device                 capture.Device
	enrolment              *capture.Enrolment
	forms, behind          []capture.PublishedForm
	shoots                 []capture.Shoot
	policy                 consent.Policy
}

// The names of the sections, for showSection.
const (
	sectionOrganisation = "organisation"
	sectionDevice       = "device"
	sectionForms        = "forms"
	sectionLanguages    = "languages"
	sectionMinors       = "minors"
	sectionKeys         = "keys"
	sectionLocks        = "locks"
	sectionReceipts     = "receipts"
	sectionBackups      = "backups"
	sectionAppearance   = "appearance"
	sectionAbout        = "about"
)

func newSettingsPage(s *shell) *settingsPage {
	p := &settingsPage{shell: s}
	p.data = latest[settingsData]{window: s.window, fetch: p.fetch, show: p.show}
	locks, forms, organisation, device, minors := newLocks(s), newFormList(s), newOrganisationPart(s), newDevicePart(s), newMinorsPart(s)
	backups := newBackupsCard(s)
	p.sections = []*section{
		{name: sectionOrganisation, build: organisation.build, show: organisation.show},
		{name: sectionDevice, build: device.build, show: device.show},
		{name: sectionForms, build: func() fyne.CanvasObject { return forms.root }, show: forms.show},
		{name: sectionLanguages, build: p.languages},
		{name: sectionMinors, build: minors.build, show: minors.show},
		{name: sectionKeys, build: locks.keys, show: func(settingsData) { locks.refresh() }},
		{name: sectionLocks, build: locks.locking, show: func(settingsData) { locks.refresh() }},
		{name: sectionReceipts, build: p.receipts},
		{name: sectionBackups, build: func() fyne.CanvasObject { return part.Pane(backups.content) }, show: func(settingsData) { backups.refresh() }},
		{name: sectionAppearance, build: p.appearance},
		{name: sectionAbout, build: p.about},
	}
	p.build()
	p.choose(max(0, p.at(s.window.section)))
	return p
}

func (p *settingsPage) content() fyne.CanvasObject { return p.root }
func (p *settingsPage) title() string              { return p.shell.window.words.t("tab.settings") }
func (p *settingsPage) refresh()                   { p.data.wish() }

func (p *settingsPage) keys() keys {
	return keys{within: []listedKey{{"shortcut.arrows", "shortcut.sections"}}}
}

// showSection brings a section of the settings into view, by its name.
func (s *shell) showSection(name string) {
	p := s.pages[tabSettings].(*settingsPage)
	if at := p.at(name); at >= 0 {
		p.choose(at)
	}
	s.show(tabSettings)
}

// at is where a section stands, -1 when there is none with the name.
func (p *settingsPage) at(name string) int {
	return slices.IndexFunc(p.sections, func(each *section) bool { return each.name == name })
}

func (p *settingsPage) fetch() func(context.Context) (settingsData, error) {
	session := p.shell.window.session
	return func(context.Context) (settingsData, error) {
		d := settingsData{organisation: session.Organisation(), device: session.Device(), forms: session.Forms(), behind: session.FormsBehind(),
			shoots: session.Shoots(), policy: session.Policy()}
		d.byLibrary, d.numberFixed = session.OrganisationFixed()
		if e, ok := session.Enrolment(); ok {
			d.enrolment = &e
		}
		return d, nil
	}
}

func (p *settingsPage) show(d settingsData, err error) {
	if err != nil {
		p.shell.notice.fail(err)
		return
	}
	p.known = &d
	p.tell()
}

// tell lets the section that shows say what is true now.
func (p *settingsPage) tell() {
	if now := p.sections[p.chosen]; p.known != nil && now.content != nil && now.show != nil {
		now.show(*p.known)
		p.middle.Refresh()
		p.scroll.Refresh()
	}
}

func (p *settingsPage) build() {
	t := p.shell.window.words.t
	list := container.New(layout.NewCustomPaddedVBoxLayout(0))
	names := make([]string, len(p.sections))
	for i, each := range p.sections {
		names[i] = t("settings." + each.name)
		tab := part.NewSideTab(names[i], func() { p.choose(i) })
		tab.OnMoved = func(by int) { p.walk(i + by) }
		p.tabs = append(p.tabs, tab)
		list.Add(tab)
	}
	p.chooser = part.NewSelect(names, nil)
	p.chooser.OnChanged = func(string) { p.choose(p.chooser.SelectedIndex()) }
	p.middle = container.New(&narrowLeft{width: sectionWidth})
	p.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 24, 0, 16), p.middle))
	p.root = container.New(layout.NewCustomPaddedLayout(16, 0, 24, 8),
		container.New(&beside{}, container.NewVScroll(list), part.Framed(p.chooser), p.scroll))
}

// sectionWidth is how wide a section gets: lines that read well.
const sectionWidth = 720

// choose brings a section into view.
func (p *settingsPage) choose(at int) {
	p.chosen, p.shell.window.section = at, p.sections[at].name
	for i, tab := range p.tabs {
		tab.SetSelected(i == at)
	}
	p.chooser.Selected = p.chooser.Options[at]
	p.chooser.Refresh()
	now := p.sections[at]
	if now.content == nil {
		now.content = part.Stack(part.Heading(p.shell.window.words.t("settings."+now.name)), now.build())
	}
	p.middle.Objects = []fyne.CanvasObject{now.content}
	p.tell()
	part.Settle(p.middle) // text may have another size than when the section was last in view
	p.scroll.Refresh()
	p.scroll.ScrollToTop()
}

// walk chooses a section with the keys and takes the focus along.
func (p *settingsPage) walk(to int) {
	if to < 0 || to >= len(p.sections) {
		return
	}
	p.choose(to)
	p.shell.window.focus(p.tabs[to])
}

func (p *settingsPage) receipts() fyne.CanvasObject {
	w := p.shell.window
	where, session, usual := part.Body(""), w.session, w.usualReceipts()
	where.Wrapping = fyne.TextWrapBreak
	reading(w.context, w, func(ctx context.Context) (string, error) { return session.ReceiptFolder(ctx, usual) }, func(folder string, err error) {
		if err != nil {
			p.shell.notice.fail(err)
			return
		}
		where.SetText(folder)
	})
	choose := part.NewButton(w.words.t("receipts.choose"), func() {
		w.choose(part.Choice{Title: w.words.t("receipts.folder"), Folder: true, Chosen: func(paths []string) {
			background(w, only(func(ctx context.Context) error { return session.UseReceiptFolder(ctx, paths[0]) }), func(_ noResult, err error) {
				if err != nil {
					p.shell.notice.fail(err)
					return
				}
				where.SetText(paths[0])
			})
		}}, p.shell.notice)
	})
	return part.Card(w.words.t("receipts.folder"), container.NewVBox(where, part.Note(w.words.t("receipts.why")), container.NewHBox(choose)))
}

// lines puts texts below each other, without the empty ones.
func lines(texts ...string) string { return join("\n", texts...) }

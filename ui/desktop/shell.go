package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// tab is one of the shell's screens.
type tab int

// The tabs, from the left.
const (
	tabShoots tab = iota
	tabPeople
	tabImages
	tabSync
	tabSettings
	tabCount
)

// page is a screen of the open vault.
type page interface {
	content() fyne.CanvasObject
	// title names what the screen shows, in the window's title.
	title() string
	// refresh fetches and shows what is true now. It is called when the screen comes into view, and while it is in view
	// whenever something in the vault has changed.
	refresh()
	// keys are what the keyboard does here.
	keys() keys
}

// shell is the frame of an open vault: tabs above, the two-state line below, a page between them.
type shell struct {
	window *Window
	notice *notice
	ended  *notice // how the window before this one ended
	beside *asideStrip
	tabs   []*part.Tab
	pages  [tabCount]page
	shown  tab
	line   *part.TwoStateLine
	status latest[capture.Status]
	middle *fyne.Container
	root   fyne.CanvasObject

	// shoot is the one that is worked on, "" while there is none.
	shoot     consent.ShootID
	newPerson *part.Button
	images    *imagesPage
	sync      *syncPage
	backups   []*backupsCard
	board     *boardPage
}

func newShell(w *Window) *shell {
	s := &shell{window: w, notice: newNotice(w), ended: newNotice(w), beside: newAsideStrip(w), middle: container.NewStack()}
	board, people := newBoardPage(s), newPeoplePage(s)
	s.images, s.board, s.sync = newImagesPage(s), board, newSyncPage(s)
	s.pages = [tabCount]page{board, people, s.images, s.sync, newSettingsPage(s)}
	names := [tabCount]string{"tab.shoots", "tab.people", "tab.images", "tab.sync", "tab.settings"}
	bar := container.NewHBox()
	for i, name := range names {
		t := part.NewTab(w.words.t(name), func() { s.show(tab(i)) })
		s.tabs = append(s.tabs, t)
		bar.Add(t)
	}
	s.newPerson = part.NewPrimaryButton(w.words.t("person.new"), board.newPerson).WithKey("N")
	bar.Add(layout.NewSpacer())
	bar.Add(container.NewCenter(s.newPerson))
	s.line = part.NewTwoStateLine(func() { s.show(tabSync) })
	s.status = latest[capture.Status]{window: w, show: s.showStatus,
		fetch: func() func(context.Context) (capture.Status, error) { return w.session.Status }}
	top := container.NewVBox(container.New(layout.NewCustomPaddedLayout(4, 0, 16, 16), bar), widget.NewSeparator(),
		container.New(belowTabs{}, container.NewVBox(s.ended.root, s.beside.root, s.notice.root)))
	s.root = border(top, s.line, nil, nil, s.middle)
	return s
}

// show brings a tab into view.
func (s *shell) show(t tab) {
	s.shown = t
	for i, each := range s.tabs {
		each.SetSelected(tab(i) == t)
	}
	s.newPerson.Hidden = t != tabShoots || s.shoot == "" || s.board.reading
	s.middle.Objects = []fyne.CanvasObject{s.pages[t].content()}
	s.fill()
	s.changed()
	s.window.mark()
}

// fill puts the shell into the window, as it does anew when something else has filled it meanwhile.
func (s *shell) fill() {
	p := s.pages[s.shown]
	k := p.keys()
	k.tab = func(n int) { s.show(tab(n)) }
	var focus fyne.Focusable
	if taker, takes := p.(interface{ focus() fyne.Focusable }); takes {
		focus = taker.focus()
	}
	s.window.fill(p.title(), s.root, k, focus)
}

// changed shows what is true now, after something in the vault has changed.
func (s *shell) changed() {
	s.status.wish()
	s.pages[s.shown].refresh()
}

// retitle names the window anew, when the page shows something else.
func (s *shell) retitle() {
	if s.window.body.Objects[0] == s.root {
		s.window.retitle(s.pages[s.shown].title())
	}
	s.newPerson.Hidden = s.shown != tabShoots || s.shoot == "" || s.board.reading
	s.newPerson.Refresh()
}

// backupChanged shows how far a backup has come.
func (s *shell) backupChanged() {
	for _, card := range s.backups {
		card.told()
	}
}

// work makes a shoot the one that is worked on.
func (s *shell) work(id consent.ShootID) {
	s.shoot = id
	s.window.app.Preferences().SetString(preferShoot, string(id))
	s.images.changeShoot()
	s.window.mark()
}

func (s *shell) showStatus(status capture.Status, err error) {
	if err != nil {
		s.notice.fail(err)
		return
	}
	s.window.syncing.knows(status)
	s.line.Set(twoStates(s.window.words, status, s.window.syncing))
}

package desktop

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/signing"
)

// Subject mode can fill a second screen, which is turned towards whoever signs, while the photographer's own window stays as it is. Nothing
// of other people can be reached from that screen, so leaving it asks for no PIN. The vault locks itself as without it, once nobody has
// anything on that screen that is not stored; subject mode ends with that.

// secondScreens tells whether the system has more than one screen.
func secondScreens() bool {
	driver, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && driver.HasSecondaryDisplay()
}

// signsAside tells whether the next handing over goes to the second screen.
func (w *Window) signsAside() bool {
	return w.config.SecondScreen() && w.app.Preferences().Bool(preferAside)
}

// asideChoice is the choice of the screen; it is there only where there is one to choose.
func (w *Window) asideChoice() fyne.CanvasObject {
	choice := part.NewCheck(w.words.t("hand.aside"), func(on bool) { w.app.Preferences().SetBool(preferAside, on) })
	choice.Checked = w.app.Preferences().Bool(preferAside)
	content := container.NewVBox(choice, part.Note(w.words.t("hand.aside.why")))
	content.Hidden = !w.config.SecondScreen()
	return content
}

// startAside opens subject mode on the second screen.
func (s *shell) startAside(request signing.Request) {
	w := s.window
	w.aside = w.app.NewWindow(programName + " – " + w.words.t("hand.title"))
	w.aside.SetPadded(false)
	request.Window, request.Guard, request.Layer = w.aside, nil, &w.large.aside
	request.Leave = func() {
		w.endSigning()
		s.changed()
	}
	request.Saved = func(capture.Signed, consent.SubjectID) {
		s.beside.show(request.Leave) // what was not saved before is now
		s.changed()
		w.toast(w.words.t("hand.aside.signed"))
	}
	flow := signing.New(request)
	w.flow = flow
	w.aside.SetContent(container.NewStack(part.NewWatch(w.idle.touch), flow.Content()))
	w.aside.SetCloseIntercept(func() { flow.Leave(request.Leave) })
	if second, ok := w.aside.(desktop.Window); ok {
		second.RequestFullScreenSecondary()
	}
	w.aside.Show()
	s.beside.show(request.Leave)
	s.keepAside(request.Leave)
}

// asideLook is how often it is looked whether the second screen is still there.
const asideLook = time.Second

// keepAside keeps subject mode on the second screen. When that is unplugged, the system puts its window over the photographer's or where
// nobody sees it. Then it is hidden until the screen is back, or the photographer shows it here; the strip says so. Once nobody has anything
// in it that is not stored, it ends.
func (s *shell) keepAside(leave func()) {
	w := s.window
	aside, gone, here := w.aside, false, false
	if w.config.Screens == nil {
		return
	}
	var look func()
	look = func() {
		if w.aside != aside {
			return // it has been taken back
		}
		switch there := w.config.Screens.Fill(aside, w.window); {
		case there && gone:
			gone, here = false, false
			aside.Show()
			w.config.Screens.Fill(aside, w.window) // Fyne does not know all screens
			s.beside.show(leave)
		case there || here:
		case w.flow.Waiting():
			s.notice.warn(w.words.t("hand.aside.ended"))
			w.flow.Leave(leave)
			return
		case !gone:
			gone = true
			aside.Hide()
			s.beside.say(part.MarkWarning, "hand.aside.gone", "hand.aside.here", func() {
				here = true
				aside.Show()
				s.beside.show(leave)
			})
		}
		w.config.After(asideLook, look)
	}
	look()
}

// asideStrip says above all tabs that people sign on the second screen, and lets the photographer take that screen back.
type asideStrip struct {
	window *Window
	root   *fyne.Container
}

func newAsideStrip(w *Window) *asideStrip {
	strip := &asideStrip{window: w, root: container.NewVBox()}
	strip.root.Hide()
	return strip
}

// show shows the strip. Taking the screen back leads to leave; when somebody has entered something there that is not saved, the first
// press says so and the second does it.
func (a *asideStrip) show(leave func()) {
	w := a.window
	a.say(part.MarkWaiting, "hand.aside.open", "hand.aside.back", func() {
		if w.flow.Waiting() {
			w.flow.Leave(leave)
			return
		}
		a.say(part.MarkWarning, "hand.aside.unsaved", "hand.aside.anyway", func() { w.flow.Leave(leave) })
	})
}

func (a *asideStrip) say(mark part.Mark, sentence, button string, pressed func()) {
	t := a.window.words.t
	back := part.NewButton(t(button), pressed)
	a.root.Objects = []fyne.CanvasObject{part.Pane(border(nil, nil, container.NewCenter(part.NewStatusIcon(mark, "")), container.NewCenter(back),
		part.Body(t(sentence))))}
	a.root.Show()
	part.Settle(a.window.body)
}

func (a *asideStrip) hide() {
	a.root.RemoveAll()
	a.root.Hide()
}

// freesAside makes room for the next person on the second screen. While somebody has entered something there, it stays theirs.
func (s *shell) freesAside() bool {
	w := s.window
	if w.aside == nil {
		return false // this window is handed over
	}
	if !w.flow.Waiting() {
		s.notice.warn(w.words.t("hand.aside.busy"))
		return false
	}
	w.flow.Stop()
	w.endSigning()
	return true
}

// closesAside tells whether the program may end. While somebody signs on the second screen it says so first, and ends when it is asked
// again.
func (w *Window) closesAside() bool {
	if w.aside == nil {
		return true
	}
	if !w.flow.Waiting() && !w.warned {
		w.warned = true
		w.shell.notice.warn(w.words.t("hand.aside.close"))
		return false
	}
	w.flow.Stop()
	w.endSigning()
	return true
}

package desktop

import (
	"context"
	"log/slog"
	"slices"

	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/ending"
	"samtykke/ui/desktop/part"
)

// preferShoot is the shoot that was worked on last, which opens again.
const preferShoot = "shoot"

// screenNames are the tabs as a file and a report call them, in their order.
func screenNames() []string { return []string{"shoots", "people", "images", "sync", "settings"} }

// here is where the photographer is now.
func (s *shell) here() ending.Place {
	p := ending.Place{Screen: screenNames()[s.shown], Shoot: string(s.shoot)}
	switch page := s.pages[s.shown].(type) {
	case *boardPage:
		p.Person = string(page.side.person)
	case *peoplePage:
		p.Person = string(page.side.person)
	}
	return p
}

// mark keeps where the photographer is, in case the window ends without being asked to.
func (w *Window) mark() {
	if w.shell != nil && w.marks != nil {
		w.marks.wish()
	}
}

// beginMarking finds out how the window before this one ended, once, and begins to keep where this one is. The vault is open, so no other
// window works with it.
func (w *Window) beginMarking() {
	if w.marks == nil {
		last, err := w.ending.Last()
		if err == nil {
			err = w.ending.Begin()
		}
		if err != nil {
			slog.Warn("How the window ended the last time could not be found out.", "error", err)
		}
		w.last = last
	}
	w.marks = &latest[noResult]{window: w, fetch: func() func(context.Context) (noResult, error) {
		place := w.shell.here()
		return only(func(context.Context) error { return w.ending.Mark(place) })
	}, show: func(_ noResult, err error) {
		if err != nil {
			slog.Warn("Where the photographer is could not be kept.", "error", err)
		}
	}}
}

// endMarking says that the window ends as it was asked to.
func (w *Window) endMarking() {
	if w.marks == nil {
		return
	}
	if err := w.ending.Clean(); err != nil {
		slog.Warn("That the window ended as it was asked to could not be kept; the next start will doubt it.", "error", err)
	}
}

// lastShoot is the shoot that was worked on the last time, while it is still there.
func (w *Window) lastShoot() consent.ShootID {
	last := consent.ShootID(w.app.Preferences().String(preferShoot))
	if !slices.ContainsFunc(w.session.Shoots(), func(s capture.Shoot) bool { return s.ID == last }) {
		return ""
	}
	return last
}

// sayEnded says that the window before this one ended without being asked to, and offers to go on there.
func (s *shell) sayEnded(last ending.Ending) {
	t := s.window.words.t
	actions := []*part.Button{part.NewButton(t("ended.go-on"), func() {
		s.ended.hide()
		s.goOn(last.Place)
	})}
	if last.Report != "" {
		actions = append(actions, part.NewButton(t("ended.report"), func() { s.showReport(last.Report) }))
	}
	s.ended.say(part.MarkWarning, t("ended"), actions...)
}

// goOn opens the place where a window ended, as far as it is still there.
func (s *shell) goOn(p ending.Place) {
	shoots := s.window.session.Shoots()
	if slices.ContainsFunc(shoots, func(each capture.Shoot) bool { return string(each.ID) == p.Shoot }) {
		s.work(consent.ShootID(p.Shoot))
	}
	if at := slices.Index(screenNames(), p.Screen); at >= 0 {
		s.show(tab(at))
	}
	if _, err := s.window.session.Person(consent.SubjectID(p.Person)); p.Person == "" || err != nil {
		return
	}
	switch page := s.pages[s.shown].(type) {
	case *boardPage:
		page.side.showPerson(consent.SubjectID(p.Person))
	case *peoplePage:
		page.side.showPerson(consent.SubjectID(p.Person))
	}
}

// showReport shows what the program has found out about its own mistake, to be read before it is sent to anybody.
func (s *shell) showReport(report string) {
	w := s.window
	t := w.words.t
	text := part.Body(report)
	text.TextStyle.Monospace = true
	text.Selectable = true
	back := part.NewPrimaryButton(t("back"), nil).WithKey("Esc")
	copied := part.NewButton(t("ended.copy"), func() {
		w.app.Clipboard().SetContent(report)
		w.toast(t("ended.copied"))
	})
	head := container.NewVBox(part.Heading(t("ended.report")), part.Body(t("ended.report.why")), ends(copied, back))
	page := container.NewVScroll(part.Margin(part.Narrow(960, part.Stack(head, part.Pane(text)))))
	leave := w.cover(t("ended.report"), page, keys{}, back)
	w.keys.escape, back.OnTapped = leave, leave
}

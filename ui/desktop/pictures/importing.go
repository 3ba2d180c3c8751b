package pictures

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/ui/desktop/part"
)

// showAfter is how often the pictures are read anew while an import is under way.
const showAfter = time.Second

// importer brings files in, one order after the other, and tells how far it has come.
type importer struct {
	screen  *Screen
	content *fyne.Container // empty while there is nothing to tell

	slates  *part.Check
	leave   *part.Check // files stay where they are
	waiting []order     // that came while one is under way
	order   order       // that is under way, or was the last
	running bool
	cancel  context.CancelFunc
	shown   time.Time // when the pictures were read anew
	latest  atomic.Pointer[capture.ImportProgress]
	posted  atomic.Bool

	bar    *widget.ProgressBar
	search *widget.ProgressBarInfinite
	gauge  fyne.CanvasObject // which of the two shows; nil for none
	words  *widget.Label
}

// order is what is to be imported, and how.
type order struct {
	paths             []string
	slates, reference bool
}

func newImporter(s *Screen) *importer {
	i := &importer{screen: s, content: container.NewStack(), bar: widget.NewProgressBar(), search: widget.NewProgressBarInfinite(), words: part.Body("")}
	i.slates, i.leave = part.NewCheck(s.t("pictures.slates", nil), nil), part.NewCheck(s.t("pictures.leave", nil), nil)
	i.slates.Checked = true
	i.content.Hide()
	return i
}

// open asks what to import, and how.
func (i *importer) open() {
	s := i.screen
	clocks := part.NewQuietButton(s.t("pictures.clocks.open", nil), s.openClocks)
	how := container.NewVBox(part.FieldLabel(s.t("pictures.import.how", nil)), i.slates, part.Note(s.t("pictures.slates.why", nil)), i.leave, part.Note(s.t("pictures.leave.why", nil)),
		container.NewHBox(clocks))
	folder := part.NewPrimaryButton(s.t("pictures.import.folder", nil), i.chooseFolder)
	s.open(s.t("pictures.import.title", nil), container.NewVScroll(container.NewPadded(part.Narrow(720, part.Stack(part.Body(s.t("pictures.import.why", nil)), how)))),
		part.Line(folder, part.NewButton(s.t("pictures.import.file", nil), i.chooseFile), part.NewButton(s.t("pictures.cancel", nil), s.close)))
	s.request.Window.Canvas().Focus(folder)
}

func (i *importer) chooseFolder() {
	s := i.screen
	s.request.Choose(part.Choice{Title: s.t("pictures.import.folder", nil), Folder: true, Chosen: i.start})
}

func (i *importer) chooseFile() {
	s := i.screen
	s.request.Choose(part.Choice{Title: s.t("pictures.import.file", nil), Many: true, Chosen: i.start})
}

// start imports files and folders, after what is under way.
func (i *importer) start(paths []string) {
	i.begin(order{paths: paths, slates: i.slates.Checked, reference: i.leave.Checked})
}

func (i *importer) begin(o order) {
	s := i.screen
	if s.panel != nil && !s.engaged { // what was worked in there is done with: it led here
		s.close()
	}
	if i.running {
		i.waiting = append(i.waiting, o)
		return
	}
	i.order, i.running, i.shown = o, true, s.request.Session.Clock()
	var ctx context.Context
	ctx, i.cancel = context.WithCancel(s.ctx)
	i.latest.Store(nil)
	i.search.Start()
	i.showProgress()
	s.showMiddle()
	s.broken.read()
	in := capture.Import{Shoot: s.request.Shoot, Paths: o.paths, Slates: o.slates, Reference: o.reference, Progress: i.progress}
	cancel := i.cancel
	s.background(func() func() {
		defer cancel()
		report, err := s.request.Session.Import(ctx, in)
		return func() { i.finished(report, err) }
	})
}

// progress is called by the import for every batch. At most one message to the window is on its way.
func (i *importer) progress(p capture.ImportProgress) {
	i.latest.Store(&p)
	if i.posted.CompareAndSwap(false, true) {
		i.screen.request.Do(func() {
			i.posted.Store(false)
			if i.running && !i.screen.stopped {
				i.showProgress()
				i.showPictures(p.Phase)
			}
		})
	}
}

// showPictures shows what has come in, now and then: reading all pictures of a large shoot takes time that the import needs.
func (i *importer) showPictures(phase capture.ImportPhase) {
	if now := i.screen.request.Session.Clock(); phase == capture.ImportTaking && now.Sub(i.shown) >= showAfter {
		i.shown = now
		i.screen.Refresh()
	}
}

func (i *importer) showProgress() {
	s, p := i.screen, i.latest.Load()
	var gauge fyne.CanvasObject = i.search
	text := s.t("pictures.importing.search", nil)
	if p != nil && p.Total > 0 {
		i.bar.Max, gauge = float64(p.Total), i.bar
		i.bar.SetValue(float64(p.Done))
		numbers := map[string]any{"Done": p.Done, "Total": p.Total, "Rate": rate(p.Rate)}
		text = s.t("pictures.importing", numbers)
		if p.Phase == capture.ImportLooking {
			text = s.t("pictures.importing.looked", numbers)
		} else if p.TotalBytes > 0 { // a film takes longer than a picture
			i.bar.Max = float64(p.TotalBytes)
			i.bar.SetValue(float64(p.DoneBytes))
		}
		if p.Remaining > 0 {
			text += " · " + i.left(p.Remaining)
		}
	}
	i.words.SetText(text)
	if i.gauge != gauge {
		i.gauge = gauge
		stop := part.NewButton(s.t("pictures.stop", nil), func() { i.waiting = nil; i.cancel() })
		i.set(container.NewBorder(nil, nil, nil, container.NewCenter(stop), container.NewVBox(i.words, gauge)))
	}
}

func (i *importer) set(o fyne.CanvasObject) {
	i.content.Objects, i.content.Hidden = nil, o == nil
	if o != nil {
		i.content.Objects = []fyne.CanvasObject{part.Pane(o)}
	}
	part.Settle(i.screen.root)
}

// left says how long it still takes.
func (i *importer) left(d time.Duration) string {
	if d < time.Minute {
		return i.screen.request.Texts.N("pictures.left.seconds", max(int(d/time.Second), 1), nil)
	}
	return i.screen.request.Texts.N("pictures.left.minutes", int((d+30*time.Second)/time.Minute), nil)
}

// rate is how much goes through in a second.
func rate(perSecond int64) string {
	switch {
	case perSecond <= 0:
		return "–"
	case perSecond >= 1e6:
		return fmt.Sprintf("%d MB/s", perSecond/1e6)
	default:
		return fmt.Sprintf("%d kB/s", perSecond/1e3)
	}
}

// finished tells what came of an import. What it imported is saved also when it was stopped.
func (i *importer) finished(report capture.ImportReport, err error) {
	s := i.screen
	stopped := err != nil
	i.running, i.gauge = false, nil
	i.search.Stop()
	if err != nil {
		s.failed(err)
	}
	text := s.request.Texts.N("pictures.imported", report.Imported, nil)
	if stopped {
		text = s.t("pictures.import.stopped", nil) + " " + text
	}
	if stopped && report.NotReached > 0 {
		text += " " + s.request.Texts.N("pictures.not-reached", report.NotReached, nil)
	}
	if report.Companions > 0 {
		text += " " + s.request.Texts.N("pictures.companions", report.Companions, nil)
	}
	if report.Duplicates > 0 {
		text += " " + s.request.Texts.N("pictures.duplicates", report.Duplicates, nil)
	}
	if len(report.Slates) > 0 {
		text += " " + s.request.Texts.N("pictures.cards", len(report.Slates), nil) + " " + s.request.Texts.N("pictures.linked", report.Linked, nil)
	}
	var actions []fyne.CanvasObject
	if n := len(report.Undecided); n > 0 {
		text += " " + s.request.Texts.N("pictures.undecided", n, nil)
		actions = append(actions, part.NewButton(s.t("pictures.undecided.show", nil), func() { s.tools.choose(filter{kind: asking}) }))
	}
	if n := len(report.Papers); n > 0 {
		text += " " + s.request.Texts.N("pictures.papers", n, nil)
		actions = append(actions, part.NewButton(s.t("pictures.papers.read", nil), s.request.Papers))
	}
	if n := len(report.Skipped); n > 0 {
		text += " " + s.request.Texts.N("pictures.skipped", n, nil)
		actions = append(actions, part.NewButton(s.t("pictures.skipped.show", nil), func() { i.showSkipped(report.Skipped) }))
	}
	if stopped {
		again := i.order
		actions = append(actions, part.NewButton(s.t("pictures.continue", nil), func() { i.begin(again) }))
	}
	actions = append(actions, part.NewQuietButton(s.t("pictures.close", nil), func() { i.set(nil) }))
	i.words.SetText(text)
	i.set(container.NewVBox(i.words, part.Flow(8, actions...)))
	s.Refresh()
	s.cards.recount()
	if len(i.waiting) > 0 {
		next := i.waiting[0]
		i.waiting = i.waiting[1:]
		i.begin(next)
	}
}

// showSkipped lists what was not imported, and why.
func (i *importer) showSkipped(files []capture.SkippedFile) {
	s := i.screen
	list := part.NewRowList([]part.Column{{Title: s.t("pictures.file", nil)}, {Title: s.t("pictures.reason", nil), Stretch: 2}},
		func() int { return len(files) }, func(n int, cells []part.Cell) {
			cells[0].Text = filepath.Base(files[n].Path)
			cells[1].Text = files[n].Words(i.screen.request.Texts)
		})
	whole := part.Note(s.t("pictures.skipped.choose", nil))
	list.OnSelected = func(n int) { whole.SetText(files[n].Path + "\n" + files[n].Words(i.screen.request.Texts)) }
	s.open(s.t("pictures.skipped.title", nil), container.NewBorder(nil, whole, nil, nil, list),
		container.NewHBox(part.NewPrimaryButton(s.t("pictures.close", nil), s.close)))
}

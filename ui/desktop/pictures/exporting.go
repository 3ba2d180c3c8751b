package pictures

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// exporter writes copies of what is cleared for a channel into a folder, or brings folders that were exported earlier up to date, and
// says what it removed, left and refused, and why.
type exporter struct {
	screen  *Screen
	channel *part.Select
	profile *widget.RadioGroup
	size    *part.Select
	raw     *part.Check
	csv     *part.Check
	sheet   *part.Check
	folder  *part.Entry
	plan    *fyne.Container // what will be exported and what not
	planned int             // counts the plans, so that a late one for another channel is passed over
	trouble *widget.Label
	earlier *fyne.Container // the folders of earlier, once they have been read
	again   *part.Button    // brings them up to date; hidden while there are none
}

// exportSizes are the longer sides that are offered, in pixels; 0 is the files themselves.
var exportSizes = []int{0, 4000, 2048, 1200}

func newExporter(s *Screen) *exporter {
	e := &exporter{screen: s, folder: part.NewEntry(""), trouble: part.Body(""), plan: container.NewVBox(), earlier: container.NewVBox()}
	e.trouble.Importance = widget.DangerImportance
	e.trouble.Hide()
	var titles []string
	for _, c := range s.channels {
		titles = append(titles, c.title)
	}
	e.channel = part.NewSelect(titles, nil)
	for i, c := range s.channels {
		if c.key == s.channel {
			e.channel.SetSelectedIndex(i)
		}
	}
	e.channel.OnChanged = func(string) { e.showPlan() }
	e.profile = widget.NewRadioGroup([]string{s.t("pictures.profile.public", nil), s.t("pictures.profile.internal", nil)}, nil)
	e.profile.Required = true
	e.profile.SetSelected(e.profile.Options[0])
	var sizes []string
	for _, size := range exportSizes {
		word := s.t("pictures.export.size.whole", nil)
		if size > 0 {
			word = s.t("pictures.export.size.pixels", map[string]any{"Pixels": size})
		}
		sizes = append(sizes, word)
	}
	e.size = part.NewSelect(sizes, nil)
	e.size.SetSelectedIndex(0)
	e.raw = part.NewCheck(s.t("pictures.export.raw", nil), nil)
	e.raw.Disable() // raw files tell whose they are and where; the public get none
	e.profile.OnChanged = func(string) {
		if e.internal() {
			e.raw.Enable()
			return
		}
		e.raw.SetChecked(false)
		e.raw.Disable()
	}
	e.csv, e.sheet = part.NewCheck(s.t("pictures.export.csv", nil), nil), part.NewCheck(s.t("pictures.export.sheet", nil), nil)
	return e
}

func (e *exporter) internal() bool { return e.profile.Selected == e.profile.Options[1] }

// open asks what to export and where to.
func (e *exporter) open() {
	s := e.screen
	choose := part.NewButton(s.t("pictures.folder.choose", nil), e.chooseFolder)
	e.folder.OnSubmitted = func(string) { e.run() }
	what := part.Stack(part.Field(s.t("pictures.channel", nil), part.Framed(e.channel), s.t("pictures.export.why", nil)),
		e.plan)
	how := part.Stack(part.Field(s.t("pictures.profile", nil), e.profile, ""), part.Field(s.t("pictures.export.size", nil), part.Framed(e.size), ""),
		container.NewVBox(part.FieldLabel(s.t("pictures.export.also", nil)), e.csv, e.sheet, e.raw))
	e.again = part.NewButton(s.t("pictures.export.again", nil), e.runAgain)
	e.again.Hide()
	column := part.Stack(container.New(&sideBySide{}, what, how), part.Field(s.t("pictures.folder", nil), container.NewBorder(nil, nil, nil, choose, e.folder), s.t("pictures.folder.why", nil)), e.trouble, e.earlier)
	s.open(s.t("pictures.export.title", nil), container.NewVScroll(container.NewPadded(part.Narrow(960, container.NewPadded(column)))),
		part.Line(part.NewPrimaryButton(s.t("pictures.export.start", nil), e.run), part.NewButton(s.t("pictures.cancel", nil), s.close), e.again))
	e.showPlan()
	s.inBackground(func() func() {
		folders, err := s.request.Session.ExportedFolders(s.ctx)
		return func() {
			if err != nil {
				s.failed(err)
				return
			}
			e.listEarlier(folders)
		}
	})
}

// showPlan says what would be exported for the channel now, and sums up why the rest would not.
func (e *exporter) showPlan() {
	s := e.screen
	at := e.channel.SelectedIndex()
	if at < 0 {
		return
	}
	e.planned++
	turn, r, channel := e.planned, s.request, s.channels[at].key
	s.inBackground(func() func() {
		plan, err := r.Session.PlanExport(s.ctx, channel, r.Shoot)
		return func() {
			switch {
			case turn != e.planned:
			case err != nil:
				s.failed(err)
			default:
				e.listPlan(plan)
			}
		}
	})
}

func (e *exporter) listPlan(plan capture.ExportPlan) {
	texts := e.screen.request.Texts
	e.plan.Objects = []fyne.CanvasObject{part.NewStatusMark(part.MarkYes, texts.N("pictures.export.may", plan.May, nil))}
	if n := plan.Refused(); n > 0 {
		e.plan.Add(part.Note(texts.N("pictures.export.not", n, nil)))
	}
	for _, p := range plan.Not {
		line := part.Body(fmt.Sprintf("%d · %s", p.Count, texts.T("pictures.why."+string(p.Reason), nil)))
		mark := container.NewVBox(container.NewPadded(part.NewStatusIcon(markOf(p.Verdict), texts.T("pictures.verdict."+string(p.Verdict), nil))))
		e.plan.Add(container.NewBorder(nil, nil, mark, nil, line))
	}
	part.Settle(e.screen.middle)
}

// listEarlier offers to bring the folders that were exported earlier up to date, all of them.
func (e *exporter) listEarlier(folders []capture.ExportedFolder) {
	s := e.screen
	if len(folders) == 0 {
		return
	}
	e.earlier.Objects = []fyne.CanvasObject{part.FieldLabel(s.t("pictures.export.earlier", nil)), part.Note(s.t("pictures.export.earlier.why", nil))}
	for _, f := range folders {
		title := string(f.Channel)
		if at := slices.IndexFunc(s.channels, func(c channel) bool { return c.key == f.Channel }); at >= 0 {
			title = s.channels[at].title
		}
		line := part.Body(f.Out + " · " + title)
		line.Wrapping = fyne.TextWrapBreak
		e.earlier.Add(line)
	}
	e.again.Show()
	part.Settle(s.middle)
}

func (e *exporter) chooseFolder() {
	s := e.screen
	s.request.Choose(part.Choice{Title: s.t("pictures.folder.choose", nil), Folder: true, Chosen: func(paths []string) { e.folder.SetText(paths[0]) }})
}

// run exports; what was chosen stays as it is until it has begun.
func (e *exporter) run() {
	s := e.screen
	at, out := e.channel.SelectedIndex(), strings.TrimSpace(e.folder.Text)
	if at < 0 || out == "" {
		e.trouble.SetText(s.t("pictures.export.missing", nil))
		e.trouble.Show()
		return
	}
	order := capture.Export{Channel: s.channels[at].key, Out: out, Shoot: s.request.Shoot, Profile: picture.ProfilePublic, Size: exportSizes[e.size.SelectedIndex()],
		Raw: e.raw.Checked, CSV: e.csv.Checked, ContactSheet: e.sheet.Checked}
	if e.internal() {
		order.Profile = picture.ProfileInternal
	}
	e.work(func(ctx context.Context, progress func(done, total int)) (exported, error) {
		order.Progress = progress
		report, err := s.request.Session.Export(ctx, order, s.request.Texts.Language)
		done := exported{folders: []string{out}}
		done.add(s, report, "")
		return done, err
	})
}

// runAgain brings the folders of earlier up to date.
func (e *exporter) runAgain() {
	s := e.screen
	e.work(func(ctx context.Context, progress func(done, total int)) (exported, error) {
		again, err := s.request.Session.ExportAgain(ctx, s.request.Texts.Language, progress)
		var done exported
		for _, f := range again {
			done.folders = append(done.folders, f.Folder.Out)
			done.add(s, f.Report, filepath.Base(f.Folder.Out)+string(filepath.Separator))
			if f.Problem != nil {
				done.lines = append(done.lines, exportLine{f.Folder.Out, s.t("pictures.export.not-reached", nil), f.Problem.In(s.request.Texts, assets.WindowArea)})
			}
		}
		return done, err
	})
}

// work exports off the UI goroutine, tells how far it has come, and shows what came of it.
func (e *exporter) work(export func(ctx context.Context, progress func(done, total int)) (exported, error)) {
	s := e.screen
	bar, words := widget.NewProgressBar(), part.Body(s.t("pictures.exporting", nil))
	ctx, cancel := context.WithCancel(s.ctx)
	s.open(s.t("pictures.export.title", nil), container.NewVBox(words, bar), container.NewHBox(part.NewButton(s.t("pictures.stop", nil), cancel)))
	s.engaged = true
	posted := make(chan struct{}, 1) // at most one message to the window is on its way
	progress := func(done, total int) {
		select {
		case posted <- struct{}{}:
			s.request.Do(func() {
				<-posted
				bar.Max = float64(total)
				bar.SetValue(float64(done))
				words.SetText(s.t("pictures.exporting.of", map[string]any{"Done": done, "Total": total}))
			})
		default:
		}
	}
	s.background(func() func() {
		defer cancel()
		done, err := export(ctx, progress)
		return func() { e.finished(done, err) }
	})
}

// exported is what came of an export, ready to show.
type exported struct {
	folders                                                              []string
	written, unchanged, removed, kept, missing, refused, smaller, sheets int
	lines                                                                []exportLine // what was removed, left, missing and refused, in this order
}

// exportLine is a file with which something was or was not done, and why.
type exportLine struct{ name, what, why string }

// add takes up what was done in one folder; within goes before the names of its files.
func (x *exported) add(s *Screen, r capture.ExportReport, within string) {
	x.written, x.unchanged = x.written+r.Exported, x.unchanged+r.Unchanged
	x.removed, x.kept, x.missing, x.refused = x.removed+len(r.Removed), x.kept+len(r.Kept), x.missing+len(r.Missing), x.refused+len(r.Refused)
	x.smaller, x.sheets = x.smaller+len(r.Smaller), x.sheets+len(r.Lists)
	for _, group := range []struct {
		id    string
		files []capture.RefusedAsset
	}{{"removed", r.Removed}, {"kept", r.Kept}, {"missing", r.Missing}, {"refused", r.Refused}} {
		for _, f := range group.files {
			x.lines = append(x.lines, exportLine{within + f.Name, s.t("pictures.export.was."+group.id, nil), because(f)})
		}
	}
}

// summary counts what was done, each thing only where there is something to count.
func (x exported) summary(s *Screen) string {
	var said []string
	for _, each := range []struct {
		id string
		n  int
	}{{"unchanged", x.unchanged}, {"removed", x.removed}, {"kept", x.kept}, {"missing", x.missing}, {"smaller", x.smaller}, {"lists", x.sheets}} {
		if each.n > 0 {
			said = append(said, s.request.Texts.N("pictures.export.count."+each.id, each.n, nil))
		}
	}
	return strings.Join(said, " ")
}

// finished shows how many were written, and every file that was removed, left or refused with the reasons.
func (e *exporter) finished(done exported, err error) {
	s := e.screen
	said := strings.TrimSpace(s.request.Texts.N("pictures.exported", done.written, nil) + ". " + done.summary(s))
	if done.refused > 0 {
		said += " " + s.request.Texts.N("pictures.refused", done.refused, nil)
	}
	words := container.New(layout.NewCustomPaddedVBoxLayout(-8), part.Body(said), part.Note(strings.Join(done.folders, "\n")))
	if err != nil {
		s.failed(err)
		words.Add(part.Body(s.t("pictures.export.stopped", nil)))
	}
	shut := part.Line(part.NewPrimaryButton(s.t("pictures.close", nil), s.close))
	if s.request.Open != nil && done.written+done.unchanged > 0 {
		folder := done.folders[0]
		shut.Add(part.NewButton(s.t("pictures.folder.open", nil), func() {
			s.inBackground(func() func() {
				err := s.request.Open(folder)
				return func() {
					if err != nil {
						s.failed(err)
					}
				}
			})
		}))
	}
	title := s.t("pictures.export.done", nil)
	if len(done.lines) == 0 {
		s.open(title, words, shut)
		return
	}
	whole := part.Note(s.t("pictures.refused.choose", nil))
	list := part.NewRowList([]part.Column{{Title: s.t("pictures.file", nil)}, {Title: s.t("pictures.export.was", nil), Width: 150}, {Title: s.t("pictures.reason", nil), Stretch: 2}},
		func() int { return len(done.lines) }, func(n int, cells []part.Cell) {
			line := done.lines[n]
			cells[0].Text, cells[1].Text, cells[2].Text = line.name, line.what, line.why
		})
	list.OnSelected = func(n int) {
		whole.SetText(fmt.Sprintf("%s: %s. %s", done.lines[n].name, done.lines[n].what, done.lines[n].why))
	}
	s.open(title, container.NewBorder(words, whole, nil, nil, list), shut)
}

func because(refused capture.RefusedAsset) string {
	return reasons(capture.ClearAnswer{Answer: consent.NotYet, Reasons: refused.Reasons})
}

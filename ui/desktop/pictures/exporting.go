package pictures

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/ui/desktop/part"
)

// exporter writes copies of what is cleared for a channel into a folder, and says what it refused and why.
type exporter struct {
	screen  *Screen
	dialog  *dialog.CustomDialog
	body    *fyne.Container
	channel *widget.Select
	profile *widget.RadioGroup
	folder  *part.Entry
	start   *part.Button
	trouble *widget.Label
}

func newExporter(s *Screen) *exporter {
	e := &exporter{screen: s, body: container.NewStack(), folder: part.NewEntry(""), trouble: part.Body("")}
	e.trouble.Importance = widget.DangerImportance
	e.trouble.Hide()
	var titles []string
	for _, c := range s.channels {
		titles = append(titles, c.title)
	}
	e.channel = widget.NewSelect(titles, nil)
	for i, c := range s.channels {
		if c.key == s.channel {
			e.channel.SetSelectedIndex(i)
		}
	}
	e.profile = widget.NewRadioGroup([]string{s.t("pictures.profile.public", nil), s.t("pictures.profile.internal", nil)}, nil)
	e.profile.Required = true
	e.profile.SetSelected(e.profile.Options[0])
	return e
}

// open asks what to export and where to.
func (e *exporter) open() {
	s := e.screen
	choose := part.NewButton(s.t("pictures.folder.choose", nil), e.chooseFolder)
	e.start = part.NewPrimaryButton(s.t("pictures.export.start", nil), e.run)
	e.folder.OnSubmitted = func(string) { e.run() }
	e.body.Objects = []fyne.CanvasObject{container.NewBorder(nil, container.NewHBox(e.start, part.NewButton(s.t("pictures.cancel", nil), func() { e.dialog.Hide() })), nil, nil,
		part.Stack(part.Field(s.t("pictures.channel", nil), part.Framed(e.channel), s.t("pictures.export.why", nil)),
			part.Field(s.t("pictures.profile", nil), e.profile, ""),
			part.Field(s.t("pictures.folder", nil), container.NewBorder(nil, nil, nil, choose, e.folder), ""), e.trouble))}
	e.dialog = dialog.NewCustomWithoutButtons(s.t("pictures.export.title", nil), e.body, s.request.Window)
	e.dialog.Resize(fyne.NewSize(640, 460))
	e.dialog.Show()
}

func (e *exporter) chooseFolder() {
	s := e.screen
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			s.failed(err)
		case folder != nil:
			e.folder.SetText(folder.Path())
		}
	}, s.request.Window)
	d.Show()
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
	profile := picture.ProfilePublic
	if e.profile.Selected == e.profile.Options[1] {
		profile = picture.ProfileInternal
	}
	bar, words := widget.NewProgressBar(), part.Body(s.t("pictures.exporting", nil))
	ctx, cancel := context.WithCancel(s.ctx)
	e.set(container.NewVBox(words, bar), part.NewButton(s.t("pictures.stop", nil), cancel))
	order := capture.Export{Channel: s.channels[at].key, Out: out, Shoot: s.request.Shoot, Profile: profile}
	posted := make(chan struct{}, 1) // at most one message to the window is on its way
	order.Progress = func(done, total int) {
		select {
		case posted <- struct{}{}:
			s.request.Do(func() {
				<-posted
				bar.Max = float64(total)
				bar.SetValue(float64(done))
			})
		default:
		}
	}
	r := s.request
	s.background(func() func() {
		defer cancel()
		report, err := r.Session.Export(ctx, order, r.Texts.Language)
		return func() { e.finished(report, err, out) }
	})
}

// finished shows how many were written, and every one that was not with the reasons.
func (e *exporter) finished(report capture.ExportReport, err error, out string) {
	s := e.screen
	head := part.Subheading(s.request.Texts.N("pictures.exported", report.Exported, nil))
	words := container.NewVBox(head, part.Note(out))
	if err != nil {
		s.failed(err)
		words.Add(part.Body(s.t("pictures.export.stopped", nil)))
	}
	done := part.NewPrimaryButton(s.t("pictures.close", nil), func() { e.dialog.Hide() })
	if len(report.Refused) == 0 {
		e.set(words, done)
		return
	}
	words.Add(part.Body(s.request.Texts.N("pictures.refused", len(report.Refused), nil)))
	whole := part.Note(s.t("pictures.refused.choose", nil))
	list := part.NewRowList([]part.Column{{Title: s.t("pictures.file", nil)}, {Title: s.t("pictures.reason", nil), Stretch: 2}},
		func() int { return len(report.Refused) }, func(n int, cells []part.Cell) {
			cells[0].Text = report.Refused[n].Name
			cells[1].Text = because(report.Refused[n])
		})
	list.OnSelected = func(n int) { whole.SetText(report.Refused[n].Name + ": " + because(report.Refused[n])) }
	e.set(container.NewBorder(words, whole, nil, nil, list), done)
	e.dialog.Resize(fyne.NewSize(760, 560))
}

func because(refused capture.RefusedAsset) string {
	return reasons(capture.ClearAnswer{Answer: consent.NotYet, Reasons: refused.Reasons})
}

func (e *exporter) set(content fyne.CanvasObject, action fyne.CanvasObject) {
	e.body.Objects = []fyne.CanvasObject{container.NewBorder(nil, container.NewHBox(action), nil, nil, content)}
	e.body.Refresh()
}

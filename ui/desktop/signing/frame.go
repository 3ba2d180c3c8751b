package signing

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// page is one thing to read or to answer.
type page struct {
	title  string
	body   fyne.CanvasObject
	next   string // the word on Next; "" where something on the page leads on
	onNext func()
	onBack func() // nil: there is no way back from here
	back   string // the word on Back; "" is the usual one
	focus  fyne.Focusable
	grows  bool                // the body takes all the height there is
	tight  bool                // the body comes close below the title, since it is high
	wide   bool                // the body takes all the width there is
	extra  []fyne.CanvasObject // stand between Back and Next
}

// frame holds a page: its title, how far one has come, the way out for the photographer, and Back and Next, which always stand in
// the same place.
type frame struct {
	flow    *Flow
	root    *fyne.Container
	title   *widget.Label
	steps   *part.Steps
	leave   corner
	body    *fyne.Container
	extra   *fyne.Container
	message *widget.Label
	warning *fyne.Container
	back    *part.Button
	next    *part.Button
}

// corner is the way out for the photographer: it is held, or it asks for the PIN.
type corner interface {
	fyne.CanvasObject
	fyne.Disableable
	SetText(text string)
}

func newFrame(f *Flow) *frame {
	fr := &frame{flow: f, title: part.Heading(""), steps: part.NewSteps(0), body: container.NewStack(), message: part.Body("")}
	if f.request.Guard == nil {
		hold := part.NewHoldButton("", nil, f.leave)
		hold.After = f.request.After
		fr.leave = hold
	} else {
		fr.leave = part.NewQuietButton("", f.leave)
	}
	fr.message.Importance = widget.DangerImportance
	fr.message.TextStyle.Bold = true
	fr.warning = &fyne.Container{Layout: &warningLayout{}, Objects: []fyne.CanvasObject{part.NewStatusIcon(part.MarkWarning, ""), fr.message}}
	fr.warning.Hide()
	fr.extra = newRow(f.gap() * 2)
	fr.back = part.NewButton("", nil)
	fr.next = part.NewPrimaryButton("", f.next)
	// in the order of Tab: what is asked, then on, then back, and last the way out
	fr.root = &fyne.Container{Layout: &frameLayout{fr}, Objects: []fyne.CanvasObject{fr.title, fr.steps, fr.body, fr.warning, fr.extra, fr.next, fr.back, fr.leave}}
	return fr
}

// show puts a page into the frame.
func (fr *frame) show(p page) {
	f := fr.flow
	fr.title.SetText(p.title)
	fr.leave.Show()
	if fr.leave.SetText(f.t("signing.leave", nil)); f.request.Guard != nil {
		fr.leave.SetText(f.request.Guard.Words.Leave)
	}
	fr.say("")
	list := f.steps()
	fr.steps.Hidden = true
	for i, s := range list {
		if s == f.at && f.form != nil {
			fr.steps.Hidden = false
			fr.steps.Set(i, len(list), f.t("signing.step", map[string]any{"Step": i + 1, "Steps": len(list)}))
		}
	}
	fr.next.SetText(p.next)
	fr.next.Hidden = p.next == ""
	fr.back.OnTapped = func() { f.idle.touch(); p.onBack() }
	fr.back.Hidden = p.onBack == nil
	fr.back.SetText(f.t("signing.back", nil))
	if p.back != "" {
		fr.back.SetText(p.back)
	}
	fr.idle()
	body := p.body
	if !p.wide {
		body = newNarrow(880, body)
	}
	if !p.grows { // larger than a small or much enlarged window: better a bar to drag than something cut off
		bar := f.size(theme.SizeNameScrollBar) + f.gap()
		body = container.NewVScroll(&fyne.Container{Layout: &besideBar{fr.body, bar}, Objects: []fyne.CanvasObject{body}})
	}
	fr.extra.Objects = p.extra
	fr.extra.Refresh()
	fr.body.Objects = []fyne.CanvasObject{body}
	fr.body.Refresh()
}

// say shows a sentence above Back and Next; "" takes it away.
func (fr *frame) say(sentence string) {
	if sentence == "" && !fr.warning.Visible() {
		return
	}
	fr.message.SetText(sentence)
	fr.warning.Hidden = sentence == ""
	fr.root.Refresh()
}

// busy keeps everything as it is until something has been answered.
func (fr *frame) busy(word string) {
	fr.next.SetText(word)
	fr.next.Disable()
	fr.back.Disable()
	fr.leave.Disable()
	fr.next.Refresh()
}

func (fr *frame) idle() {
	fr.next.SetText(fr.flow.page.next)
	for _, b := range []fyne.Disableable{fr.next, fr.back, fr.leave} {
		b.Enable()
	}
}

// frameLayout places the parts of a frame.
type frameLayout struct{ *frame }

func (l *frameLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	margin, gap := l.flow.size(look.SizeMargin), l.flow.group()
	target := l.flow.size(look.SizeTarget)
	footer := l.back.MinSize().Width + gap + l.next.MinSize().Width + gap + l.extra.MinSize().Width
	width := max(l.body.MinSize().Width, footer, 2*l.leave.MinSize().Width)
	return fyne.NewSize(width+2*margin, l.body.MinSize().Height+3*target+2*margin)
}

func (l *frameLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	margin, gap := l.flow.size(look.SizeMargin), l.flow.group()
	width, target, inner := size.Width-2*margin, l.flow.size(look.SizeTarget), l.flow.size(theme.SizeNameInnerPadding)

	leave := l.leave.MinSize()
	place(l.leave, size.Width-margin-leave.Width, margin/2, leave.Width, leave.Height)
	place(l.steps, margin+inner, margin/2, width-leave.Width-gap-inner, leave.Height)
	top := margin/2 + leave.Height
	height := heightAt(l.title, width)
	place(l.title, margin, top, width, height)
	if top += height; l.flow.page.tight {
		top -= inner / 2
	}

	bottom := size.Height - margin - target
	next := max(l.next.MinSize().Width, 4*target)
	place(l.next, size.Width-margin-next, bottom, next, target)
	back := max(l.back.MinSize().Width, 2.5*target)
	place(l.back, margin, bottom, back, target)
	extra := l.extra.MinSize()
	place(l.extra, margin+back+max((width-back-next-extra.Width)/2, 0), bottom, extra.Width, target)
	bottom -= gap / 2
	if l.warning.Visible() {
		height := heightAt(l.warning, width)
		bottom -= height
		place(l.warning, margin, bottom, width, height)
		bottom -= gap / 2
	}
	place(l.body, margin, top, width, max(bottom-top, 0))
}

// warningLayout puts a mark before a sentence that wraps.
type warningLayout struct{ width float32 }

func (l *warningLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	mark := objects[0].MinSize()
	return fyne.NewSize(mark.Width+objects[1].MinSize().Width, max(mark.Height, heightAt(objects[1], max(l.width-mark.Width, 1))))
}

func (l *warningLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	mark := objects[0].MinSize()
	place(objects[0], 0, (size.Height-mark.Height)/2, mark.Width, mark.Height)
	place(objects[1], mark.Width, 0, size.Width-mark.Width, size.Height)
}

// besideBar leaves room for the bar of the scroll around it when there is one.
type besideBar struct {
	view fyne.CanvasObject
	bar  float32
}

func (l *besideBar) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l *besideBar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := size.Width - 1 // the scroll would cut the edge of a button
	if heightAt(objects[0], width) > l.view.Size().Height {
		width -= l.bar
	}
	place(objects[0], 0, 0, width, size.Height)
}

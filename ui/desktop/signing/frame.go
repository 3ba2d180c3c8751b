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
	yields []fyne.CanvasObject // go, of a body that grows, while the keyboard leaves no room for them
	tight  bool                // the body comes close below the title, since it is high
	wide   bool                // the body takes all the width there is
	spare  float32             // room that is to be left below the body
	extra  []fyne.CanvasObject // stand between Back and Next, or above them where there is no room
}

// bodyOf is the body of a page as wide as it is to be.
func bodyOf(p page) fyne.CanvasObject {
	if p.wide {
		return p.body
	}
	return newNarrow(880, p.body)
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
	typing  *typing
	scroll  *container.Scroll // around the body; nil where the body takes what there is
	size    fyne.Size         // that the frame was laid out for
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
	fr.extra = newLine(f.gap() * 2)
	fr.typing = newTyping(f)
	fr.back = part.NewButton("", nil)
	fr.next = part.NewPrimaryButton("", f.next)
	// in the order of Tab: what is asked, then on, then back, and last the way out
	fr.root = &fyne.Container{Layout: &frameLayout{fr}, Objects: []fyne.CanvasObject{fr.title, fr.steps, fr.body, fr.warning, fr.extra, fr.next, fr.back, fr.leave,
		fr.typing.board.Content()}}
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
	body := bodyOf(p)
	fr.scroll = nil
	if !p.grows { // larger than a small or much enlarged window: better a bar to drag than something cut off
		bar := f.size(theme.SizeNameScrollBar) + f.gap()
		fr.scroll = container.NewVScroll(&fyne.Container{Layout: &besideBar{fr.body, bar}, Objects: []fyne.CanvasObject{body}})
		body = fr.scroll
	}
	fr.extra.Objects = p.extra
	if fr.typing.begin(p.focus); fr.typing.possible() && (!p.grows || f.theme.room != small) { // where a field can be pressed instead
		fr.extra.Objects = append(p.extra[:len(p.extra):len(p.extra)], fr.typing.toggle)
	}
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
	margin, target := l.flow.size(look.SizeMargin), l.flow.size(look.SizeTarget)
	width := max(l.body.MinSize().Width, l.footer(), l.extra.MinSize().Width, 2*l.leave.MinSize().Width)
	return fyne.NewSize(width+2*margin, l.body.MinSize().Height+3*target+2*margin)
}

// footer is the least width of Back and Next beside each other.
func (l *frameLayout) footer() float32 {
	return l.backWidth() + l.flow.group() + l.nextWidth(l.next)
}

func (fr *frame) backWidth() float32 {
	return max(fr.back.MinSize().Width, 2.5*fr.flow.size(look.SizeTarget))
}

func (fr *frame) nextWidth(next *part.Button) float32 {
	return max(next.MinSize().Width, []float32{4, 3, 2.5}[fr.flow.theme.room]*fr.flow.size(look.SizeTarget))
}

// rect is where something stands.
type rect struct {
	fyne.Position
	fyne.Size
}

func (r rect) place(o fyne.CanvasObject) { place(o, r.X, r.Y, r.Width, r.Height) }

// places are where the parts of a frame stand.
type places struct{ leave, steps, title, body, extra, back, next rect }

// places says where the parts of a frame stand in a size, for a title, what stands between Back and Next, and Next.
func (fr *frame) places(size fyne.Size, title fyne.CanvasObject, tight bool, extra *fyne.Container, next *part.Button) (p places) {
	f := fr.flow
	margin, group, target, inner := f.size(look.SizeMargin), f.group(), f.size(look.SizeTarget), f.size(theme.SizeNameInnerPadding)
	width := size.Width - 2*margin
	at := func(x, y, w, h float32) rect { return rect{fyne.NewPos(x, y), fyne.NewSize(w, h)} }

	leave := fr.leave.MinSize()
	p.leave = at(size.Width-margin-leave.Width, margin/2, leave.Width, leave.Height)
	p.steps = at(margin+inner, margin/2, width-leave.Width-group-inner, leave.Height)
	top := margin/2 + leave.Height
	height := heightAt(title, width)
	p.title = at(margin, top, width, height)
	if top += height; tight || f.theme.room != roomy {
		top -= inner / 2
	}

	bottom := size.Height - margin - target
	back, ahead := fr.backWidth(), fr.nextWidth(next)
	if next.Hidden {
		ahead = 0
	}
	p.next = at(size.Width-margin-ahead, bottom, ahead, target)
	p.back = at(margin, bottom, back, target)
	between, wants := width-back-ahead-2*group, lineWidth(extra)
	switch {
	case wants == 0:
	case wants <= between:
		p.extra = at(margin+back+group+(between-wants)/2, bottom, wants, target)
	default:
		height := heightAt(extra, width)
		bottom -= height + f.gap()
		p.extra = at(margin, bottom, width, height)
	}
	bottom -= max(group/2, f.gap())
	p.body = at(margin, top, width, max(bottom-top, 0))
	return p
}

func (l *frameLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if l.size != size {
		l.size = size
		l.flow.resized(size)
	}
	p := l.places(size, l.title, l.flow.page.tight, l.extra, l.next)
	p.leave.place(l.leave)
	p.steps.place(l.steps)
	p.title.place(l.title)
	p.extra.place(l.extra)
	p.back.place(l.back)
	p.next.place(l.next)
	top, bottom := p.body.Y, p.body.Y+p.body.Height
	l.yield(false)
	wants, typing := l.wants(p.body.Width), l.typing.open()
	if typing { // the keyboard has a key that leads on, and covers Back and Next
		keys := l.typing.board.Content()
		height := keys.MinSize().Height
		bottom = size.Height - height
		place(keys, 0, bottom, size.Width, height)
		if wants > bottom-top {
			top = p.title.Y + l.flow.gap()
			l.yield(wants > bottom-top)
		}
	}
	switch {
	case l.warning.Visible() && typing && l.scroll == nil && wants > bottom-top:
		place(l.warning, p.body.X, size.Height, p.body.Width, heightAt(l.warning, p.body.Width)) // what is typed answers it
	case l.warning.Visible():
		height := heightAt(l.warning, p.body.Width)
		if room := bottom - top - l.flow.group()/2; top == p.body.Y && wants+height <= room {
			bottom -= height + l.flow.group()/2
			place(l.warning, p.body.X, bottom+l.flow.group()/4, p.body.Width, height)
		} else { // in the place of the title, so that nothing is pushed out of sight
			place(l.warning, p.body.X, p.title.Y, p.body.Width, height)
			top = p.title.Y + height
		}
	}
	l.title.Hidden = top != p.body.Y
	for _, o := range []fyne.CanvasObject{l.back, l.next, l.extra} {
		if typing {
			place(o, 0, size.Height+o.Size().Height, o.Size().Width, o.Size().Height) // out of sight, and in the order of Tab still
		}
	}
	place(l.body, p.body.X, top, p.body.Width, max(bottom-top, 0))
	l.typing.reveal()
}

// yield takes away what gives way to the keyboard, or brings it back.
func (fr *frame) yield(gone bool) {
	for _, o := range fr.flow.page.yields {
		switch {
		case o.Visible() && gone:
			o.Hide()
		case !o.Visible() && !gone:
			o.Show()
		default:
			continue
		}
		fr.body.Refresh()
	}
}

// wants is how high the body would be if it had the room.
func (fr *frame) wants(width float32) float32 {
	if fr.scroll == nil {
		return fr.body.MinSize().Height
	}
	return heightAt(fr.scroll.Content, width-1)
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

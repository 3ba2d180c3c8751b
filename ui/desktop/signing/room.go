package signing

import (
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/app/consent"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// fitted is the large type in the room there is: on a small tablet the words and the gaps become smaller, what a finger has to hit
// never does.
type fitted struct {
	fyne.Theme
	room roominess
}

// roominess is how much room a screen has.
type roominess int

const (
	roomy   roominess = iota
	smaller           // a tablet of 1024 × 683 units
	small             // a tablet at 150 %
)

// roominessOf looks at the size of a screen in units. A screen without a size has not been laid out yet.
func roominessOf(size fyne.Size) roominess {
	switch {
	case size.IsZero():
		return roomy
	case size.Height < 640 || size.Width < 900:
		return small
	case size.Height < 740:
		return smaller
	}
	return roomy
}

// Size implements fyne.Theme.
func (t *fitted) Size(name fyne.ThemeSizeName) float32 {
	size, by := t.Theme.Size(name), [...]float32{1, 1, 1}
	switch name {
	case theme.SizeNameText:
		by = [...]float32{1, 0.9, 0.9} // no less: a field has to be high enough for a finger
	case theme.SizeNameInlineIcon:
		by = [...]float32{1, 0.9, 0.75}
	case theme.SizeNameCaptionText:
		by = [...]float32{1, 0.95, 0.9}
	case theme.SizeNameHeadingText:
		by = [...]float32{1, 0.75, 0.6}
	case theme.SizeNameSubHeadingText:
		by = [...]float32{1, 0.85, 0.75}
	case look.SizeGroup, look.SizeMargin:
		by = [...]float32{1, 0.67, 0.5}
	}
	return size * by[t.room]
}

// resized is called when the screen has another size. What shows is built anew, since other pages may fit now.
func (f *Flow) resized(size fyne.Size) {
	f.theme.room = roominessOf(size)
	if f.again != nil {
		f.again()
	}
}

// fits tells whether a page can be seen as a whole, without scrolling.
func (f *Flow) fits(p page) bool {
	size := f.frame.size
	if size.IsZero() {
		return true // not laid out yet; resized looks again
	}
	title, extra, body := part.Heading(p.title), newLine(2*f.gap(), p.extra...), bodyOf(p)
	next := part.NewPrimaryButton(p.next, nil)
	next.Hidden = p.next == ""
	defer f.setting.measure(title, extra, body, next)()
	places := f.frame.places(size, title, p.tight, extra, next)
	return heightAt(body, places.body.Width-1)+p.spare < places.body.Height-1 && body.MinSize().Width <= places.body.Width
}

// hasRoomFor tells whether something more can be seen below the body of the page that shows.
func (f *Flow) hasRoomFor(o fyne.CanvasObject) bool {
	defer f.setting.measure(o)()
	room := f.frame.body.Size()
	return f.frame.wants(room.Width)+heightAt(o, room.Width-1) <= room.Height
}

// packedFor is all that the pages depend on into which the pieces of one kind fall.
type packedFor struct {
	kind     stepKind
	size     fyne.Size
	language string
	form     consent.FormHash
	name     string
	signer   signer
	back     bool
	link     string
	waiting  bool
	answers  int
}

// packing is what the pages of a kind depend on now.
func (f *Flow) packing(kind stepKind) packedFor {
	now := packedFor{kind: kind, size: f.frame.size, language: f.draft.language, form: f.formHash}
	switch kind {
	case stepAnswers:
		now.name, now.signer, now.back = f.profile().Name, f.draft.signer, len(f.saidBefore()) > 0
	case stepCheck:
		now.answers = f.draft.given
	case stepThanks:
		now.name, now.signer, now.link, now.waiting = f.profile().Name, f.draft.signer, f.last.signed.Link, f.last.waiting
	}
	return now
}

// forgetPacked forgets how the pages fall that say something about a person. The others are the same for the next one.
func (f *Flow) forgetPacked() {
	maps.DeleteFunc(f.packed, func(p packedFor, _ []int) bool { return p.name != "" || p.kind == stepCheck || p.kind == stepThanks })
}

// several are the pieces of what may take more than one page: how many there are, and a page with some of them.
func (f *Flow) several(kind stepKind) (count int, build func(from, to int) page) {
	switch kind {
	case stepLanguage:
		return len(f.languageRows()), f.languagesOn
	case stepSelf:
		return 2, f.selfOn
	case stepGuardian:
		return 2, f.guardianOn
	case stepNotice:
		return len(f.noticeLines()), f.noticeOn
	case stepRead:
		return len(f.noticePieces()), f.readOn
	case stepAnswers:
		return len(f.form.Channels), f.answersOn
	case stepCheck:
		return len(f.groups()), f.checkOn
	case stepThanks:
		return f.thanksPieces(), f.thanksOn
	}
	return 1, nil
}

// starts are the pieces with which the pages of a kind begin: as many on each as can be seen as a whole, and one at least.
func (f *Flow) starts(kind stepKind) []int {
	now := f.packing(kind)
	if starts, ok := f.packed[now]; ok {
		return starts
	}
	count, build := f.several(kind)
	starts, fields := []int{0}, f.fields
	defer func() { f.fields = fields }() // of the page that shows
	for from, to := 0, 2; to <= count; to++ {
		if f.apart(kind, to-1) || !f.fits(build(from, to)) {
			starts, from = append(starts, to-1), to-1
		}
	}
	f.packed[now] = starts
	return starts
}

// apart tells whether a piece begins a page of its own in any case.
func (f *Flow) apart(kind stepKind, piece int) bool {
	if kind != stepAnswers {
		return false
	}
	channels := f.ordered()
	return channels[piece].Group != channels[piece-1].Group
}

// onPage is the page of a kind on which a piece stands.
func (f *Flow) onPage(s step) step {
	if _, build := f.several(s.kind); build == nil {
		return s
	}
	starts := f.starts(s.kind)
	for i := len(starts) - 1; i >= 0; i-- {
		if starts[i] <= s.index {
			return step{s.kind, starts[i]}
		}
	}
	return step{kind: s.kind}
}

// packedPage is the page of a kind that begins with a piece.
func (f *Flow) packedPage(s step) page {
	count, build := f.several(s.kind)
	to := count
	for _, start := range f.starts(s.kind) {
		if start > s.index {
			to = start
			break
		}
	}
	return build(s.index, to)
}

// stepsOf are the pages of a kind, in order.
func (f *Flow) stepsOf(kind stepKind) []step {
	var list []step
	for _, start := range f.starts(kind) {
		list = append(list, step{kind, start})
	}
	return list
}

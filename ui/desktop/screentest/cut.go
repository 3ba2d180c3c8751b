package screentest

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

// tolerance is what rounding may take from an object, in Fyne's units.
const tolerance = 0.6

// Cut lists what cannot be read or pressed as a whole on a screen of a size: an object that has less room than it needs, text that ends
// in an ellipsis, and what reaches out of the window or of what scrolls. What has been scrolled out of sight can be scrolled back, and
// is whole. whole tells of a text whether it must be shown in full; a name or a path of the reader's own may be shortened.
func Cut(content fyne.CanvasObject, size fyne.Size, whole func(text string) bool) []string {
	s := &sight{whole: whole}
	s.look(content, fyne.NewPos(0, 0), room{right: size.Width, bottom: size.Height})
	return s.cut
}

// room is what may be drawn on. A side that scrolls has no end.
type room struct{ left, top, right, bottom float32 }

type sight struct {
	whole func(string) bool
	cut   []string
}

const endless = 1e9

func (s *sight) look(o fyne.CanvasObject, at fyne.Position, within room) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	size := o.Size()
	if says := text(o); says != "" {
		s.judge(o, says, at, size, within)
	}
	switch o := o.(type) {
	case *part.Select:
		s.judgeSelect(o)
	case *container.Scroll:
		inner := room{at.X, at.Y, at.X + size.Width, at.Y + size.Height}
		if o.Direction != container.ScrollHorizontalOnly {
			inner.top, inner.bottom = -endless, endless
		}
		if o.Direction != container.ScrollVerticalOnly {
			inner.left, inner.right = -endless, endless
		}
		s.look(o.Content, at, inner)
	case *widget.List, *widget.GridWrap, *widget.Table, *widget.Tree: // rows that are half in sight are theirs
	case *fyne.Container:
		for _, child := range o.Objects {
			s.look(child, at, within)
		}
	case fyne.Widget:
		if text(o) != "" {
			return // its inner parts are what it draws its text with
		}
		inside := room{max(within.left, at.X), max(within.top, at.Y), min(within.right, at.X+size.Width), min(within.bottom, at.Y+size.Height)}
		for _, child := range test.WidgetRenderer(o).Objects() {
			s.look(child, at, inside)
		}
	}
}

func (s *sight) judge(o fyne.CanvasObject, says string, at fyne.Position, size fyne.Size, within room) {
	need := o.MinSize()
	if t, ok := o.(*canvas.Text); ok && t.Alignment == fyne.TextAlignLeading {
		size.Width = min(size.Width, need.Width) // Fyne's radio buttons give their words more room than they have
	}
	shortened := false
	if l, ok := o.(*widget.Label); ok && l.Truncation != fyne.TextTruncateOff {
		if !s.whole(says) {
			return
		}
		need.Width = fyne.MeasureText(longest(says), l.Theme().Size(sizeName(l)), l.TextStyle).Width + 2*l.Theme().Size(theme.SizeNameInnerPadding)
		shortened = true
	}
	report := func(what string) { s.cut = append(s.cut, fmt.Sprintf("%q %s", says, what)) }
	switch {
	case size.Width < need.Width-tolerance && shortened:
		report(fmt.Sprintf("is shortened: %.0f of %.0f wide", size.Width, need.Width))
	case size.Width < need.Width-tolerance:
		report(fmt.Sprintf("has %.0f of %.0f wide", size.Width, need.Width))
	case size.Height < need.Height-tolerance:
		report(fmt.Sprintf("has %.0f of %.0f high", size.Height, need.Height))
	case at.X < within.left-tolerance || at.X+size.Width > within.right+tolerance:
		report(fmt.Sprintf("reaches from %.0f to %.0f, out of %.0f to %.0f across", at.X, at.X+size.Width, within.left, within.right))
	case at.Y < within.top-tolerance || at.Y+size.Height > within.bottom+tolerance:
		report(fmt.Sprintf("reaches from %.0f to %.0f, out of %.0f to %.0f down", at.Y, at.Y+size.Height, within.top, within.bottom))
	}
}

// judgeSelect finds a choice whose words Fyne shortens.
func (s *sight) judgeSelect(o *part.Select) {
	size := func(name fyne.ThemeSizeName) float32 { return o.Theme().Size(name) }
	need := fyne.MeasureText(o.Selected, size(theme.SizeNameText), fyne.TextStyle{}).Width
	has := o.Size().Width - size(theme.SizeNameInlineIcon) - 3*size(theme.SizeNameInnerPadding) + size(theme.SizeNamePadding)
	if has < need-tolerance && s.whole(o.Selected) {
		s.cut = append(s.cut, fmt.Sprintf("%q is shortened: %.0f of %.0f wide", o.Selected, has, need))
	}
}

// text is what an object shows as text, "" for none.
func text(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *widget.Label:
		return o.Text
	case *canvas.Text:
		return o.Text
	case interface{ Text() string }: // our own buttons and tabs
		return o.Text()
	case *widget.RichText:
		return o.String()
	}
	return ""
}

func sizeName(l *widget.Label) fyne.ThemeSizeName {
	if l.SizeName != "" {
		return l.SizeName
	}
	return theme.SizeNameText
}

func longest(text string) string {
	var most string
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > len(most) {
			most = line
		}
	}
	return most
}

// Lengthen makes every text that shows some 30 per cent longer, as another language may, and lets the window lay itself out anew. The
// function that it gives takes that back.
func Lengthen(w fyne.Window) (restore func()) {
	var back []func()
	for _, o := range Visible(w.Content()) {
		var before string
		var set func(string)
		switch o := o.(type) {
		case *widget.Label:
			before, set = o.Text, o.SetText
		case interface {
			Text() string
			SetText(string)
		}:
			before, set = o.Text(), o.SetText
		case *widget.Check:
			before, set = o.Text, o.SetText
		default:
			continue
		}
		set(Longer(before))
		back = append(back, func() { set(before) })
	}
	again := func() {
		size := w.Canvas().Size()
		w.Resize(size.AddWidthHeight(1, 0))
		w.Resize(size)
	}
	again()
	return func() {
		for _, each := range back {
			each()
		}
		again()
	}
}

// Longer doubles vowels until a text is 30 per cent longer: words stay words, with the same places to break a line.
func Longer(text string) string {
	left := len([]rune(text)) * 3 / 10
	var b strings.Builder
	for _, r := range text {
		b.WriteRune(r)
		if left > 0 && strings.ContainsRune("aeiouyæøåäö", r) {
			b.WriteRune(r)
			left--
		}
	}
	return b.String()
}

package part

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Mark is a status. Each has a shape of its own and one of the colours of look, so that it is told
// apart also by those who see no colours. The zero Mark is no mark at all.
type Mark int

// The marks of clearance, of a scope, of a person and of what travels.
const (
	MarkNone        Mark = iota
	MarkYes              // may be used: a tick
	MarkNotYet           // something is missing: a quarter of a disc
	MarkNo               // may not be used: a cross
	MarkGiven            // consent was given: a tick in a ring
	MarkRefused          // consent was refused: a cross in a ring
	MarkWithdrawn        // consent was taken back: an arrow that turns
	MarkExpired          // consent has run out: a clock
	MarkUnanswered       // never asked or never answered: three dots in a ring
	MarkAwaiting         // a guardian is missing: two people
	MarkUnderReview      // someone must look at it: an eye
	MarkAvoid            // do not photograph: a barred ring
	MarkWarning          // read this first: a triangle with a stroke
	MarkWaiting          // waits to be sent: an hourglass
	MarkSending          // is on its way: an arrow upwards in a ring
	MarkSaved            // is safe on this laptop: a disc
	MarkReceived         // the library has it: a triangle
	MarkOnline           // the library can be reached: a cloud
	MarkOffline          // the library cannot be reached: a barred cloud
	markCount
)

// Marks gives every mark, for a legend.
func Marks() []Mark {
	marks := make([]Mark, 0, markCount-1)
	for m := MarkYes; m < markCount; m++ {
		marks = append(marks, m)
	}
	return marks
}

// Color is the name of the mark's colour in look.
func (m Mark) Color() fyne.ThemeColorName {
	switch m {
	case MarkYes, MarkGiven, MarkSaved, MarkReceived:
		return look.ColorYes
	case MarkNotYet, MarkAwaiting, MarkUnderReview, MarkWarning, MarkWaiting:
		return look.ColorNotYet
	case MarkNo, MarkRefused, MarkWithdrawn, MarkExpired, MarkAvoid:
		return look.ColorNo
	case MarkSending:
		return look.ColorAccent
	}
	return look.ColorMuted
}

// Icon gives the mark's shape in a colour, as an SVG of 24 × 24.
func (m Mark) Icon(c color.Color) fyne.Resource {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	rgb := fmt.Sprintf("%02x%02x%02x", n.R, n.G, n.B)
	return fyne.NewStaticResource(fmt.Sprintf("mark-%d-%s.svg", m, rgb), []byte(fmt.Sprintf(
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">`+
			`<g fill="none" stroke="#%[1]s" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">%[2]s</g>`+
			`<g fill="#%[1]s" stroke="none">%[3]s</g></svg>`, rgb, m.lines(), m.fills())))
}

const ring = `<circle cx="12" cy="12" r="9"/>`

// lines are the strokes of the shape, two units wide.
func (m Mark) lines() string {
	switch m {
	case MarkYes:
		return `<path d="M4 13 L9.5 18.5 L20 6.5"/>`
	case MarkNotYet:
		return ring
	case MarkNo:
		return `<path d="M5.5 5.5 L18.5 18.5 M18.5 5.5 L5.5 18.5"/>`
	case MarkGiven:
		return ring + `<path d="M7.5 12.5 L10.8 15.8 L16.5 9"/>`
	case MarkRefused:
		return ring + `<path d="M8.7 8.7 L15.3 15.3 M15.3 8.7 L8.7 15.3"/>`
	case MarkWithdrawn:
		return `<path d="M8.5 4 L4 8.5 L8.5 13 M4.5 8.5 L14.5 8.5 C18 8.5 20.5 11 20.5 14 C20.5 17 18 19.5 14.5 19.5 L9 19.5"/>`
	case MarkExpired:
		return ring + `<path d="M12 7 L12 12.3 L15.5 14.5"/>`
	case MarkUnanswered, MarkSending:
		if m == MarkSending {
			return ring + `<path d="M12 16.5 L12 8 M8.5 11 L12 7.5 L15.5 11"/>`
		}
		return ring
	case MarkAwaiting:
		return `<path d="M2.5 20 C2.5 16 5 14 8.5 14 C12 14 14.5 16 14.5 20"/><circle cx="8.5" cy="7.5" r="3.5"/>` +
			`<path d="M15.5 4.5 C17.5 4.5 19 6 19 7.8 C19 9.6 17.5 11 15.5 11 M18 14.5 C20.3 15.2 21.5 17.2 21.5 20"/>`
	case MarkUnderReview:
		return `<path d="M2.5 12 C5 8 8.3 6 12 6 C15.7 6 19 8 21.5 12 C19 16 15.7 18 12 18 C8.3 18 5 16 2.5 12 Z"/>`
	case MarkAvoid:
		return ring + `<path d="M5.8 5.8 L18.2 18.2"/>`
	case MarkWarning:
		return `<path d="M12 3.5 L22 20.5 L2 20.5 Z M12 10 L12 14.5"/>`
	case MarkWaiting:
		return `<path d="M6.5 3 L17.5 3 M6.5 21 L17.5 21 M8 3 L8 7 L12 12 L16 7 L16 3 M8 21 L8 17 L12 12 L16 17 L16 21"/>`
	case MarkOnline:
		return cloud
	case MarkOffline:
		return cloud + `<path d="M4 3.5 L20.5 21"/>`
	}
	return ""
}

const cloud = `<path d="M7 18.5 C4 18.5 2 16.7 2 14.2 C2 12 3.6 10.3 5.8 10 C6.3 7.2 8.7 5 12 5 C15.4 5 18 7.3 18.3 10.4 C20.5 10.6 22 12.3 22 14.4 C22 16.8 20.2 18.5 17.8 18.5 Z"/>`

// fills are the solid areas of the shape.
func (m Mark) fills() string {
	switch m {
	case MarkNotYet:
		return `<path d="M12 12 L12 4 C16.4 4 20 7.6 20 12 Z"/>`
	case MarkUnanswered:
		return `<circle cx="7.8" cy="12" r="1.4"/><circle cx="12" cy="12" r="1.4"/><circle cx="16.2" cy="12" r="1.4"/>`
	case MarkUnderReview:
		return `<circle cx="12" cy="12" r="3"/>`
	case MarkWarning:
		return `<circle cx="12" cy="17.6" r="1.2"/>`
	case MarkSaved:
		return `<circle cx="12" cy="12" r="8"/>`
	case MarkReceived:
		return `<path d="M12 4 L21 20 L3 20 Z"/>`
	}
	return ""
}

// StatusMark shows a mark and its word in the mark's colour.
type StatusMark struct {
	widget.BaseWidget
	mark     Mark
	word     string
	iconOnly bool
}

var _ fyne.Accessible = (*StatusMark)(nil)

// NewStatusMark gives a mark with its word, such as "Signed".
func NewStatusMark(mark Mark, word string) *StatusMark {
	s := &StatusMark{mark: mark, word: word}
	s.ExtendBaseWidget(s)
	return s
}

// NewStatusIcon gives a mark whose word is only spoken, for a column whose heading and legend say what
// the shapes mean.
func NewStatusIcon(mark Mark, word string) *StatusMark {
	s := NewStatusMark(mark, word)
	s.iconOnly = true
	return s
}

// Set changes the mark and its word.
func (s *StatusMark) Set(mark Mark, word string) {
	if s.mark == mark && s.word == word {
		return
	}
	s.mark, s.word = mark, word
	s.Refresh()
}

// Mark is the status that is shown.
func (s *StatusMark) Mark() Mark { return s.mark }

// Word is the word that is shown or spoken.
func (s *StatusMark) Word() string { return s.word }

// AccessibilityLabel implements fyne.Accessible.
func (s *StatusMark) AccessibilityLabel() string { return s.word }

// AccessibilityRole implements fyne.Accessible.
func (s *StatusMark) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (s *StatusMark) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &markRenderer{mark: s, icon: &canvas.Image{FillMode: canvas.ImageFillContain}, word: &canvas.Text{}}
	r.show()
	return r
}

type markRenderer struct {
	mark *StatusMark
	icon *canvas.Image
	word *canvas.Text
}

func (r *markRenderer) show() {
	c := look.ColorFor(r.mark, r.mark.mark.Color())
	r.icon.Hidden = r.mark.mark == MarkNone
	if !r.icon.Hidden {
		setIcon(r.icon, r.mark.mark.Icon(c))
	}
	r.word.Hidden = r.mark.iconOnly
	r.word.Text, r.word.Color, r.word.TextSize = r.mark.word, c, look.SizeFor(r.mark, theme.SizeNameText)
	r.word.Refresh()
}

func (r *markRenderer) edge() float32 {
	return look.SizeFor(r.mark, theme.SizeNameInlineIcon) * 0.9
}

func (r *markRenderer) MinSize() fyne.Size {
	size := fyne.Size{}
	if !r.icon.Hidden {
		size = fyne.NewSquareSize(r.edge())
	}
	if !r.word.Hidden && r.word.Text != "" {
		word := r.word.MinSize()
		if size.Width > 0 {
			size.Width += look.SizeFor(r.mark, theme.SizeNamePadding)
		}
		size = fyne.NewSize(size.Width+word.Width, max(size.Height, word.Height))
	}
	return size
}

func (r *markRenderer) Layout(size fyne.Size) {
	x, edge := float32(0), r.edge()
	if !r.icon.Hidden {
		r.icon.Resize(fyne.NewSquareSize(edge))
		r.icon.Move(fyne.NewPos(0, (size.Height-edge)/2))
		x = edge + look.SizeFor(r.mark, theme.SizeNamePadding)
	}
	word := r.word.MinSize()
	r.word.Resize(word)
	r.word.Move(fyne.NewPos(x, (size.Height-word.Height)/2))
}

func (r *markRenderer) Refresh() {
	r.show()
	r.Layout(r.mark.Size())
}

func (r *markRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.icon, r.word} }
func (r *markRenderer) Destroy()                     {}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Steps shows how far one has come: a disc per step, those behind filled, the present one long, those
// ahead hollow; and the same in words, such as "Step 2 of 7". Where there is no room for both, the words stay.
type Steps struct {
	widget.BaseWidget
	count, current int
	words          string
}

var _ fyne.Accessible = (*Steps)(nil)

// NewSteps gives steps of which none has been taken.
func NewSteps(count int) *Steps {
	s := &Steps{count: max(count, 0)}
	s.ExtendBaseWidget(s)
	return s
}

// Set says which step is the present one, from 0, of how many, and how to say that.
func (s *Steps) Set(current, count int, words string) {
	s.count = max(count, 0)
	s.current = min(max(current, 0), max(s.count-1, 0))
	s.words = words
	s.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (s *Steps) AccessibilityLabel() string { return s.words }

// AccessibilityRole implements fyne.Accessible.
func (s *Steps) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (s *Steps) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &stepsRenderer{steps: s, words: &canvas.Text{}}
	r.show()
	return r
}

type stepsRenderer struct {
	steps *Steps
	discs []*canvas.Rectangle
	words *canvas.Text
}

func (r *stepsRenderer) show() {
	s := r.steps
	for len(r.discs) < s.count {
		r.discs = append(r.discs, canvas.NewRectangle(nil))
	}
	r.discs = r.discs[:s.count]
	for i, disc := range r.discs {
		disc.CornerRadius = r.edge() / 2
		disc.StrokeWidth, disc.StrokeColor = 1.5, look.ColorFor(s, look.ColorAccent)
		disc.FillColor = look.ColorFor(s, look.ColorAccent)
		if i > s.current {
			disc.StrokeColor, disc.FillColor = look.ColorFor(s, look.ColorEdge), look.ColorFor(s, theme.ColorNameBackground)
		}
	}
	r.words.Text, r.words.Color, r.words.TextSize = s.words, look.ColorFor(s, look.ColorMuted), look.SizeFor(s, theme.SizeNameText)
}

func (r *stepsRenderer) edge() float32 { return look.SizeFor(r.steps, theme.SizeNameText) * 0.7 }

// discWidth is that of step i: the present one is three times as long.
func (r *stepsRenderer) discWidth(i int) float32 {
	if i == r.steps.current {
		return 3 * r.edge()
	}
	return r.edge()
}

func (r *stepsRenderer) MinSize() fyne.Size {
	width := float32(0)
	for i := range r.discs {
		width += r.discWidth(i) + r.edge()
	}
	words := r.words.MinSize()
	return fyne.NewSize(width+words.Width, max(words.Height, r.edge()))
}

func (r *stepsRenderer) Layout(size fyne.Size) {
	x, room := float32(0), size.Width >= r.MinSize().Width
	for i, disc := range r.discs {
		if disc.Hidden = !room; disc.Hidden {
			continue
		}
		disc.Resize(fyne.NewSize(r.discWidth(i), r.edge()))
		disc.Move(fyne.NewPos(x, (size.Height-r.edge())/2))
		x += r.discWidth(i) + r.edge()
	}
	words := r.words.MinSize()
	r.words.Resize(words)
	r.words.Move(fyne.NewPos(x, (size.Height-words.Height)/2))
}

func (r *stepsRenderer) Refresh() {
	r.show()
	r.Layout(r.steps.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *stepsRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.words}
	for _, disc := range r.discs {
		objects = append(objects, disc)
	}
	return objects
}

func (r *stepsRenderer) Destroy() {}

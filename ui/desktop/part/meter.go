package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// meterBars is how many bars a full meter fills.
const meterBars = 4

// Meter shows how strong a passphrase is: up to four bars, and a word.
type Meter struct {
	widget.BaseWidget
	bars int
	word string
}

var _ fyne.Accessible = (*Meter)(nil)

// NewMeter gives an empty meter.
func NewMeter() *Meter {
	m := &Meter{}
	m.ExtendBaseWidget(m)
	return m
}

// Set fills so many bars, from 0 to 4, and says what that means.
func (m *Meter) Set(bars int, word string) {
	m.bars, m.word = min(max(bars, 0), meterBars), word
	m.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (m *Meter) AccessibilityLabel() string { return m.word }

// AccessibilityRole implements fyne.Accessible.
func (m *Meter) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (m *Meter) CreateRenderer() fyne.WidgetRenderer {
	m.ExtendBaseWidget(m)
	r := &meterRenderer{meter: m, word: &canvas.Text{}}
	for range meterBars {
		r.bars = append(r.bars, canvas.NewRectangle(nil))
	}
	r.show()
	return r
}

type meterRenderer struct {
	meter *Meter
	bars  []*canvas.Rectangle
	word  *canvas.Text
}

func (r *meterRenderer) show() {
	m := r.meter
	name := look.ColorNo
	switch {
	case m.bars >= 3:
		name = look.ColorYes
	case m.bars == 2:
		name = look.ColorNotYet
	}
	for i, bar := range r.bars {
		bar.CornerRadius, bar.StrokeWidth = 3, 1
		bar.FillColor, bar.StrokeColor = look.ColorFor(m, name), look.ColorFor(m, name)
		if i >= m.bars {
			bar.FillColor, bar.StrokeColor = look.ColorFor(m, look.ColorSurface), look.ColorFor(m, look.ColorEdge)
		}
	}
	r.word.Text, r.word.TextSize = m.word, look.SizeFor(m, theme.SizeNameText)
	r.word.Color = look.ColorFor(m, name)
	if m.bars == 0 {
		r.word.Color = look.ColorFor(m, look.ColorMuted)
	}
}

func (r *meterRenderer) MinSize() fyne.Size {
	word := r.word.MinSize()
	pad := look.SizeFor(r.meter, theme.SizeNamePadding)
	return fyne.NewSize(meterBars*(32+pad)+2*pad+word.Width, max(word.Height, look.SizeFor(r.meter, theme.SizeNameText)+pad))
}

func (r *meterRenderer) Layout(size fyne.Size) {
	pad := look.SizeFor(r.meter, theme.SizeNamePadding)
	word := r.word.MinSize()
	width := min((size.Width-word.Width-2*pad)/meterBars-pad, 64)
	const height = 8
	x := float32(0)
	for _, bar := range r.bars {
		bar.Resize(fyne.NewSize(width, height))
		bar.Move(fyne.NewPos(x, (size.Height-height)/2))
		x += width + pad
	}
	r.word.Resize(word)
	r.word.Move(fyne.NewPos(x+pad, (size.Height-word.Height)/2))
}

func (r *meterRenderer) Refresh() {
	r.show()
	r.Layout(r.meter.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *meterRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.word}
	for _, bar := range r.bars {
		objects = append(objects, bar)
	}
	return objects
}

func (r *meterRenderer) Destroy() {}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// reveal scrolls what a control stands in as little as brings the whole of it into sight, with room for the name above it: Fyne gives the
// focus to what is scrolled away and leaves it there, so that people would type blind (WCAG 2.2, 2.4.11).
func reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	canvas := driver.CanvasForObject(o)
	if canvas == nil {
		return
	}
	top := canvas.Overlays().Top()
	if top == nil {
		top = canvas.Content()
	}
	const name, gap = 32, 8 // room for the name above a control, and below it
	for _, s := range scrollsAround(top, o) {
		from := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(s).Y
		switch below := from + o.Size().Height + gap - s.Size().Height; {
		case from < 0:
			s.ScrollToOffset(s.Offset.SubtractXY(0, min(name-from, s.Offset.Y)))
		case below > 0:
			s.ScrollToOffset(s.Offset.AddXY(0, min(below, from)))
		}
	}
}

// scrollsAround are those between one object and another inside it, the innermost first.
func scrollsAround(in, o fyne.CanvasObject) []*container.Scroll {
	around, _ := holding(in, o)
	return around
}

// holding looks for an object in another, and tells whether it is there. It does not look into widgets: none of ours holds a control.
func holding(in, o fyne.CanvasObject) (around []*container.Scroll, holds bool) {
	if in == o {
		return nil, true
	}
	switch in := in.(type) {
	case *fyne.Container:
		for _, inner := range in.Objects {
			if around, holds = holding(inner, o); holds {
				return around, true
			}
		}
	case *container.ThemeOverride:
		return holding(in.Content, o)
	case *container.Scroll:
		if around, holds = holding(in.Content, o); holds {
			return append(around, in), true
		}
	}
	return nil, false
}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() {
	b.pressable.FocusGained()
	reveal(b)
}

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() {
	s.Select.FocusGained()
	reveal(s)
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	reveal(c)
}

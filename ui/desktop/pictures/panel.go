package pictures

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
)

// open shows something to work in, in the place of the pictures, until close is called.
func (s *Screen) open(title string, content, actions fyne.CanvasObject) {
	var bottom fyne.CanvasObject
	if actions != nil {
		bottom = container.NewPadded(actions)
	}
	body := container.New(&readingOrder{}, part.Subheading(title), content)
	if bottom != nil {
		body.Add(bottom)
	}
	s.panel, s.engaged = part.Pane(body), false
	s.showMiddle()
}

// close shows the pictures again.
func (s *Screen) close() {
	s.panel, s.engaged = nil, false
	s.showMiddle()
	s.focus()
}

// Escape leaves what is being worked in, unless something is under way in it, or the large look.
func (s *Screen) Escape() {
	switch {
	case s.panel != nil && s.engaged:
	case s.panel != nil:
		s.close()
	case s.large.open:
		s.closeLarge()
	}
}

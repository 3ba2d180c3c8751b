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
	s.panel = part.Pane(body)
	s.apply()
}

// close shows the pictures again.
func (s *Screen) close() {
	s.panel = nil
	s.apply()
	s.request.Window.Canvas().Focus(s.grid.Focusable())
}

// Escape leaves what is being worked in, unless something is under way in it.
func (s *Screen) Escape() {
	if s.panel != nil && !s.Busy() {
		s.close()
	}
}

// readingOrder puts a head above and actions below what has the rest of the room; Tab goes through them in that order.
type readingOrder struct{}

func (readingOrder) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		least := o.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height)
	}
	return size
}

func (readingOrder) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	head := objects[0].MinSize().Height
	bottom := float32(0)
	if len(objects) > 2 {
		bottom = objects[2].MinSize().Height
		objects[2].Move(fyne.NewPos(0, size.Height-bottom))
		objects[2].Resize(fyne.NewSize(size.Width, bottom))
	}
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width, head))
	objects[1].Move(fyne.NewPos(0, head))
	objects[1].Resize(fyne.NewSize(size.Width, size.Height-head-bottom))
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Watch notices that the pointer moves anywhere in a window, and takes nothing from what lies over it. Fyne tells only the topmost
// object that the pointer moves, but asks every object below the pointer for its cursor each time; so that is where this one listens.
type Watch struct {
	widget.BaseWidget
	moved func()
}

var _ desktop.Cursorable = (*Watch)(nil)

// NewWatch gives a watch, to lie under everything else. moved is called very often and must be quick.
func NewWatch(moved func()) *Watch {
	w := &Watch{moved: moved}
	w.ExtendBaseWidget(w)
	return w
}

// Cursor implements desktop.Cursorable. What lies over the watch has the last word.
func (w *Watch) Cursor() desktop.Cursor {
	w.moved()
	return desktop.DefaultCursor
}

// MinSize implements fyne.CanvasObject: it needs no room.
func (w *Watch) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget: there is nothing to see.
func (w *Watch) CreateRenderer() fyne.WidgetRenderer { return nothingRenderer{} }

type nothingRenderer struct{}

func (nothingRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (nothingRenderer) Layout(fyne.Size)             {}
func (nothingRenderer) Objects() []fyne.CanvasObject { return nil }
func (nothingRenderer) Refresh()                     {}
func (nothingRenderer) Destroy()                     {}

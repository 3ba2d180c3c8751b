package pictures

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/part"
)

// toolLayout lays out the row of tools above the pictures. Where it is narrow, words before the choices, which say themselves what they are
// about, are spared and the choices are narrower, so that the tools stay in one line.
type toolLayout struct {
	spared []fyne.CanvasObject
	widths []*givenWidth
	narrow bool
}

const (
	toolGap = 16
	// narrowTools is where the tools no longer fit in one line with all their words, in units.
	narrowTools = 840
)

// MinSize implements fyne.Layout.
func (*toolLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout implements fyne.Layout.
func (l *toolLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if narrow := size.Width < narrowTools; narrow != l.narrow {
		l.narrow = narrow
		for _, o := range l.spared {
			if narrow {
				o.Hide()
			} else {
				o.Show()
			}
		}
		for _, w := range l.widths {
			w.narrow = narrow
		}
	}
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

// labelled puts a word before a control.
func (l *toolLayout) labelled(word string, control fyne.CanvasObject) fyne.CanvasObject {
	label := container.NewCenter(part.FieldLabel(word))
	l.spared = append(l.spared, label)
	return container.NewHBox(label, control)
}

// sized gives a control a width, and another one where the row is narrow.
func (l *toolLayout) sized(wide, narrow float32, control fyne.CanvasObject) fyne.CanvasObject {
	w := &givenWidth{wide: wide, least: narrow}
	l.widths = append(l.widths, w)
	return container.New(w, control)
}

// givenWidth gives one object a width, and the height that it needs.
type givenWidth struct {
	wide, least float32
	narrow      bool
}

// MinSize implements fyne.Layout.
func (w *givenWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := w.wide
	if w.narrow {
		width = w.least
	}
	return fyne.NewSize(width, max(36, objects[0].MinSize().Height))
}

// Layout implements fyne.Layout.
func (*givenWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// EmptyState fills a screen that has nothing to show yet: an icon (nil leaves it out), what this screen is
// for, and the action to begin with (nil leaves it out).
func EmptyState(icon fyne.Resource, sentence, detail string, action *Button) *fyne.Container {
	column := container.New(&groups{vertical: true})
	if icon != nil {
		image := canvas.NewImageFromResource(icon)
		image.FillMode = canvas.ImageFillContain
		image.SetMinSize(fyne.NewSquareSize(56))
		column.Add(container.NewCenter(image))
	}
	column.Add(container.NewVBox(centred(Subheading(sentence)), centred(Note(detail))))
	if action != nil {
		column.Add(container.NewCenter(action))
	}
	return container.NewVBox(layout.NewSpacer(), container.New(&narrow{width: 480}, column), layout.NewSpacer())
}

func centred(l *widget.Label) *widget.Label {
	l.Alignment = fyne.TextAlignCenter
	l.Hidden = l.Text == ""
	return l
}

// Narrow keeps content in the middle and no wider than width, which is that of a line that reads well or of a
// form with short fields.
func Narrow(width float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(&narrow{width: width}, content)
}

// narrow keeps content in the middle and no wider than a line that reads well.
type narrow struct{ width float32 }

func (l *narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

func (l *narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		width := min(size.Width, max(l.width, o.MinSize().Width))
		o.Resize(fyne.NewSize(width, size.Height))
		o.Move(fyne.NewPos((size.Width-width)/2, 0))
	}
}

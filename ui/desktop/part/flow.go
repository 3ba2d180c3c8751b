package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Flow puts objects beside each other, each as wide as it needs and gap units apart, into as many lines as that takes; in a line they
// share their middle. Hidden ones take no room.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flow{gap: gap}, objects...)
}

type flow struct {
	gap   float32 // between objects
	width float32 // that it was given last
}

// flowLines is the room between lines: less than between objects, since buttons have edges.
const flowLines = 8

// MinSize is as wide as the widest object, and as high as the objects need at the present width.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return fyne.NewSize(width, f.arrange(objects, max(f.width, width), false))
}

// Layout implements fyne.Layout.
func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.arrange(objects, size.Width, true)
}

func (f *flow) arrange(objects []fyne.CanvasObject, width float32, move bool) float32 {
	y, x, height := float32(0), float32(0), float32(0)
	var line []fyne.CanvasObject
	end := func() {
		at := float32(0)
		for _, o := range line {
			size := o.MinSize()
			if move {
				o.Resize(size)
				o.Move(fyne.NewPos(at, y+(height-size.Height)/2))
			}
			at += size.Width + f.gap
		}
		line, x, y, height = nil, 0, y+height+flowLines, 0
	}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if len(line) > 0 && x+size.Width > width {
			end()
		}
		line, x, height = append(line, o), x+size.Width+f.gap, max(height, size.Height)
	}
	if len(line) > 0 {
		end()
	}
	return max(y-flowLines, 0)
}

package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Pane lays content on a surface with an edge and round corners, with the room of a group around it.
func Pane(content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(newGround(false), container.New(&insets{name: look.SizeGroup}, content))
}

// Card is a pane with a subheading.
func Card(title string, content fyne.CanvasObject) *fyne.Container {
	return Pane(Section(title, content))
}

// Section puts a subheading above content.
func Section(title string, content fyne.CanvasObject) *fyne.Container {
	head := Subheading(title)
	return container.New(layout.NewBorderLayout(head, nil, nil, nil), head, content) // read in this order
}

// Margin puts the room to the edge of the window around content.
func Margin(content fyne.CanvasObject) *fyne.Container {
	return container.New(&insets{name: look.SizeMargin}, content)
}

// Stack puts objects one below the other with the room between groups; those that belong together come
// in a container of their own.
func Stack(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&groups{vertical: true}, objects...)
}

// Line puts objects beside each other, each as wide as it needs and centred on the line.
func Line(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&groups{}, objects...)
}

// Framed draws the edge of a control around one of Fyne's that has none of its own, such as a Select.
func Framed(control fyne.CanvasObject) *fyne.Container {
	g := newGround(false)
	g.edged = true
	return container.NewStack(g, container.New(layout.NewCustomPaddedLayout(1, 1, 1, 1), control))
}

// ground is the surface of a pane; it follows the theme.
type ground struct {
	widget.BaseWidget
	raised bool // it lies over something else and throws a shadow
	edged  bool // it has the edge of a control
}

func newGround(raised bool) *ground {
	g := &ground{raised: raised}
	g.ExtendBaseWidget(g)
	return g
}

func (g *ground) CreateRenderer() fyne.WidgetRenderer {
	g.ExtendBaseWidget(g)
	r := &groundRenderer{ground: g, box: canvas.NewRectangle(nil)}
	r.show()
	return r
}

type groundRenderer struct {
	ground *ground
	box    *canvas.Rectangle
}

func (r *groundRenderer) show() {
	r.box.FillColor = look.ColorFor(r.ground, look.ColorSurface)
	r.box.StrokeColor, r.box.StrokeWidth = look.ColorFor(r.ground, look.ColorLine), 1
	r.box.CornerRadius = look.SizeFor(r.ground, theme.SizeNameCardRadius)
	if r.ground.edged {
		r.box.StrokeColor, r.box.CornerRadius = look.ColorFor(r.ground, look.ColorEdge), look.SizeFor(r.ground, theme.SizeNameInputRadius)
	}
	if r.ground.raised {
		r.box.StrokeColor = look.ColorFor(r.ground, look.ColorEdge)
		r.box.Shadow = canvas.Shadow{Color: look.ColorFor(r.ground, theme.ColorNameShadow), BlurRadius: 12, Offset: fyne.NewPos(0, 4)}
	}
}

func (r *groundRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *groundRenderer) Layout(size fyne.Size)        { r.box.Resize(size) }
func (r *groundRenderer) Refresh()                     { r.show(); r.box.Refresh() }
func (r *groundRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.box} }
func (r *groundRenderer) Destroy()                     {}

// insets keeps room on every side, as wide as a size of the theme.
type insets struct{ name fyne.ThemeSizeName }

func (l *insets) room() float32 { return look.SizeFor(nil, l.name) }

func (l *insets) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		if o.Visible() {
			size = size.Max(o.MinSize())
		}
	}
	return size.Add(fyne.NewSquareSize(2 * l.room()))
}

func (l *insets) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room := l.room()
	for _, o := range objects {
		o.Move(fyne.NewPos(room, room))
		o.Resize(size.Subtract(fyne.NewSquareSize(2 * room)))
	}
}

// groups puts objects in a row or a column with the room between groups.
type groups struct{ vertical bool }

func (l *groups) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size, room := fyne.Size{}, look.SizeFor(nil, look.SizeGroup)
	first := true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		min := o.MinSize()
		gap := room
		if first {
			gap, first = 0, false
		}
		if l.vertical {
			size = fyne.NewSize(max(size.Width, min.Width), size.Height+gap+min.Height)
		} else {
			size = fyne.NewSize(size.Width+gap+min.Width, max(size.Height, min.Height))
		}
	}
	return size
}

func (l *groups) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	at, room := float32(0), look.SizeFor(nil, look.SizeGroup)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if l.vertical {
			o.Move(fyne.NewPos(0, at))
			o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
			at += o.MinSize().Height + room
		} else {
			min := o.MinSize()
			o.Move(fyne.NewPos(at, (size.Height-min.Height)/2))
			o.Resize(min)
			at += min.Width + room
		}
	}
}

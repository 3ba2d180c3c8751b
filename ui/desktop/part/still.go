package part

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Still is one small picture that is there to be recognised, not to be pressed. Its name stands below it, shortened to its width.
type Still struct {
	widget.BaseWidget
	picture image.Image
	name    string
	edge    float32
}

var _ fyne.Accessible = (*Still)(nil)

// NewStill gives a picture edge units wide and three quarters as high; nil shows an empty place, for what has no picture here.
func NewStill(picture image.Image, name string, edge float32) *Still {
	s := &Still{picture: picture, name: name, edge: edge}
	s.ExtendBaseWidget(s)
	return s
}

// AccessibilityLabel implements fyne.Accessible.
func (s *Still) AccessibilityLabel() string { return s.name }

// AccessibilityRole implements fyne.Accessible.
func (s *Still) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (s *Still) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &stillRenderer{still: s, ground: canvas.NewRectangle(nil), name: &canvas.Text{},
		image: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}}
	r.show()
	return r
}

type stillRenderer struct {
	still  *Still
	ground *canvas.Rectangle
	image  *canvas.Image
	name   *canvas.Text
}

func (r *stillRenderer) show() {
	s := r.still
	r.ground.FillColor, r.ground.CornerRadius = look.ColorFor(s, theme.ColorNameBackground), look.SizeFor(s, theme.SizeNameInputRadius)
	r.image.Image, r.image.Hidden = s.picture, s.picture == nil
	size := look.SizeFor(s, theme.SizeNameCaptionText)
	r.name.Text, r.name.TextSize, r.name.Color = shorten(s.name, s.edge, size, fyne.TextStyle{}), size, look.ColorFor(s, look.ColorMuted)
}

func (r *stillRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.still.edge, r.still.edge*3/4+r.name.MinSize().Height)
}

func (r *stillRenderer) Layout(size fyne.Size) {
	picture := fyne.NewSize(size.Width, size.Height-r.name.MinSize().Height)
	r.ground.Resize(picture)
	r.image.Resize(picture)
	r.name.Move(fyne.NewPos(0, picture.Height))
	r.name.Resize(r.name.MinSize())
}

func (r *stillRenderer) Refresh() {
	r.show()
	r.Layout(r.still.Size())
	canvas.Refresh(r.still)
}

func (r *stillRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.image, r.name}
}

func (r *stillRenderer) Destroy() {}

package part

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// face draws a pressable: a box with an edge, an icon, a label, the key that does the same, and a ring
// inside the edge while it has the focus.
type face struct {
	owner            fyne.Widget
	box, veil, ring  *canvas.Rectangle
	icon             *canvas.Image
	label, key       *canvas.Text
	leading, compact bool // leading: content starts at the left; compact: no wider than its words
}

// paint is how a face looks now. A nil colour is not drawn.
type paint struct {
	fill, edge, text, key, ring color.Color
	label, keyText              string
	icon                        fyne.Resource
}

func newFace(owner fyne.Widget) *face {
	f := &face{
		owner: owner,
		box:   canvas.NewRectangle(color.Transparent),
		veil:  canvas.NewRectangle(color.Transparent),
		ring:  canvas.NewRectangle(color.Transparent),
		icon:  &canvas.Image{FillMode: canvas.ImageFillContain},
		label: &canvas.Text{},
		key:   &canvas.Text{},
	}
	f.icon.Hide()
	return f
}

func (f *face) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{f.box, f.veil, f.ring, f.icon, f.label, f.key}
}

func (f *face) size(name fyne.ThemeSizeName) float32 { return look.SizeFor(f.owner, name) }

// show takes over how the face looks; the caller lays it out afterwards.
func (f *face) show(p paint, state *pressable) {
	radius := f.size(theme.SizeNameButtonRadius)
	for _, r := range []*canvas.Rectangle{f.box, f.veil} {
		r.CornerRadius = radius
	}
	f.box.FillColor, f.box.StrokeColor, f.box.StrokeWidth = orClear(p.fill), orClear(p.edge), 1
	if p.edge == nil {
		f.box.StrokeWidth = 0
	}
	f.veil.FillColor = color.Transparent
	if !state.Disabled() {
		switch {
		case state.held:
			f.veil.FillColor = look.ColorFor(f.owner, theme.ColorNamePressed)
		case state.hovered:
			f.veil.FillColor = look.ColorFor(f.owner, theme.ColorNameHover)
		}
	}
	f.ring.StrokeColor, f.ring.StrokeWidth, f.ring.CornerRadius = orClear(p.ring), f.size(look.SizeRing), radius-2
	f.ring.Hidden = !state.focused || state.Disabled()

	text := f.size(theme.SizeNameText)
	f.label.Text, f.label.Color, f.label.TextSize = p.label, orClear(p.text), text
	f.label.TextStyle = fyne.TextStyle{Bold: !f.compact}
	f.key.Text, f.key.Color, f.key.TextSize = p.keyText, orClear(p.key), f.size(theme.SizeNameCaptionText)
	f.icon.Hidden = p.icon == nil
	setIcon(f.icon, p.icon)
	for _, o := range []fyne.CanvasObject{f.box, f.veil, f.ring, f.label, f.key} {
		o.Refresh()
	}
}

func (f *face) minSize() fyne.Size {
	target, inner := f.size(look.SizeTarget), f.size(theme.SizeNameInnerPadding)
	content := f.contentSize()
	sides := 2 * inner
	if !f.compact {
		sides = 3 * inner
	}
	return fyne.NewSize(max(content.Width+sides, target), max(content.Height+inner, target))
}

func (f *face) contentSize() fyne.Size {
	pad := f.size(theme.SizeNamePadding)
	size := fyne.Size{}
	for _, part := range f.pieces() {
		min := part.MinSize()
		if part == fyne.CanvasObject(f.icon) {
			min = fyne.NewSquareSize(f.size(theme.SizeNameInlineIcon))
		}
		if size.Width > 0 {
			size.Width += 2 * pad
		}
		size.Width += min.Width
		size.Height = max(size.Height, min.Height)
	}
	return size
}

// pieces are what stands in a line on the face, from the left.
func (f *face) pieces() []fyne.CanvasObject {
	var pieces []fyne.CanvasObject
	if !f.icon.Hidden {
		pieces = append(pieces, f.icon)
	}
	if f.label.Text != "" {
		pieces = append(pieces, f.label)
	}
	if f.key.Text != "" {
		pieces = append(pieces, f.key)
	}
	return pieces
}

func (f *face) layout(size fyne.Size) {
	f.box.Resize(size)
	f.veil.Resize(size)
	const gap = 3
	f.ring.Move(fyne.NewPos(gap, gap))
	f.ring.Resize(size.Subtract(fyne.NewSquareSize(2 * gap)))

	pad, x := f.size(theme.SizeNamePadding), (size.Width-f.contentSize().Width)/2
	if f.leading {
		x = f.size(theme.SizeNameInnerPadding)
	}
	for _, part := range f.pieces() {
		min := part.MinSize()
		if part == fyne.CanvasObject(f.icon) {
			min = fyne.NewSquareSize(f.size(theme.SizeNameInlineIcon))
		}
		part.Resize(min)
		part.Move(fyne.NewPos(x, (size.Height-min.Height)/2))
		x += min.Width + 2*pad
	}
}

func orClear(c color.Color) color.Color {
	if c == nil {
		return color.Transparent
	}
	return c
}

// setIcon puts an icon on an image. Reading an SVG anew costs more than the rest of a list row, so an
// icon of our own, whose name holds its colour, is only read when it differs.
func setIcon(image *canvas.Image, icon fyne.Resource) {
	if icon == nil {
		return
	}
	if _, fixed := icon.(*fyne.StaticResource); fixed && image.Resource != nil && image.Resource.Name() == icon.Name() {
		return
	}
	image.Resource = icon
	image.Refresh()
}

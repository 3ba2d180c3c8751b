package part

import (
	"image"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// QRImage shows a QR code crisply: every module the same whole number of the screen's pixels, black on
// white in light and in dark, since many phones do not read the inverse.
type QRImage struct {
	widget.BaseWidget
	code image.Image
	name string
	edge float32
}

var _ fyne.Accessible = (*QRImage)(nil)

// NewQRImage shows a code that has one pixel per module and its quiet zone around it, at least edge units
// wide and high. Name says to assistive technology what the code is for.
func NewQRImage(code image.Image, edge float32, name string) *QRImage {
	q := &QRImage{code: code, name: name, edge: edge}
	q.ExtendBaseWidget(q)
	return q
}

// SetImage shows another code.
func (q *QRImage) SetImage(code image.Image, name string) {
	q.code, q.name = code, name
	q.Refresh()
}

// AccessibilityLabel implements fyne.Accessible.
func (q *QRImage) AccessibilityLabel() string { return q.name }

// AccessibilityRole implements fyne.Accessible.
func (q *QRImage) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (q *QRImage) CreateRenderer() fyne.WidgetRenderer {
	q.ExtendBaseWidget(q)
	r := &qrRenderer{qr: q}
	r.raster = canvas.NewRaster(q.render)
	return r
}

// render draws the code as large as whole modules allow in the middle of a white ground.
func (q *QRImage) render(width, height int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	if q.code == nil || q.code.Bounds().Empty() {
		return out
	}
	from := q.code.Bounds()
	module := min(width/from.Dx(), height/from.Dy())
	left, top := (width-module*from.Dx())/2, (height-module*from.Dy())/2
	for y := range from.Dy() {
		for x := range from.Dx() {
			square := image.Rect(0, 0, module, module).Add(image.Pt(left+x*module, top+y*module))
			draw.Draw(out, square, image.NewUniform(q.code.At(from.Min.X+x, from.Min.Y+y)), image.Point{}, draw.Src)
		}
	}
	return out
}

type qrRenderer struct {
	qr     *QRImage
	raster *canvas.Raster
}

func (r *qrRenderer) MinSize() fyne.Size {
	edge := r.qr.edge
	if r.qr.code != nil { // a module must have a pixel at least
		edge = max(edge, float32(r.qr.code.Bounds().Dx()))
	}
	return fyne.NewSquareSize(edge)
}

func (r *qrRenderer) Layout(size fyne.Size)        { r.raster.Resize(size) }
func (r *qrRenderer) Refresh()                     { r.raster.Refresh() }
func (r *qrRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.raster} }
func (r *qrRenderer) Destroy()                     {}

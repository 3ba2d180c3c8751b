package receipt

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The picture of a card is drawn at this scale from a sheet with the shape of common screens.
const pixelsPerMM = 12

var picturePaper = paper{100, 1600.0 / pixelsPerMM}

// picture is a canvas of pixels. The first failure is kept and returned by write.
type picture struct {
	faces *faces
	image *image.RGBA
	err   error
}

func newPicture() (*picture, error) {
	faces, err := newFaces()
	if err != nil {
		return nil, err
	}
	bounds := image.Rect(0, 0, pixels(picturePaper.width), pixels(picturePaper.height))
	return &picture{faces: faces, image: image.NewRGBA(bounds)}, nil
}

func pixels(mm float64) int { return int(math.Round(mm * pixelsPerMM)) }

func (p *picture) write(w io.Writer) error {
	if p.err != nil {
		return p.err
	}
	return png.Encode(w, p.image)
}

func (p *picture) box(x, y, w, h float64, c colour) {
	area := image.Rect(pixels(x), pixels(y), pixels(x+w), pixels(y+h))
	draw.Draw(p.image, area, image.NewUniform(color.RGBA{c.r, c.g, c.b, 255}), image.Point{}, draw.Src)
}

func (p *picture) textCentred(x, y float64, st style, words string) {
	words = p.faces.printable(words)
	face, err := opentype.NewFace(p.faces.of(st).font, &opentype.FaceOptions{
		Size: st.size, DPI: 25.4 * pixelsPerMM, Hinting: font.HintingNone,
	})
	if err != nil {
		p.err = fmt.Errorf("size font: %w", err)
		return
	}
	defer face.Close()
	drawer := font.Drawer{
		Dst: p.image, Face: face,
		Src: image.NewUniform(color.RGBA{st.colour.r, st.colour.g, st.colour.b, 255}),
	}
	drawer.Dot = fixed.Point26_6{
		X: fixed.I(pixels(x)) - drawer.MeasureString(words)/2,
		Y: fixed.I(pixels(y)),
	}
	drawer.DrawString(words)
}

// drawQR draws whole pixels per module, centred in the square.
func (p *picture) drawQR(modules [][]bool, x, y, side float64) {
	module := pixels(side) / len(modules)
	if module < 1 {
		p.err = fmt.Errorf("draw QR code: %d modules do not fit", len(modules))
		return
	}
	code := qrPicture(modules, module)
	spare := (pixels(side) - code.Rect.Dx()) / 2
	draw.Draw(p.image, code.Rect.Add(image.Pt(pixels(x)+spare, pixels(y)+spare)), code, image.Point{}, draw.Src)
}

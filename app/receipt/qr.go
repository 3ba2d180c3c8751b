package receipt

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"github.com/jung-kurt/gofpdf"
	qrcode "github.com/skip2/go-qrcode"
)

// minModule is the smallest module, in millimetres, that a phone reads from a printed sheet without care.
const minModule = 0.45

// fastPNG is for pictures inside a PDF: few colours compress well enough at once.
var fastPNG = png.Encoder{CompressionLevel: png.BestSpeed}

// QR makes the QR code of a text as a square picture, side pixels wide: level M, quiet zone included, every module the
// same whole number of pixels, centred. It fails when the text is empty or too long, or side is too small for it.
func QR(text string, side int) (image.Image, error) {
	modules, err := qrModules(text)
	if err != nil {
		return nil, err
	}
	module := side / len(modules)
	if module < 1 {
		return nil, fmt.Errorf("make QR code: %d pixels for %d modules", side, len(modules))
	}
	code := qrPicture(modules, module)
	if code.Rect.Dx() == side {
		return code, nil
	}
	picture := image.NewPaletted(image.Rect(0, 0, side, side), code.Palette)
	offset := (side - code.Rect.Dx()) / 2
	draw.Draw(picture, code.Rect.Add(image.Pt(offset, offset)), code, image.Point{}, draw.Src)
	return picture, nil
}

// qrPicture paints the modules black on white, module pixels each.
func qrPicture(modules [][]bool, module int) *image.Paletted {
	side := len(modules) * module
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for row, line := range modules {
		first := picture.Pix[row*module*side : (row*module+1)*side]
		for column, dark := range line {
			if dark {
				for x := range module {
					first[column*module+x] = 1
				}
			}
		}
		for y := 1; y < module; y++ {
			copy(picture.Pix[(row*module+y)*side:], first)
		}
	}
	return picture
}

// qrModules is the code of a text, row by row, with the quiet zone of four modules on each side.
func qrModules(text string) ([][]bool, error) {
	if text == "" {
		return nil, errors.New("make QR code: no text")
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("make QR code: %w", err)
	}
	return code.Bitmap(), nil
}

// qrSide is the printed side of a code, quiet zone included: the wanted one, or more when modules would get too small.
func qrSide(modules [][]bool, wanted float64) float64 {
	return max(wanted, float64(len(modules))*minModule)
}

// drawQR draws a code with its quiet zone as a picture of eight pixels per module, which no renderer smooths into grey.
// Filled paths would be smaller, but renderers that align paths to pixels bend them.
func (s *sheet) drawQR(modules [][]bool, x, y, side float64) {
	var encoded bytes.Buffer
	if err := fastPNG.Encode(&encoded, qrPicture(modules, 8)); err != nil {
		s.pdf.SetError(fmt.Errorf("draw QR code: %w", err))
		return
	}
	s.codes++
	name := fmt.Sprintf("qr-%d", s.codes)
	options := gofpdf.ImageOptions{ImageType: "PNG"}
	s.pdf.RegisterImageOptionsReader(name, options, &encoded)
	s.pdf.ImageOptions(name, x, y, side, side, false, options, 0, "")
}

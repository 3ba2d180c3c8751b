package receipt

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	xdraw "golang.org/x/image/draw"
)

// signature is a signature image made ready for paper: grey on white, cropped to its ink, no larger than print needs.
type signature struct {
	data []byte
	kind string // "PNG" or "JPG"
	size image.Point
}

const (
	maxSignaturePixels = 40 << 20 // a larger picture is a mistake or an attack
	maxSignatureWidth  = 900      // pixels: 380 dpi in its place on the page
	maxSignatureBytes  = 48 << 10 // above this a grey JPEG of the same picture is used: it is a photograph of paper
)

func readSignature(data []byte) (*signature, error) {
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxSignaturePixels/config.Height {
		return nil, errors.New("too many pixels")
	}
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	bounds := decoded.Bounds()
	grey := image.NewGray(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(grey, grey.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(grey, grey.Bounds(), decoded, bounds.Min, draw.Over)
	inked := inkBounds(grey)
	if inked.Empty() {
		return nil, errors.New("no ink")
	}
	cropped := grey.SubImage(inked)
	if inked.Dx() > maxSignatureWidth {
		scaled := image.NewGray(image.Rect(0, 0, maxSignatureWidth, max(1, inked.Dy()*maxSignatureWidth/inked.Dx())))
		xdraw.ApproxBiLinear.Scale(scaled, scaled.Bounds(), cropped, inked, draw.Src, nil)
		cropped = scaled
	}
	out := &signature{kind: "PNG", size: cropped.Bounds().Size()}
	var buffer bytes.Buffer
	if err := png.Encode(&buffer, cropped); err != nil {
		return nil, err
	}
	if buffer.Len() > maxSignatureBytes {
		buffer.Reset()
		if err := jpeg.Encode(&buffer, cropped, &jpeg.Options{Quality: 60}); err != nil {
			return nil, err
		}
		out.kind = "JPG"
	}
	out.data = buffer.Bytes()
	return out, nil
}

// inkBounds is the smallest rectangle that holds everything darker than paper.
func inkBounds(picture *image.Gray) image.Rectangle {
	const paperWhite = 235
	var ink image.Rectangle
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := picture.Pix[picture.PixOffset(b.Min.X, y):picture.PixOffset(b.Max.X, y)]
		first, last := -1, -1
		for x, value := range row {
			if value < paperWhite {
				if first < 0 {
					first = x
				}
				last = x
			}
		}
		if first >= 0 {
			ink = ink.Union(image.Rect(b.Min.X+first, y, b.Min.X+last+1, y+1))
		}
	}
	return ink
}

// fit is the largest size in millimetres inside the given one that keeps the picture's shape.
func (s *signature) fit(width, height float64) (w, h float64) {
	scale := min(width/float64(s.size.X), height/float64(s.size.Y))
	return float64(s.size.X) * scale, float64(s.size.Y) * scale
}

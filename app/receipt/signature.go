package receipt

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
)

// signature is a signature image made ready for paper: grey on white, cropped to its ink, no larger than print needs.
type signature struct {
	data []byte
	kind string // "PNG" or "JPG"
	size image.Point
}

const (
	maxSignaturePixels = 40 << 20 // a larger picture is a mistake or an attack
	maxSignatureWidth  = 1200     // pixels: 500 dpi in its place on the page
	maxSignatureBytes  = 48 << 10 // above this a grey JPEG of the same picture is used: it is a photograph of paper
)

// paperSignature makes a picture ready for paper. None, or one without ink, is nil, and no error.
func paperSignature(picture image.Image) (*signature, error) {
	if picture == nil || picture.Bounds().Empty() {
		return nil, nil
	}
	if b := picture.Bounds(); b.Dx() > maxSignaturePixels/b.Dy() {
		return nil, errors.New("too many pixels")
	}
	grey := greyOnWhite(picture)
	inked := inkBounds(grey)
	if inked.Empty() {
		return nil, nil
	}
	cropped := shrink(grey, inked, (inked.Dx()+maxSignatureWidth-1)/maxSignatureWidth)
	out := &signature{kind: "PNG", size: cropped.Bounds().Size()}
	var buffer bytes.Buffer
	if err := fastPNG.Encode(&buffer, cropped); err != nil {
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

// greyOnWhite is the picture as it looks on paper. Drawings come as one of the two kinds that are taken at once.
func greyOnWhite(picture image.Image) *image.Gray {
	bounds := picture.Bounds()
	switch drawn := picture.(type) {
	case *image.Gray:
		return drawn
	case *image.NRGBA:
		return greyOf(bounds, drawn.Pix, drawn.Stride, func(pixel []uint8) int {
			return (luma(pixel)*int(pixel[3]) + 255*(255-int(pixel[3]))) / 255
		})
	case *image.RGBA: // multiplied with its opacity already
		return greyOf(bounds, drawn.Pix, drawn.Stride, func(pixel []uint8) int { return luma(pixel) + 255 - int(pixel[3]) })
	}
	onPaper := image.NewRGBA(bounds)
	draw.Draw(onPaper, bounds, image.White, image.Point{}, draw.Src)
	draw.Draw(onPaper, bounds, picture, bounds.Min, draw.Over)
	return greyOf(bounds, onPaper.Pix, onPaper.Stride, luma)
}

// greyOf turns pixels of four bytes into grey ones.
func greyOf(bounds image.Rectangle, pixels []uint8, stride int, value func([]uint8) int) *image.Gray {
	grey := image.NewGray(bounds)
	for y := range bounds.Dy() {
		row, out := pixels[y*stride:], grey.Pix[y*grey.Stride:]
		for x := range bounds.Dx() {
			out[x] = uint8(min(value(row[4*x:4*x+4:4*x+4]), 255))
		}
	}
	return grey
}

// luma is the brightness of red, green and blue.
func luma(pixel []uint8) int {
	return (299*int(pixel[0]) + 587*int(pixel[1]) + 114*int(pixel[2])) / 1000
}

// shrink is a part of the picture with each square of factor × factor pixels averaged to one.
func shrink(picture *image.Gray, part image.Rectangle, factor int) *image.Gray {
	small := image.NewGray(image.Rect(0, 0, (part.Dx()+factor-1)/factor, (part.Dy()+factor-1)/factor))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			square := image.Rect(0, 0, factor, factor).Add(part.Min).Add(image.Pt(x*factor, y*factor)).Intersect(part)
			sum := 0
			for row := square.Min.Y; row < square.Max.Y; row++ {
				for _, value := range picture.Pix[picture.PixOffset(square.Min.X, row):picture.PixOffset(square.Max.X, row)] {
					sum += int(value)
				}
			}
			small.Pix[y*small.Stride+x] = uint8(sum / (square.Dx() * square.Dy()))
		}
	}
	return small
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

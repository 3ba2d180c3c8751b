package picture

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"slices"

	"golang.org/x/image/draw"
)

// previewQuality is the JPEG quality of previews: good enough for a face, small enough for a sealed store of thousands.
const previewQuality = 82

// pixels decodes the image, as stored.
func (f *File) pixels() (image.Image, error) {
	if f.decode == nil {
		return nil, fmt.Errorf("%w: the file holds no picture that can be shown", ErrNoPreview)
	}
	if err := checkPixels(f.info.Width, f.info.Height); err != nil {
		return nil, err
	}
	img, err := f.decode(io.NewSectionReader(f.r, 0, f.size))
	var unsupportedJPEG jpeg.UnsupportedError
	switch {
	case err == nil:
		return img, checkPixels(img.Bounds().Dx(), img.Bounds().Dy())
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrUnsupported), errors.Is(err, ErrDamaged):
		return nil, err
	case errors.As(err, &unsupportedJPEG):
		return nil, unsupported(unsupportedJPEG.Error())
	}
	return nil, damaged(err.Error())
}

// atMost wraps a decoder that takes more memory for each pixel than [MaxPixels] allows for.
func atMost(pixels int64, info Info, decode func(io.Reader) (image.Image, error)) func(io.Reader) (image.Image, error) {
	return func(r io.Reader) (image.Image, error) {
		if int64(info.Width)*int64(info.Height) > pixels {
			return nil, fmt.Errorf("%w: %d × %d pixels of 16 bits a colour", ErrTooLarge, info.Width, info.Height)
		}
		return decode(r)
	}
}

// embedded is a smaller picture inside the file.
type embedded struct {
	byteRange
	width, height int // as stored
	// orientation is the one to apply: a preview may be stored upright although the picture is not.
	orientation int
	icc         []byte
	// same: it shows the same frame as the picture, as far as its sides tell.
	same bool
}

// shown is a decoded picture and how it is to be seen.
type shown struct {
	image.Image
	orientation int
	icc         []byte
}

// smaller decodes the smallest JPEG inside the file that is large enough, or answers [ErrNoPreview]. A thumbnail whose
// sides stand in another proportion is not used: it has black bars, or was left behind when the picture was cropped or
// turned by another program. Only where the pixels cannot be decoded the largest there is must do.
func (f *File) smaller(maxSide int) (shown, error) {
	candidates := make([]embedded, 0, len(f.previews))
	for _, p := range f.previews {
		if c, ok := f.candidate(p); ok {
			candidates = append(candidates, c)
		}
	}
	slices.SortStableFunc(candidates, func(a, b embedded) int { return cmp.Compare(a.width*a.height, b.width*b.height) })
	wanted := maxSide
	if full := max(f.info.Width, f.info.Height); full > 0 {
		wanted = min(maxSide, full)
	}
	for _, c := range candidates {
		if c.same && max(c.width, c.height) >= wanted {
			if p, err := f.decodeEmbedded(c); err == nil {
				return p, nil
			}
		}
	}
	if f.decode != nil {
		return shown{}, fmt.Errorf("%w: none inside is large enough", ErrNoPreview)
	}
	for _, c := range slices.Backward(candidates) {
		if p, err := f.decodeEmbedded(c); err == nil {
			return p, nil
		}
	}
	return shown{}, fmt.Errorf("%w: the file holds no picture that can be shown", ErrNoPreview)
}

// candidate looks at the header of a JPEG inside the file; false when it is none that can be decoded.
//
// Cameras store a preview the way the sensor lies, so that the picture's orientation is the preview's too, unless it has EXIF of its
// own. Some programs store it upright: then its sides fit the picture's only without turning.
func (f *File) candidate(p byteRange) (embedded, bool) {
	m, err := newJPEGReader(io.NewSectionReader(f.r, p.offset, p.length)).header(p.length)
	if err != nil || checkPixels(m.info.Width, m.info.Height) != nil {
		return embedded{}, false
	}
	c := embedded{byteRange: p, width: m.info.Width, height: m.info.Height, orientation: m.info.Orientation, icc: m.icc}
	if c.icc == nil && f.decode != nil {
		c.icc = f.icc
	}
	if c.orientation > 0 {
		c.same = f.sameFrame(c)
		return c, true
	}
	c.orientation = f.info.Orientation
	if c.same = f.sameFrame(c); !c.same {
		unturned := c
		unturned.orientation = 1
		if f.sameFrame(unturned) {
			unturned.same = true
			return unturned, true
		}
	}
	return c, true
}

// sameFrame tells whether a preview's sides, when it is upright, stand in the proportion of the picture's. The previews of RAW files
// lack some columns and rows at the edges.
func (f *File) sameFrame(c embedded) bool {
	if f.info.Width == 0 || f.info.Height == 0 {
		return true // a film or sound: the picture is all there is
	}
	proportion, full := float64(c.width)/float64(c.height), float64(f.info.Width)/float64(f.info.Height)
	if (c.orientation >= 5) != (f.info.Orientation >= 5) {
		proportion = 1 / proportion
	}
	tolerance := 0.015
	if f.decode == nil {
		tolerance = 0.04
	}
	return math.Abs(proportion/full-1) <= tolerance
}

// decodeEmbedded decodes a JPEG inside the file.
func (f *File) decodeEmbedded(c embedded) (shown, error) {
	img, err := jpeg.Decode(io.NewSectionReader(f.r, c.offset, c.length))
	return shown{img, c.orientation, c.icc}, err
}

// shrink draws img on white so that its longer side is at most maxSide. Going first to twice the target by the fast
// method and from there by the good one costs a tenth of the good one alone and looks the same.
func shrink(img image.Image, maxSide int) *image.RGBA {
	w, h := fit(img.Bounds().Dx(), img.Bounds().Dy(), maxSide)
	var good draw.Scaler = draw.CatmullRom
	if planes, ok := img.(*image.YCbCr); ok && planes.Rect.Dx() >= 2*w {
		img = averaged(planes, planes.Rect.Dx()/w)
		if 4*img.Bounds().Dx() < 5*w { // so little is left to do that the fast method shows no difference
			good = draw.ApproxBiLinear
		}
	}
	if img.Bounds().Dx() > 2*w {
		middle := image.NewRGBA(image.Rect(0, 0, 2*w, 2*h))
		white(middle)
		draw.ApproxBiLinear.Scale(middle, middle.Bounds(), img, img.Bounds(), draw.Over, nil)
		img = middle
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	white(small)
	good.Scale(small, small.Bounds(), img, img.Bounds(), draw.Over, nil)
	return small
}

func white(img draw.Image) {
	draw.Draw(img, img.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
}

// fit returns the size of a width × height image with a longer side of at most maxSide.
func fit(width, height, maxSide int) (w, h int) {
	longer := max(width, height)
	if longer <= maxSide {
		return width, height
	}
	scale := func(side int) int { return max(1, int(math.Round(float64(side)*float64(maxSide)/float64(longer)))) }
	return scale(width), scale(height)
}

// upright turns and mirrors a stored image as its EXIF orientation asks (EXIF 2.32 §4.6.4, tag 274).
func upright(stored *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return stored
	}
	w, h := stored.Bounds().Dx(), stored.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			p := uprightPoint(image.Pt(x, y), w, h, orientation)
			copy(out.Pix[out.PixOffset(p.X, p.Y):][:4], stored.Pix[stored.PixOffset(x, y):][:4])
		}
	}
	return out
}

// uprightPoint maps a pixel of a stored w × h image to where it is seen.
func uprightPoint(p image.Point, w, h, orientation int) image.Point {
	right, bottom := w-1-p.X, h-1-p.Y
	switch orientation {
	case 2:
		return image.Pt(right, p.Y)
	case 3:
		return image.Pt(right, bottom)
	case 4:
		return image.Pt(p.X, bottom)
	case 5:
		return image.Pt(p.Y, p.X)
	case 6:
		return image.Pt(bottom, p.X)
	case 7:
		return image.Pt(bottom, right)
	case 8:
		return image.Pt(p.Y, right)
	}
	return p
}

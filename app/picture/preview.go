package picture

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"sort"

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
	case errors.As(err, &unsupportedJPEG):
		return nil, unsupported(unsupportedJPEG.Error())
	}
	return nil, damaged(err.Error())
}

// embeddedPreview decodes the smallest JPEG inside the file that is large enough, or answers [ErrNoPreview]. A thumbnail
// whose sides stand in another proportion is not used: it has black bars, or was left behind when the picture was cropped
// or turned by another program.
func (f *File) embeddedPreview(maxSide int) (image.Image, error) {
	candidates := append([]byteRange(nil), f.previews...)
	sort.Slice(candidates, func(i, j int) bool { return candidates[i].length < candidates[j].length })
	wanted := min(maxSide, max(f.info.Width, f.info.Height))
	for _, c := range candidates {
		config, err := jpeg.DecodeConfig(io.NewSectionReader(f.r, c.offset, c.length))
		if err != nil || checkPixels(config.Width, config.Height) != nil || max(config.Width, config.Height) < wanted {
			continue
		}
		proportion := float64(config.Width) / float64(config.Height)
		if full := float64(f.info.Width) / float64(f.info.Height); math.Abs(proportion/full-1) > 0.015 {
			continue
		}
		if img, err := jpeg.Decode(io.NewSectionReader(f.r, c.offset, c.length)); err == nil {
			return img, nil
		}
	}
	return nil, fmt.Errorf("%w: none inside is large enough", ErrNoPreview)
}

// shrink draws img on white so that its longer side is at most maxSide. Going first to twice the target by the fast
// method and from there by the good one costs a tenth of the good one alone and looks the same.
func shrink(img image.Image, maxSide int) *image.RGBA {
	w, h := fit(img.Bounds().Dx(), img.Bounds().Dy(), maxSide)
	if img.Bounds().Dx() > 2*w {
		middle := image.NewRGBA(image.Rect(0, 0, 2*w, 2*h))
		white(middle)
		draw.ApproxBiLinear.Scale(middle, middle.Bounds(), img, img.Bounds(), draw.Over, nil)
		img = middle
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	white(small)
	draw.CatmullRom.Scale(small, small.Bounds(), img, img.Bounds(), draw.Over, nil)
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

package picture

import (
	"image"
	"image/draw"

	"github.com/makiuchi-d/gozxing"
)

// luminance returns the brightness of an image as a plane without gaps between the rows.
func luminance(img image.Image) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	var pix []byte
	var stride int
	switch src := img.(type) {
	case *image.YCbCr:
		pix, stride = src.Y[src.YOffset(b.Min.X, b.Min.Y):], src.YStride
	case *image.Gray:
		pix, stride = src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride
	default:
		white(out)
		draw.Draw(out, out.Bounds(), img, b.Min, draw.Over)
		return out
	}
	for y := range b.Dy() {
		copy(out.Pix[y*out.Stride:][:b.Dx()], pix[y*stride:])
	}
	return out
}

// reduce averages a picture down to a longer side of at most side pixels.
func reduce(src *image.Gray, side int) *image.Gray {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if max(w, h) <= side {
		return src
	}
	nw, nh := fit(w, h, side)
	out := image.NewGray(image.Rect(0, 0, nw, nh))
	sums := make([]uint32, nw)
	edges := make([]int, nw+1)
	for x := range edges {
		edges[x] = x * w / nw
	}
	for y := range nh {
		clear(sums)
		top, bottom := y*h/nh, (y+1)*h/nh
		for sy := top; sy < bottom; sy++ {
			row := src.Pix[sy*src.Stride:][:w]
			for x := range sums {
				sum := uint32(0)
				for _, v := range row[edges[x]:edges[x+1]] {
					sum += uint32(v)
				}
				sums[x] += sum
			}
		}
		for x, sum := range sums {
			out.Pix[y*nw+x] = uint8(sum / uint32((bottom-top)*(edges[x+1]-edges[x])))
		}
	}
	return out
}

func inverted(src *image.Gray) *image.Gray {
	out := image.NewGray(src.Bounds())
	for i, v := range src.Pix {
		out.Pix[i] = 255 - v
	}
	return out
}

// enlarged doubles a picture, so that modules of two pixels become distinguishable.
func enlarged(src *image.Gray) *image.Gray {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	out := image.NewGray(image.Rect(0, 0, 2*w, 2*h))
	at := func(x, y int) int { return int(src.Pix[min(y, h-1)*src.Stride+min(x, w-1)]) }
	for y := range h {
		for x := range w {
			a, b, c, d := at(x, y), at(x+1, y), at(x, y+1), at(x+1, y+1)
			row := out.Pix[2*y*out.Stride+2*x:]
			row[0], row[1] = uint8(a), uint8((a+b)/2)
			row[out.Stride], row[out.Stride+1] = uint8((a+c)/2), uint8((a+b+c+d)/4)
		}
	}
	return out
}

// sharpened undoes some of a lens's blur: each pixel is pushed away from the mean around it.
func sharpened(src *image.Gray) *image.Gray {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	out := image.NewGray(src.Bounds())
	table := newSums(src)
	for y := range h {
		for x := range w {
			mean := table.mean(x, y, 3)
			v := int(src.Pix[y*src.Stride+x])
			out.Pix[y*out.Stride+x] = uint8(min(255, max(0, v+2*(v-mean))))
		}
	}
	return out
}

// sums is a summed-area table: the mean of any rectangle in four look-ups.
type sums struct {
	w, h  int
	table []uint32
}

func newSums(src *image.Gray) sums {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	s := sums{w, h, make([]uint32, (w+1)*(h+1))}
	for y := range h {
		row := uint32(0)
		for x, v := range src.Pix[y*src.Stride:][:w] {
			row += uint32(v)
			s.table[(y+1)*(w+1)+x+1] = s.table[y*(w+1)+x+1] + row
		}
	}
	return s
}

// mean returns the mean of the square of the given radius around (x, y), as far as it lies in the picture.
func (s sums) mean(x, y, radius int) int {
	x0, x1 := max(0, x-radius), min(s.w, x+radius+1)
	y0, y1 := max(0, y-radius), min(s.h, y+radius+1)
	n := (x1 - x0) * (y1 - y0)
	stride := s.w + 1
	total := s.table[y1*stride+x1] - s.table[y0*stride+x1] - s.table[y1*stride+x0] + s.table[y0*stride+x0]
	return int(total) / n
}

// local calls a pixel black that is darker than its surroundings of a sixteenth of the picture.
func local(src *image.Gray) (*gozxing.BitMatrix, error) {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	black, err := gozxing.NewBitMatrix(w, h)
	if err != nil {
		return nil, err
	}
	table := newSums(src)
	radius := max(8, max(w, h)/32)
	for y := range h {
		for x := range w {
			mean := table.mean(x, y, radius)
			if int(src.Pix[y*src.Stride+x]) < mean-mean/32-1 {
				black.Set(x, y)
			}
		}
	}
	return black, nil
}

func hybrid(src *image.Gray) (*gozxing.BitMatrix, error) {
	source, err := source(src)
	if err != nil {
		return nil, err
	}
	return gozxing.NewHybridBinarizer(source).GetBlackMatrix()
}

func global(src *image.Gray) (*gozxing.BitMatrix, error) {
	source, err := source(src)
	if err != nil {
		return nil, err
	}
	return gozxing.NewGlobalHistgramBinarizer(source).GetBlackMatrix()
}

func source(src *image.Gray) (gozxing.LuminanceSource, error) {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	return gozxing.NewPlanarYUVLuminanceSource(src.Pix, w, h, 0, 0, w, h, false)
}

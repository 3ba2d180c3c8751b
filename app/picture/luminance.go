package picture

import (
	"image"
	"image/draw"
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

// halved averages squares of four pixels into one. An odd last row or column is left out.
func halved(src *image.Gray) *image.Gray {
	w, h := src.Bounds().Dx()/2, src.Bounds().Dy()/2
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		upper, lower := src.Pix[2*y*src.Stride:][:2*w], src.Pix[(2*y+1)*src.Stride:][:2*w]
		row := out.Pix[y*out.Stride:][:w]
		for x := range row {
			row[x] = uint8((uint(upper[2*x]) + uint(upper[2*x+1]) + uint(lower[2*x]) + uint(lower[2*x+1]) + 2) / 4)
		}
	}
	return out
}

// sharpened undoes some of a lens's blur: each pixel is pushed away from the mean of the seven by seven around it.
func sharpened(src *image.Gray) *image.Gray {
	const radius = 3
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	out := image.NewGray(src.Bounds())
	columns := make([]int, w) // sums of the rows around the present one
	add := func(y, times int) {
		row := src.Pix[min(h-1, max(0, y))*src.Stride:][:w]
		for x, v := range row {
			columns[x] += times * int(v)
		}
	}
	for y := -radius; y <= radius; y++ {
		add(y, 1)
	}
	for y := range h {
		sum := 0
		for x := -radius; x <= radius; x++ {
			sum += columns[min(w-1, max(0, x))]
		}
		row, to := src.Pix[y*src.Stride:][:w], out.Pix[y*out.Stride:][:w]
		for x, v := range row {
			mean := sum / ((2*radius + 1) * (2*radius + 1))
			to[x] = uint8(min(255, max(0, 3*int(v)-2*mean)))
			sum += columns[min(w-1, x+radius+1)] - columns[max(0, x-radius)]
		}
		add(y+radius+1, 1)
		add(y-radius, -1)
	}
	return out
}

// blockSide is the side of the squares of pixels that share a threshold.
const blockSide = 8

// level is a picture at one size, with a threshold for every block of it.
type level struct {
	*image.Gray
	w, h int
	// thresholds hold, per block, from which brightness on a pixel is light; 0 where everything is much alike, which makes a plain
	// wall as white as paper.
	thresholds []uint8
	blocks     int // in a row
	// compared counts the places that fit has looked at: what a search costs.
	compared int
}

// flat is the range of brightness within which an area counts as plain. What sharpened returns has thrice the noise.
const flat = 20

// tones are what there is in an area: the sum of its parts' brightness and the extremes.
type tones struct {
	sum      int
	low, top uint8
}

func (t tones) with(o tones) tones { return tones{t.sum + o.sum, min(t.low, o.low), max(t.top, o.top)} }

// newLevel finds the thresholds: the mean of the blocks around, reach blocks in every direction, where they differ by flat at least.
func newLevel(src *image.Gray, reach, flat int) *level {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	l := &level{Gray: src, w: w, h: h, blocks: (w + blockSide - 1) / blockSide}
	rows := (h + blockSide - 1) / blockSide
	blocks := make([]tones, l.blocks*rows)
	for by := range rows {
		for bx := range l.blocks {
			blocks[by*l.blocks+bx] = blockTones(src, min(bx*blockSide, max(0, w-blockSide)), min(by*blockSide, max(0, h-blockSide)))
		}
	}
	l.thresholds = make([]uint8, len(blocks))
	columns := make([]tones, l.blocks) // of the rows of blocks around the present one
	for by := range rows {
		first, end := max(0, by-reach), min(rows, by+reach+1)
		copy(columns, blocks[first*l.blocks:])
		for y := first + 1; y < end; y++ {
			for bx, b := range blocks[y*l.blocks:][:l.blocks] {
				columns[bx] = columns[bx].with(b)
			}
		}
		for bx := range columns {
			around := columns[max(0, bx-reach):min(l.blocks, bx+reach+1)]
			all := around[0]
			for _, b := range around[1:] {
				all = all.with(b)
			}
			if int(all.top)-int(all.low) >= flat {
				l.thresholds[by*l.blocks+bx] = uint8(max(1, all.sum/((end-first)*len(around))))
			}
		}
	}
	return l
}

// blockTones looks at every other row of the block from (x0, y0) on; its sum is the mean.
func blockTones(src *image.Gray, x0, y0 int) tones {
	size := src.Bounds().Size()
	t, n := tones{low: 255}, 0
	for y := y0; y < min(size.Y, y0+blockSide); y += 2 {
		row := src.Pix[y*src.Stride+x0 : y*src.Stride+min(size.X, x0+blockSide)]
		n += len(row)
		for _, v := range row {
			t.sum += int(v)
			t.low, t.top = min(t.low, v), max(t.top, v)
		}
	}
	t.sum /= n
	return t
}

// at returns a pixel's brightness above its threshold: negative where it is dark.
func (l *level) at(x, y int) int {
	return int(l.Pix[y*l.Stride+x]) - int(l.thresholds[y/blockSide*l.blocks+x/blockSide])
}

// bright is the brightness at a point between pixels; whole coordinates are the corners of pixels.
func (l *level) bright(x, y float64) float64 {
	x, y = min(float64(l.w)-1.001, max(0, x-0.5)), min(float64(l.h)-1.001, max(0, y-0.5))
	x0, y0 := int(x), int(y)
	fx, fy := x-float64(x0), y-float64(y0)
	p := l.Pix[y0*l.Stride+x0:]
	q := p[l.Stride:]
	upper := float64(p[0]) + fx*(float64(p[1])-float64(p[0]))
	lower := float64(q[0]) + fx*(float64(q[1])-float64(q[0]))
	return upper + fy*(lower-upper)
}

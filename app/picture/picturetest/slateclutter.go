package picturetest

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
)

// Clutter draws into a scene what a search for cards may take for one: squares in squares, stripes, lines of text, round faces with
// eyes, a chequered floor. None of it is a code.
func Clutter(img *image.RGBA, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 13))
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	place := func(part float64) image.Rectangle {
		side := max(12, int(part*float64(min(w, h))))
		at := image.Pt(rng.IntN(max(1, w-side)), rng.IntN(max(1, h-side)))
		return image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}
	}
	fill := func(r image.Rectangle, grey uint8) {
		draw.Draw(img, r.Intersect(img.Bounds()), image.NewUniform(color.Gray{Y: grey}), image.Point{}, draw.Src)
	}
	for range 6 {
		switch area := place(0.08 + 0.2*rng.Float64()); rng.IntN(5) {
		case 0: // windows
			for i := range 2 + rng.IntN(4) {
				fill(area.Inset(i*area.Dx()/9), uint8(40+170*(i%2)))
			}
		case 1: // a fence
			step := 2 + rng.IntN(area.Dx()/5)
			for x := area.Min.X; x < area.Max.X; x += 2 * step {
				fill(image.Rect(x, area.Min.Y, x+step, area.Max.Y), 30)
			}
		case 2: // a page
			fill(area, 235)
			line := max(4, area.Dy()/18)
			for y := area.Min.Y + line; y < area.Max.Y-line; y += 2 * line {
				for x := area.Min.X + line; x < area.Max.X-2*line; x += line {
					if rng.IntN(5) > 0 {
						fill(image.Rect(x, y, x+1+rng.IntN(line), y+line), 40)
					}
				}
			}
		case 3: // a face
			ellipse(img, area, color.RGBA{214, 170, 140, 255})
			for _, x := range []int{area.Min.X + area.Dx()/3, area.Min.X + 2*area.Dx()/3} {
				eye := image.Rect(x, area.Min.Y+2*area.Dy()/5, x, area.Min.Y+2*area.Dy()/5)
				ellipse(img, eye.Inset(-area.Dx()/11), color.RGBA{245, 245, 245, 255})
				ellipse(img, eye.Inset(-area.Dx()/22), color.RGBA{40, 30, 25, 255})
			}
		default: // a floor
			tile := 3 + rng.IntN(area.Dx()/6)
			for y := area.Min.Y; y < area.Max.Y; y += tile {
				for x := area.Min.X; x < area.Max.X; x += tile {
					fill(image.Rect(x, y, x+tile, y+tile), uint8(50+150*((x/tile+y/tile)%2)))
				}
			}
		}
	}
}

func ellipse(img *image.RGBA, area image.Rectangle, c color.RGBA) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			dx, dy := 2*float64(x-area.Min.X)/float64(area.Dx())-1, 2*float64(y-area.Min.Y)/float64(area.Dy())-1
			if image.Pt(x, y).In(img.Bounds()) && math.Hypot(dx, dy) <= 1 {
				img.SetRGBA(x, y, c)
			}
		}
	}
}

package picturetest

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
)

// SceneOptions say how a slate card is photographed. The zero value of a field means its plain case.
type SceneOptions struct {
	// Options give metadata and JPEG quality; Options.Seed varies scene, placement and noise.
	Options
	// Width and Height of the photograph in stored pixels, 1600 × 1200 when zero.
	Width, Height int
	// CodeSide is the side of the QR code, its margin included, as a part of the photograph's shorter side; 0.4 when
	// zero.
	CodeSide float64
	// X and Y place the centre of the card, as parts of width and height; the middle when both are zero.
	X, Y float64
	// Rotation turns the card in its plane, in degrees clockwise.
	Rotation float64
	// TiltX and TiltY lean the card away from the camera, in degrees: about the upright and the level axis.
	TiltX, TiltY float64
	// Blur is the standard deviation of an unsharp lens, in pixels.
	Blur float64
	// Motion is the length of a level shake, in pixels.
	Motion int
	// Noise is the standard deviation of the sensor's noise, of 255.
	Noise float64
	// Exposure multiplies the light; 1 when zero.
	Exposure float64
	// Contrast pulls every value towards the middle grey; 1 when zero.
	Contrast float64
	// Shade darkens the picture from left to right by this part.
	Shade float64
	// Inverted makes the code white on black, as on a dark screen.
	Inverted bool
	// Curl is the angle over which the card is bent about its upright axis, as paper in a hand is, in degrees.
	Curl float64
	// Thumb covers a part of the margin, as wide as this part of the card: from 0.15 on it reaches the modules.
	Thumb float64
	// Glare adds this much light in a spot on the card, of 255.
	Glare float64
	// ShadowEdge takes this part of the light from one side of a line across the card.
	ShadowEdge float64
	// Screen is the strength of the stripes that a screen's pixels and a sensor's make together, of 1.
	Screen float64
	// Room is the light around a screen, which has its own; as bright as the card when zero.
	Room float64
}

// SlateScene returns a photograph of a card that shows the QR code.
func SlateScene(qr image.Image, opts SceneOptions) []byte {
	return Encode(Slate(qr, opts), opts.Options)
}

// Slate draws the photograph that SlateScene encodes.
func Slate(qr image.Image, opts SceneOptions) *image.RGBA {
	if opts.Width == 0 || opts.Height == 0 {
		opts.Width, opts.Height = 1600, 1200
	}
	if opts.X == 0 && opts.Y == 0 {
		opts.X, opts.Y = 0.5, 0.5
	}
	img := Scene(opts.Width, opts.Height, opts.Seed)
	if opts.Room > 0 {
		for i := range img.Pix {
			if i%4 != 3 {
				img.Pix[i] = uint8(opts.Room * float64(img.Pix[i]))
			}
		}
	}
	Paste(img, qr, opts)
	Develop(img, opts)
	return img
}

// Paste draws the card into a scene. It can be called several times to show several cards.
func Paste(img *image.RGBA, qr image.Image, opts SceneOptions) {
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	part := opts.CodeSide
	if part == 0 {
		part = 0.4
	}
	side := part * float64(min(width, height))
	// The card lies in space before a pinhole camera with a focal length of 1.3 frame widths.
	focal := 1.3 * float64(max(width, height))
	centre := vector{(opts.X - 0.5) * float64(width), (opts.Y - 0.5) * float64(height), focal}
	turn := func(v vector) vector {
		sin, cos := math.Sincos(opts.Rotation * math.Pi / 180)
		v = vector{v.x*cos - v.y*sin, v.x*sin + v.y*cos, v.z}
		sin, cos = math.Sincos(opts.TiltX * math.Pi / 180)
		v = vector{v.x*cos + v.z*sin, v.y, v.z*cos - v.x*sin}
		sin, cos = math.Sincos(opts.TiltY * math.Pi / 180)
		return vector{v.x, v.y*cos - v.z*sin, v.y*sin + v.z*cos}
	}
	right, down := turn(vector{x: side}), turn(vector{y: side})
	normal := right.cross(down)
	toCard := func(x, y float64) (u, v float64) {
		ray := vector{x - float64(width)/2, y - float64(height)/2, focal}
		hit := ray.times(centre.dot(normal) / ray.dot(normal)).minus(centre)
		return curled(hit.dot(right)/right.dot(right), hit.dot(down)/down.dot(down), opts.Curl*math.Pi/180)
	}
	reach := int(side * 1.4)
	area := image.Rect(int(opts.X*float64(width))-reach, int(opts.Y*float64(height))-reach,
		int(opts.X*float64(width))+reach, int(opts.Y*float64(height))+reach).Intersect(img.Bounds())
	const samples = 2
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			sum, hits := 0.0, 0
			for s := range samples * samples {
				u, v := toCard(float64(x)+(float64(s%samples)+0.5)/samples, float64(y)+(float64(s/samples)+0.5)/samples)
				if ink, on := cardInk(qr, u, v); on {
					sum += ink
					hits++
				}
			}
			if hits == 0 {
				continue
			}
			ink := sum / float64(hits)
			if opts.Inverted {
				ink = 1 - ink
			}
			value := 20 + 220*(1-ink)
			u, v := toCard(float64(x)+0.5, float64(y)+0.5)
			value = light(value, u, v, x, y, opts)
			cover := float64(hits) / (samples * samples)
			c := img.RGBAAt(x, y)
			mix := func(b uint8) uint8 { return clamp(float64(b)*(1-cover) + value*cover) }
			img.SetRGBA(x, y, color.RGBA{mix(c.R), mix(c.G), mix(c.B), 255})
		}
	}
}

// curled tells which place of a card bent over an angle is seen where a plane one would be at (u, v), from slightly above.
func curled(u, v, angle float64) (float64, float64) {
	if angle == 0 {
		return u, v
	}
	turn := math.Asin(min(1, max(-1, u*angle)))
	return turn / angle, v - 0.35*(1-math.Cos(turn))/angle
}

// light changes a card's brightness at (u, v) on it and at (x, y) in the picture.
func light(value, u, v float64, x, y int, opts SceneOptions) float64 {
	if opts.Thumb > 0 && math.Hypot((u+0.62)/1.3, v-0.12) < opts.Thumb {
		value = 150
	}
	if opts.Screen > 0 {
		beat := math.Sin(float64(x)*1.93+float64(y)*0.31) + math.Sin(float64(y)*1.87-float64(x)*0.23) + math.Sin(float64(x+2*y)/9)
		value *= 1 - opts.Screen*(0.5+beat/6)
	}
	if opts.ShadowEdge > 0 {
		value *= 1 - opts.ShadowEdge*min(1, max(0, 0.5+12*(u+0.4*v+0.05)))
	}
	if opts.Glare > 0 {
		value += opts.Glare * math.Exp(-12*((u-0.15)*(u-0.15)+(v+0.1)*(v+0.1)))
	}
	return min(255, value)
}

// cardInk tells how dark the card is at (u, v): the code spans −0.5 to 0.5; below it stand three lines, as of text.
func cardInk(qr image.Image, u, v float64) (ink float64, on bool) {
	if math.Abs(u) > 0.6 || v < -0.6 || v > 0.95 {
		return 0, false
	}
	if math.Abs(u) < 0.5 && math.Abs(v) < 0.5 {
		b := qr.Bounds()
		r, g, bl, _ := qr.At(b.Min.X+int((u+0.5)*float64(b.Dx())), b.Min.Y+int((v+0.5)*float64(b.Dy()))).RGBA()
		return 1 - float64(r+g+bl)/(3*0xFFFF), true
	}
	if line := (v - 0.6) / 0.1; line > 0 && line < 3 && line-math.Floor(line) < 0.5 && math.Abs(u) < 0.45-0.1*math.Floor(line) &&
		math.Mod(u*37+40, 1) < 0.8 {
		return 0.9, true
	}
	return 0, true
}

// Develop does to the pixels what lens, sensor and light do.
func Develop(img *image.RGBA, opts SceneOptions) {
	if opts.Blur > 0 {
		// Three box filters approach a Gaussian of the same variance.
		r := (math.Sqrt(4*opts.Blur*opts.Blur+1) - 1) / 2
		for range 3 {
			blurRows(img, r)
			blurColumns(img, r)
		}
	}
	if opts.Motion > 1 {
		blurRows(img, float64(opts.Motion-1)/2)
	}
	exposure, contrast := opts.Exposure, opts.Contrast
	if exposure == 0 {
		exposure = 1
	}
	if contrast == 0 {
		contrast = 1
	}
	rng := rand.New(rand.NewPCG(opts.Seed, 11))
	// Drawing each pixel's noise anew would take longer than everything else; a few thousand draws look the same.
	var noise [4096]float64
	for i := range noise {
		noise[i] = opts.Noise * rng.NormFloat64()
	}
	width := img.Bounds().Dx()
	for i := 0; i+3 < len(img.Pix); i += 4 {
		light := exposure * (1 - opts.Shade*float64(i/4%width)/float64(width))
		draw := rng.Uint64()
		grain := noise[draw%4096]
		for c := range 3 {
			v := (128 + contrast*(float64(img.Pix[i+c])-128)) * light
			img.Pix[i+c] = clamp(v + grain + 0.3*noise[draw>>(12*(c+1))%4096])
		}
	}
}

// blurRows runs a box filter of radius r, a fraction allowed, along the rows.
func blurRows(img *image.RGBA, r float64) {
	w := img.Bounds().Dx()
	whole := int(r)
	edge, total := r-float64(whole), 2*r+1
	line := make([]float64, w+2*whole+2) // a row with as many more pixels at both ends as the filter reaches
	for y := range img.Bounds().Dy() {
		row := img.Pix[y*img.Stride:][:4*w]
		for c := range 3 {
			for i := range line {
				line[i] = float64(row[4*min(w-1, max(0, i-whole-1))+c])
			}
			sum := 0.0
			for _, v := range line[1 : 2*whole+2] {
				sum += v
			}
			for i := range w {
				row[4*i+c] = uint8((sum+edge*(line[i]+line[i+2*whole+2]))/total + 0.5)
				sum += line[i+2*whole+2] - line[i+1]
			}
		}
	}
}

// blurColumns does the same along the columns, all of them at once: that is kinder to the processor's cache.
func blurColumns(img *image.RGBA, r float64) {
	h := img.Bounds().Dy()
	whole := int(r)
	edge, total := r-float64(whole), 2*r+1
	from := slices.Clone(img.Pix)
	row := func(y int) []uint8 { return from[min(h-1, max(0, y))*img.Stride:][:img.Stride] }
	sums := make([]float64, img.Stride)
	for y := -whole; y <= whole; y++ {
		for i, v := range row(y) {
			sums[i] += float64(v)
		}
	}
	for y := range h {
		before, after, last := row(y-whole-1), row(y+whole+1), row(y-whole)
		for i, to := 0, img.Pix[y*img.Stride:][:img.Stride]; i < len(to); i++ {
			to[i] = uint8((sums[i]+edge*(float64(before[i])+float64(after[i])))/total + 0.5)
			sums[i] += float64(after[i]) - float64(last[i])
		}
	}
}

type vector struct{ x, y, z float64 }

func (a vector) dot(b vector) float64   { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vector) times(f float64) vector { return vector{a.x * f, a.y * f, a.z * f} }
func (a vector) minus(b vector) vector  { return vector{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vector) cross(b vector) vector {
	return vector{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

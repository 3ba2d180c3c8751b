package part

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
)

// Point is where the pen was at a moment of a stroke.
type Point struct {
	X, Y   float32 // in units of the sheet, from its upper left corner
	Millis int64   // since the first point of the first stroke
}

// sheet is what has been written: strokes on paper of a size. It knows no window, so that what is kept
// as evidence does not depend on the screen it was drawn on.
type sheet struct {
	width, height float32
	strokes       [][]Point
}

// nib is the width of a stroke, in units of the sheet.
const nib = 2.6

// curve is one piece of a stroke, bent towards its control point.
type curve struct{ from, control, to Point }

// curves turns the pen's positions into a smooth line: through the middles between them, bent towards
// them. It begins with the piece whose control point is number first; open leaves out the last half
// piece, which the next position would bend another way.
func curves(stroke []Point, first int, open bool) []curve {
	var pieces []curve
	last := len(stroke) - 1
	for i := first; i < last; i++ {
		from := middle(stroke[i-1], stroke[i])
		if i == 1 {
			from = stroke[0]
		}
		pieces = append(pieces, curve{from, stroke[i], middle(stroke[i], stroke[i+1])})
	}
	if open {
		return pieces
	}
	end := stroke[last]
	if last >= 2 {
		from := middle(stroke[last-1], end)
		return append(pieces, curve{from, middle(from, end), end})
	}
	return append(pieces, curve{stroke[0], middle(stroke[0], end), end}) // a dot or a straight line
}

func middle(a, b Point) Point { return Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2} }

// svg writes the sheet as one path per stroke, of the commands M and Q only.
func (s sheet) svg() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s">`+"\n",
		number(s.width), number(s.height))
	fmt.Fprintf(&out, `<g fill="none" stroke="#15202B" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round">`+"\n", number(nib))
	for _, stroke := range s.strokes {
		fmt.Fprintf(&out, `<path d="M %s %s`, number(stroke[0].X), number(stroke[0].Y))
		for _, c := range curves(stroke, 1, false) {
			fmt.Fprintf(&out, " Q %s %s %s %s", number(c.control.X), number(c.control.Y), number(c.to.X), number(c.to.Y))
		}
		out.WriteString("\"/>\n")
	}
	out.WriteString("</g>\n</svg>\n")
	return out.Bytes()
}

// number writes a coordinate with one hundredth of a unit, which is finer than any pen.
func number(v float32) string {
	return fmt.Sprintf("%g", math.Round(float64(v)*100)/100)
}

// ink draws strokes into a picture, piece by piece, so that a long signature costs no more per
// movement than a short one.
type ink struct {
	picture          *image.RGBA
	color            color.NRGBA
	scale, left, top float32 // from the sheet's units to pixels
}

func newInk(width, height int, sheetWidth, sheetHeight float32, c color.Color) *ink {
	k := &ink{picture: image.NewRGBA(image.Rect(0, 0, width, height)), color: color.NRGBAModel.Convert(c).(color.NRGBA)}
	if sheetWidth > 0 && sheetHeight > 0 {
		k.scale = min(float32(width)/sheetWidth, float32(height)/sheetHeight)
		k.left = (float32(width) - sheetWidth*k.scale) / 2
		k.top = (float32(height) - sheetHeight*k.scale) / 2
	}
	return k
}

func (k *ink) draw(c curve) {
	x0, y0 := k.pixel(c.from)
	x1, y1 := k.pixel(c.control)
	x2, y2 := k.pixel(c.to)
	length := math.Hypot(x1-x0, y1-y0) + math.Hypot(x2-x1, y2-y1)
	steps := min(max(int(math.Ceil(length/3)), 1), 200)
	px, py := x0, y0
	for i := 1; i <= steps; i++ {
		t := float64(i) / float64(steps)
		a, b, d := (1-t)*(1-t), 2*t*(1-t), t*t
		x, y := a*x0+b*x1+d*x2, a*y0+b*y1+d*y2
		k.line(px, py, x, y)
		px, py = x, y
	}
}

func (k *ink) pixel(p Point) (x, y float64) {
	return float64(k.left + p.X*k.scale), float64(k.top + p.Y*k.scale)
}

// line draws a straight piece with round ends. Where pieces meet, the darker value stays, so that joints
// do not show.
func (k *ink) line(x0, y0, x1, y1 float64) {
	radius := max(float64(nib*k.scale)/2, 0.6)
	bounds := image.Rect(int(min(x0, x1)-radius-1), int(min(y0, y1)-radius-1),
		int(max(x0, x1)+radius+2), int(max(y0, y1)+radius+2)).Intersect(k.picture.Rect)
	dx, dy := x1-x0, y1-y0
	square := dx*dx + dy*dy
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			cx, cy := float64(x)+0.5, float64(y)+0.5
			t := 0.0
			if square > 0 {
				t = min(max(((cx-x0)*dx+(cy-y0)*dy)/square, 0), 1)
			}
			cover := radius + 0.5 - math.Hypot(cx-x0-t*dx, cy-y0-t*dy)
			if cover <= 0 {
				continue
			}
			alpha := uint8(min(cover, 1) * 255)
			at := k.picture.PixOffset(x, y)
			if alpha <= k.picture.Pix[at+3] {
				continue
			}
			k.picture.Pix[at] = uint8(uint16(k.color.R) * uint16(alpha) / 255)
			k.picture.Pix[at+1] = uint8(uint16(k.color.G) * uint16(alpha) / 255)
			k.picture.Pix[at+2] = uint8(uint16(k.color.B) * uint16(alpha) / 255)
			k.picture.Pix[at+3] = alpha
		}
	}
}

package picture

import (
	"cmp"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// grid lays the modules of a code over a level: a square seen in perspective whose sides may be bent a little, as a card in a hand is.
type grid struct {
	modules int // on each side
	// corners are the middles of the finder patterns and the fourth place that completes them, from the upper left clockwise, and
	// then how far the middle of a row and of a column are bent away from the straight line.
	corners [6]point
	light   bool // light modules on dark

	a, b, c, d, e, f, g, h float64 // of the projection from the unit square to the corners
}

// gridSides are the numbers of modules that are tried: versions 1 to 20. What is photographed from some distance is never denser.
const (
	smallestGrid = 21
	largestGrid  = 97
)

// project prepares at from the corners (Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, §2.2.3).
func (g *grid) project() bool {
	p0, p1, p2, p3 := g.corners[0], g.corners[1], g.corners[2], g.corners[3]
	d1, d2, s := p1.minus(p2), p3.minus(p2), p0.minus(p1).plus(p2).minus(p3)
	det := d1.cross(d2)
	if math.Abs(det) < 1e-6 {
		return false
	}
	g.g, g.h = s.cross(d2)/det, d1.cross(s)/det
	g.a, g.b, g.c = p1.x-p0.x+g.g*p1.x, p3.x-p0.x+g.h*p3.x, p0.x
	g.d, g.e, g.f = p1.y-p0.y+g.g*p1.y, p3.y-p0.y+g.h*p3.y, p0.y
	return 1+g.g > 0.2 && 1+g.h > 0.2 && 1+g.g+g.h > 0.2
}

// at is where a place in the code is seen, in modules from its upper left corner.
func (g *grid) at(column, row float64) point {
	span := float64(g.modules) - 7
	u, v := (column-3.5)/span, (row-3.5)/span
	w := 1 / (g.g*u + g.h*v + 1)
	bendU, bendV := 4*u*(1-u), 4*v*(1-v)
	return point{(g.a*u+g.b*v+g.c)*w + bendU*g.corners[4].x + bendV*g.corners[5].x,
		(g.d*u+g.e*v+g.f)*w + bendU*g.corners[4].y + bendV*g.corners[5].y}
}

// cell is a place in a code of which it is known whether it is dark, in modules from its upper left corner.
type cell struct {
	column, row float64
	dark        bool
}

// template lists what every code of a size has in common: finder patterns with the gaps around them, the timing patterns between
// them, the lower right alignment pattern, and the light margin (ISO/IEC 18004 §6.3).
func template(modules int) []cell {
	var cells []cell
	add := func(column, row int, dark bool) {
		cells = append(cells, cell{float64(column) + 0.5, float64(row) + 0.5, dark})
	}
	for _, corner := range [][2]int{{0, 0}, {modules - 7, 0}, {0, modules - 7}} {
		for y := -1; y <= 7; y++ {
			for x := -1; x <= 7; x++ {
				ring := max(abs(x-3), abs(y-3))
				add(corner[0]+x, corner[1]+y, ring != 2 && ring != 4)
			}
		}
	}
	for i := 8; i < modules-8; i++ {
		add(i, 6, i%2 == 0)
		add(6, i, i%2 == 0)
	}
	if modules > smallestGrid {
		for y := -2; y <= 2; y++ {
			for x := -2; x <= 2; x++ {
				add(modules-7+x, modules-7+y, max(abs(x), abs(y)) != 1)
			}
		}
	}
	for i := 8; i <= modules; i++ { // the margin towards the fourth corner
		add(modules, i, false)
		if i < modules {
			add(i, modules, false)
		}
	}
	for i := 8; i < modules-8; i++ {
		add(i, -1, false)
		add(-1, i, false)
	}
	return cells
}

func abs(n int) int { return max(n, -n) }

// fit is how well a level agrees with a template under a grid: the correlation of what is known with what is seen, 1 for a perfect
// picture, about 0 for anything else.
func (l *level) fit(g *grid, cells []cell) float64 {
	if !g.project() {
		return -1
	}
	l.compared += len(cells)
	var n, dark, sum, squares, product float64
	for _, c := range cells {
		p := g.at(c.column, c.row)
		if !(p.x > -40 && p.y > -40 && p.x < float64(l.w)+40 && p.y < float64(l.h)+40) {
			return -1
		}
		v := l.bright(p.x, p.y)
		n++
		sum += v
		squares += v * v
		if c.dark {
			dark++
			product += v
		}
	}
	spread := (squares - sum*sum/n) * (dark - dark*dark/n)
	if spread < 1 {
		return -1
	}
	r := (dark*sum/n - product) / math.Sqrt(spread)
	if g.light {
		return -r
	}
	return r
}

// The correlations below which a place is no code, and above which nothing but a code looks like that.
const (
	faintFit = 0.3
	clearFit = 0.62
)

// lay finds the grids under which three finder patterns are most likely those of a code of so many modules, the best first.
func (l *level) lay(t triple, modules int, cells []cell) []laid {
	right, down := t.right.minus(t.corner.point), t.left.minus(t.corner.point)
	far := t.right.plus(down)
	try := func(i, j float64) laid {
		g := grid{modules: modules, light: t.corner.light, corners: [6]point{t.corner.point, t.right.point,
			far.plus(right.times(i)).plus(down.times(j)), t.left.point}}
		return laid{g, l.fit(&g, cells)}
	}
	best := laid{fit: -1}
	for _, i := range []float64{0, -0.2, 0.2} { // most of what is tried is no code, which soon shows
		for _, j := range []float64{0, -0.2, 0.2} {
			if tried := try(i, j); tried.fit > best.fit {
				best = tried
			}
		}
	}
	if best.fit < faintFit {
		return nil
	}
	all := make([]laid, 0, 49)
	for i := -3; i <= 3; i++ {
		for j := -3; j <= 3; j++ {
			all = append(all, try(0.1*float64(i), 0.1*float64(j)))
		}
	}
	slices.SortStableFunc(all, func(a, b laid) int { return cmp.Compare(b.fit, a.fit) })
	all = all[:2]
	for i := range all {
		all[i] = l.settle(all[i], cells, t.module, 4)
	}
	if all[1].fit > all[0].fit {
		all[0], all[1] = all[1], all[0]
	}
	return all
}

// laid is a grid with its fit.
type laid struct {
	grid
	fit float64
}

// settle moves one corner after the other for as long as that makes the fit better. With parts 4 the sides stay straight; with 6 they
// may bend.
func (l *level) settle(at laid, cells []cell, module float64, parts int) laid {
	for _, step := range []float64{1.2, 0.6, 0.3, 0.15} {
		for range 3 {
			before := at.fit
			for part := range parts {
				size := step * module
				if part == 2 { // not seen itself, it is the least certain
					size *= 2
				}
				for _, move := range []point{{size, 0}, {-size, 0}, {0, size}, {0, -size}} {
					tried := at
					tried.corners[part] = tried.corners[part].plus(move)
					if tried.fit = l.fit(&tried.grid, cells); tried.fit > at.fit {
						at = tried
					}
				}
			}
			if at.fit < before+0.003 {
				break
			}
		}
	}
	at.project()
	return at
}

// read decodes the code that three patterns span. Without ok, fit says how much the place looks like a code.
func (l *level) read(t triple, templates map[int][]cell) (found laid, text string, ok bool) {
	across, down := distance(t.corner.point, t.right.point), distance(t.corner.point, t.left.point)
	// Seen at a slant the modules are narrower than the patterns say in one direction and not in the other.
	guess := 21 + 4*int(math.Round(((across+down)/2/t.module+7-21)/4))
	found.fit = -1
	var best []laid
	for _, modules := range []int{guess, guess - 4, guess + 4, guess + 8} {
		if modules < smallestGrid || modules > largestGrid {
			continue
		}
		if templates[modules] == nil {
			templates[modules] = template(modules)
		}
		laid := l.lay(t, modules, templates[modules])
		best = append(best, laid...)
		if len(laid) > 0 && laid[0].fit > 0.8 {
			break
		}
	}
	slices.SortStableFunc(best, func(a, b laid) int { return cmp.Compare(b.fit, a.fit) })
	for i, at := range best {
		if i == 3 {
			break
		}
		if at.fit > found.fit {
			found = at
		}
		if text, ok := l.decode(&at.grid); ok {
			return at, text, true
		}
	}
	if len(best) == 0 || found.fit < 0.45 {
		return found, "", false
	}
	bent := l.settle(found, templates[found.modules], t.module, 6)
	if bent.fit > found.fit {
		found = bent
	}
	if text, ok := l.decode(&bent.grid); ok {
		return bent, text, true
	}
	for _, d := range []point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} { // the fourth corner of the smallest codes has nothing to hold on to
		moved := bent
		moved.corners[2] = moved.corners[2].plus(d.times(0.7 * t.module))
		if moved.project() {
			if text, ok := l.decode(&moved.grid); ok {
				return moved, text, true
			}
		}
	}
	return found, "", false
}

// decode samples the modules and reads them, with one threshold after the other.
func (l *level) decode(g *grid) (string, bool) {
	n := g.modules
	l.compared += 16 * n * n // it takes as long
	seen := make([]float64, n*n)
	for row := range n {
		for column := range n {
			x, y := float64(column)+0.5, float64(row)+0.5
			var sum float64
			for _, d := range [5]point{{0, 0}, {0.22, 0.22}, {-0.22, 0.22}, {0.22, -0.22}, {-0.22, -0.22}} {
				p := g.at(x+d.x, y+d.y)
				sum += l.bright(p.x, p.y)
			}
			seen[row*n+column] = sum / 5
		}
	}
	for _, reach := range []int{3, 5, 2} {
		bits, err := gozxing.NewSquareBitMatrix(n)
		if err != nil {
			return "", false
		}
		for i, v := range seen {
			if (v < middle(seen, n, i%n, i/n, reach)) != g.light {
				bits.Set(i%n, i/n)
			}
		}
		if text, ok := decodeBits(bits); ok {
			return text, true
		}
	}
	return "", false
}

// middle is the brightness between dark and light around a module: half of the mean, for that follows shade and glare, and half of what
// lies between the extremes, for the modules around may be mostly of one colour.
func middle(seen []float64, n, column, row, reach int) float64 {
	low, high, sum, count := math.Inf(1), math.Inf(-1), 0.0, 0.0
	for y := max(0, row-reach); y <= min(n-1, row+reach); y++ {
		for _, v := range seen[y*n+max(0, column-reach) : y*n+min(n-1, column+reach)+1] {
			low, high, sum, count = min(low, v), max(high, v), sum+v, count+1
		}
	}
	return (sum/count + (low+high)/2) / 2
}

// decodeBits reads the modules of a code, mirrored if need be. A fault in the decoder is no code.
func decodeBits(bits *gozxing.BitMatrix) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	result, err := decoder.NewDecoder().Decode(bits, nil)
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

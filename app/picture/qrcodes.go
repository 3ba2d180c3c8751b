package picture

import (
	"cmp"
	"math"
	"slices"
)

// The limits that keep one look at a hostile picture, a wall of finder patterns, within a fraction of a second.
const (
	maxConfirmed = 30_000 // places that look like a finder pattern in one direction
	maxSighted   = 600    // of which so many do so in the others too
	maxFinders   = 60
	maxTriples   = 80
)

// point is a place in a level, in pixels; whole coordinates are the corners of pixels.
type point struct{ x, y float64 }

func (p point) plus(q point) point         { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point        { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point      { return point{p.x * f, p.y * f} }
func (p point) length() float64            { return math.Hypot(p.x, p.y) }
func (p point) cross(q point) float64      { return p.x*q.y - p.y*q.x }
func (p point) dot(q point) float64        { return p.x*q.x + p.y*q.y }
func distance(p, q point) float64          { return p.minus(q).length() }
func similar(a, b, atMost float64) bool    { return max(a, b) <= atMost*min(a, b) }
func near(v, want, tolerance float64) bool { return math.Abs(v-want) <= tolerance }

// finder is a square within a ring, one of three that every QR code has.
type finder struct {
	point
	module float64 // pixels, however the code is turned
	// light: the square is light on dark, as on a screen with a dark theme.
	light bool
	seen  int // in how many rows
}

// rhythm tells whether five neighbouring runs stand as 1:1:3:1:1, as they do along any line through a finder pattern's centre. Light
// spreads or drowns, which makes all dark runs longer or shorter by the same amount; that is set right first.
func rhythm(runs [5]float64) bool {
	module := (runs[0] + runs[1] + runs[2] + runs[3] + runs[4]) / 7
	spread := (runs[0] + runs[4] - runs[1] - runs[3]) / 4
	if module < 0.9 || math.Abs(spread) > 0.65*module {
		return false
	}
	tolerance := 0.42*module + 0.25
	return near(runs[0]-spread, module, tolerance) && near(runs[1]+spread, module, tolerance) &&
		near(runs[2]-spread, 3*module, 1.7*tolerance) && near(runs[3]+spread, module, tolerance) && near(runs[4]-spread, module, tolerance)
}

// finders scans every other row for the rhythm of a finder pattern and confirms it in the other directions.
func (l *level) finders() []finder {
	var found []finder
	confirmed := 0
	// Four times over the whole picture, so that where there is too much to confirm it is not its lower part that is never seen.
	for _, first := range [4]int{1, 5, 3, 7} {
		for y := first; y < l.h-1 && confirmed < maxConfirmed; y += 8 {
			found = l.scan(y, found, &confirmed)
		}
	}
	slices.SortStableFunc(found, func(a, b finder) int { return cmp.Compare(b.seen, a.seen) })
	return found[:min(len(found), maxFinders)]
}

// scan adds what one row shows to what others have, and counts what had to be confirmed.
func (l *level) scan(y int, found []finder, confirmed *int) []finder {
	var edges [6]float64 // the last changes between dark and light
	n := 0
	pix := l.Pix[y*l.Stride:][:l.w]
	thresholds := l.thresholds[y/blockSide*l.blocks:][:l.blocks]
	was := pix[0] < thresholds[0]
	for bx, threshold := range thresholds {
		first := bx * blockSide
		for i, v := range pix[first:min(l.w, first+blockSide)] {
			if v < threshold == was {
				continue
			}
			x := first + i
			edges = [6]float64{edges[1], edges[2], edges[3], edges[4], edges[5], float64(x)}
			if x > 0 {
				edges[5] = float64(x) + between(int(pix[x-1])-int(threshold), int(v)-int(threshold)) - 0.5
			}
			light := !was // of the run that ends here; the square has the colour of the first and the last run
			was = !was
			if n++; n < 6 {
				continue
			}
			runs := [5]float64{edges[1] - edges[0], edges[2] - edges[1], edges[3] - edges[2], edges[4] - edges[3], edges[5] - edges[4]}
			if !rhythm(runs) {
				continue
			}
			*confirmed++
			if f, ok := l.confirm((edges[2]+edges[3])/2, y, edges[5]-edges[0], light); ok {
				found = joined(found, f)
			}
		}
	}
	return found
}

// between is how far from one pixel to the next the threshold is crossed, as a part; both are given relative to it.
func between(before, after int) float64 {
	if before == after {
		return 0.5
	}
	return min(1, max(0, float64(before)/float64(before-after)))
}

// confirm looks at a possible finder pattern in the other directions.
func (l *level) confirm(x float64, y int, width float64, light bool) (finder, bool) {
	down, ok := l.through(x, float64(y)+0.5, 0, 1, 2.5*width, light)
	if !ok || !similar(down.length, width, 2.6) {
		return finder{}, false
	}
	centre := point{x, float64(y) + 0.5 + down.shift}
	across, ok := l.through(centre.x, centre.y, 1, 0, 2*width, light)
	if !ok || !similar(down.length, across.length, 2.6) {
		return finder{}, false
	}
	centre.x += across.shift
	sizes, n := math.Log(down.length)+math.Log(across.length), 2.0
	for _, dy := range []int{1, -1} {
		if d, ok := l.through(centre.x, centre.y, 1, dy, 2.5*width, light); ok && similar(d.length, across.length, 3.2) {
			sizes, n = sizes+math.Log(d.length), n+1
		}
	}
	if n == 2 {
		return finder{}, false
	}
	// A line through a square is up to √2 of its side; over the directions that evens out.
	return finder{point: centre, module: math.Exp(sizes/n) / 7 / 1.12, light: light, seen: 1}, true
}

// crossing is a line through a finder pattern.
type crossing struct {
	length float64 // pixels
	shift  float64 // from where it was tried to the middle of the square, along the line
}

// through walks from inside a finder pattern's square both ways until it has crossed square, gap and ring.
func (l *level) through(x, y float64, dx, dy int, reach float64, light bool) (crossing, bool) {
	px, py := int(x), int(y)
	if px < 0 || py < 0 || px >= l.w || py >= l.h || (l.at(px, py) >= 0) != light {
		return crossing{}, false
	}
	offset := float64(px) + 0.5 - x // along the line, of the pixel's middle from the place asked for
	if dx == 0 {
		offset = float64(py) + 0.5 - y
	}
	var edges [2][3]float64
	for side, sign := range [2]int{1, -1} {
		cx, cy, n := px, py, 0
		before, isLight := l.at(px, py), light
		for step := 1; n < 3; step++ {
			cx, cy = cx+sign*dx, cy+sign*dy
			if cx < 0 || cy < 0 || cx >= l.w || cy >= l.h || float64(step) > reach {
				return crossing{}, false
			}
			v := l.at(cx, cy)
			if (v >= 0) != isLight {
				edges[side][n] = float64(step) - 1 + between(before, v)
				n, isLight = n+1, !isLight
			}
			before = v
		}
	}
	f, b := edges[0], edges[1]
	if !rhythm([5]float64{b[2] - b[1], b[1] - b[0], b[0] + f[0], f[1] - f[0], f[2] - f[1]}) {
		return crossing{}, false
	}
	length := f[2] + b[2]
	if dx != 0 && dy != 0 {
		length *= math.Sqrt2
	}
	return crossing{length, offset + (f[0]-b[0])/2}, true
}

// joined adds a sighting of a finder pattern to the others of the same.
func joined(found []finder, f finder) []finder {
	for i := range found {
		g := &found[i]
		if g.light == f.light && distance(g.point, f.point) < 2*g.module && similar(g.module, f.module, 1.8) {
			n := float64(g.seen)
			g.point = g.times(n).plus(f.point).times(1 / (n + 1))
			g.module = (g.module*n + f.module) / (n + 1)
			g.seen++
			return found
		}
	}
	if len(found) == maxSighted {
		return found
	}
	return append(found, f)
}

// triple is three finder patterns that may belong to one code, named by their corners when it stands upright.
type triple struct {
	left, corner, right finder // lower left, upper left, upper right
	module              float64
	// misfit grows with the distance from a square facing the camera, and with the size: patterns of several cards side by side make
	// squares too, but larger ones.
	misfit float64
}

// triples lists the likely ones first.
func triples(found []finder) []triple {
	var all []triple
	for i := range found {
		for j := i + 1; j < len(found); j++ {
			if found[i].light != found[j].light || !similar(found[i].module, found[j].module, 1.9) {
				continue
			}
			for k := j + 1; k < len(found); k++ {
				if found[i].light == found[k].light && similar(found[i].module, found[k].module, 1.9) && similar(found[j].module, found[k].module, 1.9) {
					all = appendOrders(all, found[i], found[j], found[k])
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b triple) int { return cmp.Compare(a.misfit, b.misfit) })
	return all[:min(len(all), maxTriples)]
}

// appendOrders adds the ways in which three patterns can be the corners of a code. Seen at a slant, the upper left one need not be
// where the sides come nearest to a right angle and to equal lengths.
func appendOrders(all []triple, a, b, c finder) []triple {
	for _, order := range [3][3]finder{{a, b, c}, {b, c, a}, {c, a, b}} {
		t := triple{corner: order[0], right: order[1], left: order[2]}
		if t.right.minus(t.corner.point).cross(t.left.minus(t.corner.point)) < 0 {
			t.right, t.left = t.left, t.right
		}
		t.module = (a.module + b.module + c.module) / 3
		across, down := t.right.minus(t.corner.point), t.left.minus(t.corner.point)
		// From version 1, 14 modules between the centres, to version 20 with 90; at a slant they come to look fewer or more.
		n := (across.length() + down.length()) / 2 / t.module
		if n < 8 || n > 120 || min(across.length(), down.length()) < 5*t.module {
			continue
		}
		sides := max(across.length(), down.length()) / min(across.length(), down.length())
		slant := math.Abs(across.dot(down)) / (across.length() * down.length())
		if sides > 2.6 || slant > 0.7 {
			continue
		}
		sizes := math.Abs(a.module-b.module) + math.Abs(b.module-c.module) + math.Abs(c.module-a.module)
		t.misfit = (sides - 1) + 1.5*slant + 0.7*sizes/t.module + n/100
		all = append(all, t)
	}
	return all
}

// paired tells whether two of the patterns may be of one code.
func paired(found []finder) bool {
	for i, a := range found {
		for _, b := range found[i+1:] {
			if n := distance(a.point, b.point) / (a.module + b.module) * 2; a.seen+b.seen > 3 && a.light == b.light && similar(a.module, b.module, 1.3) && n > 11 && n < 40 {
				return true
			}
		}
	}
	return false
}

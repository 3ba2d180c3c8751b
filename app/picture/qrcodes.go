package picture

import (
	"context"
	"image"
	"iter"
	"math"
	"sort"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// The limits that keep one look at a hostile picture, a wall of finder patterns, within a fraction of a second.
const (
	maxCandidates = 1000
	maxFinders    = 90
	maxTriples    = 120
)

// qrCode is one decoded code.
type qrCode struct {
	text string
	at   quad
}

// quad is where a code's finder patterns are: upper left, upper right, lower left.
type quad [3]gozxing.ResultPoint

// scaled returns the smallest rectangle around the patterns' centres, in pixels of a picture larger by scale.
func (q quad) scaled(scale float64) image.Rectangle {
	pt := func(p gozxing.ResultPoint) image.Point { return image.Pt(int(p.GetX()*scale), int(p.GetY()*scale)) }
	r := image.Rectangle{Min: pt(q[0]), Max: pt(q[0])}
	for _, p := range []image.Point{pt(q[1]), pt(q[2])} {
		r.Min = image.Pt(min(r.Min.X, p.X), min(r.Min.Y, p.Y))
		r.Max = image.Pt(max(r.Max.X, p.X), max(r.Max.Y, p.Y))
	}
	return r
}

// codes decodes the QR codes in a black and white picture. The library's own search for several codes accepts only
// cards held almost parallel to the sensor and takes time cubic in what looks like a finder pattern; this one tries
// triples of patterns in the order of how well they form a square seen in perspective, and stops with ctx.
func codes(ctx context.Context, black *gozxing.BitMatrix) iter.Seq[qrCode] {
	return func(yield func(qrCode) bool) {
		used := map[*detector.FinderPattern]bool{}
		for _, t := range triples(finders(black)) {
			if ctx.Err() != nil {
				return
			}
			if used[t.bl] || used[t.tl] || used[t.tr] {
				continue
			}
			text, ok := decodeTriple(black, t)
			if !ok {
				continue
			}
			used[t.bl], used[t.tl], used[t.tr] = true, true, true
			if !yield(qrCode{text, quad{t.tl, t.tr, t.bl}}) {
				return
			}
		}
	}
}

// finders scans the rows for the 1:1:3:1:1 rhythm of a finder pattern and confirms it across and along the diagonal.
func finders(black *gozxing.BitMatrix) []*detector.FinderPattern {
	finder := detector.NewFinderPatternFinder(black, nil)
	w, h := black.GetWidth(), black.GetHeight()
	runs := make([]int, 5)
	for y := 1; y < h && len(finder.GetPossibleCenters()) < maxCandidates; y += 2 {
		detector.FinderPatternFinder_ClearCounts(runs)
		state := 0
		for x := 0; x <= w; x++ {
			if x < w && black.Get(x, y) == (state&1 == 0) {
				runs[state]++
				continue
			}
			if state < 4 {
				if state > 0 || runs[0] > 0 {
					state++
					if x < w {
						runs[state]++
					}
				}
				continue
			}
			if finderRhythm(runs) && finder.HandlePossibleCenter(runs, y, x) {
				detector.FinderPatternFinder_ClearCounts(runs)
				state = 0
				continue
			}
			detector.FinderPatternFinder_ShiftCounts2(runs)
			state = 3
		}
	}
	found := finder.GetPossibleCenters()
	sort.SliceStable(found, func(i, j int) bool { return found[i].GetCount() > found[j].GetCount() })
	return found[:min(len(found), maxFinders)]
}

// finderRhythm tells whether five runs stand as 1:1:3:1:1, each within half a module.
func finderRhythm(runs []int) bool {
	total := 0
	for _, n := range runs {
		if n == 0 {
			return false
		}
		total += n
	}
	if total < 7 {
		return false
	}
	module := float64(total) / 7
	for i, n := range runs {
		want := module
		if i == 2 {
			want = 3 * module
		}
		if math.Abs(float64(n)-want) >= want/2+0.5 {
			return false
		}
	}
	return true
}

// triple is three finder patterns that may belong to one code.
type triple struct {
	bl, tl, tr *detector.FinderPattern
	// misfit grows with the distance from a square facing the camera.
	misfit float64
}

func triples(found []*detector.FinderPattern) []triple {
	var all []triple
	for i := range found {
		for j := i + 1; j < len(found); j++ {
			if !similar(found[i], found[j]) {
				continue
			}
			for k := j + 1; k < len(found); k++ {
				if similar(found[i], found[k]) && similar(found[j], found[k]) {
					if t, ok := newTriple(found[i], found[j], found[k]); ok {
						all = append(all, t)
					}
				}
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].misfit < all[j].misfit })
	return all[:min(len(all), maxTriples)]
}

func similar(a, b *detector.FinderPattern) bool {
	x, y := a.GetEstimatedModuleSize(), b.GetEstimatedModuleSize()
	return max(x, y) <= 1.7*min(x, y)
}

func newTriple(a, b, c *detector.FinderPattern) (triple, bool) {
	p, q, r := gozxing.ResultPoint_OrderBestPatterns(a, b, c)
	t := triple{bl: p.(*detector.FinderPattern), tl: q.(*detector.FinderPattern), tr: r.(*detector.FinderPattern)}
	across, down := gozxing.ResultPoint_Distance(t.tl, t.tr), gozxing.ResultPoint_Distance(t.tl, t.bl)
	module := (a.GetEstimatedModuleSize() + b.GetEstimatedModuleSize() + c.GetEstimatedModuleSize()) / 3
	// From version 1, 14 modules between the centres, to version 40 with 170; a turned pattern looks larger in its row.
	if n := (across + down) / 2 / module; n < 8 || n > 190 || min(across, down) < 1 {
		return triple{}, false
	}
	sides := max(across, down) / min(across, down)
	ax, ay := t.tr.GetX()-t.tl.GetX(), t.tr.GetY()-t.tl.GetY()
	bx, by := t.bl.GetX()-t.tl.GetX(), t.bl.GetY()-t.tl.GetY()
	slant := math.Abs(ax*bx+ay*by) / (across * down)
	if sides > 2 || slant > 0.6 {
		return triple{}, false
	}
	sizes := math.Abs(a.GetEstimatedModuleSize()-b.GetEstimatedModuleSize()) + math.Abs(b.GetEstimatedModuleSize()-c.GetEstimatedModuleSize())
	t.misfit = (sides - 1) + slant + sizes/module
	return t, true
}

// decodeTriple reads the code that three patterns span: first as the library estimates it, then with the neighbouring
// sizes, because blur and perspective make its estimate of the number of modules wrong by a step.
func decodeTriple(black *gozxing.BitMatrix, t triple) (string, bool) {
	d := detector.NewDetector(black)
	found, err := d.ProcessFinderPatternInfo(detector.NewFinderPatternInfo(t.bl, t.tl, t.tr))
	guess := 0
	if err == nil {
		guess = found.GetBits().GetWidth()
		if text, ok := decodeBits(found.GetBits()); ok {
			return text, true
		}
	}
	across, down := gozxing.ResultPoint_Distance(t.tl, t.tr), gozxing.ResultPoint_Distance(t.tl, t.bl)
	module := (t.bl.GetEstimatedModuleSize() + t.tl.GetEstimatedModuleSize() + t.tr.GetEstimatedModuleSize()) / 3
	if guess == 0 {
		guess = int(math.Round((across+down)/2/module)) + 7
		guess += (5 - guess%4) % 4
	}
	for _, dimension := range []int{guess, guess + 4, guess - 4, guess + 8} {
		if dimension < 21 || dimension > 177 {
			continue
		}
		for _, corner := range corners(black, t, dimension) {
			if text, ok := decodeBits(sample(black, t, dimension, corner)); ok {
				return text, true
			}
		}
	}
	return "", false
}

// corner is a fourth point of a code: where it is in the picture, and in modules from the code's edges.
type corner struct{ x, y, module float64 }

// corners proposes fourth points: the alignment pattern near the lower right, if one is seen, and the one that completes
// the parallelogram.
func corners(black *gozxing.BitMatrix, t triple, dimension int) []corner {
	x := t.tr.GetX() - t.tl.GetX() + t.bl.GetX()
	y := t.tr.GetY() - t.tl.GetY() + t.bl.GetY()
	plain := corner{x, y, float64(dimension) - 3.5}
	if dimension == 21 {
		return []corner{plain}
	}
	var list []corner
	span := (gozxing.ResultPoint_Distance(t.tl, t.tr) + gozxing.ResultPoint_Distance(t.tl, t.bl)) / 2
	module := span / float64(dimension-7)
	in := 1 - 3/float64(dimension-7)
	ax, ay := t.tl.GetX()+in*(x-t.tl.GetX()), t.tl.GetY()+in*(y-t.tl.GetY())
	for _, reach := range []float64{4, 8, 14} {
		r := reach * module
		left, top := max(0, int(ax-r)), max(0, int(ay-r))
		right, bottom := min(black.GetWidth()-1, int(ax+r)), min(black.GetHeight()-1, int(ay+r))
		if float64(right-left) < 3*module || float64(bottom-top) < 3*module {
			continue
		}
		found, err := detector.NewAlignmentPatternFinder(black, left, top, right-left, bottom-top, module, nil).Find()
		if err == nil {
			list = append(list, corner{found.GetX(), found.GetY(), float64(dimension) - 6.5})
			break
		}
	}
	return append(list, plain)
}

func sample(black *gozxing.BitMatrix, t triple, dimension int, c corner) *gozxing.BitMatrix {
	far := float64(dimension) - 3.5
	transform := common.PerspectiveTransform_QuadrilateralToQuadrilateral(
		3.5, 3.5, far, 3.5, c.module, c.module, 3.5, far,
		t.tl.GetX(), t.tl.GetY(), t.tr.GetX(), t.tr.GetY(), c.x, c.y, t.bl.GetX(), t.bl.GetY())
	if !timed(black, transform, dimension) {
		return nil
	}
	bits, err := common.GridSampler_GetInstance().SampleGridWithTransform(black, dimension, dimension, transform)
	if err != nil {
		return nil
	}
	return bits
}

// timed tells whether at least two thirds of the timing patterns, the lines of alternating modules between the finder
// patterns, are where the transform puts them. It saves sampling the whole code for nearly every wrong guess.
func timed(black *gozxing.BitMatrix, transform *common.PerspectiveTransform, dimension int) bool {
	right, total := 0, 0
	for i := 8; i < dimension-8; i++ {
		points := []float64{float64(i) + 0.5, 6.5, 6.5, float64(i) + 0.5}
		transform.TransformPoints(points)
		for p := 0; p < len(points); p += 2 {
			if black.Get(int(points[p]), int(points[p+1])) == (i%2 == 0) {
				right++
			}
			total++
		}
	}
	return 3*right >= 2*total
}

// decodeBits reads the modules of a code, mirrored if need be.
func decodeBits(bits *gozxing.BitMatrix) (text string, ok bool) {
	if bits == nil {
		return "", false
	}
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

package picture

import (
	"context"
	"errors"
	"image"
	"slices"
	"sort"
	"time"
)

// Slates is what was found of slate cards in a picture.
type Slates struct {
	// Values are the distinct values that the caller's parse function returned, in reading order of the upright picture.
	Values []string
	// Unreadable: there is a code in the picture that could not be read. It may be a card.
	Unreadable bool
}

// slateSide is the longer side in pixels that a preview in the file must have to be searched instead of the picture itself: on it a card
// that takes up a twentieth of the width can still be read.
const slateSide = 1000

// FindSlates looks for QR codes whose text parse accepts. A picture without a slate card, which nearly all are, gives an
// empty result and no error.
//
// parse is called with whatever text stands in any code in the picture and must be prepared for anything. It may be
// called several times with the same text.
//
// A preview inside the file is searched first, and the picture itself only when something in the preview looks like a
// part of a code and could not be read, or there is no preview large enough. When ctx ends before that, FindSlates returns what it
// has found, with the context's error. patience bounds each of the two searches in the same way; 0 does not. It does not run while
// the pixels are read and decoded, which says nothing about what they show. Other errors wrap [ErrUnsupported], [ErrDamaged],
// [ErrNoPreview] or, above [MaxPixels], [ErrTooLarge]. A search takes some eight bytes of memory a pixel.
func (f *File) FindSlates(ctx context.Context, patience time.Duration, parse func(text string) (string, bool)) (found Slates, err error) {
	defer recovered(&err)
	if err := ctx.Err(); err != nil {
		return Slates{}, err
	}
	if err := checkPixels(f.info.Width, f.info.Height); err != nil {
		return Slates{}, err
	}
	s := slateSearch{parse: parse, patience: patience, templates: map[int][]cell{}}
	if preview, err := f.smaller(slateSide); err == nil {
		err = s.run(ctx, preview.Image, preview.orientation)
		if whole := max(preview.Bounds().Dx(), preview.Bounds().Dy()) >= max(f.info.Width, f.info.Height); err != nil || whole || !s.doubtful() {
			return s.result(), err
		}
	}
	img, err := f.pixels()
	if errors.Is(err, ErrNoPreview) && len(s.areas) > 0 { // the preview was all there is to see
		return s.result(), nil
	}
	if err != nil {
		return s.result(), err
	}
	err = s.run(ctx, img, f.info.Orientation)
	return s.result(), err
}

// slateSearch collects the codes of one picture.
type slateSearch struct {
	parse     func(string) (string, bool)
	patience  time.Duration
	templates map[int][]cell
	areas     []area
	// compared counts what the levels have compared, up to maxCompared.
	compared int
	// pair: two finder patterns were seen that may be of one code, which could not be read.
	pair bool
}

// area is where a code stands in the upright picture, in parts of its width and height, of which there are whole.
type area struct {
	image.Rectangle
	value string // "" for a code whose text was not accepted
	read  bool
}

const whole = 1 << 14

// The sizes between which codes are looked for. Each level has half the pixels of the one before: what is smaller is
// found on that one, and what is larger on the next.
const (
	smallestLevel  = 300 // the longer side on which even a code that fills the picture has modules small enough
	smallestModule = 1.5
	largestModule  = 10
	// largestSharpened is the number of pixels of the largest level that is searched again, sharpened.
	largestSharpened = 2_500_000
	// maxCompared is how many places may be compared with what codes have in common, so that a hostile wall of patterns ends soon. Six
	// cards that are hard to read take two million.
	maxCompared = 10_000_000
)

// run looks at a picture at every size, the smallest first: it is looked through the fastest, and has the least noise.
func (s *slateSearch) run(ctx context.Context, img image.Image, orientation int) error {
	if s.patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.patience)
		defer cancel()
	}
	pyramid := []*image.Gray{luminance(img)}
	for last := pyramid[0]; max(last.Bounds().Dx(), last.Bounds().Dy()) > smallestLevel && min(last.Bounds().Dx(), last.Bounds().Dy()) > 32; {
		last = halved(last)
		pyramid = append(pyramid, last)
	}
	s.pair = false
	for i := len(pyramid) - 1; i >= 0; i-- {
		if err := s.look(ctx, newLevel(pyramid[i], 2, flat), orientation, i == 0, i == len(pyramid)-1); err != nil {
			return err
		}
	}
	if len(s.values()) > 0 {
		return nil
	}
	// Blur drowns the gaps in a pattern: once more, sharpened and against narrower surroundings, where that is cheap.
	for i := len(pyramid) - 1; i >= 0; i-- {
		if b := pyramid[i].Bounds(); b.Dx()*b.Dy() > largestSharpened {
			break
		}
		if err := s.look(ctx, newLevel(sharpened(pyramid[i]), 1, 3*flat), orientation, true, i == len(pyramid)-1); err != nil {
			return err
		}
	}
	return nil
}

// look searches one level. On the finest of them even the smallest codes are tried, on the coarsest even the largest.
func (s *slateSearch) look(ctx context.Context, l *level, orientation int, finest, coarsest bool) error {
	at := func(p point) image.Point {
		stored := image.Pt(int(p.x/float64(l.w)*whole), int(p.y/float64(l.h)*whole))
		return uprightPoint(stored, whole, whole, orientation)
	}
	var found []finder
	for _, f := range l.finders() {
		if (finest || f.module >= smallestModule) && (coarsest || f.module <= largestModule) && !s.known(at(f.point)) {
			found = append(found, f)
		}
	}
	used := map[point]bool{}
	taken := func(t triple) bool { return used[t.left.point] || used[t.corner.point] || used[t.right.point] }
	type place struct {
		triple
		area
	}
	var unread []place
	for _, t := range triples(found) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if taken(t) {
			continue
		}
		if s.compared+l.compared > maxCompared {
			break
		}
		laid, text, ok := l.read(t, s.templates)
		if !ok && laid.fit < clearFit {
			continue
		}
		here := area{Rectangle: bounds(&laid.grid, at), read: ok}
		if !ok {
			unread = append(unread, place{t, here})
			continue
		}
		here.value = s.accepted(text)
		used[t.left.point], used[t.corner.point], used[t.right.point] = true, true, true
		s.add(here)
	}
	for _, p := range unread { // only now is it known which patterns are of other codes
		if !taken(p.triple) {
			used[p.left.point], used[p.corner.point], used[p.right.point] = true, true, true
			s.add(p.area)
		}
	}
	s.compared += l.compared
	if finest && !s.pair {
		s.pair = paired(slices.DeleteFunc(found, func(f finder) bool { return used[f.point] }))
	}
	return ctx.Err()
}

// accepted is what the caller makes of a text, "" for nothing.
func (s *slateSearch) accepted(text string) string {
	if value, ok := s.parse(text); ok {
		return value
	}
	return ""
}

// bounds is the smallest rectangle around a code.
func bounds(g *grid, at func(point) image.Point) image.Rectangle {
	side := float64(g.modules)
	var r image.Rectangle
	for i, p := range []image.Point{at(g.at(0, 0)), at(g.at(side, 0)), at(g.at(0, side)), at(g.at(side, side))} {
		dot := image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))}
		if r = r.Union(dot); i == 0 {
			r = dot
		}
	}
	return r
}

// known tells whether a place is on a code that has been read.
func (s *slateSearch) known(p image.Point) bool {
	for _, a := range s.areas {
		if a.read && p.In(a.Rectangle) {
			return true
		}
	}
	return false
}

// add remembers a code. One that was read takes the place of what could not be read there before.
func (s *slateSearch) add(here area) {
	kept := s.areas[:0]
	for _, a := range s.areas {
		overlap := a.Intersect(here.Rectangle)
		same := !overlap.Empty() && 3*overlap.Dx()*overlap.Dy() > min(a.Dx()*a.Dy(), here.Dx()*here.Dy())
		switch {
		case same && a.read:
			here = a
		case same:
		default:
			kept = append(kept, a)
		}
	}
	s.areas = append(kept, here)
}

// doubtful tells whether looking at more pixels may find more.
func (s *slateSearch) doubtful() bool {
	return s.unreadable() || s.pair && len(s.values()) == 0
}

func (s *slateSearch) unreadable() bool {
	for _, a := range s.areas {
		if !a.read {
			return true
		}
	}
	return false
}

func (s *slateSearch) values() map[string]image.Rectangle {
	values := map[string]image.Rectangle{}
	for _, a := range s.areas {
		if a.value != "" {
			values[a.value] = a.Rectangle
		}
	}
	return values
}

// result sorts the values by where they are seen: line by line, from left to right.
func (s *slateSearch) result() Slates {
	type seen struct {
		value string
		at    image.Rectangle
	}
	found := s.values()
	all := make([]seen, 0, len(found))
	for value, at := range found {
		all = append(all, seen{value, at})
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i].at, all[j].at
		if a.Min.Y != b.Min.Y {
			return a.Min.Y < b.Min.Y
		}
		return all[i].value < all[j].value
	})
	values := make([]string, 0, len(all))
	for len(all) > 0 {
		// A line is everything that begins above the middle of its topmost code.
		middle := (all[0].at.Min.Y + all[0].at.Max.Y) / 2
		n := sort.Search(len(all), func(i int) bool { return all[i].at.Min.Y > middle })
		line := all[:n]
		sort.SliceStable(line, func(i, j int) bool { return line[i].at.Min.X < line[j].at.Min.X })
		for _, c := range line {
			values = append(values, c.value)
		}
		all = all[n:]
	}
	return Slates{Values: values, Unreadable: s.unreadable()}
}

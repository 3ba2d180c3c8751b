package picture

import (
	"context"
	"image"
	"sort"

	"github.com/makiuchi-d/gozxing"
)

// FindSlates looks for QR codes whose text parse accepts and returns the distinct values that parse returned, in
// reading order of the upright picture. A picture without a slate card, which nearly all are, gives an empty list and
// no error.
//
// parse is called with whatever text stands in any code in the picture and must be prepared for anything. It may be
// called several times with the same text.
//
// Looking harder takes longer: a picture is examined at several sizes and contrasts, easiest first, until something is
// found or everything was tried. When ctx ends before that, FindSlates returns what it has found, with the context's
// error. Other errors wrap [ErrUnsupported], [ErrDamaged] or, above [MaxPixels], [ErrTooLarge].
func (f *File) FindSlates(ctx context.Context, parse func(text string) (string, bool)) (values []string, err error) {
	defer recovered(&err)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	img, err := f.pixels()
	if err != nil {
		return nil, err
	}
	s := slateSearch{parse: parse, found: map[string]image.Rectangle{}}
	err = s.run(ctx, luminance(img))
	return s.inReadingOrder(f.info), err
}

// slateSearch collects the accepted codes of one picture.
type slateSearch struct {
	parse func(string) (string, bool)
	// found holds where each accepted value stands, in pixels of the stored image.
	found map[string]image.Rectangle
}

// attempt is one way to look at a picture.
type attempt struct {
	// side is the longer side in pixels to which the picture is reduced; a smaller picture is taken as it is.
	side int
	// prepare changes the reduced picture; nil leaves it.
	prepare func(*image.Gray) *image.Gray
	// binarise decides which pixels are black.
	binarise func(*image.Gray) (*gozxing.BitMatrix, error)
}

// attempts are ordered by what they find per millisecond. The hybrid threshold copes with shade and glare, the global
// one with blur; a small picture averages noise and shake away, a large one shows small and distant cards.
var attempts = []attempt{
	{1200, nil, hybrid},
	{600, nil, hybrid},
	{1200, nil, local},
	{2000, nil, hybrid},
	{1200, nil, global},
	{800, nil, local},
	{400, nil, local},
	{1200, inverted, hybrid},
	{1600, sharpened, local},
	{2400, nil, local},
	{600, enlarged, local},
	{1200, inverted, local},
	{1000, sharpened, hybrid},
	{4000, nil, hybrid},
	{1600, enlarged, local},
}

// run makes the attempts in turn. Once something is found it goes on only as long as the next attempt adds to it.
func (s *slateSearch) run(ctx context.Context, full *image.Gray) error {
	reduced := map[int]*image.Gray{}
	for _, a := range attempts {
		if err := ctx.Err(); err != nil {
			return err
		}
		had := len(s.found)
		img := reduced[a.side]
		if img == nil {
			img = reduce(full, a.side)
			reduced[a.side] = img
		}
		if a.prepare != nil {
			img = a.prepare(img)
		}
		s.look(ctx, img, a.binarise, full.Bounds())
		if had > 0 && len(s.found) == had {
			return nil
		}
	}
	return ctx.Err()
}

// look makes one attempt. A fault in the decoder ends the attempt and not the search.
func (s *slateSearch) look(ctx context.Context, img *image.Gray, binarise func(*image.Gray) (*gozxing.BitMatrix, error), full image.Rectangle) {
	defer func() { _ = recover() }()
	black, err := binarise(img)
	if err != nil {
		return
	}
	scale := float64(full.Dx()) / float64(img.Bounds().Dx())
	for code := range codes(ctx, black) {
		value, ok := s.parse(code.text)
		if !ok {
			continue
		}
		if _, again := s.found[value]; !again {
			s.found[value] = code.at.scaled(scale)
		}
	}
}

// inReadingOrder sorts the values by where they are seen: line by line, from left to right.
func (s *slateSearch) inReadingOrder(info Info) []string {
	type seen struct {
		value string
		at    image.Rectangle
	}
	all := make([]seen, 0, len(s.found))
	for value, stored := range s.found {
		turn := func(p image.Point) image.Point { return uprightPoint(p, info.Width, info.Height, info.Orientation) }
		all = append(all, seen{value, image.Rectangle{Min: turn(stored.Min), Max: turn(stored.Max)}.Canon()})
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
	return values
}

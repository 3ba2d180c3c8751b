package picture

import (
	"image"
	"math/rand/v2"
	"testing"
)

// A wall of patterns is the worst that a picture can hold: each three of them may be of a code.
func TestAWallOfPatternsCostsNoMoreThanSoMuch(t *testing.T) {
	t.Parallel()
	wall := image.NewGray(image.Rect(0, 0, 1600, 1200))
	white(wall)
	rng := rand.New(rand.NewPCG(1, 2))
	const module = 3
	for range 1500 {
		at := image.Pt(rng.IntN(1600-7*module), rng.IntN(1200-7*module))
		for y := range 7 * module {
			for x := range 7 * module {
				ink := uint8(0)
				if max(abs(x/module-3), abs(y/module-3)) == 2 {
					ink = 255
				}
				wall.Pix[(at.Y+y)*wall.Stride+at.X+x] = ink
			}
		}
	}
	s := slateSearch{parse: func(string) (string, bool) { return "", false }, templates: map[int][]cell{}}
	if err := s.run(t.Context(), wall, 1); err != nil {
		t.Fatal(err)
	}
	t.Logf("compared %d places", s.compared)
	if s.compared < maxCompared {
		t.Errorf("the wall took %d places only and proves nothing", s.compared)
	}
	if s.compared > maxCompared*5/4 { // the last three patterns may go beyond
		t.Errorf("compared %d places, at most %d are allowed", s.compared, maxCompared)
	}
}

package picture_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/skip2/go-qrcode"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

const cardPrefix = "https://samtykke.example/k/"

// parseCard accepts the texts of our test cards, as the caller's parser accepts those of real ones.
func parseCard(text string) (string, bool) { return strings.CutPrefix(text, cardPrefix) }

func qrImage(tb testing.TB, code string) image.Image {
	tb.Helper()
	qr, err := qrcode.New(cardPrefix+code, qrcode.Medium)
	if err != nil {
		tb.Fatal(err)
	}
	return qr.Image(-8)
}

func findSlates(tb testing.TB, file []byte) []string {
	tb.Helper()
	found, err := picture.FindSlates(tb.Context(), bytes.NewReader(file), int64(len(file)), parseCard)
	if err != nil {
		tb.Fatalf("FindSlates: %v", err)
	}
	return found.Values
}

// slateCase is one made photograph of a card.
type slateCase struct {
	name, code string
	opts       picturetest.SceneOptions
}

func (c slateCase) jpeg(tb testing.TB) []byte {
	return picturetest.SlateScene(qrImage(tb, c.code), c.opts)
}

// slateCorpus makes n photographs. Moderate ones are what a careful photographer gets; hard ones go beyond.
func slateCorpus(n int, hard bool) []slateCase {
	rng := rand.New(rand.NewPCG(2026, 11))
	between := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
	cases := make([]slateCase, n)
	for i := range cases {
		strain := 1.0
		if hard {
			strain = 2
		}
		o := picturetest.SceneOptions{
			Width: 1600, Height: 1200,
			CodeSide: between(0.25, 0.6) / strain,
			X:        between(0.4, 0.6), Y: between(0.4, 0.6),
			Rotation: between(-180, 180),
			TiltX:    between(-18, 18) * strain, TiltY: between(-18, 18) * strain,
			Blur: between(0, 1.2) * strain, Noise: between(0, 9) * strain,
			Exposure: between(0.55, 1.2), Contrast: between(0.55, 1), Shade: between(0, 0.4),
		}
		if i%10 == 0 {
			o.Width, o.Height = 4000, 3000
			o.Blur *= 2
		}
		if i%6 == 5 {
			o.Motion = int(4 * strain)
		}
		o.Seed, o.Quality = uint64(i), int(between(60, 92))
		kind := "moderate"
		if hard {
			kind = "hard"
		}
		cases[i] = slateCase{fmt.Sprintf("%s %02d", kind, i), fmt.Sprintf("K7Q2-%04d", i), o}
	}
	return cases
}

func TestSlatesAreFoundInNineOfTenModeratePhotographs(t *testing.T) {
	t.Parallel()
	corpus := slateCorpus(20, false)
	missed := 0
	for _, c := range corpus {
		found := findSlates(t, c.jpeg(t))
		switch {
		case len(found) == 0:
			missed++
			t.Logf("%s not found: %+v", c.name, c.opts)
		case !slices.Equal(found, []string{c.code}):
			t.Errorf("%s: found %q, want %q", c.name, found, c.code)
		}
	}
	if missed*10 > len(corpus) {
		t.Errorf("missed %d of %d cards", missed, len(corpus))
	}
}

func TestSlateOnADarkScreenIsFoundInverted(t *testing.T) {
	t.Parallel()
	c := slateCase{"inverted", "K7Q2-M9XD", picturetest.SceneOptions{Inverted: true, Rotation: 10, Blur: 1}}
	if found := findSlates(t, c.jpeg(t)); !slices.Equal(found, []string{c.code}) {
		t.Errorf("found %q", found)
	}
}

func TestSeveralSlatesComeInReadingOrderOfTheUprightPicture(t *testing.T) {
	t.Parallel()
	codes := []string{"upper-left", "upper-right", "lower-left"}
	for orientation := 1; orientation <= 8; orientation++ {
		// Draw the upright picture, then store it as a camera held that way would.
		img := picturetest.Scene(1200, 1200, 4)
		for i, at := range []image.Point{{1, 1}, {3, 1}, {1, 3}} {
			picturetest.Paste(img, qrImage(t, codes[i]), picturetest.SceneOptions{
				CodeSide: 0.22, X: float64(at.X) / 4, Y: float64(at.Y)/4 - 0.05 + 0.03*float64(i%2)})
		}
		file := picturetest.Encode(stored(img, orientation), picturetest.Options{Orientation: orientation})
		if found := findSlates(t, file); !slices.Equal(found, codes) {
			t.Errorf("orientation %d: found %q, want %q", orientation, found, codes)
		}
	}
}

func TestTheSameSlateTwiceIsOneSlate(t *testing.T) {
	t.Parallel()
	img := picturetest.Scene(1200, 800, 4)
	for _, x := range []float64{0.25, 0.75} {
		picturetest.Paste(img, qrImage(t, "K7Q2-M9XD"), picturetest.SceneOptions{X: x, Y: 0.4})
	}
	if found := findSlates(t, picturetest.Encode(img, picturetest.Options{})); !slices.Equal(found, []string{"K7Q2-M9XD"}) {
		t.Errorf("found %q", found)
	}
}

func TestOtherQRCodesAreNoSlates(t *testing.T) {
	t.Parallel()
	qr, err := qrcode.New("https://example.org/menu", qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	if found := findSlates(t, picturetest.SlateScene(qr.Image(-8), picturetest.SceneOptions{})); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}

func TestPictureWithoutSlateGivesNoSlateAndNoError(t *testing.T) {
	t.Parallel()
	if found := findSlates(t, picturetest.JPEG(1600, 1200, picturetest.Options{Seed: 5})); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}

func TestSlateSearchStopsWithItsContext(t *testing.T) {
	t.Parallel()
	// A wall of finder patterns is the worst that a picture can hold.
	wall := image.NewGray(image.Rect(0, 0, 2400, 1800))
	for y := range 1800 {
		for x := range 2400 {
			// Cells of nine modules of two pixels: a dark ring around a dark square of three.
			ring := max(abs(x%18/2-4), abs(y%18/2-4))
			if ring == 2 || ring == 4 {
				wall.Pix[y*wall.Stride+x] = 255
			}
		}
	}
	file := picturetest.Encode(wall, picturetest.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := picture.FindSlates(ctx, bytes.NewReader(file), int64(len(file)), parseCard)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v (%v)", took, err)
	}
	cancel()
	if _, err := picture.FindSlates(ctx, bytes.NewReader(file), int64(len(file)), parseCard); err == nil {
		t.Error("a cancelled search gave no error")
	}
}

func abs(n int) int { return max(n, -n) }

// tool returns the path of a program that `make test` installs. Its absence fails the test, so that no check is lost
// unnoticed; SAMTYKKE_NO_TOOLS says that its absence is meant.
func tool(tb testing.TB, name string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("SAMTYKKE_NO_TOOLS") != "" {
		tb.Skipf("%s is not installed and SAMTYKKE_NO_TOOLS is set", name)
	}
	tb.Fatalf("%s is not installed; run the tests with `make test`, or set SAMTYKKE_NO_TOOLS=1 to go without", name)
	return ""
}

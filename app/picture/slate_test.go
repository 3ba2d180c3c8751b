package picture_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

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
	img := picturetest.Scene(1200, 1200, 4)
	for i, at := range []image.Point{{1, 1}, {3, 1}, {1, 3}} {
		picturetest.Paste(img, qrImage(t, codes[i]), picturetest.SceneOptions{
			CodeSide: 0.22, X: float64(at.X) / 4, Y: float64(at.Y)/4 - 0.05 + 0.03*float64(i%2)})
	}
	for orientation := 1; orientation <= 8; orientation++ { // stored as a camera held that way would
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
	file := slateCase{"plain", "K7Q2-M9XD", picturetest.SceneOptions{}}.jpeg(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if found, err := picture.FindSlates(ctx, bytes.NewReader(file), int64(len(file)), parseCard); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled search gave %+v, %v", found, err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	if found, err := picture.FindSlates(ctx, bytes.NewReader(file), int64(len(file)), func(text string) (string, bool) {
		cancel() // in the middle of it
		return parseCard(text)
	}); !errors.Is(err, context.Canceled) || !slices.Equal(found.Values, []string{"K7Q2-M9XD"}) {
		t.Errorf("a search cancelled when it had found a card gave %+v, %v", found, err)
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

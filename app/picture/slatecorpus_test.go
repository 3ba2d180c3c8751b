package picture_test

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/skip2/go-qrcode"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// condition is one way in which cards are hard to read.
type condition struct {
	name string
	// strain makes the options of one photograph; pick draws a number between two.
	strain func(o *picturetest.SceneOptions, pick func(low, high float64) float64)
	cards  int // in one picture; 1 when zero
	others int // codes of somebody else beside it, with clutter
}

// careful is what a photographer gets who takes care: not one of these may be missed.
const careful = "taken with care"

// conditions are what happens to cards between a person's hands and a memory card. The first is the plain case.
var conditions = []condition{
	{name: "plain", strain: func(*picturetest.SceneOptions, func(low, high float64) float64) {}},
	{name: "tilt 30–60°", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.TiltX, o.TiltY = pick(30, 60), pick(-20, 20)
	}},
	{name: "turned", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Rotation, o.TiltX = pick(-180, 180), pick(-20, 20)
	}},
	{name: "out of focus", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.Blur = pick(0.25, 0.5), pick(3, 9)
	}},
	{name: "shaken", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.Motion = pick(0.25, 0.5), int(pick(8, 28))
	}},
	{name: "noise", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.Noise = pick(0.15, 0.4), pick(30, 90)
	}},
	{name: "overexposed 1–3 EV", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Exposure, o.Blur = pick(1.4, 2.6), pick(0.5, 2)
	}},
	{name: "underexposed 1–3 EV", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Exposure, o.Noise = pick(0.2, 0.6), pick(3, 9)
	}},
	{name: "low light", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Exposure, o.Noise, o.Contrast, o.Blur = pick(0.15, 0.45), pick(8, 24), pick(0.3, 0.7), pick(0.5, 2)
	}},
	{name: "glare", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Glare, o.Exposure, o.Blur = pick(100, 260), pick(0.7, 1), pick(0.5, 1.5)
	}},
	{name: "edge of a shadow", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.ShadowEdge, o.Blur = pick(0.6, 0.93), pick(0.5, 1.5)
	}},
	{name: "3–6 % of the width", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Width, o.Height, o.CodeSide, o.Blur, o.PreviewSide = 4000, 3000, pick(0.04, 0.08), pick(0.5, 1.8), 1600
	}},
	{name: "4–8 % of 1600 pixels", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.Blur = pick(0.055, 0.105), pick(0.2, 0.7)
	}},
	{name: "60 % of the width", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Width, o.Height, o.CodeSide, o.Blur, o.TiltY = 2400, 1800, pick(0.7, 0.8), pick(1, 6), pick(-25, 25)
	}},
	{name: "JPEG quality 30–50", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Quality, o.CodeSide, o.Blur = int(pick(30, 50)), pick(0.1, 0.25), pick(0.3, 1)
	}},
	{name: "among other codes", others: 3, strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.TiltX = pick(0.15, 0.3), pick(-25, 25)
	}},
	{name: "screen, moiré", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Screen, o.Room, o.Blur = pick(0.2, 0.8), pick(0.1, 0.4), pick(0.3, 1)
	}},
	{name: "screen, dark theme", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Inverted, o.Screen, o.Room, o.Blur = true, pick(0.05, 0.3), pick(0.1, 0.5), pick(0.5, 1.5)
	}},
	{name: "2–6 cards", cards: 6, strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.TiltX, o.Rotation = pick(0.14, 0.2), pick(-30, 30), pick(-15, 15)
	}},
	{name: "thumb on the margin", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Thumb, o.TiltX, o.Blur = pick(0.1, 0.16), pick(-20, 20), pick(0.3, 1)
	}},
	{name: "curled 40–110°", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.Curl, o.Blur = pick(40, 110), pick(0.3, 1)
	}},
	{name: "everything a little", strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.Rotation, o.TiltX, o.TiltY = pick(0.15, 0.35), pick(-180, 180), pick(-30, 30), pick(-30, 30)
		o.Blur, o.Noise, o.Exposure, o.Contrast, o.Shade = pick(0.5, 2), pick(3, 14), pick(0.5, 1.4), pick(0.5, 1), pick(0, 0.5)
		o.Motion, o.Curl, o.Quality = int(pick(0, 5)), pick(0, 30), int(pick(40, 90))
	}},
	{name: careful, strain: func(o *picturetest.SceneOptions, pick func(low, high float64) float64) {
		o.CodeSide, o.Rotation, o.TiltX, o.TiltY = pick(0.25, 0.6), pick(-180, 180), pick(-18, 18), pick(-18, 18)
		o.Blur, o.Noise, o.Exposure, o.Contrast, o.Shade = pick(0, 1.2), pick(0, 9), pick(0.55, 1.2), pick(0.55, 1), pick(0, 0.4)
		o.Motion, o.Quality = int(pick(0, 4)), int(pick(60, 92))
	}},
}

// photograph is one picture of the corpus and what is on it.
type photograph struct {
	condition string
	codes     []string
	file      []byte
}

// framing is how much there is around the card.
type framing bool

const (
	wide framing = false
	near framing = true // the card has as many pixels, the picture fewer, which makes it sooner
)

func takePhotograph(tb testing.TB, c condition, seed uint64, f framing) photograph {
	tb.Helper()
	rng := rand.New(rand.NewPCG(seed, 2026))
	pick := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
	o := picturetest.SceneOptions{Width: 1600, Height: 1200, CodeSide: pick(0.3, 0.5), X: pick(0.4, 0.6), Y: pick(0.4, 0.6),
		Rotation: pick(-12, 12), Blur: pick(0, 0.8), Noise: pick(0, 4)}
	o.Seed, o.Quality = seed, int(pick(75, 95))
	c.strain(&o, pick)
	if f == near && c.cards == 0 && c.others == 0 && o.CodeSide < 0.6 {
		o.CodeSide, o.Width, o.Height, o.PreviewSide = o.CodeSide*1.6, o.Width*5/8, o.Height*5/8, o.PreviewSide*5/8
	}
	img := picturetest.Scene(o.Width, o.Height, seed)
	if o.Room > 0 {
		for i := range img.Pix {
			img.Pix[i] = uint8(o.Room * float64(img.Pix[i]))
		}
	}
	if c.others > 0 {
		picturetest.Clutter(img, seed)
	}
	p := photograph{condition: c.name}
	places := []image.Point{{1, 1}, {0, 1}, {2, 1}, {1, 0}, {0, 0}, {2, 2}}
	for i := range max(1, c.others) {
		if c.others > 0 {
			at := o
			at.X, at.Y = float64(2*i+1)/6, 0.15
			picturetest.Paste(img, qrOf(tb, "HTTPS://EXAMPLE.ORG/MENU/"+fmt.Sprint(i)), at)
		}
	}
	cards := 1
	if c.cards > 1 {
		cards = 2 + rng.IntN(c.cards-1)
	}
	for i := range cards {
		at := o
		if cards > 1 {
			at.X, at.Y, at.Rotation = float64(places[i].X)/3+1.0/6, float64(places[i].Y)/3+0.12, pick(-15, 15)
		}
		if c.others > 0 {
			at.Y = pick(0.5, 0.7)
		}
		code := fmt.Sprintf("K7Q2-%04d", (int(seed)*7+i)%10_000)
		p.codes = append(p.codes, code)
		picturetest.Paste(img, qrOf(tb, slatePrefix+code), at)
	}
	picturetest.Develop(img, o)
	p.file = picturetest.Encode(img, o.Options)
	return p
}

// slatePrefix begins the text of a card, in the characters that make the code small.
const slatePrefix = "SMK1:"

func qrOf(tb testing.TB, text string) image.Image {
	tb.Helper()
	qr, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		tb.Fatal(err)
	}
	return qr.Image(-8)
}

// reading is what one program found in a photograph, and in what time.
type reading struct {
	found      []string
	unreadable bool
	took       time.Duration
}

func readOurselves(tb testing.TB, file []byte) reading {
	tb.Helper()
	start := time.Now()
	found, err := picture.FindSlates(tb.Context(), bytes.NewReader(file), int64(len(file)), func(text string) (string, bool) { return strings.CutPrefix(text, slatePrefix) })
	if err != nil {
		tb.Fatal(err)
	}
	return reading{found.Values, found.Unreadable, time.Since(start)}
}

func readWithZbarimg(zbarimg, path string) reading {
	start := time.Now()
	out, _ := exec.Command(zbarimg, "-q", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	r := reading{took: time.Since(start)}
	for line := range strings.Lines(string(out)) {
		if code, ok := strings.CutPrefix(strings.TrimSpace(line), slatePrefix); ok {
			r.found = append(r.found, code)
		}
	}
	return r
}

// count tells how many of the codes were found.
func (r reading) count(codes []string) (n int) {
	for _, code := range codes {
		if slices.Contains(r.found, code) {
			n++
		}
	}
	return n
}

// Design §9: "finds every card that zbarimg finds, and more; not slower per image".
func BenchmarkSlateCorpus(b *testing.B) {
	zbarimg := tool(b, "zbarimg")
	var photographs []photograph
	for c, condition := range conditions {
		for i := range 14 {
			photographs = append(photographs, takePhotograph(b, condition, uint64(1000*c+i), wide))
		}
	}
	for i := range 20 {
		img := picturetest.Scene(4000, 3000, uint64(i))
		if i%2 == 0 {
			picturetest.Clutter(img, uint64(i))
		}
		photographs = append(photographs, photograph{condition: "no card, 12 MP", file: picturetest.Encode(img, picturetest.Options{})},
			photograph{condition: "no card, 12 MP with a preview", file: picturetest.Encode(img, picturetest.Options{PreviewSide: 1600})})
	}
	blank := filepath.Join(b.TempDir(), "blank.jpg")
	if err := os.WriteFile(blank, picturetest.JPEG(16, 16, picturetest.Options{}), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		compare(b, zbarimg, blank, photographs)
	}
}

// compare reads every photograph with both programs in turn, so that whatever else the machine does slows both, and prints a table.
func compare(b *testing.B, zbarimg, blank string, photographs []photograph) {
	type row struct {
		pictures, cards, ours, theirs, onlyOurs, onlyTheirs int
		ourTime, theirTime, start                           time.Duration
	}
	rows, order := map[string]*row{}, []string{}
	path := filepath.Join(b.TempDir(), "photograph.jpg")
	sum := &row{}
	for _, p := range photographs {
		if err := os.WriteFile(path, p.file, 0o600); err != nil {
			b.Fatal(err)
		}
		ours, theirs, start := readOurselves(b, p.file), readWithZbarimg(zbarimg, path), readWithZbarimg(zbarimg, blank)
		if rows[p.condition] == nil {
			rows[p.condition], order = &row{}, append(order, p.condition)
		}
		for _, r := range []*row{rows[p.condition], sum} {
			r.pictures, r.cards = r.pictures+1, r.cards+len(p.codes)
			for _, code := range p.codes {
				we, they := slices.Contains(ours.found, code), slices.Contains(theirs.found, code)
				switch {
				case we && !they:
					r.onlyOurs++
				case they && !we:
					r.onlyTheirs++
				}
			}
			r.ours, r.theirs = r.ours+ours.count(p.codes), r.theirs+theirs.count(p.codes)
			r.ourTime, r.theirTime, r.start = r.ourTime+ours.took, r.theirTime+theirs.took, r.start+start.took
		}
		for _, code := range p.codes {
			if slices.Contains(theirs.found, code) && !slices.Contains(ours.found, code) {
				b.Errorf("%s: zbarimg finds %s and FindSlates does not", p.condition, code)
			}
		}
		if ours.unreadable && len(p.codes) == 0 {
			b.Errorf("%s: taken for a card", p.condition)
		}
		if len(ours.found) > ours.count(p.codes) {
			b.Errorf("%s: found %v, which has %v", p.condition, ours.found, p.codes)
		}
	}
	table := bytes.NewBufferString("\n")
	line := func(name string, r *row) {
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(r.pictures) }
		fmt.Fprintf(table, "%-30s %8d %6d %6d %8d %10d %12d %8.1f %8.1f %8.1f\n", name, r.pictures, r.cards, r.ours, r.theirs, r.onlyOurs, r.onlyTheirs,
			ms(r.ourTime), ms(r.theirTime), ms(r.theirTime-r.start))
	}
	fmt.Fprintf(table, "%-30s %8s %6s %6s %8s %10s %12s %8s %8s %8s\n", "condition", "pictures", "cards", "ours", "zbarimg", "only ours", "only zbarimg", "ms ours", "ms zbar", "less its start")
	for _, name := range order {
		line(name, rows[name])
	}
	line("all", sum)
	_, _ = table.WriteTo(os.Stdout) // b.Log cuts after ten lines
	b.ReportMetric(float64(sum.ours), "ours-found")
	b.ReportMetric(float64(sum.theirs), "zbarimg-found")
	b.ReportMetric(float64(sum.onlyTheirs), "only-zbarimg-found")
	b.ReportMetric(float64(sum.ourTime.Milliseconds())/float64(sum.pictures), "ours-ms/picture")
	b.ReportMetric(float64(sum.theirTime.Milliseconds())/float64(sum.pictures), "zbarimg-ms/picture")
}

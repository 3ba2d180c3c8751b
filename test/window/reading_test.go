//go:build story

package window_test

import (
	"cmp"
	"image"
	"image/color"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/look"
)

// The driver reads the screen: it draws a word itself, in the sizes that the window uses, and looks for it in the picture, whatever
// the colours. Wherever the word stands, it is found, so that the tests survive a layout that moves.

// textSizes are those of package look, of the photographer's screens and of subject mode.
var textSizes = []float32{14, 18, 20, 24, 36, 28, 12, 16}

// hardest is by how much a picture may differ from the word, on average, as a share of the contrast. The window draws words from
// the same shapes, but places some between two pixels.
const hardest = 0.13

// apart is how much room there is around a word, in pixels.
const apart = 2

// word is a text as it is drawn: how much ink there is on each pixel, from 0 to 1, cut to where there is any.
type word struct {
	width, height int
	ink           []float32
	order         []int // of the pixels, those that tell most first
}

// words are the shapes that were drawn already.
var words = map[string][]word{}

// TestMain keeps one application for drawing words with.
func TestMain(m *testing.M) {
	test.NewApp()
	os.Exit(m.Run())
}

// shapes draws a text in every size and weight.
func shapes(text string) []word {
	if done, ok := words[text]; ok {
		return done
	}
	var list []word
	for _, size := range textSizes {
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			drawn := canvas.NewText(text, color.Black)
			drawn.TextSize, drawn.TextStyle = size, style
			list = append(list, inked(software.Render(container.NewStack(canvas.NewRectangle(color.White), drawn), look.New(look.Light))))
		}
	}
	words[text] = list
	return list
}

func inked(drawn image.Image) word {
	box := image.Rectangle{Min: drawn.Bounds().Max, Max: drawn.Bounds().Min}
	for y := drawn.Bounds().Min.Y; y < drawn.Bounds().Max.Y; y++ {
		for x := drawn.Bounds().Min.X; x < drawn.Bounds().Max.X; x++ {
			if grey(color.RGBAModel.Convert(drawn.At(x, y)).(color.RGBA)) < 200 {
				box.Min.X, box.Min.Y = min(box.Min.X, x), min(box.Min.Y, y)
				box.Max.X, box.Max.Y = max(box.Max.X, x+1), max(box.Max.Y, y+1)
			}
		}
	}
	w := word{width: box.Dx(), height: box.Dy()}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			w.ink = append(w.ink, 1-float32(grey(color.RGBAModel.Convert(drawn.At(x, y)).(color.RGBA)))/255)
		}
	}
	full, empty := 0, 0
	for i, ink := range w.ink {
		if ink > w.ink[full] {
			full = i
		}
		if ink < w.ink[empty] {
			empty = i
		}
	}
	w.order = append(w.order, full, empty)
	for step := 97; step > 0; step -= 48 { // some from everywhere, then all
		for i := step; i < len(w.ink); i += step {
			w.order = append(w.order, i)
		}
	}
	return w
}

// grey is how bright a colour is, from 0 to 255.
func grey(c color.RGBA) int { return (299*int(c.R) + 587*int(c.G) + 114*int(c.B)) / 1000 }

// find gives where a text stands in a picture, the topmost first.
func find(picture *image.RGBA, text string) []image.Rectangle {
	b := picture.Bounds()
	page := make([]float32, b.Dx()*b.Dy())
	for y := range b.Dy() {
		for x := range b.Dx() {
			page[y*b.Dx()+x] = float32(grey(picture.RGBAAt(b.Min.X+x, b.Min.Y+y)))
		}
	}
	var found []image.Rectangle
	for _, w := range shapes(text) {
		for y := 0; y+w.height <= b.Dy(); y++ {
			for x := apart; x+w.width+apart <= b.Dx(); x++ {
				if w.stands(page, b.Dx(), x, y) {
					found = append(found, image.Rect(x, y, x+w.width, y+w.height))
					x += w.width
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b image.Rectangle) int {
		return cmp.Or(cmp.Compare(a.Min.Y, b.Min.Y), cmp.Compare(a.Min.X, b.Min.X))
	})
	return slices.CompactFunc(found, func(a, b image.Rectangle) bool { return a.Overlaps(b) }) // fits in two weights or two places
}

// stands tells whether the word is at a place of a page.
func (w *word) stands(page []float32, stride, x, y int) bool {
	at := func(i int) float32 { return page[(y+i/w.width)*stride+x+i%w.width] }
	ink, ground := at(w.order[0]), at(w.order[1])
	contrast := ink - ground
	if abs(contrast) < 50 {
		return false
	}
	wrong := float32(0)
	for n, i := range w.order[2:] {
		wrong += abs((at(i)-ground)/contrast - w.ink[i])
		if (n == 12 || n == 60 || n == 200) && wrong/float32(n+1) > 1.5*hardest {
			return false
		}
	}
	if wrong/float32(len(w.order)-2) > hardest {
		return false
	}
	letter := max(w.height/2, 4)
	for left := 0; left < w.width; left += letter { // one other letter in a long text is another text
		wrong, n := float32(0), 0
		for i := range w.ink {
			if column := i % w.width; column >= left && column < left+letter {
				wrong, n = wrong+abs((at(i)-ground)/contrast-w.ink[i]), n+1
			}
		}
		if wrong/float32(n) > 1.5*hardest {
			return false
		}
	}
	for row := range w.height { // part of a longer word is another word
		for i := 1; i <= apart; i++ {
			before, after := page[(y+row)*stride+x-i], page[(y+row)*stride+x+w.width-1+i]
			if max(abs(before-ground), abs(after-ground)) > 0.5*abs(contrast) {
				return false
			}
		}
	}
	return true
}

func abs(v float32) float32 { return max(v, -v) }

// sees tells whether a text stands on the screen now.
func (s *screen) sees(text string) bool { return len(find(s.grab(), text)) > 0 }

// see waits until a text stands on the screen, and gives where.
func (s *screen) see(text string) image.Rectangle { s.Helper(); return s.seeAll(text)[0] }

// seeAll waits until a text stands on the screen, and gives all places.
func (s *screen) seeAll(text string) (found []image.Rectangle) {
	s.Helper()
	s.until("to see "+text, func() bool {
		found = find(s.grab(), strings.TrimSpace(text))
		return len(found) > 0
	})
	return found
}

// click presses the mouse on a text, once it stays where it is: a screen that is just being filled moves it under the pointer.
func (s *screen) click(text string) {
	s.Helper()
	var at image.Rectangle
	s.until("to see "+text+", which stays where it is", func() bool {
		picture := s.grab()
		found := find(picture, strings.TrimSpace(text))
		if len(found) == 0 {
			return false
		}
		at = found[0]
		return differing(cut(picture, at), cut(s.grab(), at)) == 0
	})
	s.clickAt(middle(at))
}

// clickBelow presses the mouse on the field below a label.
func (s *screen) clickBelow(label string) {
	s.Helper()
	at := s.see(label)
	s.clickAt(image.Pt(at.Min.X+at.Dx()/2, at.Max.Y+26))
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

func (s *screen) clickAt(at image.Point) {
	s.Helper()
	s.moveTo(at)
	s.xdotool("click", "1")
	s.moveTo(image.Pt(3, 3)) // so that the pointer stands on no word
}

func (s *screen) moveTo(at image.Point) {
	s.Helper()
	s.xdotool("mousemove", "--window", s.id, strconv.Itoa(at.X), strconv.Itoa(at.Y))
}

// tabTo presses Tab until the focus comes to what a text stands on, or to the field below it: until something changes there.
func (s *screen) tabTo(text string) {
	s.Helper()
	at := s.see(text)
	s.tabToPlace(text, image.Rectangle{Min: at.Min.Sub(image.Pt(14, 12)), Max: at.Max.Add(image.Pt(14, 18))})
}

// tabToPlace presses Tab until something changes at a place.
func (s *screen) tabToPlace(what string, at image.Rectangle) {
	s.Helper()
	now := s.still()
	s.until("the focus to come to "+what, func() bool {
		before := now
		s.press("Tab")
		now = s.still()
		return differing(cut(before, at), cut(now, at)) > 20
	})
}

// choose does by keyboard what click does with the mouse.
func (s *screen) choose(text string) { s.Helper(); s.tabTo(text); s.press("space") }

func cut(picture *image.RGBA, to image.Rectangle) *image.RGBA {
	return picture.SubImage(to).(*image.RGBA)
}

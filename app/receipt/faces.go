package receipt

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// faces are the two weights of the one family in use. Liberation Sans covers Latin with every Nordic, Sámi, Baltic and
// Polish letter, Greek and Cyrillic.
type faces struct {
	regular, bold *face
}

// tableSize is how many characters the PDF library can hold: those of 16 bits.
const tableSize = 1 << 16

// face is one weight, with what is needed to measure a line before it is drawn.
type face struct {
	data     []byte
	font     *sfnt.Font
	advances []float32 // by rune: one more than the share of the type size, 0 without a glyph
}

// newFaces reads the fonts once: nothing changes them afterwards, and it takes as long as drawing a receipt.
var newFaces = sync.OnceValues(func() (*faces, error) {
	regular, err := newFace(liberationsansregular.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := newFace(liberationsansbold.TTF)
	if err != nil {
		return nil, err
	}
	return &faces{regular: regular, bold: bold}, nil
})

func newFace(data []byte) (*face, error) {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("parse font: %w", err)
	}
	f := &face{data: data, font: parsed, advances: make([]float32, tableSize)}
	var buffer sfnt.Buffer
	em := parsed.UnitsPerEm()
	for r := range rune(tableSize) {
		if index, err := parsed.GlyphIndex(&buffer, r); err != nil || index == 0 {
			continue
		} else if units, err := parsed.GlyphAdvance(&buffer, index, fixed.Int26_6(em), font.HintingNone); err == nil {
			f.advances[r] = 1 + float32(units)/float32(em)
		}
	}
	return f, nil
}

// advance is a rune's width as a share of the type size, and whether the face can draw it.
func (f *face) advance(r rune) (float64, bool) {
	if r < 0 || r >= tableSize {
		return -1, false
	}
	return float64(f.advances[r] - 1), f.advances[r] > 0
}

func (f *faces) of(st style) *face {
	if st.bold {
		return f.bold
	}
	return f.regular
}

// width is the length of a line in millimetres.
func (f *faces) width(st style, words string) float64 { return f.measure(st, f.printable(words)) }

// measure is the width of a line that is printable already.
func (f *faces) measure(st style, printable string) float64 {
	face, sum := f.of(st), 0.0
	for _, r := range printable {
		a, _ := face.advance(r)
		sum += a
	}
	return sum * st.size * pointMM
}

// printable makes a line drawable: composed letters, no control characters, and a question mark for each character that
// the family lacks, so that a gap is seen and nothing breaks.
func (f *faces) printable(words string) string {
	words = norm.NFC.String(words)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1 // also direction marks and joiners, which draw nothing
		}
		if _, ok := f.regular.advance(r); !ok {
			return '?'
		}
		return r
	}, words)
}

// wrap breaks a text into lines no longer than width, first between words, then after the marks inside long addresses,
// and as a last resort inside a word: nothing is ever cut off. Line breaks in the text are kept.
func (f *faces) wrap(st style, text string, width float64) []string {
	var out []string
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		current := ""
		paragraph = strings.ReplaceAll(f.printable(paragraph), "§ ", "§\u00a0") // a sign is never left behind its number
		for word := range strings.SplitSeq(paragraph, " ") {
			if word == "" {
				continue
			}
			joined := word
			if current != "" {
				joined = current + " " + word
			}
			if f.measure(st, joined) <= width {
				current = joined
				continue
			}
			if current != "" {
				out = append(out, current)
			}
			pieces := f.breakWord(st, word, width)
			out = append(out, pieces[:len(pieces)-1]...)
			current = pieces[len(pieces)-1]
		}
		if current != "" {
			out = append(out, current)
		}
	}
	return out
}

// wrapAfter is wrap for a text whose first line begins behind other words, which take indent of the width.
func (f *faces) wrapAfter(st style, text string, indent, width float64) []string {
	paragraph, more, _ := strings.Cut(strings.TrimSpace(text), "\n")
	rest := f.wrap(st, paragraph, math.Inf(1))
	if len(rest) == 0 {
		return f.wrap(st, more, width)
	}
	first := f.wrap(st, rest[0], width-indent)[0]
	lines := append([]string{first}, f.wrap(st, strings.TrimPrefix(rest[0], first), width)...)
	return append(lines, f.wrap(st, more, width)...)
}

// breakWord splits a word that is longer than a line. It always returns at least one piece.
func (f *faces) breakWord(st style, word string, width float64) []string {
	var out []string
	rest := []rune(word)
	for f.measure(st, string(rest)) > width && len(rest) > 1 {
		end, breakable := 1, 0
		for end < len(rest) && f.measure(st, string(rest[:end+1])) <= width {
			end++
			if strings.ContainsRune("/.@-_?=&:", rest[end-1]) {
				breakable = end
			}
		}
		if breakable > 0 {
			end = breakable
		}
		out = append(out, string(rest[:end]))
		rest = rest[end:]
	}
	return append(out, string(rest))
}

// fit is the style, made smaller down to the given size until the line fits the width.
func (f *faces) fit(st style, words string, width, smallest float64) style {
	for st.size > smallest && f.width(st, words) > width {
		st.size -= 0.25
	}
	return st
}

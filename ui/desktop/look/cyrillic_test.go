package look_test

import (
	"bytes"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"samtykke/ui/desktop/look"
)

func TestUkrainianLettersKeepTheirDots(t *testing.T) {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		face, err := font.ParseTTF(bytes.NewReader(look.New(look.Light).Font(style).Content()))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"і", "відео", "їхній", "Інший"} {
			letters := []rune(word)
			var shaper shaping.HarfbuzzShaper
			shaped := shaper.Shape(shaping.Input{Text: letters, RunEnd: len(letters), Direction: di.DirectionLTR, Face: face,
				Size: fixed.I(20), Script: language.Cyrillic, Language: language.NewLanguage("uk")})
			for i, glyph := range shaped.Glyphs {
				if want, ok := face.NominalGlyph(letters[i]); !ok || glyph.GlyphID != want {
					t.Errorf("%+v: %q in %q is drawn as glyph %d, want %d", style, letters[i], word, glyph.GlyphID, want)
				}
			}
		}
	}
}

// Every face stays one resource, or the painter would parse the font anew for every text.
func TestFontIsTheSameResourceEveryTime(t *testing.T) {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}, {Italic: true}, {Monospace: true}} {
		if look.New(look.Light).Font(style) != look.New(look.Dark).Font(style) {
			t.Errorf("%+v has two resources", style)
		}
	}
}

package receipt_test

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"testing"

	"samtykke/app/receipt"
)

// cardSheet is n cards in a layout.
func cardSheet(tb testing.TB, layout string, n int) receipt.CardSheet {
	tb.Helper()
	l, ok := receipt.CardLayoutOf(layout)
	if !ok {
		tb.Fatalf("no layout %s", layout)
	}
	c := receipt.CardSheet{Layout: l, Texts: texts(tb, "nb"), OrganisationName: "Storhaug kommune", ShootTitle: "Åpning av Storhaug skole"}
	for i := range n {
		code := fmt.Sprintf("K7Q2-M%03d", i)
		c.Cards = append(c.Cards, receipt.SheetCard{Code: code, Payload: "SMK1:" + code})
	}
	return c
}

func writeCards(tb testing.TB, c receipt.CardSheet) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := receipt.WriteCardSheet(&out, c); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func TestEveryCodeOfEveryLayoutIsRead(t *testing.T) {
	for _, l := range receipt.CardLayouts() {
		t.Run(l.Key, func(t *testing.T) {
			c := cardSheet(t, l.Key, l.PerSheet())
			pdf := writeCards(t, c)
			var want []string
			for _, card := range c.Cards {
				want = append(want, card.Payload)
			}
			for _, dpi := range []int{150, 300} {
				if got := cardCodes(t, pdf, l, dpi); !slices.Equal(got, want) {
					t.Errorf("at %d dpi the cards read %q", dpi, got)
				}
			}
		})
	}
}

// cardCodes are the texts that zbarimg reads from each card of the first page by itself, as a camera sees one card. On a whole sheet it
// takes corners of different codes for those of one.
func cardCodes(t *testing.T, pdf []byte, l receipt.CardLayout, dpi int) []string {
	t.Helper()
	needTool(t, "zbarimg")
	page := rendered(t, pdf, 1, dpi)
	arguments := []string{"--quiet", "--raw"}
	pixel := func(mm float64) int { return int(mm * float64(dpi) / 25.4) }
	for n := range l.PerSheet() {
		x, y := l.Left+float64(n%l.Columns)*l.Across, l.Top+float64(n/l.Columns)*l.Down
		card, ok := page.SubImage(image.Rect(pixel(x), pixel(y), pixel(x+l.Width), pixel(y+l.Height))).(*image.Gray)
		if !ok {
			t.Fatal("the page cannot be cut up")
		}
		arguments = append(arguments, save(t, fmt.Sprintf("card-%02d.pgm", n), pgm(card)))
	}
	return strings.Fields(run(t, "zbarimg", arguments...))
}

// The measures are those on the packages; what is printed outside a label is lost.
func TestEveryCardStaysOnItsLabel(t *testing.T) {
	const mm = 72 / 25.4
	for _, l := range receipt.CardLayouts() {
		t.Run(l.Key, func(t *testing.T) {
			right := l.Left + float64(l.Columns-1)*l.Across + l.Width
			bottom := l.Top + float64(l.Rows-1)*l.Down + l.Height
			if math.Abs(210-right-l.Left) > 0.6 || math.Abs(297-bottom-l.Top) > 0.7 {
				t.Errorf("the grid leaves %.2f and %.2f mm at the sides, %.2f and %.2f above and below", l.Left, 210-right, l.Top, 297-bottom)
			}
			c := cardSheet(t, l.Key, l.PerSheet()+1)
			for i := range c.Cards {
				c.Cards[i].Name = "Ola Nordmann Eksempelsen"
			}
			c.Across, c.Down = 1.5, -1
			pdf := writeCards(t, c)
			all := pages(t, pdf)
			if len(all) != 2 {
				t.Fatalf("%d pages", len(all))
			}
			seen := map[int]int{} // words by card
			for _, w := range all[0].Words {
				column := int((w.XMin/mm - l.Left - c.Across) / l.Across)
				row := int((w.YMin/mm - l.Top - c.Down) / l.Down)
				x, y := l.Left+float64(column)*l.Across+c.Across, l.Top+float64(row)*l.Down+c.Down
				if w.XMin/mm < x+1 || w.XMax/mm > x+l.Width-1 || w.YMin/mm < y || w.YMax/mm > y+l.Height+0.4 {
					t.Errorf("%q at %.1f–%.1f, %.1f–%.1f mm leaves the card at %.1f, %.1f", w.Text, w.XMin/mm, w.XMax/mm, w.YMin/mm, w.YMax/mm, x, y)
				}
				seen[row*l.Columns+column]++
			}
			if len(seen) != l.PerSheet() {
				t.Errorf("words on %d of %d cards", len(seen), l.PerSheet())
			}
			checkInk(t, pdf, c)
		})
	}
}

// checkInk fails when something is printed outside the cards; marks for the cutter are.
func checkInk(t *testing.T, pdf []byte, c receipt.CardSheet) {
	t.Helper()
	if c.Layout.Cut {
		return
	}
	const dpi = 100
	picture := rendered(t, pdf, 1, dpi)
	inside := func(at image.Point) bool {
		x, y := (float64(at.X)+0.5)*25.4/dpi-c.Across-c.Layout.Left, (float64(at.Y)+0.5)*25.4/dpi-c.Down-c.Layout.Top
		column, row := math.Floor(x/c.Layout.Across), math.Floor(y/c.Layout.Down)
		return column >= 0 && row >= 0 && int(column) < c.Layout.Columns && int(row) < c.Layout.Rows &&
			x-column*c.Layout.Across <= c.Layout.Width && y-row*c.Layout.Down <= c.Layout.Height
	}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if picture.GrayAt(x, y).Y < 0xC0 && !inside(image.Pt(x, y)) {
				t.Fatalf("ink at %.1f, %.1f mm, outside the cards", float64(x)*25.4/dpi, float64(y)*25.4/dpi)
			}
		}
	}
}

func TestCardsSayNoNameUnlessAsked(t *testing.T) {
	c := cardSheet(t, "L7163", 2)
	c.Cards[0].Name = "Ola Nordmann"
	words := said(t, writeCards(t, c))
	if strings.Count(words, "Ola Nordmann") != 1 || !strings.Contains(words, "K7Q2-M000") || !strings.Contains(words, "K7Q2-M001") {
		t.Errorf("%s", words)
	}
}

func TestLayoutsAreFoundAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{"A4": "a4", "l7160": "L7160", "J8165": "L7165", " L7173 ": "L7173", "C32011": "C32011"} {
		if l, ok := receipt.CardLayoutOf(typed); !ok || l.Key != want {
			t.Errorf("%q is %q", typed, l.Key)
		}
	}
	if l, ok := receipt.CardLayoutOf("L9999"); ok {
		t.Errorf("found %+v", l)
	}
}

func TestCardSheetThatCannotBePrintedIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*receipt.CardSheet){
		"no texts":   func(c *receipt.CardSheet) { c.Texts = nil },
		"no cards":   func(c *receipt.CardSheet) { c.Cards = nil },
		"no layout":  func(c *receipt.CardSheet) { c.Layout = receipt.CardLayout{} },
		"no code":    func(c *receipt.CardSheet) { c.Cards[0].Code = "" },
		"far off":    func(c *receipt.CardSheet) { c.Across = 11 },
		"not at all": func(c *receipt.CardSheet) { c.Down = math.NaN() },
	} {
		c := cardSheet(t, "a4", 1)
		spoil(&c)
		var out bytes.Buffer
		if receipt.WriteCardSheet(&out, c) == nil || out.Len() > 0 {
			t.Errorf("%s: accepted", name)
		}
	}
}

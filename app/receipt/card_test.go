package receipt_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"samtykke/app/receipt"
)

func card(tb testing.TB, language string) receipt.Card {
	return receipt.Card{
		Language: language, Texts: texts(tb, language), Code: "K7Q2-M9XD", Payload: "SAMTYKKE:K7Q2M9XD",
		OrganisationName: "Storhaug kommune", ShootTitle: "Åpning av Storhaug skole",
	}
}

func TestCardIsReadAsPageAndAsPicture(t *testing.T) {
	needTool(t, "zbarimg")
	for _, language := range languages {
		c := card(t, language)
		var page, picture bytes.Buffer
		if err := receipt.WriteCardPDF(&page, c); err != nil {
			t.Fatal(err)
		}
		if err := receipt.WriteCardPNG(&picture, c); err != nil {
			t.Fatal(err)
		}
		if got := qrCodes(t, page.Bytes(), 1, 100); !slices.Equal(got, []string{c.Payload}) {
			t.Errorf("%s: page reads %q", language, got)
		}
		if got := strings.TrimSpace(run(t, "zbarimg", "--quiet", "--raw", save(t, "card.png", picture.Bytes()))); got != c.Payload {
			t.Errorf("%s: picture reads %q", language, got)
		}
		text := said(t, page.Bytes())
		for _, want := range []string{c.Code, c.OrganisationName, c.ShootTitle, c.Texts("receipt.card.slate", nil)} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the card does not say %q:\n%s", language, want, text)
			}
		}
		config, err := png.DecodeConfig(&picture)
		if err != nil || config.Width != 1200 || config.Height != 1600 {
			t.Errorf("%s: picture of %d × %d, %v", language, config.Width, config.Height, err)
		}
	}
}

func TestCardWithLongNamesStaysOnItsPage(t *testing.T) {
	c := card(t, "en")
	c.OrganisationName = strings.Repeat("Indre Østfold og Nordre Follo ", 8)
	c.ShootTitle = strings.Repeat("Sommeravslutning", 20)
	c.Payload = "SAMTYKKE:" + strings.Repeat("K7Q2M9XD", 20)
	var page bytes.Buffer
	if err := receipt.WriteCardPDF(&page, c); err != nil {
		t.Fatal(err)
	}
	if got := qrCodes(t, page.Bytes(), 1, 150); !slices.Equal(got, []string{c.Payload}) {
		t.Errorf("read %q", got)
	}
	for _, w := range pages(t, page.Bytes())[0].Words {
		if w.XMin < 10 || w.XMax > 105*72/25.4-10 || w.YMax > 148*72/25.4-8 {
			t.Errorf("%q leaves the card", w.Text)
		}
	}
}

func TestEqualCardsGiveEqualBytes(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"pdf": func(b *bytes.Buffer) error { return receipt.WriteCardPDF(b, card(t, "nb")) },
		"png": func(b *bytes.Buffer) error { return receipt.WriteCardPNG(b, card(t, "nb")) },
	} {
		var first, second bytes.Buffer
		if err := write(&first); err != nil {
			t.Fatal(err)
		}
		if err := write(&second); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: two drawings of one card differ", name)
		}
	}
}

func TestCardWithoutCodeOrPayloadIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*receipt.Card){
		"no code":         func(c *receipt.Card) { c.Code = "" },
		"no payload":      func(c *receipt.Card) { c.Payload = "" },
		"no texts":        func(c *receipt.Card) { c.Texts = nil },
		"endless payload": func(c *receipt.Card) { c.Payload = strings.Repeat("x", 5000) },
	} {
		c := card(t, "nb")
		spoil(&c)
		var out bytes.Buffer
		if receipt.WriteCardPDF(&out, c) == nil || receipt.WriteCardPNG(&out, c) == nil || out.Len() > 0 {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestQRHasWholeModulesAndAQuietZone(t *testing.T) {
	const side = 500
	code, err := receipt.QR("SAMTYKKE:K7Q2M9XD", side)
	if err != nil {
		t.Fatal(err)
	}
	if code.Bounds() != image.Rect(0, 0, side, side) {
		t.Fatalf("bounds %v", code.Bounds())
	}
	dark := func(x, y int) bool { r, _, _, _ := code.At(x, y).RGBA(); return r < 0x8000 }
	// Version 1 has 21 modules and 8 of quiet zone: 29 of 17 pixels, and 7 to spare.
	const module, offset = 17, 3
	first := offset + 4*module
	for y := range side {
		for x := range first {
			if dark(x, y) || dark(side-1-x, y) && side-1-x >= offset+25*module {
				t.Fatalf("ink in the quiet zone at %d,%d", x, y)
			}
		}
	}
	if !dark(first, first) || dark(first-1, first) || !dark(first+7*module-1, first) || dark(first+7*module, first) {
		t.Error("the finder pattern is not seven whole modules wide")
	}
}

func TestQRThatCannotBeDrawnIsRefused(t *testing.T) {
	for name, try := range map[string]struct {
		text string
		side int
	}{"no text": {"", 500}, "too small": {"SAMTYKKE:K7Q2M9XD", 28}, "too long": {strings.Repeat("x", 5000), 4000}} {
		if _, err := receipt.QR(try.text, try.side); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

package capture_test

import (
	"bytes"
	"slices"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/app/receipt"
)

func (b *bench) cards(o capture.CardOrder) []consent.Code {
	b.tb.Helper()
	o.Shoot, o.Layout, o.Language = b.shoot, receipt.CardLayouts()[0], "nb"
	var pdf bytes.Buffer
	codes, err := b.WriteCardSheet(b.ctx, &pdf, o)
	if err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-")) {
		b.tb.Fatalf("%d bytes, %v", pdf.Len(), err)
	}
	return codes
}

func TestEverybodyWhoMayBePhotographedGetsACard(t *testing.T) {
	b := mustBench(t)
	ola, kari := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Kari"})
	b.person(capture.Registration{Name: "Red jacket", Avoid: true})
	if got := b.cards(capture.CardOrder{}); !slices.Equal(got, []consent.Code{ola.Code, kari.Code}) {
		t.Errorf("cards for %v", got)
	}
	if got := b.cards(capture.CardOrder{Subjects: []consent.SubjectID{kari.ID}, Blank: 2}); len(got) != 3 || got[0] != kari.Code {
		t.Errorf("cards for %v", got)
	}
	if got := b.cards(capture.CardOrder{Blank: 3}); len(got) != 3 {
		t.Errorf("cards for %v", got)
	}
}

func TestBlankCardBecomesTheCodeOfWhoGotIt(t *testing.T) {
	b := mustBench(t)
	codes := b.cards(capture.CardOrder{Blank: 2})
	b.reopen() // the cards are in people's hands, whatever becomes of the laptop meanwhile
	p := b.person(capture.Registration{Name: "Ola", Code: codes[1]})
	if p.Code != codes[1] {
		t.Fatalf("the card says %s and the register %s", codes[1], p.Code)
	}
	foreign, err := consent.NewCode(bytes.NewReader([]byte("another")))
	if err != nil {
		t.Fatal(err)
	}
	for id, code := range map[string]consent.Code{"code-taken": codes[1], "code-not-reserved": foreign} {
		if _, err := b.Register(b.ctx, capture.Registration{Shoot: b.shoot, Name: "Kari", Code: code}); problem.Of(err).ID != id {
			t.Errorf("want %s, got %v", id, err)
		}
	}
	if len(b.People(b.shoot)) != 1 {
		t.Error("somebody was registered although the code was refused")
	}
}

func TestNobodyIsGivenTheCodeOfABlankCard(t *testing.T) {
	b := mustBench(t)
	codes := b.cards(capture.CardOrder{Blank: 1})
	// A source of randomness that draws the code on the card again, and then another.
	b.Random = &drawing{codes: []consent.Code{codes[0]}, then: b.Random}
	if p := b.person(capture.Registration{Name: "Ola"}); p.Code == codes[0] {
		t.Errorf("%s is on a blank card and is Ola's", p.Code)
	}
}

// drawing gives the bytes of codes to whoever asks for seven, then those of another source.
type drawing struct {
	codes []consent.Code
	then  interface{ Read([]byte) (int, error) }
}

func (d *drawing) Read(p []byte) (int, error) {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	if len(p) != 7 || len(d.codes) == 0 {
		return d.then.Read(p)
	}
	plain := []byte(string(d.codes[0][:4]) + string(d.codes[0][5:8]))
	d.codes = d.codes[1:]
	for i, digit := range plain {
		p[i] = byte(bytes.IndexByte([]byte(digits), digit))
	}
	return 7, nil
}

package receipt

import (
	"image"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// SignatureSize is the size in pixels at which a signature would be printed; zero for one without ink.
func SignatureSize(drawn image.Image) (image.Point, error) {
	picture, err := paperSignature(drawn)
	if err != nil || picture == nil {
		return image.Point{}, err
	}
	return picture.size, nil
}

// Missing are the characters of a text that would not be printed as themselves.
func Missing(text string) []rune {
	f, err := newFaces()
	if err != nil {
		panic(err) // the fonts are compiled in
	}
	var missing []rune
	for _, r := range strings.ReplaceAll(norm.NFC.String(text), "\n", " ") {
		for _, face := range []*face{f.regular, f.bold} {
			if _, ok := face.advance(r); !ok {
				missing = append(missing, r)
				break
			}
		}
	}
	return missing
}

// TextSize is the type size of the small text on a receipt.
func TextSize(d Document) float64 {
	s, err := newSheet(paperA4, documentInfo{at: d.Issued})
	if err != nil {
		panic(err)
	}
	s.margins = narrow
	p := page{sheet: s, doc: d.drawable()}
	p.addPage()
	p.drawHead()
	p.drawFacts()
	p.drawAnswers()
	if err := p.drawStatement(); err != nil {
		panic(err)
	}
	if err := p.drawWays(); err != nil {
		panic(err)
	}
	return p.textSize()
}

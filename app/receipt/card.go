package receipt

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Card is what one person holds in front of the camera and takes home: a QR code and a short code, no name.
type Card struct {
	Language         string
	Texts            Texts  // translations of the receipt.* identifiers into Language; required
	Code             string // the short code, such as K7Q2-M9XD
	Payload          string // the text of the QR code
	OrganisationName string
	ShootTitle       string
	// End is what the card that ends a person's frames says of its use; Code is its heading then. "" for a person's card.
	End string
}

// WriteCardPDF writes the card as one A6 page.
func WriteCardPDF(w io.Writer, c Card) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("check card: %w", err)
	}
	s, err := newSheet(paperA6, documentInfo{
		title:  c.Code,
		author: c.OrganisationName,
		at:     time.Unix(0, 0), // a card has no date; equal cards are equal files
	})
	if err != nil {
		return fmt.Errorf("prepare card: %w", err)
	}
	s.addPage()
	if err := drawCard(s, s.faces, c, s.paper); err != nil {
		return err
	}
	if err := s.write(w); err != nil {
		return fmt.Errorf("write card: %w", err)
	}
	return nil
}

// WriteCardPNG writes the card as a picture of 1200 × 1600 pixels.
func WriteCardPNG(w io.Writer, c Card) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("check card: %w", err)
	}
	canvas, err := newPicture()
	if err != nil {
		return fmt.Errorf("prepare card: %w", err)
	}
	if err := drawCard(canvas, canvas.faces, c, picturePaper); err != nil {
		return err
	}
	if err := canvas.write(w); err != nil {
		return fmt.Errorf("write card: %w", err)
	}
	return nil
}

func (c Card) check() error {
	switch {
	case c.Texts == nil:
		return errors.New("no texts")
	case c.Code == "":
		return errors.New("no code")
	case c.Payload == "":
		return errors.New("no payload")
	}
	return nil
}

// canvas is what a card is drawn on: a PDF page or a picture. Lengths are millimetres.
type canvas interface {
	box(x, y, w, h float64, c colour)
	textCentred(x, y float64, st style, words string)
	drawQR(modules [][]bool, x, y, side float64)
}

// drawCard sets the card from the bottom up: the words take what they need, and the QR code gets all the rest, because a
// camera some metres away must read it.
func drawCard(on canvas, faces *faces, c Card, size paper) error {
	const margin = 7.0
	modules, err := qrModules(c.Payload)
	if err != nil {
		return err
	}
	width := size.width - 2*margin
	middle := size.width / 2
	on.box(0, 0, size.width, size.height, white)
	on.box(0, 0, size.width, 2.2, accent)

	top := margin + 1
	name := style{10, true, accent}
	shoot := style{9, false, muted}
	for _, run := range []textRun{
		{style: name, lines: firstLines(faces.wrap(name, c.OrganisationName, width), 2)},
		{style: shoot, lines: firstLines(faces.wrap(shoot, c.ShootTitle, width), 2)},
	} {
		for _, words := range run.lines {
			on.textCentred(middle, top+run.style.ascent(), run.style, words)
			top += run.style.leading()
		}
	}

	use := style{9, false, ink}
	sentence, codeLabel := c.Texts("receipt.card.slate", nil), c.Texts("receipt.card.code", nil)
	if c.End != "" {
		sentence, codeLabel = c.End, ""
	}
	useLines := balanced(faces, use, sentence, width)
	code := faces.fit(style{36, true, ink}, c.Code, width-2, 12)
	label := style{8, false, muted}
	bottom := size.height - margin
	y := bottom - float64(len(useLines))*use.leading()
	for i, words := range useLines {
		on.textCentred(middle, y+float64(i)*use.leading()+use.ascent(), use, words)
	}
	y -= 4.6
	on.textCentred(middle, y, code, c.Code)
	y -= code.size*pointMM*0.73 + 2.2
	on.textCentred(middle, y, label, codeLabel)
	y -= label.ascent()

	// The quiet zone inside the code is white on white: it may touch the words and the edges.
	side := min(size.width, y-top)
	on.drawQR(modules, middle-side/2, top+(y-top-side)/2, side)
	return nil
}

// balanced wraps a text into lines of much the same length.
func balanced(faces *faces, st style, text string, width float64) []string {
	lines := faces.wrap(st, text, width)
	for narrow := width - 1; narrow > width/2; narrow-- {
		tried := faces.wrap(st, text, narrow)
		if len(tried) > len(lines) {
			break
		}
		lines = tried
	}
	return lines
}

// firstLines keeps a heading short; what the card must say is the code.
func firstLines(lines []string, n int) []string {
	if len(lines) <= n {
		return lines
	}
	lines = append([]string(nil), lines[:n]...)
	lines[n-1] += " …"
	return lines
}

package receipt

import (
	"bytes"
	"fmt"

	"github.com/jung-kurt/gofpdf"
)

// drawStatement draws the sentence that was confirmed and the proof of it side by side.
func (p *page) drawStatement() error {
	const (
		proofWidth  = 66.0
		proofHeight = 19.0
		gap         = 8.0
	)
	d := p.doc
	if d.Kind == KindWithdrawal { // takes no signature
		return nil
	}
	picture, err := paperSignature(d.Signature)
	if err != nil {
		return fmt.Errorf("set signature: %w", err)
	}
	textWidth := p.width() - proofWidth - gap
	statement := p.faces.wrap(body, d.Statement, textWidth)
	height := max(headingHeight()+float64(len(statement))*body.leading(), proofHeight+6+2*caption.leading())
	p.need(height)

	top := p.y
	p.heading(p.t("statement"))
	bottom := p.lines(p.left(), p.y, body, statement)

	x := p.right() - proofWidth
	base := top + proofHeight
	if picture != nil {
		w, h := picture.fit(proofWidth-6, proofHeight-1.5)
		options := gofpdf.ImageOptions{ImageType: picture.kind}
		p.pdf.RegisterImageOptionsReader("signature", options, bytes.NewReader(picture.data))
		p.pdf.ImageOptions("signature", x+3, base-0.8-h, w, h, false, options, 0, "")
	} else {
		note := p.t("signature.kept")
		switch d.Method {
		case "verbal":
			note = p.t("signature.verbal")
		case "typed":
			note = p.tf("signature.typed", "Name", d.TypedName)
		}
		lines := p.faces.wrap(small.in(muted), note, proofWidth)
		p.lines(x, base-1-float64(len(lines))*small.leading(), small.in(muted), lines)
	}
	p.rule(x, p.right(), base, ink, 0.25)
	name := nonEmpty(d.SignerName, d.SubjectName, d.SubjectCode)
	base = p.lines(x, base+1, small, p.faces.wrap(small, name, proofWidth))
	base = p.lines(x, base, caption, p.faces.wrap(caption, p.moment(d.Signed), proofWidth))
	p.y = max(bottom, base) + 4
	return p.pdf.Error()
}

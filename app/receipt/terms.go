package receipt

// drawTerms draws what applies, in two columns.
func (p *page) drawTerms(size float64) {
	lines := p.termsLines(size)
	p.need(p.termsHeight(lines))
	p.heading(p.t("terms"))
	p.flow(lines, p.columnWidth(), columnGutter)
	p.y += 3
}

// termsHeight is what the part takes when it stands on one page.
func (p *page) termsHeight(lines []setLine) float64 {
	_, height := balance(lines, p.bottom())
	return headingHeight() + height + 3
}

func (p *page) termsLines(size float64) []setLine {
	st := style{size, false, ink}
	var out []setLine
	for i, id := range p.doc.Kind.terms() {
		if i > 0 {
			out = append(out, setLine{height: 1, space: true})
		}
		out = append(out, p.runIn(st, p.t("terms."+id)+".", p.t("terms."+id+".text"), p.columnWidth())...)
	}
	return out
}

// drawRecord draws what the receipt says about itself and has not said elsewhere, for the archive and for whoever compares
// it with the record.
func (p *page) drawRecord() {
	p.need(p.recordHeight())
	p.drawRuns(p.left(), p.y, p.recordRuns())
	p.y += p.recordHeight()
}

// recordFirst tells whether that stands on the first page, at its foot: where there is room for it, but none for what applies.
func (p *page) recordFirst() bool {
	return p.pdf.PageNo() == 1 && p.hasNotice() && p.recordHeight() <= p.room()
}

func (p *page) recordHeight() float64 { return runsHeight(p.recordRuns()) }

func (p *page) recordRuns() []textRun {
	d := p.doc
	form := p.doc.Texts("receipt.record.form", map[string]any{"Key": d.FormKey, "Version": d.FormVersion, "Hash": d.FormHash})
	issued := p.tf("record.issued", "Time", p.moment(d.Issued)+" ("+p.momentUTC(d.Issued)+")")
	if d.Device != "" {
		issued += " " + p.tf("record.device", "Name", d.Device)
	}
	st := caption
	return []textRun{
		{style: small.bolder(), lines: []string{p.t("record")}, after: 0.4},
		{style: st, lines: p.faces.wrap(st, issued, p.width())},
		{style: st, lines: p.faces.wrap(st, form, p.width())},
	}
}

// drawFooters writes the foot of every page, when the number of pages is known.
func (p *page) drawFooters() {
	pages := p.pdf.PageCount()
	y := p.paper.height - 9.5
	for n := 1; n <= pages; n++ {
		p.pdf.SetPage(n)
		p.rule(p.left(), p.right(), y-4.2, line, 0.25)
		p.text(p.left(), y, caption, p.doc.SubjectCode+"   "+p.t("number")+" "+p.doc.Number)
		count := p.doc.Texts("receipt.page", map[string]any{"Page": n, "Pages": pages})
		p.textRight(p.right(), y, caption, p.t("language")+" ("+p.doc.Language+")   "+count)
	}
}

package receipt

// terms are what every receipt says, whatever the form: GDPR art. 13 and 7(3) in a few lines each.
var terms = []string{"withdraw", "storage", "abroad", "retention", "basis", "rights", "complaint"}

// drawTerms draws what applies as labelled lines.
func (p *page) drawTerms() {
	const labelWidth = 37.0
	p.need(40)
	p.heading(p.t("terms"))
	label := small.bolder()
	for _, id := range terms {
		name := p.faces.wrap(label, p.t("terms."+id), labelWidth-4)
		text := p.faces.wrap(small, p.t("terms."+id+".text"), p.width()-labelWidth)
		height := float64(max(len(name), len(text)))*small.leading() + 1.1
		p.need(height)
		p.lines(p.left(), p.y, label, name)
		p.lines(p.left()+labelWidth, p.y, small, text)
		p.y += height
	}
	p.y += 3
}

// drawRecord draws what the receipt says about itself and has not said elsewhere, for the archive and for whoever compares
// it with the record.
func (p *page) drawRecord() {
	height := p.recordHeight()
	p.need(height)
	p.drawRuns(p.left(), p.y, p.recordRuns())
	p.y += height
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
	y := p.paper.height - 11
	for n := 1; n <= pages; n++ {
		p.pdf.SetPage(n)
		p.rule(p.left(), p.right(), y-4.2, line, 0.25)
		p.text(p.left(), y, caption, p.doc.SubjectCode+"   "+p.t("number")+" "+p.doc.Number)
		count := p.doc.Texts("receipt.page", map[string]any{"Page": n, "Pages": pages})
		p.textRight(p.right(), y, caption, p.t("language")+" ("+p.doc.Language+")   "+count)
	}
}

package receipt

// drawWays draws the panel with the ways out: how to change or withdraw, and how to check that the receipt is genuine.
// It stays in one piece.
func (p *page) drawWays() error {
	const (
		padding    = 5.0
		gap        = 4.0
		linkWanted = 27.0
		codeWanted = 33.0
	)
	d := p.doc
	const sideWidth = 30.0 // the words beside the token
	heading := style{10.5, true, ink}

	// The right part: the verification token.
	var token [][]bool
	rightWidth, tokenSide := 0.0, 0.0
	if d.Token != "" {
		var err error
		if token, err = qrModules(d.Token); err != nil {
			return err
		}
		tokenSide = qrSide(token, codeWanted)
		rightWidth = tokenSide + gap + sideWidth
	}
	leftWidth := p.width() - 2*padding
	if rightWidth > 0 {
		leftWidth -= rightWidth + 2*gap
	}

	// The left part: the personal link, or the contact and the code.
	var link [][]bool
	linkSide := 0.0
	textX, textWidth := p.left()+padding, leftWidth
	if d.Link != "" {
		var err error
		if link, err = qrModules(d.Link); err != nil {
			return err
		}
		linkSide = qrSide(link, linkWanted)
		textX += linkSide + gap
		textWidth -= linkSide + gap
	}
	titled := func(id string, width float64, runs ...textRun) []textRun {
		title := textRun{style: heading, lines: p.faces.wrap(heading, p.t(id), width), after: 1}
		return append([]textRun{title}, runs...)
	}
	change := titled(p.unlessRefused("change"), textWidth, p.changeRuns(textWidth)...)
	verify := titled("verify", sideWidth, textRun{style: small, lines: p.faces.wrap(small, p.t(p.either("verify.text", "verify.withdrawal")), sideWidth), after: 1})
	if d.KeyID != "" {
		key := p.faces.wrap(caption, p.tf("verify.key", "Key", d.KeyID), sideWidth)
		verify = append(verify, textRun{style: caption, lines: key})
	}

	height := max(runsHeight(change), linkSide)
	if token != nil {
		height = max(height, runsHeight(verify), tokenSide)
	}
	height += 2 * padding
	p.need(height)
	p.box(p.left(), p.y, p.width(), height, surface)
	p.box(p.left(), p.y, 0.8, height, accent)

	top := p.y + padding
	if link != nil {
		p.drawQR(link, p.left()+padding, top, linkSide)
		p.pdf.LinkString(p.left()+padding, top, linkSide, linkSide, d.Link)
	}
	p.drawRuns(textX, top, change)
	if token != nil {
		x := p.right() - padding - rightWidth
		p.box(x-gap, top, 0.25, height-2*padding, line)
		p.drawQR(token, x, top, tokenSide)
		p.drawRuns(x+tokenSide+gap, top, verify)
	}
	p.y += height + 5.5
	return nil
}

// unlessRefused is a text's identifier, or the one for a person who said no and whom nobody presses.
func (p *page) unlessRefused(id string) string {
	if p.doc.Kind == KindRefusal {
		return id + ".refusal"
	}
	return id
}

// changeRuns is how to change or withdraw, for a receipt with and without a personal link.
func (p *page) changeRuns(width float64) []textRun {
	d := p.doc
	run := func(st style, words string) textRun {
		return textRun{style: st, lines: p.faces.wrap(st, words, width), after: 1}
	}
	contact := func(id string) string {
		if d.Organisation.Contact == "" {
			return p.t(id + ".plain")
		}
		return p.tf(id, "Contact", d.Organisation.Contact)
	}
	if d.Link != "" {
		address := run(small.bolder().in(accent), d.Link)
		address.link = d.Link
		return []textRun{
			run(small, p.t(p.unlessRefused("change.link"))), address,
			run(small, contact("change.also")+" "+p.t("change.free")),
		}
	}
	return []textRun{
		run(small, contact("change.contact")),
		run(style{17, true, accent}, d.SubjectCode),
		run(small, p.t("change.free")),
	}
}

// textRun is a paragraph, already broken into lines.
type textRun struct {
	style style
	lines []string
	after float64 // space below
	link  string
}

func (r textRun) height() float64 { return float64(len(r.lines))*r.style.leading() + r.after }

func runsHeight(runs []textRun) float64 {
	sum := 0.0
	for _, run := range runs {
		sum += run.height()
	}
	return sum
}

func (s *sheet) drawRuns(x, top float64, runs []textRun) {
	for _, run := range runs {
		bottom := s.lines(x, top, run.style, run.lines)
		if run.link != "" {
			for i, l := range run.lines {
				s.pdf.LinkString(x, top+float64(i)*run.style.leading(), s.faces.width(run.style, l), run.style.leading(), run.link)
			}
		}
		top = bottom + run.after
	}
}

package receipt

import "strings"

// drawHead draws who the receipt is from, what it is, and its number.
func (p *page) drawHead() {
	p.box(p.left(), p.y, 22, 1.4, accent)
	p.y += 4.6

	number := caption.sized(7.8)
	label := p.t("number") + " " + p.doc.Number
	labelWidth := p.faces.width(number, label)
	p.textRight(p.right(), p.y+3.2, number, label)

	name := style{9.6, true, accent}
	p.y = p.lines(p.left(), p.y, name, p.faces.wrap(name, p.doc.Organisation.Name, p.width()-labelWidth-8))
	p.y += 2.4

	words := p.doc.Texts(p.doc.Kind.title(), nil)
	title := p.faces.fit(style{22, true, ink}, words, p.width(), 14)
	p.y = p.lines(p.left(), p.y, title, p.faces.wrap(title, words, p.width()))

	under := style{10.5, false, muted}
	p.y = p.lines(p.left(), p.y, under, p.faces.wrap(under, p.lead(), p.width()))
	p.y += 3
	p.rule(p.left(), p.right(), p.y, line, 0.25)
	p.y += 3.8
}

// fact is a label with the lines under it; the first line may be stressed.
type fact struct {
	label  string
	lines  []string
	stress bool
	link   string
	note   string // in small print below
}

// drawFacts draws who, when and for whom, as three columns of labelled facts.
func (p *page) drawFacts() {
	d, org := p.doc, p.doc.Organisation
	signer := p.tf("signer."+d.SignerRole, "Name", nonEmpty(d.SignerName, d.SubjectName, d.SubjectCode))
	subject := fact{label: p.t("subject"), lines: compact(d.SubjectName, p.tf("code", "Code", d.SubjectCode)), stress: true}
	if d.unnamed {
		subject.note = elsewhere + " " + p.t("name.elsewhere")
	}
	left := []fact{
		subject,
		{label: p.t(p.either("signer", "withdrawer")), lines: []string{signer}},
		{label: p.t("signed"), lines: []string{p.moment(d.Signed), p.momentUTC(d.Signed)}},
	}
	number := ""
	if org.Number != "" {
		number = p.tf("organisation.number", "Number", org.Number)
	}
	right := []fact{
		{label: p.t("organisation"), lines: compact(org.Name, number, org.Address, org.Contact), stress: true},
		{label: p.t("dpo"), lines: compact(org.DPO)},
		{label: p.t("policy"), lines: compact(org.Policy), link: org.Policy},
	}
	middle := p.withdrawnFacts()
	if d.Kind != KindWithdrawal {
		middle = p.occasionFacts()
	}
	const (
		gap    = 6.0
		first  = 52.0
		second = 49.0 // the third is the widest: it holds addresses, which do not break well
	)
	top, x := p.y, p.left()
	bottom := p.drawFactColumn(x, top, first, left)
	x += first + gap
	bottom = max(bottom, p.drawFactColumn(x, top, second, middle))
	x += second + gap
	bottom = max(bottom, p.drawFactColumn(x, top, p.right()-x, right))
	p.y = bottom + 2.4
}

// occasionFacts are where and how it was answered.
func (p *page) occasionFacts() []fact {
	d := p.doc
	how := []string{p.t("method." + d.Method)}
	if d.Witness != "" {
		how = append(how, p.tf("witness", "Name", d.Witness))
	}
	occasion := compact(d.ShootTitle, d.ShootPlace)
	if d.Photographer != "" {
		occasion = append(occasion, p.t("photographer")+": "+d.Photographer)
	}
	return []fact{{label: p.t("shoot"), lines: occasion}, {label: p.t("method"), lines: how}}
}

// withdrawnFacts are what was withdrawn, and from which consents.
func (p *page) withdrawnFacts() []fact {
	what := p.doc.Withdrawn
	if len(what) == 0 {
		what = []string{p.t("withdrawn.all")}
	}
	facts := []fact{{label: p.t("status.withdrawn"), lines: what, stress: len(what) == 1}}
	for i, c := range p.doc.Concerns {
		f := fact{lines: []string{p.moment(c.Signed)}, note: c.Record}
		if i == 0 {
			f.label = p.t("concerns")
		}
		facts = append(facts, f)
	}
	return facts
}

// either is the first identifier, or the second one for a withdrawal.
func (p *page) either(answer, withdrawal string) string {
	if p.doc.Kind == KindWithdrawal {
		return withdrawal
	}
	return answer
}

func (p *page) drawFactColumn(x, top, width float64, facts []fact) float64 {
	for _, f := range facts {
		if len(f.lines) == 0 {
			continue
		}
		top = p.lines(x, top, caption, p.faces.wrap(caption, f.label, width))
		for i, l := range f.lines {
			st := body
			if i == 0 && f.stress {
				st = st.bolder()
			}
			from := top
			top = p.lines(x, top, st, p.faces.wrap(st, l, width))
			if strings.HasPrefix(f.link, "https://") {
				p.pdf.LinkString(x, from, width, top-from, f.link)
			}
		}
		top = p.lines(x, top, caption, p.faces.wrap(caption, f.note, width)) + 2.2
	}
	return top
}

// compact leaves out what is empty.
func compact(values ...string) []string {
	var out []string
	for _, v := range values {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

// nonEmpty is the first value that says something.
func nonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

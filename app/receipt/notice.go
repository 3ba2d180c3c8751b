package receipt

import "slices"

// textSizes are the sizes in which what applies and the notice are set: the largest with which the receipt has two pages, so that
// languages that need more room than others stay on one sheet of paper too.
var textSizes = []float64{8, 7.8, 7.6, 7.4, 7.2, 7}

// usualSize is for texts that no size brings onto two pages.
const usualSize = 7.6

// columnGutter parts the two columns of small text.
const columnGutter = 6.0

func (p *page) columnWidth() float64 { return (p.width() - columnGutter) / 2 }

// textSize is the type size for everything that follows the first page's blocks: for two pages, or for one where there is no notice
// and one can be enough.
func (p *page) textSize() float64 {
	least := 2
	if !p.hasNotice() {
		least = 1
	}
	for most := least; most <= 2; most++ {
		for _, size := range textSizes {
			if p.pagesWith(size) <= most {
				return size
			}
		}
	}
	return usualSize
}

// pagesWith is how many pages the receipt gets when everything that is still to come is set in a size.
func (p *page) pagesWith(size float64) int {
	pages, y := p.pdf.PageNo(), p.y
	add := func(height float64) {
		if y+height > p.bottom() {
			pages, y = pages+1, p.margins.top
		}
		y += height
	}
	recordFirst := p.recordFirst()
	if recordFirst {
		y = p.bottom()
	}
	add(p.termsHeight(p.termsLines(size)))
	if p.hasNotice() {
		add(p.noticeHead() + leastColumn)
		y -= leastColumn
		for lines := p.noticeFlow(size); len(lines) > 0; {
			set, height := balance(lines, p.bottom()-y)
			y += height
			if lines = lines[set:]; len(lines) > 0 {
				pages, y = pages+1, p.margins.top
			}
		}
		y += afterNotice
	}
	if !recordFirst {
		add(p.recordHeight())
	}
	return pages
}

const afterNotice = 2.4

// drawNotice draws the text that the person answered, as it was shown: purpose, short lines, the whole notice and what each
// use means, in two columns.
func (p *page) drawNotice(size float64) {
	if !p.hasNotice() {
		return
	}
	p.need(p.noticeHead() + leastColumn)
	title, version := p.noticeTitle()
	if p.noticeVersionBeside() {
		p.textRight(p.right(), p.y+headingStyle.ascent(), caption, version)
		p.heading(title)
	} else {
		p.heading(title)
		p.y = p.lines(p.left(), p.y, caption, p.faces.wrap(caption, version, p.width())) + 1.2
	}
	p.flow(p.noticeFlow(size), p.columnWidth(), columnGutter)
	p.y += afterNotice
}

func (p *page) hasNotice() bool {
	return p.doc.Purpose != "" || len(p.doc.Summary) > 0 || len(p.doc.Notice) > 0
}

func (p *page) noticeTitle() (title, version string) {
	id := "notice"
	if p.doc.SignedIn != "" {
		id = "notice.translated"
	}
	return p.t(id), p.doc.Texts("receipt.notice.version", map[string]any{"Title": p.doc.FormTitle, "Version": p.doc.FormVersion})
}

func (p *page) noticeVersionBeside() bool {
	title, version := p.noticeTitle()
	return p.faces.width(headingStyle, title)+8+p.faces.width(caption, version) <= p.width()
}

// noticeHead is the height of what stands above the columns.
func (p *page) noticeHead() float64 {
	if p.noticeVersionBeside() {
		return headingHeight()
	}
	_, version := p.noticeTitle()
	return headingHeight() + float64(len(p.faces.wrap(caption, version, p.width())))*caption.leading() + 1.2
}

// noticeFlow is everything in the columns: what has to be said about the text, its first layer, the notice, the uses.
func (p *page) noticeFlow(size float64) []setLine {
	d, width, st := p.doc, p.columnWidth(), style{size, false, ink}
	var out []setLine
	say := func(words string) { out = append(out, p.paragraph(st, words, width)...) }
	if d.MachineMade {
		say(p.t("machine-made"))
	}
	if d.SignedIn != "" {
		say(p.tf("notice.original", "Language", d.SignedIn))
	}
	say(d.Purpose)
	for _, words := range d.Summary {
		point := p.paragraph(st, words, width-bulletIndent)
		for i := range point {
			point[i].indent, point[i].bullet = bulletIndent, i == 0
		}
		out = append(out, point...)
	}
	if len(out) > 0 {
		out = append(out, setLine{height: 1.3, space: true})
	}
	out = append(out, p.noticeLines(width, size)...)
	uses := slices.DeleteFunc(slices.Clone(d.Answers), func(a Answer) bool { return a.Text == "" })
	if len(uses) == 0 {
		return out
	}
	out = append(append(out, setLine{height: 1.3, space: true}), p.headingLines(st, p.t("answers.use"), width)...)
	for _, a := range uses { // whoever answers has this in sight at every question
		out = append(out, p.runIn(st, a.Title+":", a.Text, width)...)
	}
	return out
}

// noticeLines are the sections of the notice, each under its heading.
func (p *page) noticeLines(width, size float64) []setLine {
	text := style{size, false, ink}
	var out []setLine
	for i, section := range p.doc.Notice {
		if i > 0 {
			out = append(out, setLine{height: 1.3, space: true})
		}
		out = append(out, p.headingLines(text, section.Heading, width)...)
		out = append(out, p.paragraph(text, section.Text, width)...)
	}
	return out
}

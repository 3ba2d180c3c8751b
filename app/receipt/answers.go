package receipt

import (
	"slices"
	"strings"
	"time"
)

// drawAnswers draws the table of channels and media kinds. It breaks between rows, and repeats its head on a new page.
func (p *page) drawAnswers() {
	const (
		padding = 1.2 // above and below a row's words
		markGap = 4.6 // from a cell's left edge to its word
	)
	d := p.doc
	kinds := float64(len(d.MediaKinds))
	cellWidth := min(36, p.width()*0.62/kinds)
	titleWidth := p.width() - cellWidth*kinds - 4
	title, word := body, body.bolder()
	_, several := p.validity()
	// under is what stands below a cell's word, or beside it where there is room.
	under := func(c Cell) []string {
		var words []string
		if several && c.Status == "given" && !c.Until.IsZero() {
			words = append(words, p.tf("until", "Date", p.shortDate(c.Until)))
		}
		if c.Was != "" {
			words = append(words, p.tf("was", "Answer", p.t("status."+c.Was)))
		}
		if c.Said != "" {
			words = append(words, p.tf("said", "Answer", p.t("status."+c.Said)))
		}
		return p.faces.wrap(caption, strings.Join(words, "\n"), cellWidth-markGap-1)
	}

	head := func() {
		h := caption.sized(7.8)
		p.box(p.left(), p.y, p.width(), 0.5, accent)
		p.y += 1.8
		bottom := p.lines(p.left()+2, p.y, h, []string{p.t("answers.use")})
		for i, kind := range d.MediaTitles {
			x := p.left() + titleWidth + 4 + float64(i)*cellWidth
			bottom = max(bottom, p.lines(x, p.y, h, p.faces.wrap(h, kind, cellWidth-1)))
		}
		p.y = bottom + 1.2
		p.rule(p.left(), p.right(), p.y, line, 0.25)
	}

	p.need(40)
	p.heading(p.t(p.either("answers", "stands")))
	head()
	for _, answer := range d.Answers {
		titleLines := p.faces.wrap(title, answer.Title, titleWidth-2)
		height := float64(len(titleLines)) * title.leading()
		words := make([][]string, len(answer.Cells))
		styles := make([]style, len(answer.Cells))
		for i, cell := range answer.Cells {
			styles[i] = word.in(p.markOf(cell).colour())
			if cell.Status != "given" && cell.Status != "refused" {
				styles[i].size = 8
			}
			words[i] = p.faces.wrap(styles[i], p.t("status."+cell.Status), cellWidth-markGap-1)
			below := under(cell)
			if p.beside(words[i], below, styles[i], cellWidth-markGap-1) {
				below = nil
			}
			height = max(height, float64(len(words[i]))*styles[i].leading()+float64(len(below))*caption.leading())
		}
		height += 2 * padding
		if p.need(height) {
			head()
		}
		p.lines(p.left()+2, p.y+padding, title, titleLines)
		for i, cell := range answer.Cells {
			x := p.left() + titleWidth + 4 + float64(i)*cellWidth
			p.drawMark(p.markOf(cell), x+1.5, p.y+padding+title.ascent()-1.1, 2.5)
			onBaseline := title.ascent() - styles[i].ascent()
			bottom := p.lines(x+markGap, p.y+padding+onBaseline, styles[i], words[i])
			if below := under(cell); p.beside(words[i], below, styles[i], cellWidth-markGap-1) {
				p.text(x+markGap+p.faces.width(styles[i], words[i][0])+1.6, p.y+padding+title.ascent(), caption, below[0])
			} else {
				p.lines(x+markGap, bottom, caption, below)
			}
		}
		p.y += height
		p.rule(p.left(), p.right(), p.y, line, 0.2)
	}

	p.y += 1.8
	st := small.in(muted)
	lines := p.faces.wrap(st, strings.Join(p.notes(), " "), p.width()-4)
	p.need(float64(len(lines)) * st.leading())
	p.y = p.lines(p.left()+2, p.y, st, lines) + 4.2
}

// beside tells whether one line of small print has room behind the one word above it.
func (p *page) beside(words, below []string, st style, width float64) bool {
	return len(words) == 1 && len(below) == 1 && p.faces.width(st, words[0])+1.6+p.faces.width(caption, below[0]) <= width
}

// markOf is a cell's mark. Whoever refuses everything has done nothing wrong: no column of red crosses.
func (p *page) markOf(c Cell) mark {
	if m := statusMarks[c.Status]; m != markNo || p.doc.Kind != KindRefusal {
		return m
	}
	return markPlainNo
}

// validity is the day until which every yes counts, or whether the days differ and must stand in the cells.
func (p *page) validity() (until time.Time, several bool) {
	first := true
	for _, answer := range p.doc.Answers {
		for _, cell := range answer.Cells {
			if cell.Status != "given" {
				continue
			}
			if !first && !p.sameDay(until, cell.Until) {
				several = true
			}
			until, first = cell.Until, false
		}
	}
	return until, several
}

func (p *page) sameDay(a, b time.Time) bool { return p.shortDate(a) == p.shortDate(b) }

// has tells whether any answer has the status.
func (p *page) has(status string) bool {
	return slices.ContainsFunc(p.doc.Answers, func(a Answer) bool {
		return slices.ContainsFunc(a.Cells, func(c Cell) bool { return c.Status == status })
	})
}

package receipt

import (
	"slices"
	"strings"
)

// drawNotice draws the text that the person answered, as it was shown: purpose, short lines, then the whole notice and what each
// use means in two columns.
func (p *page) drawNotice() {
	d := p.doc
	if d.Purpose == "" && len(d.Summary) == 0 && len(d.Notice) == 0 {
		return
	}
	title := p.t("notice")
	intro := p.faces.wrap(small, d.Purpose, p.width())
	if d.SignedIn != "" {
		title = p.t("notice.translated")
		intro = append(p.faces.wrap(small, p.tf("notice.original", "Language", d.SignedIn), p.width()), intro...)
	}
	if d.MachineMade {
		intro = append(p.faces.wrap(small, p.t("machine-made"), p.width()), intro...)
	}
	p.need(12 + float64(len(intro)+len(d.Summary)+2)*small.leading() + 20)
	version := p.doc.Texts("receipt.notice.version", map[string]any{"Title": d.FormTitle, "Version": d.FormVersion})
	free := p.width() - p.faces.width(headingStyle, title) - 8
	if p.faces.width(caption, version) <= free {
		p.textRight(p.right(), p.y+headingStyle.ascent(), caption, version)
		p.heading(title)
	} else {
		p.heading(title)
		p.y = p.lines(p.left(), p.y, caption, p.faces.wrap(caption, version, p.width())) + 1.2
	}
	p.y = p.lines(p.left(), p.y, small, intro) + 1.2
	for _, words := range d.Summary {
		lines := p.faces.wrap(small, words, p.width()-4)
		p.need(float64(len(lines)) * small.leading())
		p.box(p.left()+0.6, p.y+small.ascent()-1.35, 0.9, 0.9, accent)
		p.y = p.lines(p.left()+4, p.y, small, lines)
	}
	p.y += 2
	const gutter = 8
	width := (p.width() - gutter) / 2
	p.flow(p.noticeLines(width, p.noticeSize(width)), width, gutter)
	p.y += 2.8
}

// setLine is one line of a column: words, or the space before a new section.
type setLine struct {
	style  style
	words  string
	height float64
	starts bool // a heading's line, which must not be left alone at the foot of a column
	space  bool // is dropped at the top of a column
}

// noticeSize is the type size of the notice: a little smaller where that spares a page of a few lines, as in languages that need
// more room than the others.
func (p *page) noticeSize(width float64) float64 {
	sizes := []float64{7.5, 7.2, 6.9, 6.7}
	room := p.room() - p.recordHeight() - 2.8
	for _, size := range sizes {
		lines := p.noticeLines(width, size)
		first := columnEnd(lines, room)
		if first+columnEnd(lines[first:], room) == len(lines) {
			return size
		}
	}
	return sizes[0]
}

func (p *page) noticeLines(width, size float64) []setLine {
	text := style{size, false, ink}
	head := text.bolder()
	var out []setLine
	for i, section := range append(slices.Clone(p.doc.Notice), p.uses()...) {
		if i > 0 {
			out = append(out, setLine{height: 1.3, space: true})
		}
		for _, words := range p.faces.wrap(head, section.Heading, width) {
			out = append(out, setLine{style: head, words: words, height: head.leading(), starts: true})
		}
		for _, words := range p.faces.wrap(text, section.Text, width) {
			out = append(out, setLine{style: text, words: words, height: text.leading()})
		}
	}
	return out
}

// uses is the section that says what a yes means in each channel: whoever answers has it in sight at every question.
func (p *page) uses() []Section {
	var lines []string
	for _, answer := range p.doc.Answers {
		if answer.Text != "" {
			lines = append(lines, answer.Title+": "+answer.Text)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []Section{{Heading: p.t("answers.use"), Text: strings.Join(lines, "\n")}}
}

// flow sets lines in two columns of equal height, page after page until all are set.
func (p *page) flow(lines []setLine, width, gutter float64) {
	const least = 24 // a column shorter than this belongs on the next page
	for len(lines) > 0 {
		if p.room() < least && p.y > marginTop {
			p.addPage()
		}
		height := p.room()
		first := columnEnd(lines, height)
		second := first + columnEnd(lines[first:], height)
		if second == len(lines) { // the last page: find the lowest columns that hold everything
			for low := height; low > 0; low -= 1 {
				f := columnEnd(lines, low)
				if f+columnEnd(lines[f:], low) < len(lines) {
					break
				}
				first = f
			}
		}
		top := p.y
		bottom := p.setColumn(p.left(), top, lines[:first])
		bottom = max(bottom, p.setColumn(p.left()+width+gutter, top, lines[first:second]))
		p.y = bottom
		lines = lines[second:]
		if len(lines) > 0 {
			p.addPage()
		}
	}
}

// columnEnd is how many lines fit in a column: at least one, so that a flow always ends.
func columnEnd(lines []setLine, height float64) int {
	used, end := 0.0, 0
	for end < len(lines) {
		if end > 0 || !lines[end].space {
			used += lines[end].height
		}
		if used > height {
			break
		}
		end++
	}
	if end == len(lines) {
		return end
	}
	// A heading goes with at least two lines of its text.
	for cut := end; cut > 2; cut-- {
		last := lines[cut-1]
		if !last.starts && !last.space && !lines[cut-2].starts {
			return cut
		}
	}
	return max(end, 1)
}

func (p *page) setColumn(x, top float64, lines []setLine) float64 {
	for i, l := range lines {
		if l.space && i == 0 {
			continue
		}
		if !l.space {
			p.text(x, top+l.style.ascent(), l.style, l.words)
		}
		top += l.height
	}
	return top
}

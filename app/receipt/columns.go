package receipt

import "strings"

// setLine is one line of a column: words, or the space before a new section.
type setLine struct {
	style  style
	lead   string // bold words in front of the others
	words  string
	height float64
	indent float64
	bullet bool
	starts bool // a heading's line, which must not be left alone at the foot of a column
	opens  bool // the first line of a paragraph of several, which is not left alone there either
	closes bool // the last one, which does not begin a column
	space  bool // is dropped at the top of a column
}

const (
	bulletIndent = 3.2
	// leastColumn is the height in millimetres below which a column belongs on the next page.
	leastColumn = 24.0
)

// paragraph is one text in lines, each line break in it kept.
func (p *page) paragraph(st style, text string, width float64) []setLine {
	var out []setLine
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		out = append(out, setLines(st, p.faces.wrap(st, part, width))...)
	}
	return out
}

// setLines are the lines of one paragraph.
func setLines(st style, words []string) []setLine {
	out := make([]setLine, len(words))
	for i, l := range words {
		several := len(words) > 1
		out[i] = setLine{style: st, words: l, height: st.leading(), opens: several && i == 0, closes: several && i == len(words)-1}
	}
	return out
}

// headingLines are the lines of a heading.
func (p *page) headingLines(st style, words string, width float64) []setLine {
	out := setLines(st.bolder(), p.faces.wrap(st.bolder(), words, width))
	for i := range out {
		out[i].starts = true
	}
	return out
}

// runIn sets a paragraph whose first words are bold.
func (p *page) runIn(st style, lead, text string, width float64) []setLine {
	lead = p.faces.printable(lead)
	indent := p.faces.measure(st.bolder(), lead+" ")
	if indent > width*0.7 {
		return append(p.headingLines(st, lead, width), p.paragraph(st, text, width)...)
	}
	out := setLines(st, p.faces.wrapAfter(st, text, indent, width))
	if len(out) == 0 {
		out = setLines(st, []string{""})
	}
	out[0].lead, out[0].indent = lead, indent
	return out
}

// flow sets lines in two columns, page after page until all are set. On the last page the columns are of equal height.
func (p *page) flow(lines []setLine, width, gutter float64) {
	for len(lines) > 0 {
		if p.room() < leastColumn && p.y > p.margins.top {
			_, height := balance(lines, p.bottom())
			p.need(height) // a few lines may well fit
		}
		first, second := columns(lines, p.room())
		top := p.y
		p.y = max(p.setColumn(p.left(), top, lines[:first]), p.setColumn(p.left()+width+gutter, top, lines[first:second]))
		if lines = lines[second:]; len(lines) > 0 {
			p.addPage()
		}
	}
}

// columns is where the first and the second column of a height end. When they hold everything, they are made as low as they can be.
func columns(lines []setLine, height float64) (first, second int) {
	first = columnEnd(lines, height)
	second = first + columnEnd(lines[first:], height)
	if second < len(lines) {
		return first, second
	}
	for low := height; low > 0; low -= 0.5 {
		f := columnEnd(lines, low)
		if f+columnEnd(lines[f:], low) < len(lines) || columnHeight(lines[:f]) > low {
			break
		}
		first = f
	}
	return first, second
}

// balance is how many lines two columns of at most this height hold, and how high they get.
func balance(lines []setLine, height float64) (set int, tallest float64) {
	first, second := columns(lines, height)
	return second, max(columnHeight(lines[:first]), columnHeight(lines[first:second]))
}

// columnHeight is the height of a column with just these lines.
func columnHeight(lines []setLine) float64 {
	sum := 0.0
	for i, l := range lines {
		if i > 0 || !l.space {
			sum += l.height
		}
	}
	return sum
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
	// A heading goes with at least two lines of its text, and no paragraph leaves one line alone.
	for cut := end; cut > 2; cut-- {
		last := lines[cut-1]
		if !last.starts && !last.space && !last.opens && !lines[cut-2].starts && !lines[cut].closes {
			return cut
		}
	}
	return min(max(end, 1), len(lines))
}

func (p *page) setColumn(x, top float64, lines []setLine) float64 {
	for i, l := range lines {
		if l.space && i == 0 {
			continue
		}
		if l.bullet {
			p.box(x+0.4, top+l.style.ascent()-1.35, 0.9, 0.9, accent)
		}
		if !l.space {
			p.text(x, top+l.style.ascent(), l.style.bolder(), l.lead)
			p.text(x+l.indent, top+l.style.ascent(), l.style, l.words)
		}
		top += l.height
	}
	return top
}

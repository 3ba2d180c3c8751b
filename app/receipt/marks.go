package receipt

// A status is always told three ways: a mark, a word and a colour, so that it survives a grey copier and a reader who does
// not see colours. Marks are drawn as paths; no font has to have them.

type mark int

const (
	markYes mark = iota
	markWait
	markNo
	markPlainNo // the same in the colour of the text
	markNone    // never answered: a dash, which is not a no and not a yes
)

// statusMarks are the statuses of a scope and how they are marked. Its keys are the only ones a receipt accepts.
var statusMarks = map[string]mark{
	"given":             markYes,
	"refused":           markNo,
	"withdrawn":         markNo,
	"expired":           markNo,
	"unanswered":        markNone,
	"awaiting-guardian": markWait,
	"under-review":      markWait,
}

func (m mark) colour() colour {
	switch m {
	case markYes:
		return yesInk
	case markWait:
		return waitInk
	case markNo:
		return noInk
	case markPlainNo:
		return ink
	default:
		return muted
	}
}

// drawMark draws a mark in a square of the given side, centred at x and y.
func (s *sheet) drawMark(m mark, x, y, side float64) {
	c := m.colour()
	s.pdf.SetDrawColor(int(c.r), int(c.g), int(c.b))
	s.pdf.SetLineWidth(side * 0.17)
	s.pdf.SetLineCapStyle("round")
	s.pdf.SetLineJoinStyle("round")
	h := side / 2
	switch m {
	case markYes:
		s.pdf.MoveTo(x-h*0.9, y+h*0.1)
		s.pdf.LineTo(x-h*0.25, y+h*0.75)
		s.pdf.LineTo(x+h*0.95, y-h*0.75)
		s.pdf.DrawPath("D")
	case markNo, markPlainNo:
		s.pdf.MoveTo(x-h*0.7, y-h*0.7)
		s.pdf.LineTo(x+h*0.7, y+h*0.7)
		s.pdf.MoveTo(x+h*0.7, y-h*0.7)
		s.pdf.LineTo(x-h*0.7, y+h*0.7)
		s.pdf.DrawPath("D")
	case markWait: // a clock
		s.pdf.Circle(x, y, h*0.88, "D")
		s.pdf.MoveTo(x, y-h*0.48)
		s.pdf.LineTo(x, y)
		s.pdf.LineTo(x+h*0.4, y)
		s.pdf.DrawPath("D")
	default:
		s.pdf.Line(x-h*0.6, y, x+h*0.6, y)
	}
}

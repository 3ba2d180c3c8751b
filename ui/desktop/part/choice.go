package part

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
)

// Answer is what a person says to one scope. The zero Answer is no answer, which is not yes.
type Answer int

// The answers.
const (
	Unanswered Answer = iota
	Yes
	No
)

// choice is one of the two buttons of a question. Yes and no are drawn alike until one is chosen; the
// chosen one is filled and carries its mark.
type choice struct {
	pressable
	answer Answer
	word   string
	chosen bool
	at     cellPlace
	grid   *ScopeGrid
}

// cellPlace is where a choice stands: its scope, by row and column.
type cellPlace struct{ row, column int }

var _ fyne.Accessible = (*choice)(nil)

func newChoice(grid *ScopeGrid, at cellPlace, answer Answer, word string) *choice {
	c := &choice{grid: grid, at: at, answer: answer, word: word}
	c.ExtendBaseWidget(c)
	return c
}

func (c *choice) set(chosen bool) {
	if c.chosen == chosen {
		return
	}
	c.chosen = chosen
	c.Refresh()
}

// Tapped implements fyne.Tappable. Pressing the chosen answer again keeps it: a trembling finger must
// not take an answer back.
func (c *choice) Tapped(*fyne.PointEvent) { c.grid.answer(c.at, c.answer) }

// TypedKey implements fyne.Focusable.
func (c *choice) TypedKey(key *fyne.KeyEvent) {
	switch {
	case presses(key):
		c.Tapped(nil)
	default:
		c.grid.move(c, key.Name)
	}
}

// TypedRune implements fyne.Focusable: the keys for yes and no answer and go on to the next question.
func (c *choice) TypedRune(r rune) { c.grid.typed(c, r) }

// AccessibilityLabel implements fyne.Accessible.
func (c *choice) AccessibilityLabel() string { return c.grid.describe(c) }

// AccessibilityRole implements fyne.Accessible.
func (c *choice) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (c *choice) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	return &choiceRenderer{newFaceRenderer(newFace(c), &c.pressable, c.paint)}
}

func (c *choice) paint() paint {
	p := paint{
		label: c.word, fill: look.ColorFor(c, look.ColorSurface), edge: look.ColorFor(c, look.ColorEdge),
		text: look.ColorFor(c, theme.ColorNameForeground), ring: look.ColorFor(c, look.ColorAccent),
	}
	if c.chosen {
		mark := MarkYes
		if c.answer == No {
			mark = MarkNo
		}
		p.fill = look.ColorFor(c, mark.Color())
		p.edge = p.fill
		p.text = look.ColorFor(c, look.ColorOnAccent)
		p.ring = p.text
		p.icon = mark.Icon(p.text)
	}
	return p
}

// choiceRenderer keeps room for the mark, so that nothing moves when an answer is chosen, and gives yes
// and no the same width.
type choiceRenderer struct{ *faceRenderer }

func (r *choiceRenderer) MinSize() fyne.Size {
	f := r.face
	width := float32(0)
	c := f.owner.(*choice)
	for _, word := range []string{c.grid.words.Yes, c.grid.words.No} {
		width = max(width, fyne.MeasureText(word, f.label.TextSize, f.label.TextStyle).Width)
	}
	width += f.size(theme.SizeNameInlineIcon) + f.size(theme.SizeNamePadding) + f.size(theme.SizeNameInnerPadding)
	return fyne.NewSize(max(width, f.size(look.SizeTarget)*1.5), f.minSize().Height)
}

package part

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// ScopeRow is a channel to answer for.
type ScopeRow struct {
	Key     string // "social"
	Title   string // "Social media"
	Explain string // what it means; "" leaves it out
	Warning string // why to think twice; "" shows no warning
	Note    string // what to know beside the answers, such as those of the last time; "" shows none
	// Optional: the channel may stay unanswered, and an answer can be taken back to none.
	Optional bool
}

// ScopeColumn is a media kind to answer for.
type ScopeColumn struct {
	Key   string // "photo"
	Title string // "Pictures"
}

// ScopeWords are the words of a ScopeGrid in the subject's language.
type ScopeWords struct {
	Yes, No       string // "Yes", "No"
	RowYes, RowNo string // "Yes to all", "No to all": for a whole row
	Explain       string // "What this means"
	Optional      string // "You need not answer this": below the title of an optional row
	RowOpen       string // "Leave open": takes the answers of an optional row away
	Chosen        string // "chosen": said after the answer that is chosen
	YesKey, NoKey rune   // the keys that answer; upper or lower case
}

// ScopeGrid asks where a person may be used: a row per channel, a column per media kind, and in every cell
// a yes and a no of equal weight. Nothing is chosen beforehand. On a narrow window the cells of a row
// stand below its title.
//
// Tab goes from button to button, the arrows from cell to cell, Space and Enter press, and the keys of
// ScopeWords answer and go on.
type ScopeGrid struct {
	rows    []*scopeRow
	columns []ScopeColumn
	words   ScopeWords
	heads   []*widget.Label
	root    *fyne.Container
	layout  *scopeLayout
	answers map[cellPlace]Answer

	// OnChanged is called after an answer was given; not by SetAnswers.
	OnChanged func()
	// OnExplain is called before a row is explained below its answers; true leaves that out, since it is explained elsewhere.
	OnExplain func(row int) (elsewhere bool)
}

// scopeRow is a channel on the screen.
type scopeRow struct {
	ScopeRow
	title   *widget.Label
	warning *StatusMark // nil without a warning
	more    *Button     // nil without an explanation
	explain *widget.Label
	note    *widget.Label // nil without a note
	may     *widget.Label // says that the row is optional; nil when it is not
	all     []*Button     // for the whole row: yes and no unless there is a single column, and none for an optional one
	cells   []*scopeCell
}

// scopeCell is one question.
type scopeCell struct {
	caption *widget.Label // names the column where there is no heading above
	yes, no *choice
}

// NewScopeGrid gives a grid with no answers.
func NewScopeGrid(rows []ScopeRow, columns []ScopeColumn, words ScopeWords) *ScopeGrid {
	g := &ScopeGrid{columns: columns, words: words, answers: map[cellPlace]Answer{}}
	g.layout = &scopeLayout{grid: g}
	g.root = &fyne.Container{Layout: g.layout}
	for _, c := range columns {
		head := FieldLabel(c.Title)
		head.Alignment = fyne.TextAlignCenter
		g.heads = append(g.heads, head)
		g.root.Add(head)
	}
	for i, r := range rows {
		g.rows = append(g.rows, g.newRow(i, r))
	}
	return g
}

// newRow builds a channel; the order of adding is the order of Tab.
func (g *ScopeGrid) newRow(index int, r ScopeRow) *scopeRow {
	out := &scopeRow{ScopeRow: r, title: Body(r.Title), explain: Note(r.Explain)}
	out.title.TextStyle.Bold = true
	g.root.Add(out.title)
	if r.Optional {
		out.may = Note(g.words.Optional)
		g.root.Add(out.may)
	}
	if r.Note != "" {
		out.note = Note(r.Note)
		g.root.Add(out.note)
	}
	if r.Warning != "" {
		out.warning = NewStatusMark(MarkWarning, r.Warning)
		g.root.Add(out.warning)
	}
	if r.Explain != "" {
		out.more = NewQuietButton(g.words.Explain, func() {
			if out.explain.Hidden && g.OnExplain != nil && g.OnExplain(index) {
				return
			}
			out.explain.Hidden = !out.explain.Hidden
			g.Refresh()
		})
		g.root.Add(out.more)
	}
	for i, c := range g.columns {
		at := cellPlace{index, i}
		cell := &scopeCell{caption: Note(c.Title), yes: newChoice(g, at, Yes, g.words.Yes), no: newChoice(g, at, No, g.words.No)}
		cell.caption.Wrapping = fyne.TextWrapOff
		out.cells = append(out.cells, cell)
		g.root.Add(cell.caption)
		g.root.Add(cell.yes)
		g.root.Add(cell.no)
	}
	if len(g.columns) > 1 {
		out.all = []*Button{
			NewQuietButton(g.words.RowYes, func() { g.answerRow(index, Yes) }),
			NewQuietButton(g.words.RowNo, func() { g.answerRow(index, No) }),
		}
	}
	if r.Optional {
		out.all = append(out.all, NewQuietButton(g.words.RowOpen, func() { g.answerRow(index, Unanswered) }))
	}
	for _, b := range out.all {
		g.root.Add(b)
	}
	out.explain.Hidden = true
	g.root.Add(out.explain)
	return out
}

// Content is the grid as an object to place.
func (g *ScopeGrid) Content() *fyne.Container { return g.root }

// Refresh shows the grid anew, for instance in another theme.
func (g *ScopeGrid) Refresh() { g.root.Refresh() }

// Answers gives every answer by scope, such as "web:photo". A scope without an answer is left out.
func (g *ScopeGrid) Answers() map[string]Answer {
	answers := map[string]Answer{}
	for at, answer := range g.answers {
		answers[g.scope(at)] = answer
	}
	return answers
}

// Unanswered gives the scopes without an answer, row by row.
func (g *ScopeGrid) Unanswered() []string {
	var open []string
	for at := range g.places() {
		if g.answers[at] == Unanswered {
			open = append(open, g.scope(at))
		}
	}
	return open
}

// SetAnswers shows answers that were given before; what they leave out becomes unanswered, scopes that
// are not in the grid are ignored.
func (g *ScopeGrid) SetAnswers(answers map[string]Answer) {
	for at := range g.places() {
		g.set(at, answers[g.scope(at)])
	}
}

// FocusFirstUnanswered gives the focus to the first question that has to be answered and is not, and
// tells whether there is one.
func (g *ScopeGrid) FocusFirstUnanswered() bool {
	for at := range g.places() {
		if g.answers[at] == Unanswered && !g.rows[at.row].Optional {
			focus(g.rows[at.row].cells[at.column].yes)
			return true
		}
	}
	return false
}

// places yields every cell, row by row.
func (g *ScopeGrid) places() func(yield func(cellPlace) bool) {
	return func(yield func(cellPlace) bool) {
		for row := range g.rows {
			for column := range g.columns {
				if !yield(cellPlace{row, column}) {
					return
				}
			}
		}
	}
}

func (g *ScopeGrid) scope(at cellPlace) string {
	return g.rows[at.row].Key + ":" + g.columns[at.column].Key
}

func (g *ScopeGrid) set(at cellPlace, answer Answer) {
	if answer == Unanswered {
		delete(g.answers, at)
	} else {
		g.answers[at] = answer
	}
	cell := g.rows[at.row].cells[at.column]
	cell.yes.set(answer == Yes)
	cell.no.set(answer == No)
}

func (g *ScopeGrid) answer(at cellPlace, answer Answer) {
	g.set(at, answer)
	g.changed()
}

func (g *ScopeGrid) answerRow(row int, answer Answer) {
	for column := range g.columns {
		g.set(cellPlace{row, column}, answer)
	}
	g.changed()
}

func (g *ScopeGrid) changed() {
	if g.OnChanged != nil {
		g.OnChanged()
	}
}

// typed answers by the keys for yes and no, and goes on to the next question.
func (g *ScopeGrid) typed(from *choice, r rune) {
	switch unicode.ToLower(r) {
	case unicode.ToLower(g.words.YesKey):
		g.answer(from.at, Yes)
	case unicode.ToLower(g.words.NoKey):
		g.answer(from.at, No)
	default:
		passRune(from, r)
		return
	}
	next := from.at
	if next.column++; next.column == len(g.columns) {
		next = cellPlace{next.row + 1, 0}
	}
	if next.row < len(g.rows) {
		focus(g.rows[next.row].cells[next.column].yes)
	}
}

// move takes the focus to the neighbour in the direction of an arrow key.
func (g *ScopeGrid) move(from *choice, key fyne.KeyName) {
	row, slot := from.at.row, 2*from.at.column
	if from.answer == No {
		slot++
	}
	switch key {
	case fyne.KeyLeft:
		slot--
	case fyne.KeyRight:
		slot++
	case fyne.KeyUp:
		row--
	case fyne.KeyDown:
		row++
	default:
		passKey(from, &fyne.KeyEvent{Name: key})
		return
	}
	if row < 0 || row >= len(g.rows) || slot < 0 || slot >= 2*len(g.columns) {
		return
	}
	cell := g.rows[row].cells[slot/2]
	if slot%2 == 0 {
		focus(cell.yes)
	} else {
		focus(cell.no)
	}
}

// describe says what a button answers, such as "Our website, Pictures: Yes, chosen".
func (g *ScopeGrid) describe(c *choice) string {
	said := []string{g.rows[c.at.row].Title, g.columns[c.at.column].Title + ": " + c.word}
	if c.chosen && g.words.Chosen != "" {
		said = append(said, g.words.Chosen)
	}
	return strings.Join(said, ", ")
}

func focus(c *choice) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(c); canvas != nil {
		canvas.Focus(c)
	}
}

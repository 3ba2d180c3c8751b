package receipt

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// CardLayout is how cards stand on an A4 sheet. Lengths are millimetres from the top left corner, as the makers of label sheets give
// them.
type CardLayout struct {
	Key           string // as a person types it
	Columns, Rows int
	Left, Top     float64 // of the first card
	Width, Height float64 // of a card
	Across, Down  float64 // from one card to the next, edge to edge
	Cut           bool    // plain paper: marks show where to cut
}

// cardLayouts are the sheets on offer. Those of Avery Zweckform are by the numbers on the package; the L and J of one number are
// the same sheet for another printer.
var cardLayouts = []CardLayout{
	{Key: "a4", Columns: 2, Rows: 4, Left: 12, Top: 16.5, Width: 93, Height: 66, Across: 93, Down: 66, Cut: true},
	{Key: "L7160", Columns: 3, Rows: 7, Left: 7.2, Top: 15.15, Width: 63.5, Height: 38.1, Across: 66.04, Down: 38.1},
	{Key: "L7163", Columns: 2, Rows: 7, Left: 4.65, Top: 15.15, Width: 99.1, Height: 38.1, Across: 101.6, Down: 38.1},
	{Key: "L7165", Columns: 2, Rows: 4, Left: 4.65, Top: 13.1, Width: 99.1, Height: 67.7, Across: 101.6, Down: 67.7},
	{Key: "L7173", Columns: 2, Rows: 5, Left: 4.65, Top: 6, Width: 99.1, Height: 57, Across: 101.6, Down: 57},
	{Key: "C32011", Columns: 2, Rows: 5, Left: 15, Top: 13.5, Width: 85, Height: 54, Across: 95, Down: 54},
}

// CardLayouts lists the layouts on offer.
func CardLayouts() []CardLayout { return slices.Clone(cardLayouts) }

// CardLayoutOf finds a layout by its key, in any case and with the J of inkjet sheets for L (J8165 is L7165); false when there is none.
func CardLayoutOf(key string) (CardLayout, bool) {
	key = strings.ToUpper(strings.TrimSpace(key))
	if rest, ok := strings.CutPrefix(key, "J8"); ok {
		key = "L7" + rest
	}
	at := slices.IndexFunc(cardLayouts, func(l CardLayout) bool { return strings.EqualFold(l.Key, key) })
	if at < 0 {
		return CardLayout{}, false
	}
	return cardLayouts[at], true
}

// PerSheet is how many cards stand on a sheet.
func (l CardLayout) PerSheet() int { return l.Columns * l.Rows }

// place is where a card of a sheet stands, counted row by row.
func (l CardLayout) place(n int) (x, y float64) {
	return l.Left + float64(n%l.Columns)*l.Across, l.Top + float64(n/l.Columns)*l.Down
}

// CardSheet is sheets full of cards.
type CardSheet struct {
	Layout CardLayout
	Cards  []SheetCard
	Texts  Texts // translations of the receipt.* identifiers; required
	// Across and Down move everything, in millimetres, for a printer that feeds paper askew; at most maxCardOffset each way.
	Across, Down     float64
	OrganisationName string
	ShootTitle       string
}

// SheetCard is one card of a sheet.
type SheetCard struct {
	Code    string
	Payload string // the text of the QR code
	Name    string // printed on it; "" for none
}

// maxCardOffset is more than any printer is off by.
const maxCardOffset = 10.0

// WriteCardSheet draws the cards as A4 pages, as many as it takes.
func WriteCardSheet(w io.Writer, c CardSheet) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("check cards: %w", err)
	}
	s, err := newSheet(paperA4, documentInfo{title: c.Layout.Key, author: c.OrganisationName, at: time.Unix(0, 0)})
	if err != nil {
		return fmt.Errorf("prepare cards: %w", err)
	}
	for i, card := range c.Cards {
		if i%c.Layout.PerSheet() == 0 {
			s.addPage()
			if c.Layout.Cut {
				s.drawCuts(c)
			}
		}
		x, y := c.Layout.place(i % c.Layout.PerSheet())
		if err := s.drawSheetCard(c, card, x+c.Across, y+c.Down); err != nil {
			return err
		}
	}
	if err := s.write(w); err != nil {
		return fmt.Errorf("write cards: %w", err)
	}
	return nil
}

func (c CardSheet) check() error {
	switch {
	case c.Texts == nil:
		return errors.New("no texts")
	case len(c.Cards) == 0:
		return errors.New("no cards")
	case c.Layout.PerSheet() == 0 || c.Layout.Width <= 0 || c.Layout.Height <= 0:
		return errors.New("no layout")
	case math.Abs(c.Across) > maxCardOffset || math.Abs(c.Down) > maxCardOffset || math.IsNaN(c.Across+c.Down):
		return fmt.Errorf("an offset of more than %.0f mm", maxCardOffset)
	}
	for _, card := range c.Cards {
		if card.Code == "" || card.Payload == "" {
			return errors.New("a card without a code or a payload")
		}
	}
	return nil
}

// drawCuts draws short lines at the edges of the paper, where a cutter goes and nothing is printed.
func (s *sheet) drawCuts(c CardSheet) {
	const long, gap = 6.0, 2.0
	l := c.Layout
	left, top := l.Left+c.Across, l.Top+c.Down
	right, bottom := left+float64(l.Columns)*l.Across, top+float64(l.Rows)*l.Down
	for i := range l.Columns + 1 {
		x := left + float64(i)*l.Across
		s.box(x-0.1, top-gap-long, 0.2, long, ink)
		s.box(x-0.1, bottom+gap, 0.2, long, ink)
	}
	for i := range l.Rows + 1 {
		y := top + float64(i)*l.Down
		s.box(left-gap-long, y-0.1, long, 0.2, ink)
		s.box(right+gap, y-0.1, long, 0.2, ink)
	}
}

// drawSheetCard draws a card: the QR code as large as its height lets it be, and beside it the short code, in whichever way it gets
// larger type, with what else there is room for.
func (s *sheet) drawSheetCard(c CardSheet, card SheetCard, x, y float64) error {
	const (
		safe = 2.2 // printers and cutters are off by as much
		gap  = 1.0
	)
	l := c.Layout
	modules, err := qrModules(card.Payload)
	if err != nil {
		return err
	}
	side := min(l.Height-2*safe, l.Width*0.55)
	s.drawQR(modules, x+safe-1, y+(l.Height-side)/2, side)
	left := x + safe - 1 + side + gap
	width := x + l.Width - safe - left

	lines := []string{card.Code}
	code := s.faces.fit(style{34, true, ink}, card.Code, width, 9)
	if first, rest, ok := strings.Cut(card.Code, "-"); ok {
		if halved := s.faces.fit(style{34, true, ink}, first+"-", width, 9); halved.size > 1.35*code.size {
			lines, code = []string{first + "-", rest}, halved
		}
	}
	code.size = min(code.size, (l.Height-2*safe)/pointMM/(1.1*float64(len(lines))+1.6))
	runs := []textRun{{style: code, lines: lines, after: 0.6}}
	add := func(st style, words string, most int) {
		if words == "" {
			return
		}
		run := textRun{style: st, lines: firstLines(s.faces.wrap(st, words, width), most), after: 0.6}
		if cardHeight(runs)+run.height() <= l.Height-2*safe {
			runs = append(runs, run)
		}
	}
	add(style{10, true, ink}, card.Name, 2)
	add(style{7.5, false, ink}, c.OrganisationName, 2)
	add(style{7.5, false, muted}, c.ShootTitle, 2)
	add(style{7.5, false, muted}, c.Texts("receipt.card.slate", nil), 4)
	top := y + (l.Height-cardHeight(runs))/2
	for i, run := range runs {
		for _, words := range run.lines {
			step := run.style.leading()
			if i == 0 {
				step = run.style.size * pointMM * 1.1 // large type needs no more
			}
			s.text(left, top+run.style.size*pointMM*0.85, run.style, words)
			top += step
		}
		top += run.after
	}
	return nil
}

// cardHeight is what the words of a card take, the first of which is the code.
func cardHeight(runs []textRun) float64 {
	return float64(len(runs[0].lines))*runs[0].style.size*pointMM*1.1 + runs[0].after + runsHeight(runs[1:])
}

package pictures

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

// largeView shows one picture in the place of the grid, so that faces can be told. What may be done with it, and who is on it, stays
// beside it.
type largeView struct {
	screen  *Screen
	content *fyne.Container
	look    *part.LargeLook
	place   *widget.Label // which one of how many
	open    bool
}

func newLargeView(s *Screen) *largeView {
	l := &largeView{screen: s, look: part.NewLargeLook(s.grid), place: part.Note("")}
	l.look.OnClosed = s.closeLarge
	l.place.Wrapping = fyne.TextWrapOff
	step := func(by int) func() { return func() { s.grid.Go(s.grid.Cursor() + by) } }
	head := part.Flow(8, part.NewButton(s.t("pictures.large.back", nil), s.closeLarge).WithKey("Esc"), part.NewButton(s.t("pictures.large.before", nil), step(-1)),
		part.NewButton(s.t("pictures.large.next", nil), step(1)), l.place)
	head = container.New(layout.NewCustomPaddedLayout(0, 4, 0, 0), head)
	l.content = container.New(layout.NewBorderLayout(head, nil, nil, nil), head, l.look)
	return l
}

// show turns to the picture at which the keys act.
func (l *largeView) show() {
	s := l.screen
	at := s.grid.Cursor()
	if !l.open || at >= len(s.shown) {
		return
	}
	thumb := s.at(at).thumb
	l.look.Set(thumb)
	l.place.SetText(s.t("pictures.of", map[string]any{"Linked": strconv.Itoa(at + 1), "Count": strconv.Itoa(len(s.shown))}))
}

// openLarge shows a picture large.
func (s *Screen) openLarge(index int) {
	s.large.open = true
	s.grid.Go(index)
	s.showMiddle()
	s.focus()
}

// closeLarge goes back to the grid, to the picture that was seen last.
func (s *Screen) closeLarge() {
	s.leaveLarge()
	s.grid.Go(s.grid.Cursor())
	s.focus()
}

// leaveLarge shows the grid again, if one picture was shown large.
func (s *Screen) leaveLarge() {
	if s.large.open {
		s.large.open = false
		s.large.look.Close()
		s.showMiddle()
	}
}

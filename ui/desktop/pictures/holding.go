package pictures

import (
	"runtime"
	"slices"

	"samtykke/app/consent"
)

// Whoever has just decided whose a picture is says next how many people it shows. So among those to decide it is held, selected as it is,
// until somebody has counted or gone on to another: else the digit would count the next one. Below other filters, such as that of pictures
// with nobody linked, name follows name and the next picture comes at once.

// holding is why a picture shows that the filter does not let pass. It ends when it is no longer selected.
type holding int

const (
	uncountedYet holding = iota + 1 // the number of its people is asked for next; it ends with the answer too
	revealed                        // something was undone on it
)

// passes tells whether a row shows.
func (s *Screen) passes(r *row) bool { return s.filter.lets(r) || s.held[r.id] != 0 }

// hold keeps a picture that shows while what is to be said of it next is missing, and lets go of it when that has been said.
func (s *Screen) hold(now *row, shows bool) {
	if s.held[now.id] == revealed {
		return
	}
	delete(s.held, now.id)
	if shows && s.filter.kind == asking && !now.asks && !now.counted && !now.slate && slices.ContainsFunc(s.selection(), func(r row) bool { return r.id == now.id }) {
		s.held[now.id] = uncountedYet
	}
}

// release lets go of what is held and no longer selected. It tells whether that changed what shows.
func (s *Screen) release() bool {
	before := len(s.held)
	if before == 0 {
		return false
	}
	kept := map[consent.AssetID]holding{}
	for _, r := range s.selection() {
		if why := s.held[r.id]; why != 0 {
			kept[r.id] = why
		}
	}
	if s.held = kept; len(kept) == before {
		return false
	}
	s.apply(s.all, false)
	return true
}

// reveal shows and selects pictures on which something was just undone or done again, whatever the filter lets pass.
func (s *Screen) reveal(ids []consent.AssetID) {
	if len(ids) == 0 || len(ids) > fewTouched {
		return
	}
	clear(s.held)
	for _, id := range ids {
		s.held[id] = revealed
	}
	s.sift(s.all)
	var indices []int
	for _, id := range ids {
		if at, shows := s.placeOf(id); shows {
			indices = append(indices, at)
		}
	}
	if len(indices) == 0 { // of another shoot
		clear(s.held)
		s.apply(s.all, false)
		return
	}
	slices.Sort(indices)
	s.showMiddle()
	if len(indices) == 1 {
		s.grid.Go(indices[0])
		return
	}
	s.grid.SetCursor(indices[0])
	s.grid.Select(indices...)
}

// countNow asks for the number of people in the selected pictures where that is what comes next; "" where it does not.
func (s *Screen) countNow() string {
	uncounted := slices.ContainsFunc(s.selection(), func(r row) bool { return !r.counted })
	if s.filter.kind != asking || !uncounted {
		return ""
	}
	return " " + s.t("pictures.count-now", nil)
}

// undoKey is what is written on the keys that undo.
func undoKey() string {
	if runtime.GOOS == "darwin" {
		return "Cmd Z"
	}
	return "Ctrl Z"
}

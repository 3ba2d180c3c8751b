package consent

// AssetWithout is what Asset would answer had some of this asset's events never been, those that link, count and give grounds; false
// when no event has named the asset. Whoever takes something back asks it, so that what others said meanwhile stands.
func (s *State) AssetWithout(id AssetID, gone func(EventID) bool) (Asset, bool) {
	a, ok := s.assets[id]
	if !ok || !a.known() {
		return Asset{}, false
	}
	without := *a
	without.people, without.ground = a.people.without(gone), a.ground.without(gone)
	without.appearances = make(map[SubjectID]*appearance, len(a.appearances))
	for subject, ap := range a.appearances {
		parts := make([]appearancePart, len(ap.parts))
		for i, p := range ap.parts {
			parts[i] = appearancePart{span: p.span, linked: p.linked.without(gone), removed: p.removed.without(gone)}
		}
		without.appearances[subject] = &appearance{parts: parts}
	}
	return without.view(id), true
}

// without is the register had some writes never been.
func (r *register[T]) without(gone func(EventID) bool) register[T] {
	var left register[T]
	for _, w := range r.writes {
		if !gone(w.id) {
			left.writes = append(left.writes, w)
		}
	}
	return left
}

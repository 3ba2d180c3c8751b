package consent

// Span is a part of a film or a recording, in seconds from its beginning. The zero value is the whole.
type Span struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// spanOf reads a span from an event. One that is no part of anything counts as the whole: whoever was linked to it appears.
func spanOf(b AppearanceBody) Span {
	if b.From < 0 || b.To <= b.From {
		return Span{}
	}
	return Span(b)
}

// Whole tells whether it is all of it.
func (s Span) Whole() bool { return s == Span{} }

// Overlaps tells whether two parts have a moment in common. Parts that only touch do: seconds are typed by people, and the picture
// in which one ends is the one in which the other begins.
func (s Span) Overlaps(other Span) bool {
	return s.Whole() || other.Whole() || (s.From <= other.To && other.From <= s.To)
}

package part_test

import (
	"encoding/xml"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

func TestNoTwoMarksShareAShape(t *testing.T) {
	// Without colours, the shape alone must tell them apart.
	seen := map[string]part.Mark{}
	for _, m := range part.Marks() {
		icon := string(m.Icon(color.Black).Content())
		if other, taken := seen[icon]; taken {
			t.Errorf("marks %d and %d look the same", m, other)
		}
		seen[icon] = m
		if err := xml.Unmarshal([]byte(icon), new(struct{ XMLName xml.Name })); err != nil {
			t.Errorf("mark %d: %v", m, err)
		}
		if look.Color(m.Color(), theme.VariantLight) == nil {
			t.Errorf("mark %d has no colour", m)
		}
	}
}

func TestEveryMarkIsDrawn(t *testing.T) {
	start(t)
	for _, m := range part.Marks() {
		w := open(t, part.NewStatusIcon(m, "word"), 40, 40)
		if colours(w.Canvas().Capture()) < 2 {
			t.Errorf("mark %d shows nothing", m)
		}
	}
}

func TestIconsOfOneMarkInTwoColoursHaveTwoNames(t *testing.T) {
	// Fyne keeps drawn icons by name.
	if part.MarkYes.Icon(color.Black).Name() == part.MarkYes.Icon(color.White).Name() {
		t.Error("the second colour would show the first")
	}
}

func TestStatusMarkSaysItsWordAlsoAsAnIcon(t *testing.T) {
	start(t)
	s := part.NewStatusIcon(part.MarkRefused, "Said no")
	full := part.NewStatusMark(part.MarkRefused, "Said no")
	open(t, s, 100, 40)
	if s.AccessibilityLabel() != "Said no" || s.AccessibilityRole() != fyne.AccessibleRoleText {
		t.Error("an icon alone is not said")
	}
	if s.MinSize().Width >= full.MinSize().Width {
		t.Error("an icon alone needs the room of its word")
	}
	full.Set(part.MarkGiven, "Signed")
	if full.Mark() != part.MarkGiven || full.Word() != "Signed" {
		t.Error("a mark does not change")
	}
}

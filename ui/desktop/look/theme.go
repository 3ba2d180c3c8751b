package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Preference is which variant the reader wants.
type Preference int

const (
	// FollowSystem takes light or dark from the operating system, also when it changes.
	FollowSystem Preference = iota
	// Light is always light.
	Light
	// Dark is always dark, for a church or a theatre.
	Dark
)

// Appearance is how a reader wants the window to look. The zero Appearance is the usual one.
type Appearance struct {
	Preference Preference
	// HighContrast sets text of at least 7 and edges of 4.5, and a thicker ring of focus.
	HighContrast bool
	// Text is how large text is, in percent of the usual size; one of TextSizes, and 0 is 100.
	Text int
}

// TextSizes are the sizes of text that a reader can choose, in percent.
var TextSizes = []int{100, 125, 150, 200}

// New gives the theme of the whole window in the usual contrast and size.
func New(preference Preference) fyne.Theme { return Appearance{Preference: preference}.Theme() }

// Theme gives the theme of the whole window.
func (a Appearance) Theme() fyne.Theme {
	return &normal{Theme: theme.DefaultTheme(), appearance: a}
}

// Large gives base with the type and the touch targets of subject mode. Colours, fonts and icons are
// those of base. Text that the reader has made larger than that stays so.
func Large(base fyne.Theme) fyne.Theme {
	if ours, ok := base.(*normal); ok {
		base = &normal{Theme: ours.Theme, appearance: ours.appearance} // as it is when nothing has been laid out otherwise
	}
	return &large{Theme: base}
}

// Resize lets the whole window's theme give the sizes of another one until back is called. It is for a screen that has the program for
// itself. Fyne has dearer ways: whenever the program's theme is replaced it reads all fonts anew, and a theme that is laid over a part of
// a window it never forgets. What is in view has to be shown anew. ok is false for a theme that is not of this package.
func Resize(window, sizes fyne.Theme) (back func(), ok bool) {
	ours, ok := window.(*normal)
	if !ok {
		return nil, false
	}
	before := ours.sizes
	ours.sizes = sizes
	return func() {
		if ours.sizes == sizes {
			ours.sizes = before
		}
	}, true
}

// normal takes icons and whatever the table does not name from Fyne's default theme.
type normal struct {
	fyne.Theme
	appearance Appearance
	sizes      fyne.Theme // of Resize; nil for its own
}

func (t *normal) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.appearance.Preference {
	case Light:
		variant = theme.VariantLight
	case Dark:
		variant = theme.VariantDark
	}
	if c := column(variant, t.appearance.HighContrast).color(name); c != nil {
		return c
	}
	return t.Theme.Color(name, variant)
}

func (t *normal) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace || style.Italic || style.Symbol:
		return t.Theme.Font(style)
	case style.Bold:
		return boldFont()
	}
	return regularFont()
}

func (t *normal) Size(name fyne.ThemeSizeName) float32 {
	if t.sizes != nil {
		return t.sizes.Size(name)
	}
	s, ok := normalSize(name)
	if !ok {
		return t.Theme.Size(name)
	}
	if name == SizeRing && t.appearance.HighContrast {
		s += largerRing
	}
	return scaled(name, s, t.scale())
}

func (t *normal) scale() float32 {
	if t.appearance.Text <= 0 {
		return 1
	}
	return float32(t.appearance.Text) / 100
}

type large struct{ fyne.Theme }

func (t *large) Size(name fyne.ThemeSizeName) float32 {
	s, ok := largeSize(name)
	if !ok {
		return t.Theme.Size(name)
	}
	if base, ours := t.Theme.(*normal); ours {
		if name == SizeRing && base.appearance.HighContrast {
			s += largerRing
		}
		usual, _ := normalSize(theme.SizeNameText)
		touch, _ := largeSize(theme.SizeNameText)
		s = scaled(name, s, max(1, base.scale()*usual/touch))
	}
	return s
}

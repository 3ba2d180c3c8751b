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

// New gives the theme of the whole window.
func New(preference Preference) fyne.Theme {
	return &normal{Theme: theme.DefaultTheme(), preference: preference}
}

// Large gives base with the type and the touch targets of subject mode. Colours, fonts and icons are
// those of base.
func Large(base fyne.Theme) fyne.Theme { return &large{Theme: base} }

// normal takes icons and whatever the table does not name from Fyne's default theme.
type normal struct {
	fyne.Theme
	preference Preference
}

func (t *normal) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.preference {
	case Light:
		variant = theme.VariantLight
	case Dark:
		variant = theme.VariantDark
	}
	if c := Color(name, variant); c != nil {
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
	if s, ok := normalSize(name); ok {
		return s
	}
	return t.Theme.Size(name)
}

type large struct{ fyne.Theme }

func (t *large) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := largeSize(name); ok {
		return s
	}
	return t.Theme.Size(name)
}

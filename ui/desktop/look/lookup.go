package look

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// ColorFor gives a colour for a widget, from the theme that is laid over it or else the application's.
// Under a theme that does not know one of our names the table answers.
func ColorFor(w fyne.Widget, name fyne.ThemeColorName) color.Color {
	th, variant := theme.CurrentForWidget(w), fyne.CurrentApp().Settings().ThemeVariant()
	if !knows(th, variant) {
		if c, ours := column(variant, false).own(name); ours {
			return c
		}
	}
	return th.Color(name, variant)
}

// SizeFor gives a size for a widget, in the same way. A layout, which belongs to no widget, passes nil and
// gets the size of what is being laid out.
func SizeFor(w fyne.Widget, name fyne.ThemeSizeName) float32 {
	th := theme.Current()
	if w != nil {
		th = theme.CurrentForWidget(w)
	}
	switch name {
	case SizeTarget, SizeGroup, SizeMargin, SizeRing:
		if !knows(th, fyne.CurrentApp().Settings().ThemeVariant()) {
			s, _ := normalSize(name)
			return s
		}
	}
	return th.Size(name)
}

// knows tells whether a theme has our names. A theme override of Fyne hides the type of the theme it was
// given, and other themes complain when they are asked for a name they do not know; so a theme is
// recognised by a colour that every theme has and that is ours alone.
func knows(th fyne.Theme, variant fyne.ThemeVariant) bool {
	switch th.(type) {
	case *normal, *large:
		return true
	}
	edge := th.Color(theme.ColorNameInputBorder, variant)
	return slices.ContainsFunc([]palette{light(), dark(), contrastLight(), contrastDark()}, func(p palette) bool { return edge == color.Color(p.edge) })
}

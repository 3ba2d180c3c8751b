package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// ColorFor gives a colour for a widget, from the theme that is laid over it or else the application's.
// Under a theme that does not know one of our names the table answers.
func ColorFor(w fyne.Widget, name fyne.ThemeColorName) color.Color {
	th := theme.CurrentForWidget(w)
	variant := fyne.CurrentApp().Settings().ThemeVariant()
	if _, ours := light().own(name); ours && !knows(th) {
		return Color(name, variant)
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
		if !knows(th) {
			s, _ := normalSize(name)
			return s
		}
	}
	return th.Size(name)
}

// knows tells whether a theme has our names. A theme override of Fyne wraps the theme it is given, so
// the theme is asked rather than looked at; Fyne's own themes answer 0 for a size they do not know.
func knows(th fyne.Theme) bool {
	switch th.(type) {
	case *normal, *large:
		return true
	}
	return th.Size(SizeTarget) > 0
}

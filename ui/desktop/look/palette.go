package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours that Fyne has no name for. Yes, not yet and no are the three answers of clearance;
// they always stand beside an icon and a word.
const (
	// ColorYes is for what may be used, was given, or has arrived.
	ColorYes fyne.ThemeColorName = "samtykke.yes"
	// ColorNotYet is for what misses something: an answer, a guardian, a person in the picture.
	ColorNotYet fyne.ThemeColorName = "samtykke.notYet"
	// ColorNo is for what may not be used: refused, withdrawn, expired.
	ColorNo fyne.ThemeColorName = "samtykke.no"
	// ColorMuted is for text that explains: hints, units, times.
	ColorMuted fyne.ThemeColorName = "samtykke.muted"
	// ColorSurface is the ground of panes, cards, lists and entries, above the window's background.
	ColorSurface fyne.ThemeColorName = "samtykke.surface"
	// ColorLine parts things that are told apart without it as well: panes, rows. It is too faint to
	// show where a control is; that is ColorEdge.
	ColorLine fyne.ThemeColorName = "samtykke.line"
	// ColorEdge outlines what can be pressed or written in.
	ColorEdge fyne.ThemeColorName = "samtykke.edge"
	// ColorAccent is the one accent: the primary action, what is chosen, the ring of focus.
	ColorAccent fyne.ThemeColorName = "samtykke.accent"
	// ColorOnAccent is text on a ground of ColorAccent, ColorYes, ColorNotYet or ColorNo.
	ColorOnAccent fyne.ThemeColorName = "samtykke.onAccent"
)

// palette is one column pair of the colour table; every colour is opaque.
type palette struct {
	background, surface, text, muted, line, edge color.NRGBA
	accent, yes, notYet, no, onAccent            color.NRGBA
	button                                       color.NRGBA
	hover, pressed, focus, selection, shadow     uint8 // how much of text, accent or black is laid over
}

func light() palette {
	return palette{
		background: hex(0xF5F7F8), surface: hex(0xFFFFFF), text: hex(0x15202B), muted: hex(0x52606D),
		line: hex(0xD3DAE0), edge: hex(0x758391), accent: hex(0x0B5C8A),
		yes: hex(0x1A7346), notYet: hex(0x8A5200), no: hex(0xB3261E), onAccent: hex(0xFFFFFF),
		button: hex(0xE8EDF0),
		hover:  0x0E, pressed: 0x24, focus: 0x60, selection: 0x1C, shadow: 0x33,
	}
}

func dark() palette {
	return palette{
		background: hex(0x11161B), surface: hex(0x1A2129), text: hex(0xE8EDF2), muted: hex(0xA3AEB9),
		line: hex(0x2D3741), edge: hex(0x6F7D8B), accent: hex(0x64B5E6),
		yes: hex(0x5CCB8F), notYet: hex(0xF0B65C), no: hex(0xFF8A80), onAccent: hex(0x11161B),
		button: hex(0x26303A),
		hover:  0x10, pressed: 0x26, focus: 0x40, selection: 0x2C, shadow: 0x77,
	}
}

// contrastLight and contrastDark are for readers who need more: text of at least 7 (WCAG 2.2 level AAA), and edges of 4.5, also those
// that only part one pane from the next.
func contrastLight() palette {
	return palette{
		background: hex(0xFFFFFF), surface: hex(0xFFFFFF), text: hex(0x000000), muted: hex(0x2B343D),
		line: hex(0x5F6B77), edge: hex(0x39444F), accent: hex(0x003A5F),
		yes: hex(0x06452A), notYet: hex(0x553100), no: hex(0x7D0B06), onAccent: hex(0xFFFFFF),
		button: hex(0xEEF1F3),
		hover:  0x10, pressed: 0x30, focus: 0x48, selection: 0x20, shadow: 0x55,
	}
}

func contrastDark() palette {
	return palette{
		background: hex(0x000000), surface: hex(0x0A0E12), text: hex(0xFFFFFF), muted: hex(0xD3DBE2),
		line: hex(0x8A97A3), edge: hex(0xB4BFC9), accent: hex(0x9AD4FF),
		yes: hex(0x8BE8B3), notYet: hex(0xFFD392), no: hex(0xFFBDB7), onAccent: hex(0x000000),
		button: hex(0x1A2129),
		hover:  0x18, pressed: 0x30, focus: 0x30, selection: 0x30, shadow: 0x99,
	}
}

// Color gives a colour of the table for a variant (theme.VariantLight or theme.VariantDark) in the usual contrast, by one
// of the names above or one of Fyne's. A name that the table does not hold gives nil.
func Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	return column(variant, false).color(name)
}

// color is Color for one column of the table.
func (p palette) color(name fyne.ThemeColorName) color.Color {
	if c, ok := p.own(name); ok {
		return c
	}
	if c, ok := p.fyne(name); ok {
		return c
	}
	return nil
}

// column is the table's column for a variant, in the usual or in high contrast.
func column(variant fyne.ThemeVariant, contrast bool) palette {
	switch isDark := variant == theme.VariantDark; {
	case isDark && contrast:
		return contrastDark()
	case isDark:
		return dark()
	case contrast:
		return contrastLight()
	}
	return light()
}

// own answers for our names.
func (p palette) own(name fyne.ThemeColorName) (color.NRGBA, bool) {
	switch name {
	case ColorYes:
		return p.yes, true
	case ColorNotYet:
		return p.notYet, true
	case ColorNo:
		return p.no, true
	case ColorMuted:
		return p.muted, true
	case ColorSurface:
		return p.surface, true
	case ColorLine:
		return p.line, true
	case ColorEdge:
		return p.edge, true
	case ColorAccent:
		return p.accent, true
	case ColorOnAccent:
		return p.onAccent, true
	}
	return color.NRGBA{}, false
}

// fyne answers for Fyne's names. Hover, press and focus lay the text colour over whatever is below, so
// that they show on plain and on filled controls alike, and never take contrast from the text.
func (p palette) fyne(name fyne.ThemeColorName) (color.NRGBA, bool) {
	switch name {
	case theme.ColorNameBackground:
		return p.background, true
	case theme.ColorNameForeground:
		return p.text, true
	case theme.ColorNameInputBackground, theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground,
		theme.ColorNameHeaderBackground, theme.ColorNameInnerWindowBorder, theme.ColorNameInnerWindowBorderInactive:
		return p.surface, true
	case theme.ColorNameButton, theme.ColorNameDisabledButton, theme.ColorNameScrollBarBackground:
		return p.button, true
	case theme.ColorNameInputBorder, theme.ColorNameScrollBar:
		return p.edge, true
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return p.accent, true
	case theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnError,
		theme.ColorNameForegroundOnSuccess, theme.ColorNameForegroundOnWarning:
		return p.onAccent, true
	case theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		// Fyne writes its labels of low importance in the colour of what is disabled, so that must be
		// readable too; a control that is off is told by its ground and its missing edge.
		return p.muted, true
	case theme.ColorNameSeparator:
		return p.line, true
	case theme.ColorNameSuccess:
		return p.yes, true
	case theme.ColorNameWarning:
		return p.notYet, true
	case theme.ColorNameError:
		return p.no, true
	case theme.ColorNameHover:
		return veil(p.text, p.hover), true
	case theme.ColorNamePressed:
		return veil(p.text, p.pressed), true
	case theme.ColorNameFocus:
		return veil(p.text, p.focus), true
	case theme.ColorNameSelection:
		return veil(p.accent, p.selection), true
	case theme.ColorNameShadow:
		return color.NRGBA{A: p.shadow}, true
	}
	return color.NRGBA{}, false
}

func hex(rgb uint32) color.NRGBA {
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xFF}
}

func veil(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

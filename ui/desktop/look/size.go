package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Sizes that Fyne has no name for, in Fyne's units.
const (
	// SizeTarget is the least height of what can be pressed: 36 for a pointer, 56 in subject mode,
	// which is 12 mm on a tablet of 120 units to the inch.
	SizeTarget fyne.ThemeSizeName = "samtykke.target"
	// SizeGroup is the room between groups.
	SizeGroup fyne.ThemeSizeName = "samtykke.group"
	// SizeMargin is the room to the edge of the window or a pane.
	SizeMargin fyne.ThemeSizeName = "samtykke.margin"
	// SizeRing is the thickness of the ring that shows focus.
	SizeRing fyne.ThemeSizeName = "samtykke.ring"
)

const radius = 6

func normalSize(name fyne.ThemeSizeName) (float32, bool) {
	switch name {
	case SizeTarget:
		return 36, true
	case SizeGroup:
		return 16, true
	case SizeMargin:
		return 24, true
	case SizeRing:
		return 2, true
	case theme.SizeNameText:
		return 14, true
	case theme.SizeNameSubHeadingText:
		return 18, true
	case theme.SizeNameHeadingText:
		return 24, true
	case theme.SizeNameCaptionText:
		return 12, true
	case theme.SizeNamePadding, theme.SizeNameLineSpacing:
		return 4, true
	case theme.SizeNameInnerPadding:
		return 8, true
	case theme.SizeNameInlineIcon:
		return 20, true
	case theme.SizeNameScrollBar:
		return 16, true
	case theme.SizeNameScrollBarSmall:
		return 6, true
	case theme.SizeNameInputBorder, theme.SizeNameSeparatorThickness:
		return 1, true
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNameSelectionRadius,
		theme.SizeNameCardRadius, theme.SizeNameDialogRadius, theme.SizeNamePopupRadius,
		theme.SizeNameMenuRadius, theme.SizeNameScrollBarRadius, theme.SizeNameInnerWindowRadius:
		return radius, true
	}
	return 0, false
}

// scaled makes a size of the table as large as the reader wants the text. Text and the icons in it grow in full; what is pressed grows
// half as much, since it is larger than its text already; the room between things stays, or there would soon be nothing but room.
func scaled(name fyne.ThemeSizeName, size, by float32) float32 {
	switch name {
	case theme.SizeNameText, theme.SizeNameSubHeadingText, theme.SizeNameHeadingText, theme.SizeNameCaptionText, theme.SizeNameInlineIcon:
		return size * by
	case SizeTarget:
		return size * (1 + by) / 2
	}
	return size
}

// largerRing is by how much the ring of focus is thicker in high contrast.
const largerRing = 2

func largeSize(name fyne.ThemeSizeName) (float32, bool) {
	switch name {
	case SizeTarget:
		return 56, true
	case SizeGroup:
		return 24, true
	case SizeMargin:
		return 32, true
	case SizeRing:
		return 3, true
	case theme.SizeNameText:
		return 20, true
	case theme.SizeNameSubHeadingText:
		return 28, true
	case theme.SizeNameHeadingText:
		return 36, true
	case theme.SizeNameCaptionText:
		return 16, true
	case theme.SizeNamePadding:
		return 8, true
	case theme.SizeNameLineSpacing:
		return 6, true
	case theme.SizeNameInnerPadding:
		return 16, true
	case theme.SizeNameInlineIcon:
		return 28, true
	case theme.SizeNameScrollBar, theme.SizeNameScrollBarSmall:
		return 24, true // a finger drags the bar: Fyne does not scroll by touch on desktops
	}
	return 0, false
}

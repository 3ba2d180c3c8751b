package look_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

var variants = map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}

// column is one column of the colour table, with the contrast that text and edges are held to: WCAG 2.2 level AA, and AAA for text in
// high contrast.
type column struct {
	fyne.Theme
	text, edge float64
}

func columns() map[string]column {
	return map[string]column{
		"light": {look.New(look.Light), 4.5, 3}, "dark": {look.New(look.Dark), 4.5, 3},
		"high contrast light": {look.Appearance{Preference: look.Light, HighContrast: true}.Theme(), 7, 4.5},
		"high contrast dark":  {look.Appearance{Preference: look.Dark, HighContrast: true}.Theme(), 7, 4.5},
	}
}

// grounds are what text can stand on; each is a stack, the lowest first. Fyne's lists show either the
// selection or the hover, never one on the other.
func grounds() map[string][]fyne.ThemeColorName {
	plain := map[string]fyne.ThemeColorName{
		"background": theme.ColorNameBackground, "surface": look.ColorSurface,
	}
	all := map[string][]fyne.ThemeColorName{}
	for name, ground := range plain {
		all[name] = []fyne.ThemeColorName{ground}
		for _, over := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNameSelection} {
			all[name+"+"+string(over)] = []fyne.ThemeColorName{ground, over}
		}
	}
	return all
}

func TestEveryTextHasContrastOnEveryGroundItStandsOn(t *testing.T) {
	texts := []fyne.ThemeColorName{
		theme.ColorNameForeground, look.ColorMuted, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, look.ColorAccent,
		theme.ColorNameHyperlink, look.ColorYes, look.ColorNotYet, look.ColorNo,
		theme.ColorNameSuccess, theme.ColorNameWarning, theme.ColorNameError,
	}
	for name, c := range columns() {
		for ground, stack := range grounds() {
			for _, text := range texts {
				atLeast(t, c.text, c, text, stack, fmt.Sprintf("%s: %s on %s", name, text, ground))
			}
		}
	}
}

func TestTextOnFilledControlsKeepsContrastInEveryState(t *testing.T) {
	pairs := map[fyne.ThemeColorName][]fyne.ThemeColorName{
		look.ColorOnAccent: {look.ColorAccent, look.ColorYes, look.ColorNotYet, look.ColorNo,
			theme.ColorNamePrimary, theme.ColorNameError, theme.ColorNameSuccess, theme.ColorNameWarning},
		theme.ColorNameDisabled:   {theme.ColorNameDisabledButton},
		theme.ColorNameForeground: {theme.ColorNameButton, theme.ColorNameInputBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground},
	}
	states := [][]fyne.ThemeColorName{nil, {theme.ColorNameHover}, {theme.ColorNameFocus}}
	for name, c := range columns() {
		for text, fills := range pairs {
			for _, fill := range fills {
				for _, state := range states {
					if text == theme.ColorNameDisabled && state != nil {
						continue // what is off has no states
					}
					stack := append([]fyne.ThemeColorName{fill}, state...)
					atLeast(t, c.text, c, text, stack, fmt.Sprintf("%s: %s on %v", name, text, stack))
				}
			}
		}
	}
}

func TestEveryControlEdgeAndFocusRingShows(t *testing.T) {
	edges := []fyne.ThemeColorName{
		look.ColorEdge, theme.ColorNameInputBorder, theme.ColorNameScrollBar, look.ColorAccent,
	}
	for name, c := range columns() {
		for ground, stack := range grounds() {
			if stack[len(stack)-1] == theme.ColorNameSelection {
				continue // a selected row holds text and marks, no controls
			}
			for _, edge := range edges {
				atLeast(t, c.edge, c, edge, stack, fmt.Sprintf("%s: %s on %s", name, edge, ground))
			}
			if c.edge > 3 { // what parts a pane from the next shows there too
				atLeast(t, c.edge, c, look.ColorLine, stack, fmt.Sprintf("%s: %s on %s", name, look.ColorLine, ground))
			}
		}
	}
}

func TestPreferenceHoldsAgainstTheSystem(t *testing.T) {
	for _, asked := range variants {
		same(t, look.Color(look.ColorSurface, theme.VariantLight), look.New(look.Light).Color(look.ColorSurface, asked))
		same(t, look.Color(look.ColorSurface, theme.VariantDark), look.New(look.Dark).Color(look.ColorSurface, asked))
		same(t, look.Color(look.ColorSurface, asked), look.New(look.FollowSystem).Color(look.ColorSurface, asked))
	}
}

func TestEveryColourOfFyneIsOurs(t *testing.T) {
	// A name that Fyne adds later shows up here, instead of as one odd colour on one screen.
	names := []fyne.ThemeColorName{
		theme.ColorNameBackground, theme.ColorNameButton, theme.ColorNameDisabled, theme.ColorNameDisabledButton,
		theme.ColorNameError, theme.ColorNameFocus, theme.ColorNameForeground, theme.ColorNameForegroundOnError,
		theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnSuccess, theme.ColorNameForegroundOnWarning,
		theme.ColorNameHeaderBackground, theme.ColorNameHover, theme.ColorNameHyperlink,
		theme.ColorNameInnerWindowBorder, theme.ColorNameInnerWindowBorderInactive, theme.ColorNameInputBackground,
		theme.ColorNameInputBorder, theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground,
		theme.ColorNamePlaceHolder, theme.ColorNamePressed, theme.ColorNamePrimary, theme.ColorNameScrollBar,
		theme.ColorNameScrollBarBackground, theme.ColorNameSelection, theme.ColorNameSeparator,
		theme.ColorNameShadow, theme.ColorNameSuccess, theme.ColorNameWarning,
	}
	for variantName, v := range variants {
		for _, name := range names {
			if look.Color(name, v) == nil {
				t.Errorf("%s has no colour in %s", name, variantName)
			}
		}
	}
}

func TestLargeIsForTouchAndKeepsTheColours(t *testing.T) {
	base := look.New(look.Light)
	large := look.Large(base)
	want := map[fyne.ThemeSizeName][2]float32{
		theme.SizeNameText: {14, 20}, theme.SizeNameSubHeadingText: {18, 28}, theme.SizeNameHeadingText: {24, 36},
		look.SizeTarget: {36, 56}, theme.SizeNameButtonRadius: {6, 6},
	}
	for name, sizes := range want {
		if base.Size(name) != sizes[0] || large.Size(name) != sizes[1] {
			t.Errorf("%s is %v and %v, want %v", name, base.Size(name), large.Size(name), sizes)
		}
	}
	same(t, base.Color(look.ColorNo, 0), large.Color(look.ColorNo, 0))
}

func TestTextGrowsAsFarAsTheReaderWants(t *testing.T) {
	for _, percent := range look.TextSizes {
		grown := look.Appearance{Text: percent}.Theme()
		by := float32(percent) / 100
		for _, name := range []fyne.ThemeSizeName{theme.SizeNameText, theme.SizeNameSubHeadingText, theme.SizeNameHeadingText, theme.SizeNameCaptionText} {
			if usual := look.New(look.Light).Size(name); grown.Size(name) != usual*by {
				t.Errorf("at %d %% %s is %v, usually %v", percent, name, grown.Size(name), usual)
			}
			if touch := look.Large(grown); touch.Size(name) < grown.Size(name) && name != theme.SizeNameHeadingText && name != theme.SizeNameCaptionText {
				t.Errorf("at %d %% %s is %v in subject mode and %v outside of it", percent, name, touch.Size(name), grown.Size(name))
			}
		}
		if line := grown.Size(theme.SizeNameText) * 1.36; grown.Size(look.SizeTarget) < line+2*grown.Size(theme.SizeNamePadding) {
			t.Errorf("at %d %% a line of text does not fit into what is pressed", percent)
		}
	}
	if size := look.Large(look.New(look.Light)).Size(theme.SizeNameText); look.Large(look.Appearance{Text: 125}.Theme()).Size(theme.SizeNameText) != size {
		t.Error("subject mode is larger than it need be")
	}
}

func TestFocusShowsMoreInHighContrast(t *testing.T) {
	usual, high := look.New(look.Light), look.Appearance{HighContrast: true}.Theme()
	if high.Size(look.SizeRing) <= usual.Size(look.SizeRing) || look.Large(high).Size(look.SizeRing) <= look.Large(usual).Size(look.SizeRing) {
		t.Error("the ring of focus is not thicker")
	}
}

func TestLookupFollowsTheOverrideAndSurvivesAForeignTheme(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.DefaultTheme())
	label := widget.NewLabel("")
	if c := look.ColorFor(label, look.ColorYes); c != look.Color(look.ColorYes, app.Settings().ThemeVariant()) {
		t.Errorf("under Fyne's theme yes is %v", c)
	}
	if s := look.SizeFor(label, look.SizeTarget); s != 36 {
		t.Errorf("under Fyne's theme a target is %v", s)
	}
	container.NewThemeOverride(label, look.Large(look.New(look.Dark)))
	if s := look.SizeFor(label, look.SizeTarget); s != 56 {
		t.Errorf("under the large theme a target is %v", s)
	}
	same(t, look.Color(look.ColorYes, theme.VariantDark), look.ColorFor(label, look.ColorYes))
}

func atLeast(t *testing.T, want float64, th fyne.Theme, front fyne.ThemeColorName, stack []fyne.ThemeColorName, what string) {
	t.Helper()
	ground := [3]float64{}
	for _, name := range stack {
		ground = over(th.Color(name, theme.VariantLight), ground)
	}
	if got := contrast(over(th.Color(front, theme.VariantLight), ground), ground); got < want {
		t.Errorf("%s: contrast %.2f, want %.1f", what, got, want)
	}
}

// over lays a colour on an opaque ground.
func over(c color.Color, ground [3]float64) [3]float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	a := float64(n.A) / 255
	for i, channel := range [3]uint8{n.R, n.G, n.B} {
		ground[i] = a*float64(channel)/255 + (1-a)*ground[i]
	}
	return ground
}

// contrast is WCAG 2.2's contrast ratio.
func contrast(a, b [3]float64) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c [3]float64) float64 {
	weights := [3]float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, channel := range c {
		if channel <= 0.04045 {
			channel /= 12.92
		} else {
			channel = math.Pow((channel+0.055)/1.055, 2.4)
		}
		sum += weights[i] * channel
	}
	return sum
}

func same(t *testing.T, want, got color.Color) {
	t.Helper()
	if want != got {
		t.Errorf("colour is %v, want %v", got, want)
	}
}

package desktop

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// wantedLook is how the reader has chosen that the window looks.
func wantedLook(p fyne.Preferences) look.Appearance {
	return look.Appearance{Preference: look.Preference(p.Int(preferVariant)), HighContrast: p.Bool(preferContrast),
		Text: offered(p, preferText, look.TextSizes[0], look.TextSizes)}
}

// offered is a number among the preferences, as long as it is one that could have been chosen: what a damaged file says must not make the
// window too large to show, nor keep the vault from locking.
func offered(p fyne.Preferences, name string, usual int, choices []int) int {
	if chosen := p.IntWithFallback(name, usual); slices.Contains(choices, chosen) {
		return chosen
	}
	return usual
}

// appear changes how the window looks, at once, and remembers it.
func (w *Window) appear(a look.Appearance) {
	p := w.app.Preferences()
	p.SetInt(preferVariant, int(a.Preference))
	p.SetBool(preferContrast, a.HighContrast)
	p.SetInt(preferText, a.Text)
	w.app.Settings().SetTheme(a.Theme())
	if w.shell != nil { // Fyne shows anew what is in view only
		for _, page := range w.shell.pages {
			part.Settle(page.content())
		}
	}
}

// appearance is the section about how the window looks. What is chosen there shows at once.
func (p *settingsPage) appearance() fyne.CanvasObject {
	w := p.shell.window
	t := w.words.t
	now := wantedLook(w.app.Preferences())

	names := []string{t("appearance.system"), t("appearance.light"), t("appearance.dark")}
	variant := part.NewSelect(names, nil)
	variant.Selected = names[now.Preference]
	variant.OnChanged = func(string) {
		now.Preference = look.Preference(variant.SelectedIndex())
		w.appear(now)
	}

	contrast := part.NewCheck(t("appearance.contrast"), nil)
	contrast.Checked = now.HighContrast
	contrast.OnChanged = func(on bool) {
		now.HighContrast = on
		w.appear(now)
	}

	sizes := make([]string, len(look.TextSizes))
	for i, percent := range look.TextSizes {
		sizes[i] = t("appearance.percent", "percent", strconv.Itoa(percent))
	}
	text := part.NewSelect(sizes, nil)
	if at := slices.Index(look.TextSizes, now.Text); at >= 0 {
		text.Selected = sizes[at]
	}
	text.OnChanged = func(string) {
		now.Text = look.TextSizes[text.SelectedIndex()]
		w.appear(now)
	}

	return part.Stack(
		part.Card(t("appearance.colours"), container.NewVBox(short(variant), contrast, part.Note(t("appearance.contrast.why")))),
		part.Card(t("appearance.text"), container.NewVBox(short(text), part.Note(t("appearance.text.why")))))
}

// short is a select of short words.
func short(choose *part.Select) fyne.CanvasObject {
	return container.New(&narrowLeft{width: 280}, part.Framed(choose))
}

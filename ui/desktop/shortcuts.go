package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// toggleShortcuts lists the keys of what fills the window now, and goes back when the list shows.
func (w *Window) toggleShortcuts() {
	if w.listing != nil {
		w.listing()
		return
	}
	w.showShortcuts()
}

// showShortcuts lists the keys of what fills the window now, and those that work everywhere.
func (w *Window) showShortcuts() {
	t := w.words.t
	here, everywhere := w.bindings()
	var own, common []listedKey
	for _, b := range here {
		own = append(own, b.listedKey)
	}
	own = append(own, w.keys.within...)
	for _, b := range everywhere {
		common = append(common, b.listedKey)
	}
	common = append(common, listedKey{"Tab", "shortcut.next"}, listedKey{"Enter", "shortcut.press"})

	back := part.NewPrimaryButton(t("back"), nil).WithKey("Esc")
	column := part.Stack(part.Heading(t("shortcuts")))
	if len(own) > 0 {
		column.Add(part.Card(t("shortcuts.here"), w.keyList(own)))
	}
	column.Add(part.Card(t("shortcuts.everywhere"), w.keyList(common)))
	column.Add(ends(nil, back))
	page := container.NewVScroll(part.Margin(part.Narrow(560, container.NewVBox(column))))
	uncover := w.cover(t("shortcuts"), page, keys{gone: func() { w.listing = nil }}, back)
	w.keys.escape, w.listing, back.OnTapped = uncover, uncover, uncover
}

// keyList writes keys and what they do below each other.
func (w *Window) keyList(list []listedKey) fyne.CanvasObject {
	grid := container.New(layout.NewFormLayout())
	for _, l := range list {
		if l.does == "" {
			continue
		}
		name := l.key
		if w.words.Has("desktop." + name) {
			name = w.words.t(name)
		}
		grid.Add(part.FieldLabel(name))
		grid.Add(part.Body(w.words.t(l.does)))
	}
	return grid
}

// rowKeys are what a list of rows does with keys of its own (part.RowList).
func rowKeys() []listedKey {
	return []listedKey{{"shortcut.arrows", "shortcut.rows"}, {"shortcut.pages", "shortcut.far"}}
}

// codeOf is the short code of a person, for the clipboard; "" for nobody.
func (s *shell) codeOf(id consent.SubjectID) string {
	if id == "" {
		return ""
	}
	person, err := s.window.session.Person(id)
	if err != nil {
		return ""
	}
	return string(person.Code)
}

// pictureKeys are what the grid of the pictures does with keys of its own (part.ThumbnailGrid, pictures.Screen).
func pictureKeys() []listedKey {
	control := controlName()
	return []listedKey{
		{"shortcut.arrow-keys", "shortcut.pictures.move"}, {"shortcut.pages", "shortcut.pictures.far"},
		{"shortcut.shift", "shortcut.pictures.reach"}, {"shortcut.space", "shortcut.pictures.toggle"},
		{control + " A", "shortcut.pictures.all"}, {"0–9", "shortcut.pictures.count"}, {"shortcut.letter", "shortcut.pictures.link"},
		{"Esc", "shortcut.pictures.none"},
	}
}

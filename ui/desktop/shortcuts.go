package desktop

import (
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"samtykke/ui/desktop/part"
)

// showShortcuts lists the keys.
func showShortcuts(w *Window) {
	t := w.words.t
	grid := container.New(layout.NewFormLayout())
	for _, key := range []struct{ key, does string }{
		{"N", "shortcut.new"}, {"H", "shortcut.hand"}, {"Q", "shortcut.card"}, {"Ctrl F", "shortcut.find"}, {"Ctrl 1–5", "shortcut.tabs"}, {"Ctrl L", "shortcut.lock"},
		{"Ctrl Z", "shortcut.undo"}, {"Ctrl Y", "shortcut.redo"},
		{t("shortcut.arrows"), "shortcut.rows"}, {"Tab", "shortcut.next"}, {"Enter", "shortcut.press"}, {"Esc", "shortcut.escape"}, {"F1", "shortcut.help"},
	} {
		grid.Add(part.FieldLabel(key.key))
		grid.Add(part.Body(t(key.does)))
	}
	back := part.NewPrimaryButton(t("back"), w.shell.fill)
	card := part.Card(t("shortcuts"), part.Stack(grid, ends(nil, back)))
	w.fill(t("shortcuts"), container.NewVScroll(part.Margin(part.Margin(part.Narrow(560, container.NewVBox(card))))),
		keys{escape: w.shell.fill, help: w.shell.fill}, back)
}

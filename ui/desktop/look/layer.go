package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Layer lays a theme over a part of a window, again and again. Where a part of a window has its theme from container.ThemeOverride, Fyne
// takes it for another one each time that it is shown anew: it reads the fonts again, thirty megabytes, and forgets none of them, nor
// what stood in the part. A layer stays the same to Fyne. So there is one for each place that needs one, as long as the program runs.
// The zero Layer has no theme; Use gives it one.
type Layer struct {
	theme   laid
	carrier *carrier
}

// laid is the theme that a layer lays over.
type laid struct{ fyne.Theme }

// carrier is how a layer reaches Fyne: a list gives its own theme, as the same theme, to each item that it makes. Nobody sees it.
type carrier struct{ widget.List }

// Use makes a theme the one that is laid over from now on. What has the one before has to be shown anew.
func (l *Layer) Use(sizes fyne.Theme) { l.theme.Theme = sizes }

// Over lays the theme over an object and all that is in it now, and shows it anew.
func (l *Layer) Over(o fyne.CanvasObject) {
	if l.carrier == nil || theme.CurrentForWidget(&l.carrier.List) == theme.Current() { // Fyne has forgotten it
		l.carry()
	}
	l.carrier.CreateItem = func() fyne.CanvasObject { return o }
	l.carrier.Refresh()
	l.carrier.CreateItem = nil
}

// carry makes the carrier. Fyne keeps a theme for a widget until it puts the widget's renderer away, because nothing has shown it for a
// minute. The renderer belongs to the carrier, and the theme to the list in it.
func (l *Layer) carry() {
	l.carrier = &carrier{widget.List{Length: func() int { return 0 }, UpdateItem: func(widget.ListItemID, fyne.CanvasObject) {}}}
	l.carrier.ExtendBaseWidget(l.carrier)
	l.carrier.Refresh()
	container.NewThemeOverride(&l.carrier.List, &l.theme)
}

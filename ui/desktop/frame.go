package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Bounds are a rectangle in the coordinates of the operating system, which are not Fyne's units.
type Bounds struct{ X, Y, Width, Height int }

// Screens knows what Fyne does not tell: where the operating system has put a window, and where it could put one. Its methods are called
// on Fyne's goroutine.
type Screens interface {
	// Bounds are those of a window without its frame; ordinary is false while it is maximised or put away, and when the system does not tell.
	Bounds(fyne.Window) (b Bounds, ordinary bool)
	// Room is what each screen has for windows; none when the system does not tell.
	Room() []Bounds
	// Fill lets a window fill a screen other than the one that another window is on, unless it fills one already. False when there is none.
	Fill(w, beside fyne.Window) bool
}

// Preferences of the window's size, in Fyne's units, and of its bounds in the system's coordinates.
const (
	preferUnitsWide = "window.units-wide"
	preferUnitsHigh = "window.units-high"
	preferX         = "window.x"
	preferY         = "window.y"
	preferWide      = "window.wide"
	preferHigh      = "window.high"
)

// usualSize fits the smallest laptop screen, 1366 × 768, with the system's bars; leastSize is what a window is at least, in case somebody
// had made it tiny.
func usualSize() fyne.Size { return fyne.NewSize(1280, 720) }
func leastSize() fyne.Size { return fyne.NewSize(480, 320) }

// placeWindow gives the window the size that it had, and the place where the system tells places. What would not be on a screen any more,
// because one was unplugged, is not used.
func (w *Window) placeWindow() {
	p := w.app.Preferences()
	had := fyne.NewSize(float32(p.Float(preferUnitsWide)), float32(p.Float(preferUnitsHigh)))
	if had.Width == 0 || had.Height == 0 {
		w.window.Resize(usualSize())
		return
	}
	b := Bounds{p.Int(preferX), p.Int(preferY), p.Int(preferWide), p.Int(preferHigh)}
	var room []Bounds
	if w.config.Screens != nil {
		room = w.config.Screens.Room()
	}
	at, fits := b.Among(room)
	if len(room) > 0 && b.Width > 0 && !fits {
		had = usualSize()
	}
	w.window.Resize(had.Max(leastSize()))
	if native, can := w.window.(desktop.Window); can && at {
		native.RequestPosition(b.X, b.Y)
	}
}

// rememberFrame keeps the size and the place of the window, unless it fills a screen or is put away.
func (w *Window) rememberFrame() {
	if w.window.FullScreen() {
		return
	}
	p := w.app.Preferences()
	if w.config.Screens != nil {
		b, ordinary := w.config.Screens.Bounds(w.window)
		if !ordinary {
			return
		}
		p.SetInt(preferX, b.X)
		p.SetInt(preferY, b.Y)
		p.SetInt(preferWide, b.Width)
		p.SetInt(preferHigh, b.Height)
	}
	size := w.window.Canvas().Size()
	p.SetFloat(preferUnitsWide, float64(size.Width))
	p.SetFloat(preferUnitsHigh, float64(size.Height))
}

// Among tells whether a window can be reached at its place, which it can when the middle of its upper edge is on a screen, and whether
// some screen is large enough for it.
func (b Bounds) Among(room []Bounds) (at, fits bool) {
	for _, r := range room {
		middle := b.X + b.Width/2
		at = at || b.Width > 0 && middle >= r.X && middle < r.X+r.Width && b.Y >= r.Y && b.Y < r.Y+r.Height
		fits = fits || b.Width <= r.Width && b.Height <= r.Height
	}
	return at && fits, fits
}

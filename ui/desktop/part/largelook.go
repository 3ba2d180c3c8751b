package part

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// LargeLook shows one picture of a ThumbnailGrid as large as there is room. The arrows go on to the grid's next pictures; what is typed,
// undone or done again goes to the grid, as if it were in view.
type LargeLook struct {
	widget.BaseWidget
	grid    *ThumbnailGrid
	loader  *Loader
	thumb   Thumb
	picture image.Image
	failed  bool
	wish    *Wish
	wished  pictureKey
	focused bool

	// OnClosed is called when Escape or Enter is pressed.
	OnClosed func()
}

var (
	_ fyne.Accessible   = (*LargeLook)(nil)
	_ fyne.Focusable    = (*LargeLook)(nil)
	_ fyne.Shortcutable = (*LargeLook)(nil)
)

// NewLargeLook gives a large look at pictures of a grid.
func NewLargeLook(grid *ThumbnailGrid) *LargeLook {
	l := &LargeLook{grid: grid, loader: grid.loader}
	l.ExtendBaseWidget(l)
	return l
}

// Set turns to a picture. Until it has come in its size, the thumbnail stands for it.
func (l *LargeLook) Set(thumb Thumb) {
	if thumb.Key != l.thumb.Key {
		l.picture, l.failed = nil, false
	}
	l.thumb = thumb
	l.load()
	l.Refresh()
}

// Resize implements fyne.CanvasObject.
func (l *LargeLook) Resize(size fyne.Size) {
	l.BaseWidget.Resize(size)
	l.load()
}

// Close lets go of the picture that is waited for.
func (l *LargeLook) Close() {
	l.wish.Cancel()
	l.wish, l.wished = nil, pictureKey{}
}

// Waits tells whether the picture has not come yet in the size that it has here.
func (l *LargeLook) Waits() bool { return l.wish != nil }

// load asks for the picture at the size that it has here.
func (l *LargeLook) load() {
	at := pictureKey{l.thumb.Key, l.pixels()}
	if at == l.wished || at.key == "" || at.edge == 0 {
		return
	}
	l.wish.Cancel()
	l.wished = at
	made, wish := l.loader.Load(at.key, at.edge, func(made image.Image, err error) {
		l.wish, l.failed = nil, err != nil || made == nil
		if made != nil {
			l.picture = made
		}
		l.Refresh()
	})
	l.wish = wish
	if made == nil && l.picture == nil {
		made, _ = l.loader.Any(at.key)
	}
	if made != nil {
		l.picture = made
	}
}

// pixels is the longer edge of the room on the screen, in steps, so that a small change of the window does not make the picture anew.
func (l *LargeLook) pixels() int {
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		scale = c.Scale()
	}
	const step, most = 256, 2560
	return min((int(max(l.Size().Width, l.Size().Height)*scale)+step-1)/step*step, most)
}

// Shown is the key of the picture that shows.
func (l *LargeLook) Shown() string { return l.thumb.Key }

// AccessibilityLabel implements fyne.Accessible.
func (l *LargeLook) AccessibilityLabel() string { return l.thumb.said() }

// AccessibilityRole implements fyne.Accessible.
func (l *LargeLook) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Tapped implements fyne.Tappable: a press gives it the keys.
func (l *LargeLook) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
}

// FocusGained implements fyne.Focusable.
func (l *LargeLook) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *LargeLook) FocusLost() { l.focused = false; l.Refresh() }

// TypedRune implements fyne.Focusable.
func (l *LargeLook) TypedRune(r rune) { l.grid.grid.TypedRune(r) }

// TypedShortcut implements fyne.Shortcutable.
func (l *LargeLook) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); !all { // only one of them can be seen
		l.grid.grid.TypedShortcut(s)
	}
}

// TypedKey implements fyne.Focusable.
func (l *LargeLook) TypedKey(key *fyne.KeyEvent) {
	const page = 10
	g := l.grid
	switch key.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		g.Go(g.cursor - 1)
	case fyne.KeyRight, fyne.KeyDown, fyne.KeySpace:
		g.Go(g.cursor + 1)
	case fyne.KeyPageUp:
		g.Go(g.cursor - page)
	case fyne.KeyPageDown:
		g.Go(g.cursor + page)
	case fyne.KeyHome:
		g.Go(0)
	case fyne.KeyEnd:
		g.Go(g.Length() - 1)
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter:
		if l.OnClosed != nil {
			l.OnClosed()
		}
	default:
		passKey(l, key)
	}
}

// MinSize implements fyne.CanvasObject.
func (l *LargeLook) MinSize() fyne.Size {
	l.ExtendBaseWidget(l)
	return fyne.NewSquareSize(120)
}

// CreateRenderer implements fyne.Widget.
func (l *LargeLook) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	r := &largeRenderer{look: l, ground: canvas.NewRectangle(nil), frame: canvas.NewRectangle(color.Transparent), words: &canvas.Text{},
		image: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth}, stand: &canvas.Image{FillMode: canvas.ImageFillContain}}
	r.show()
	return r
}

type largeRenderer struct {
	look          *LargeLook
	ground, frame *canvas.Rectangle
	image, stand  *canvas.Image
	words         *canvas.Text // what has to be known of it
}

func (r *largeRenderer) show() {
	l := r.look
	radius := look.SizeFor(l, theme.SizeNameCardRadius)
	r.ground.FillColor, r.ground.CornerRadius = look.ColorFor(l, theme.ColorNameButton), radius
	r.frame.StrokeColor, r.frame.StrokeWidth, r.frame.CornerRadius = look.ColorFor(l, look.ColorAccent), 3, radius
	r.frame.Hidden = !l.focused
	if r.image.Image != l.picture {
		r.image.Image = l.picture
		r.image.Refresh()
	}
	r.image.Hidden = l.picture == nil
	if r.stand.Hidden = l.thumb.Kind == nil || l.picture != nil; !r.stand.Hidden {
		setIcon(r.stand, tinted(l.thumb.Kind, look.ColorMuted))
	}
	text := l.thumb.Notice
	if text == "" && l.failed && l.thumb.Kind == nil {
		text = l.thumb.Broken
	}
	r.words.Hidden, r.words.Color, r.words.TextSize = text == "", look.ColorFor(l, look.ColorMuted), look.SizeFor(l, theme.SizeNameText)
	r.words.Text = shorten(text, l.Size().Width, r.words.TextSize, r.words.TextStyle)
}

func (r *largeRenderer) MinSize() fyne.Size { return r.look.MinSize() }

func (r *largeRenderer) Layout(size fyne.Size) {
	const inset = 6
	place(r.ground, 0, 0, size.Width, size.Height)
	place(r.frame, 2, 2, size.Width-4, size.Height-4)
	words := float32(0)
	if !r.words.Hidden {
		least := r.words.MinSize()
		words = least.Height + inset
		place(r.words, (size.Width-least.Width)/2, size.Height-least.Height-inset, least.Width, least.Height)
	}
	place(r.image, inset, inset, size.Width-2*inset, size.Height-2*inset-words)
	stand := min(size.Width, size.Height) / 4
	place(r.stand, (size.Width-stand)/2, (size.Height-stand)/2, stand, stand)
}

func (r *largeRenderer) Refresh() {
	r.show()
	r.Layout(r.look.Size())
	canvas.Refresh(r.look)
}

func (r *largeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.image, r.stand, r.words, r.frame}
}

func (r *largeRenderer) Destroy() { r.look.Close() }

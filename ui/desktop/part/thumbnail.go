package part

import (
	"image"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// Thumb is what a thumbnail shows, ready to show.
type Thumb struct {
	Key      string        // of its picture, for the Loader
	Name     string        // the file's name, for assistive technology
	Codes    string        // the people in it, such as "K7Q2 · 3F8H"
	Mark     Mark          // may it be used
	Word     string        // the mark in a word
	Kind     fyne.Resource // an icon for video and sound; nil for a picture. It stands in the picture's place when there is none
	Length   string        // how long a video or a sound lasts, beside its icon
	Notice   string        // what has to be known of it, across the picture; "" for nothing
	Selected bool
	Broken   string // what to say when the picture cannot be shown
}

// Thumbnail is a cell of a grid of pictures. A widget.GridWrap makes a few and uses them again for other
// pictures while scrolling; Set turns a cell to another one.
type Thumbnail struct {
	widget.BaseWidget
	self    fyne.Widget // the cell, or what it is part of: what the canvas and the theme know
	loader  *Loader
	edge    float32
	thumb   Thumb
	picture image.Image
	failed  bool
	wish    *Wish
	wished  pictureKey
	cursor  bool // the keys of a ThumbnailGrid act here
}

var _ fyne.Accessible = (*Thumbnail)(nil)

// NewThumbnail gives an empty cell whose picture is edge units wide and three quarters as high.
func NewThumbnail(loader *Loader, edge float32) *Thumbnail {
	t := &Thumbnail{loader: loader, edge: edge}
	t.self = t
	t.ExtendBaseWidget(t)
	return t
}

// Set turns the cell to a picture: at once if it is in memory, else a placeholder until it comes. The
// picture that was waited for before is no longer.
func (t *Thumbnail) Set(thumb Thumb) {
	t.thumb = thumb
	at := pictureKey{thumb.Key, t.pixels()}
	if at != t.wished {
		t.wish.Cancel()
		t.wished, t.failed = at, false
		t.picture, t.wish = t.loader.Load(at.key, at.edge, func(made image.Image, err error) {
			t.picture, t.failed, t.wish = made, err != nil || made == nil, nil
			t.Refresh()
		})
	}
	t.Refresh()
}

// SetSelected shows the cell as selected or not.
func (t *Thumbnail) SetSelected(selected bool) {
	t.thumb.Selected = selected
	t.Refresh()
}

// Loaded tells whether the cell shows its picture rather than a placeholder.
func (t *Thumbnail) Loaded() bool { return t.picture != nil }

// Waits tells whether the cell still waits for its picture.
func (t *Thumbnail) Waits() bool { return t.wish != nil }

// pixels is the edge of the picture on the screen, in steps so that a small change of the window's scale
// does not make every picture anew.
func (t *Thumbnail) pixels() int {
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(t.self); c != nil {
		scale = c.Scale()
	}
	const step = 64
	return (int(t.edge*scale) + step - 1) / step * step
}

// AccessibilityLabel implements fyne.Accessible.
func (t *Thumbnail) AccessibilityLabel() string { return t.thumb.said() }

// said is everything that a thumbnail shows, in words.
func (t Thumb) said() string {
	var said []string
	for _, s := range []string{t.Name, t.Length, t.Word, t.Codes, t.Notice} {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, ", ")
}

// AccessibilityRole implements fyne.Accessible.
func (t *Thumbnail) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (t *Thumbnail) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t.self)
	r := &thumbRenderer{
		thumb: t, ground: canvas.NewRectangle(nil), frame: canvas.NewRectangle(color.Transparent), badge: canvas.NewRectangle(nil),
		tick: canvas.NewRectangle(nil), film: canvas.NewRectangle(nil), cursor: canvas.NewRectangle(nil), band: canvas.NewRectangle(nil),
		codes: &canvas.Text{}, broken: &canvas.Text{}, length: &canvas.Text{},
		image: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest},
	}
	for _, icon := range []**canvas.Image{&r.mark, &r.kind, &r.ticked, &r.stand} {
		*icon = &canvas.Image{FillMode: canvas.ImageFillContain}
	}
	r.objects = []fyne.CanvasObject{r.ground, r.image, r.stand, r.band, r.broken, r.film, r.kind, r.length, r.badge, r.mark, r.codes, r.frame, r.tick,
		r.ticked, r.cursor}
	r.show()
	return r
}

type thumbRenderer struct {
	thumb                     *Thumbnail
	ground, frame, badge      *canvas.Rectangle
	tick, film                *canvas.Rectangle // grounds of the tick and of the kind
	cursor                    *canvas.Rectangle // a bar right below the picture: nearer to the next row it would be taken for that one's
	band                      *canvas.Rectangle // the ground of a notice
	image, mark, kind, ticked *canvas.Image
	stand                     *canvas.Image // the kind, large, in the place of a picture
	codes, broken, length     *canvas.Text
	objects                   []fyne.CanvasObject
}

func (r *thumbRenderer) show() {
	t := r.thumb
	radius := look.SizeFor(t.self, theme.SizeNameCardRadius)
	r.ground.FillColor, r.ground.CornerRadius = look.ColorFor(t.self, theme.ColorNameButton), radius
	if r.image.Image != t.picture {
		r.image.Image = t.picture
		r.image.Refresh()
	}
	r.image.Hidden = t.picture == nil

	for _, badge := range []*canvas.Rectangle{r.badge, r.film} {
		badge.FillColor, badge.CornerRadius = look.ColorFor(t.self, look.ColorSurface), radius
		badge.StrokeColor, badge.StrokeWidth = look.ColorFor(t.self, look.ColorLine), 1
	}
	r.badge.Hidden, r.mark.Hidden = t.thumb.Mark == MarkNone, t.thumb.Mark == MarkNone
	if !r.mark.Hidden {
		setIcon(r.mark, t.thumb.Mark.Icon(look.ColorFor(t.self, t.thumb.Mark.Color())))
	}
	r.kind.Hidden, r.film.Hidden = t.thumb.Kind == nil, t.thumb.Kind == nil
	setIcon(r.kind, t.thumb.Kind)
	if r.stand.Hidden = t.thumb.Kind == nil || t.picture != nil; !r.stand.Hidden {
		setIcon(r.stand, tinted(t.thumb.Kind, look.ColorMuted))
	}

	caption := look.SizeFor(t.self, theme.SizeNameCaptionText)
	r.codes.Text, r.codes.TextSize, r.codes.TextStyle.Monospace = t.thumb.Codes, caption, true
	r.codes.Color = look.ColorFor(t.self, look.ColorMuted)
	r.codes.Text = shorten(t.thumb.Codes, t.edge-2*look.SizeFor(t.self, theme.SizeNamePadding), caption, r.codes.TextStyle)
	r.length.Hidden, r.length.Text, r.length.TextSize, r.length.Color = t.thumb.Length == "", t.thumb.Length, caption, look.ColorFor(t.self, theme.ColorNameForeground)
	notice := t.thumb.Notice
	r.band.Hidden, r.band.FillColor = notice == "", look.ColorFor(t.self, look.ColorSurface)
	if notice == "" && t.failed && t.thumb.Kind == nil {
		notice = t.thumb.Broken
	}
	r.broken.Hidden, r.broken.TextSize, r.broken.Color = notice == "", caption, look.ColorFor(t.self, look.ColorMuted)
	r.broken.Text = shorten(notice, t.edge-2*look.SizeFor(t.self, theme.SizeNamePadding), caption, r.broken.TextStyle)

	r.frame.StrokeColor, r.frame.StrokeWidth, r.frame.CornerRadius = look.ColorFor(t.self, look.ColorAccent), 3, radius
	r.frame.Hidden, r.tick.Hidden, r.ticked.Hidden = !t.thumb.Selected, !t.thumb.Selected, !t.thumb.Selected
	r.cursor.Hidden, r.cursor.FillColor = !t.cursor, look.ColorFor(t.self, look.ColorAccent)
	r.tick.FillColor, r.tick.CornerRadius = look.ColorFor(t.self, look.ColorAccent), 11
	if t.thumb.Selected {
		setIcon(r.ticked, MarkYes.Icon(look.ColorFor(t.self, look.ColorOnAccent)))
	}
}

// thumbShape is how high a picture is, of its width.
const thumbShape = 0.75

// captionHeight is how much room the words below a picture have.
func captionHeight(w fyne.Widget) float32 {
	return look.SizeFor(w, theme.SizeNameCaptionText)*1.5 + 2*look.SizeFor(w, theme.SizeNamePadding)
}

func (r *thumbRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.thumb.edge, r.thumb.edge*thumbShape+captionHeight(r.thumb.self))
}

func (r *thumbRenderer) Layout(size fyne.Size) {
	pad := look.SizeFor(r.thumb.self, theme.SizeNamePadding)
	area := fyne.NewSize(size.Width, size.Height-captionHeight(r.thumb.self))
	r.ground.Resize(area)
	r.image.Resize(area)
	place(r.frame, 2, 2, area.Width-4, area.Height-4)
	const badge = 26
	square := func(o fyne.CanvasObject, x, y, edge float32) {
		o.Resize(fyne.NewSquareSize(edge))
		o.Move(fyne.NewPos(x, y))
	}
	square(r.badge, pad, pad, badge)
	square(r.mark, pad+4, pad+4, badge-8)
	square(r.tick, area.Width-22-2*pad, 2*pad, 22)
	square(r.ticked, area.Width-22-2*pad+4, 2*pad+4, 14)
	words, below := r.broken.MinSize(), area.Height
	r.broken.Resize(words)
	r.broken.Move(fyne.NewPos((area.Width-words.Width)/2, area.Height-words.Height-pad))
	place(r.band, 0, area.Height-words.Height-2*pad, area.Width, words.Height+2*pad)
	if !r.broken.Hidden {
		below -= words.Height + 2*pad
	}
	square(r.kind, pad+4, below-badge-pad+4, badge-8)
	length, wide := r.length.MinSize(), float32(badge)
	if !r.length.Hidden {
		wide += length.Width + 6
	}
	place(r.film, pad, below-badge-pad, wide, badge)
	place(r.length, pad+badge, below-badge-pad+(badge-length.Height)/2, length.Width, length.Height)
	stand := min(area.Width, area.Height) / 2.5
	square(r.stand, (area.Width-stand)/2, (area.Height-stand)/2, stand)
	place(r.cursor, 0, area.Height, size.Width, 3)
	codes := r.codes.MinSize()
	r.codes.Resize(codes)
	r.codes.Move(fyne.NewPos((area.Width-codes.Width)/2, area.Height+pad/2))
}

func (r *thumbRenderer) Refresh() {
	r.show()
	r.Layout(r.thumb.Size())
	canvas.Refresh(r.thumb.self)
}

func (r *thumbRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy withdraws the wish of a cell that is no longer shown; the next Set wishes anew.
func (r *thumbRenderer) Destroy() {
	if r.thumb.wish != nil {
		r.thumb.wish.Cancel()
		r.thumb.wish, r.thumb.wished = nil, pictureKey{}
	}
}

package part

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/look"
)

// ThumbnailGrid shows any number of pictures, of which any number can be selected. It holds only the cells
// that can be seen.
//
// A press selects one picture, with Ctrl it adds or takes away, with Shift it selects all up to there. The
// arrows, Home, End, Page Up and Page Down move, with Shift they select on the way; Space adds or takes
// away, Ctrl+A selects all, Escape none, Enter and a second quick press open; Ctrl+Z and Ctrl+Y undo and do
// again.
type ThumbnailGrid struct {
	widget.BaseWidget
	grid     *keyGrid
	loader   *Loader
	edge     float32 // that is wanted
	fits     float32 // how wide the pictures are, so that there are two columns and two rows
	selected map[int]bool
	cursor   int // where the keys act
	anchor   int // where a selection with Shift began
	focused  bool
	shift    bool
	pressed  int       // the picture that was pressed last
	at       time.Time // when
	now      func() time.Time

	// Length gives how many pictures there are.
	Length func() int
	// Thumb gives what to show at an index; Selected is filled in. It is called while drawing.
	Thumb func(index int) Thumb
	// OnChanged is called after the selection has changed.
	OnChanged func()
	// OnOpened is called when Enter is pressed, and for the second of two quick presses.
	OnOpened func(index int)
	// OnTyped is called for what is typed, such as the number of people in the selected pictures. Without it,
	// letters and digits go to the window, as do keys that have no meaning here.
	OnTyped func(r rune)
	// OnUndo and OnRedo are called for Ctrl+Z and Ctrl+Y.
	OnUndo, OnRedo func()
}

// LeastThumb is how wide a picture is at least, however little room there is.
const LeastThumb float32 = 120

// NewThumbnailGrid gives a grid whose pictures are edge units wide, or less where two rows and two columns of them have no room.
func NewThumbnailGrid(loader *Loader, edge float32, length func() int, thumb func(index int) Thumb) *ThumbnailGrid {
	g := &ThumbnailGrid{loader: loader, edge: edge, fits: edge, selected: map[int]bool{}, pressed: -1, now: time.Now, Length: length, Thumb: thumb}
	g.grid = newKeyGrid(g)
	g.ExtendBaseWidget(g)
	return g
}

// Selected gives the selected indices in order.
func (g *ThumbnailGrid) Selected() []int {
	all := make([]int, 0, len(g.selected))
	for i := range g.selected {
		all = append(all, i)
	}
	slices.Sort(all)
	return all
}

// SelectedCount is how many are selected.
func (g *ThumbnailGrid) SelectedCount() int { return len(g.selected) }

// Select selects these pictures and no others; what is not in the grid is left out.
func (g *ThumbnailGrid) Select(indices ...int) {
	clear(g.selected)
	for _, i := range indices {
		if i >= 0 && i < g.Length() {
			g.selected[i] = true
		}
	}
	g.changed()
}

// Cursor is the index at which the keys act.
func (g *ThumbnailGrid) Cursor() int { return g.cursor }

// SetCursor says at which index the keys act, without selecting it or scrolling there: for when the pictures have changed.
func (g *ThumbnailGrid) SetCursor(index int) {
	g.cursor = max(min(index, g.Length()-1), 0)
	g.anchor = g.cursor
}

// Go takes the keys to an index, selects it alone, and brings it into view.
func (g *ThumbnailGrid) Go(index int) {
	g.shift = false
	g.move(index)
}

// SelectAll selects every picture.
func (g *ThumbnailGrid) SelectAll() {
	if g.Length() > 0 {
		g.anchor = 0
		g.reach(g.Length() - 1)
	}
}

// Refresh shows what Length and Thumb give now. Selected pictures that are no more are forgotten.
func (g *ThumbnailGrid) Refresh() {
	for i := range g.selected {
		if i >= g.Length() {
			delete(g.selected, i)
		}
	}
	g.cursor = max(min(g.cursor, g.Length()-1), 0)
	g.anchor = max(min(g.anchor, g.Length()-1), 0)
	g.grid.Refresh()
}

// SetEdge changes the width of the pictures.
func (g *ThumbnailGrid) SetEdge(edge float32) {
	g.edge = edge
	if g.fit(g.grid.Size()) {
		g.grid.Refresh()
		g.grid.GridWrap.Resize(g.grid.Size()) // counts the columns
	}
}

// fit makes the pictures as wide as is wanted, but not wider than leaves room for two columns and two rows. It tells whether that changed
// them.
func (g *ThumbnailGrid) fit(size fyne.Size) bool {
	gap := look.SizeFor(g, theme.SizeNamePadding)
	column, row := (size.Width-gap)/2, (size.Height-gap)/2
	before := g.fits
	g.fits = max(min(g.edge, column, (row-captionHeight(g))/thumbShape), min(g.edge, LeastThumb))
	return g.fits != before
}

// Focusable is what takes the keys, to be given the focus.
func (g *ThumbnailGrid) Focusable() fyne.Focusable { return g.grid }

// CreateRenderer implements fyne.Widget.
func (g *ThumbnailGrid) CreateRenderer() fyne.WidgetRenderer {
	g.ExtendBaseWidget(g)
	return widget.NewSimpleRenderer(g.grid)
}

// press is a press on a picture.
func (g *ThumbnailGrid) press(index int, with fyne.KeyModifier) {
	g.cursor = index
	switch {
	case with&fyne.KeyModifierShift != 0:
		g.reach(index)
		return
	case with&fyne.KeyModifierShortcutDefault != 0:
		g.toggle(index)
		return
	}
	g.anchor = index
	last, before := g.pressed, g.at
	g.pressed, g.at = index, g.now()
	if last == index && g.at.Sub(before) <= fyne.CurrentApp().Driver().DoubleTapDelay() && g.OnOpened != nil {
		g.pressed = -1
		g.OnOpened(index)
		return
	}
	g.Select(index)
}

func (g *ThumbnailGrid) toggle(index int) {
	g.anchor = index
	if g.selected[index] {
		delete(g.selected, index)
	} else {
		g.selected[index] = true
	}
	g.changed()
}

// reach selects all from the anchor up to an index.
func (g *ThumbnailGrid) reach(index int) {
	clear(g.selected)
	for i := min(g.anchor, index); i <= max(g.anchor, index); i++ {
		g.selected[i] = true
	}
	g.changed()
}

// move takes the cursor to an index and, with Shift, selects on the way.
func (g *ThumbnailGrid) move(index int) {
	if g.Length() == 0 {
		return
	}
	g.cursor = max(min(index, g.Length()-1), 0)
	if g.grid.Size().Height > 0 { // before the first layout Fyne would scroll past everything
		g.grid.ScrollTo(g.cursor)
	}
	if g.shift {
		g.reach(g.cursor)
		return
	}
	g.anchor = g.cursor
	g.Select(g.cursor)
}

func (g *ThumbnailGrid) changed() {
	g.grid.Refresh()
	if g.OnChanged != nil {
		g.OnChanged()
	}
}

// gridCell is a thumbnail that can be pressed.
type gridCell struct {
	Thumbnail
	grid  *ThumbnailGrid
	index int
	with  fyne.KeyModifier // the keys that were held when it was pressed
}

func newGridCell(g *ThumbnailGrid) *gridCell {
	c := &gridCell{grid: g}
	c.self, c.loader, c.edge = c, g.loader, g.fits
	c.ExtendBaseWidget(c)
	return c
}

// MouseDown implements desktop.Mouseable.
func (c *gridCell) MouseDown(e *desktop.MouseEvent) { c.with = e.Modifier }

// MouseUp implements desktop.Mouseable.
func (c *gridCell) MouseUp(*desktop.MouseEvent) {}

// Tapped implements fyne.Tappable.
func (c *gridCell) Tapped(*fyne.PointEvent) {
	with := c.with
	c.with = 0
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(c.grid.grid); canvas != nil {
		canvas.Focus(c.grid.grid)
	}
	c.grid.press(c.index, with)
}

// keyGrid is a grid of Fyne's whose keys act on a ThumbnailGrid.
type keyGrid struct {
	widget.GridWrap
	of *ThumbnailGrid
}

var _ desktop.Keyable = (*keyGrid)(nil)

func newKeyGrid(g *ThumbnailGrid) *keyGrid {
	k := &keyGrid{of: g}
	k.Length = func() int { return g.Length() }
	k.CreateItem = func() fyne.CanvasObject { return newGridCell(g) }
	k.UpdateItem = func(index int, o fyne.CanvasObject) {
		cell, thumb := o.(*gridCell), g.Thumb(index)
		thumb.Selected = g.selected[index]
		cell.index, cell.edge, cell.cursor = index, g.fits, g.focused && g.cursor == index
		cell.Set(thumb)
	}
	k.ExtendBaseWidget(k)
	return k
}

// Resize implements fyne.CanvasObject.
func (k *keyGrid) Resize(size fyne.Size) {
	if k.of.fit(size) {
		k.Refresh() // before the columns are counted
	}
	k.GridWrap.Resize(size)
}

// FocusGained implements fyne.Focusable.
func (k *keyGrid) FocusGained() { k.of.focused = true; k.GridWrap.Refresh() }

// FocusLost implements fyne.Focusable.
func (k *keyGrid) FocusLost() { k.of.focused, k.of.shift = false, false; k.GridWrap.Refresh() }

// KeyDown implements desktop.Keyable.
func (k *keyGrid) KeyDown(key *fyne.KeyEvent) { k.hold(key, true) }

// KeyUp implements desktop.Keyable.
func (k *keyGrid) KeyUp(key *fyne.KeyEvent) { k.hold(key, false) }

func (k *keyGrid) hold(key *fyne.KeyEvent, down bool) {
	if key.Name == desktop.KeyShiftLeft || key.Name == desktop.KeyShiftRight {
		k.of.shift = down
	}
}

// TypedRune implements fyne.Focusable.
func (k *keyGrid) TypedRune(r rune) {
	switch {
	case r == ' ': // is a key, too
	case k.of.OnTyped != nil:
		k.of.OnTyped(r)
	default:
		passRune(k, r)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (k *keyGrid) TypedShortcut(s fyne.Shortcut) {
	if passShortcut(k, s) {
		return
	}
	switch s.(type) {
	case *fyne.ShortcutSelectAll:
		k.of.SelectAll()
	case *fyne.ShortcutUndo:
		if k.of.OnUndo != nil {
			k.of.OnUndo()
		}
	case *fyne.ShortcutRedo:
		if k.of.OnRedo != nil {
			k.of.OnRedo()
		}
	case *fyne.ShortcutCopy: // the grid has no text
		handShortcut(k, s)
	}
}

// TypedKey implements fyne.Focusable.
func (k *keyGrid) TypedKey(key *fyne.KeyEvent) {
	g, columns := k.of, max(k.ColumnCount(), 1)
	rows := max(int(k.Size().Height/(g.fits*thumbShape+captionHeight(g)+look.SizeFor(g, theme.SizeNamePadding))), 1)
	switch key.Name {
	case fyne.KeyLeft:
		g.move(g.cursor - 1)
	case fyne.KeyRight:
		g.move(g.cursor + 1)
	case fyne.KeyUp:
		if g.cursor >= columns {
			g.move(g.cursor - columns)
		}
	case fyne.KeyDown:
		g.move(g.cursor + columns)
	case fyne.KeyPageUp:
		g.move(g.cursor - rows*columns)
	case fyne.KeyPageDown:
		g.move(g.cursor + rows*columns)
	case fyne.KeyHome:
		g.move(0)
	case fyne.KeyEnd:
		g.move(g.Length() - 1)
	case fyne.KeySpace:
		if g.cursor < g.Length() {
			g.toggle(g.cursor)
		}
	case fyne.KeyEscape:
		if len(g.selected) == 0 {
			passKey(k, key)
			return
		}
		g.Select()
	case fyne.KeyReturn, fyne.KeyEnter:
		if g.OnOpened == nil || g.cursor >= g.Length() {
			passKey(k, key)
			return
		}
		g.OnOpened(g.cursor)
	default:
		passKey(k, key)
	}
}

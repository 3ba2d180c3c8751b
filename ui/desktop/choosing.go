package desktop

import (
	"context"
	"os"
	"path/filepath"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/browse"
	"samtykke/ui/desktop/part"
)

// choose asks for files or a folder on a page that fills the window, and then comes back to where it was asked. told is where the asking
// screen says what goes wrong; what stood there is put away once something has been chosen. It may be nil.
func (w *Window) choose(c part.Choice, told *notice) {
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	p := &chooser{window: w, choice: c, told: told, home: home, ticked: map[string]bool{}}
	p.build()
	p.begin()
}

// chooser is the page on which files or a folder are chosen.
type chooser struct {
	window *Window
	choice part.Choice
	told   *notice
	home   string
	folder browse.Folder
	ticked map[string]bool // the names of the files that are chosen, where there can be many
	stop   context.CancelFunc
	leave  func()

	notice  *notice
	path    *part.Entry
	up      *part.Button
	list    *part.RowList
	summary *widget.Label
	take    *part.Button
	newName *part.Entry
	making  *fyne.Container
}

// begin opens the folder that was used last for this kind of choice, or what is left of it, else the person's own. Before a vault is open
// nobody remembers any.
func (p *chooser) begin() {
	w, kind := p.window, p.choice.Kind()
	session := w.session
	if session == nil {
		p.open(p.home)
		return
	}
	reading(w.context, w, func(ctx context.Context) (string, error) {
		last, err := session.LastFolder(ctx, kind)
		if err != nil || last == "" {
			return p.home, err
		}
		return browse.Nearest(last), nil
	}, func(folder string, err error) {
		if w.chooser != p || p.folder.Path != "" || p.stop != nil { // the reader has gone on meanwhile
			return
		}
		if err != nil {
			folder = p.home
		}
		p.open(folder)
	})
}

func (p *chooser) build() {
	w := p.window
	t := w.words.t
	p.notice = newNotice(w)
	p.path, p.summary = part.NewEntry(""), part.Note("")
	p.path.OnSubmitted = func(typed string) { p.goTo(browse.Path(typed, p.folder.Path, p.home)) }
	p.summary.Wrapping, p.summary.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	p.up = part.NewButton(t("choose.up"), p.above).WithIcon(theme.MoveUpIcon())
	p.list = part.NewRowList([]part.Column{
		{Title: t("choose.name")}, {Title: t("choose.size"), Width: 80, Align: fyne.TextAlignTrailing}, {Title: t("choose.changed"), Width: 144, Align: fyne.TextAlignTrailing},
	}, func() int { return len(p.folder.Items) }, p.row)
	p.list.OnSelected = func(int) { p.count() }
	p.list.OnOpened, p.list.OnPressed = p.enter, p.pressed
	cancel := part.NewButton(t("cancel"), func() { p.leave() }).WithKey("Esc")
	p.take = part.NewPrimaryButton("", p.done)

	heading := part.Subheading(p.choice.Title)
	heading.Wrapping, heading.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	top := container.NewVBox(heading, border(nil, nil, nil, p.up, p.path), p.notice.root)
	actions := apart()
	if p.choice.Folder {
		actions.Add(part.NewButton(t("choose.new"), p.askName))
	}
	actions.Add(cancel)
	actions.Add(p.take)
	p.newName = part.NewEntry(t("choose.new.name"))
	p.newName.OnSubmitted = func(string) { p.makeFolder() }
	p.making = border(nil, nil, nil, part.NewButton(t("choose.new.make"), p.makeFolder), p.newName)
	p.making.Hide()
	bottom := container.NewVBox(p.making, border(nil, nil, nil, actions, p.summary))
	gap := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(8, 8, 0, 0), o)
	}
	places := container.New(layout.NewCustomPaddedLayout(0, 0, 0, 16), container.NewVScroll(p.places()))
	page := container.New(layout.NewCustomPaddedLayout(16, 16, 24, 24), border(top, bottom, gap(places), nil, gap(p.list)))
	p.leave = w.cover(p.choice.Title, page, keys{gone: p.gone}, p.list.Focusable())
	w.keys, w.chooser = p.keys(w.keys.gone), p
}

func (p *chooser) gone() {
	p.window.chooser = nil
	if p.stop != nil {
		p.stop()
	}
}

func (p *chooser) keys(gone func()) keys {
	k := keys{escape: p.escape, gone: gone, find: func() { p.window.focus(p.path) },
		named:  []namedKey{{listedKey{"shortcut.backspace", "choose.key.up"}, fyne.KeyBackspace, p.above}},
		within: append(rowKeys(), listedKey{"Enter", "choose.key.open"}, listedKey{"shortcut.letter", "choose.key.jump"}),
		other:  p.jump,
	}
	if p.choice.Many {
		k.all = p.all
		k.named = append(k.named, namedKey{listedKey{"shortcut.space", "choose.key.tick"}, fyne.KeySpace, func() { p.tick(p.list.Selected()) }})
	}
	return k
}

// escape puts the name of a new folder away first.
func (p *chooser) escape() {
	if p.making.Visible() {
		p.making.Hide()
		p.window.focus(p.list.Focusable())
		return
	}
	p.leave()
}

// places are buttons for where to begin.
func (p *chooser) places() fyne.CanvasObject {
	const longest = 18 // letters, so that a disk with a long name does not take the room of the files
	column := container.NewVBox()
	for _, place := range browse.Places(p.home) {
		name := p.window.words.t("choose.place." + string(place.Kind))
		icon := theme.FolderIcon()
		if place.Kind == browse.Volume {
			if name, icon = place.Name(), theme.StorageIcon(); utf8.RuneCountInString(name) > longest {
				name = string([]rune(name)[:longest-1]) + "…"
			}
		}
		column.Add(part.NewQuietButton(name, func() { p.open(place.Path) }).WithIcon(icon))
	}
	return column
}

// open reads a folder and shows it. Until it has been read the one before shows; when it cannot be read that one stays.
func (p *chooser) open(path string) {
	w := p.window
	if p.stop != nil {
		p.stop()
	}
	ctx, stop := context.WithCancel(w.context)
	p.stop = stop
	p.notice.hide()
	p.summary.SetText(w.words.t("choose.reading"))
	fits := browse.EndsIn(p.choice.Endings)
	reading(ctx, w, func(ctx context.Context) (browse.Folder, error) { return browse.Read(ctx, path, fits) }, func(f browse.Folder, err error) {
		if ctx.Err() != nil {
			return // the reader has gone on meanwhile
		}
		if err != nil {
			if p.folder.Path == "" && path != p.home { // nothing shows yet
				p.open(p.home)
			}
			p.count()
			p.notice.fail(err)
			return
		}
		p.show(f)
	})
}

func (p *chooser) show(f browse.Folder) {
	came := filepath.Base(p.folder.Path)
	up := filepath.Dir(p.folder.Path) == f.Path
	p.folder = f
	clear(p.ticked)
	p.path.SetText(f.Path)
	p.list.Unselect()
	p.list.Refresh()
	p.reach(func(i browse.Item) bool { return up && i.Name == came }) // whoever comes up finds where they came from
	enable(p.up, filepath.Dir(f.Path) != f.Path)
	p.count()
}

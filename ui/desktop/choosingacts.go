package desktop

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2/theme"

	"samtykke/ui/desktop/browse"
	"samtykke/ui/desktop/part"
)

// row fills in a row of the list.
func (p *chooser) row(index int, cells []part.Cell) {
	t := p.window.words.t
	item := p.folder.Items[index]
	cells[0] = part.Cell{Text: item.Name, Icon: theme.FileIcon(), Word: t("choose.file")}
	if item.Folder {
		cells[0].Icon, cells[0].Word = theme.FolderIcon(), t("choose.folder")
		return
	}
	cells[0].Muted = p.choice.Folder // only to see what is in the folder
	if p.ticked[item.Name] {
		cells[0].Mark, cells[0].Word = part.MarkYes, t("choose.ticked")
	}
	if !item.Changed.IsZero() {
		cells[1] = part.Cell{Text: p.window.words.size(item.Size), Muted: true}
		cells[2] = part.Cell{Text: p.window.words.moment(item.Changed), Muted: true}
	}
}

// item is the one that is selected.
func (p *chooser) item() (item browse.Item, ok bool) {
	at := p.list.Selected()
	if at < 0 || at >= len(p.folder.Items) {
		return browse.Item{}, false
	}
	return p.folder.Items[at], true
}

// pressed is a press of the pointer: a folder opens, a file is chosen, one of several is added or taken away.
func (p *chooser) pressed(index int) {
	switch item := p.folder.Items[index]; {
	case item.Folder:
		p.open(filepath.Join(p.folder.Path, item.Name))
	case p.choice.Many:
		p.tick(index)
	}
}

// enter is Enter on a row.
func (p *chooser) enter(index int) {
	if item := p.folder.Items[index]; item.Folder {
		p.open(filepath.Join(p.folder.Path, item.Name))
		return
	}
	p.done()
}

// above opens the folder in which this one lies.
func (p *chooser) above() {
	if above := filepath.Dir(p.folder.Path); above != p.folder.Path {
		p.open(above)
	}
}

// tick adds a file to the chosen ones, or takes it away.
func (p *chooser) tick(index int) {
	if index < 0 || index >= len(p.folder.Items) || p.folder.Items[index].Folder {
		return
	}
	name := p.folder.Items[index].Name
	if p.ticked[name] {
		delete(p.ticked, name)
	} else {
		p.ticked[name] = true
	}
	p.list.RefreshRow(index)
	p.count()
}

// all chooses every file of the folder, or none when all are chosen.
func (p *chooser) all() {
	none := len(p.ticked) == p.folder.Files
	clear(p.ticked)
	for _, item := range p.folder.Items {
		if !none && !item.Folder {
			p.ticked[item.Name] = true
		}
	}
	p.list.Refresh()
	p.count()
}

// jump selects the next row whose name begins with a letter.
func (p *chooser) jump(letter rune) {
	n := len(p.folder.Items)
	for i := range n {
		at := (p.list.Selected() + 1 + i) % n
		first, _ := utf8.DecodeRuneInString(p.folder.Items[at].Name)
		if unicode.ToLower(first) == letter {
			p.list.Select(at)
			return
		}
	}
}

// reach selects the first row that is the one.
func (p *chooser) reach(is func(browse.Item) bool) {
	if at := slices.IndexFunc(p.folder.Items, is); at >= 0 {
		p.list.Select(at)
	}
}

// count says how many files there are, and whether and what can be chosen now.
func (p *chooser) count() {
	w := p.window
	found := w.words.n("choose.files", p.folder.Files)
	if p.folder.Others > 0 {
		found += " " + w.words.n("choose.others", p.folder.Others)
	}
	p.summary.SetText(found)
	item, selected := p.item()
	switch {
	case p.choice.Folder:
		p.take.SetText(w.words.t("choose.take.folder"))
		enable(p.take, p.folder.Path != "")
	case len(p.ticked) > 0:
		p.take.SetText(w.words.n("choose.take.files", len(p.ticked)))
		p.take.Enable()
	default:
		p.take.SetText(w.words.t("choose.take"))
		enable(p.take, selected && !item.Folder)
	}
}

// done gives what is chosen to whom it was asked for.
func (p *chooser) done() {
	if p.choice.Folder {
		p.give(p.folder.Path, p.folder.Path)
		return
	}
	var paths []string
	for _, item := range p.folder.Items { // in the order of the list
		if p.ticked[item.Name] {
			paths = append(paths, filepath.Join(p.folder.Path, item.Name))
		}
	}
	if item, selected := p.item(); len(paths) == 0 && selected && !item.Folder {
		paths = append(paths, filepath.Join(p.folder.Path, item.Name))
	}
	if len(paths) > 0 {
		p.give(p.folder.Path, paths...)
	}
}

// give ends the choosing with paths, and remembers the folder.
func (p *chooser) give(folder string, paths ...string) {
	p.leave()
	if session, kind := p.window.session, p.choice.Kind(); session != nil {
		background(p.window, only(func(ctx context.Context) error { return session.UseFolder(ctx, kind, folder) }), func(_ noResult, err error) {
			if err != nil {
				slog.Warn("The folder that was chosen will not be offered the next time.", "error", err)
			}
		})
	}
	if p.told != nil {
		p.told.hide()
	}
	p.choice.Chosen(paths)
}

// goTo is Enter in the path, and what is dropped: a folder opens, files that fit are chosen.
func (p *chooser) goTo(paths ...string) {
	w := p.window
	p.notice.hide()
	reading(w.context, w, func(context.Context) (folder string, err error) {
		for _, path := range paths {
			is, err := browse.Find(path)
			if err != nil {
				return "", err
			}
			if is {
				folder = path
			}
		}
		return folder, nil
	}, func(folder string, err error) {
		fits := browse.EndsIn(p.choice.Endings)
		switch {
		case w.chooser != p:
		case err != nil:
			p.notice.fail(err)
		case folder != "" && len(paths) > 1:
			p.notice.warn(w.words.t("choose.no-file", "name", filepath.Base(folder)))
		case folder != "":
			p.open(folder)
			w.focus(p.list.Focusable())
		case p.choice.Folder:
			p.notice.warn(w.words.t("choose.no-folder"))
		case fits != nil && slices.ContainsFunc(paths, func(path string) bool { return !fits(filepath.Base(path)) }):
			p.notice.warn(w.words.t("choose.no-fit", "endings", strings.Join(p.choice.Endings, ", ")))
		default:
			p.give(filepath.Dir(paths[0]), paths...)
		}
	})
}

// dropped takes what was dropped on the page.
func (p *chooser) dropped(paths []string) {
	t := p.window.words.t
	switch address := slices.IndexFunc(paths, isAddress); {
	case address >= 0:
		p.notice.warn(t("drop.elsewhere", "name", filepath.Base(paths[address])))
	case len(paths) > 1 && !p.choice.Many:
		p.notice.warn(t("choose.one"))
	default:
		p.goTo(paths...)
	}
}

// askName asks how a new folder is to be called.
func (p *chooser) askName() {
	p.making.Show()
	p.newName.SetText("")
	p.window.focus(p.newName)
}

// makeFolder makes a folder in the one that is open, and opens it.
func (p *chooser) makeFolder() {
	w := p.window
	parent, name := p.folder.Path, p.newName.Text
	background(w, func(context.Context) (string, error) { return browse.MakeFolder(parent, name) }, func(path string, err error) {
		switch {
		case w.chooser != p:
		case err != nil:
			p.notice.fail(err)
		default:
			p.making.Hide()
			p.open(path)
			w.focus(p.list.Focusable())
		}
	})
}

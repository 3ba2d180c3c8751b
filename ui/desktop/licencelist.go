package desktop

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/assets/licences"
	"samtykke/ui/desktop/part"
)

// licenceList is the page with the parts of the program, and the pages with their licences.
type licenceList struct {
	shell *shell
	parts []linkedPart
	list  *part.RowList
}

// show fills the window with the list; at is the part that is selected.
func (l *licenceList) show(at int) {
	w := l.shell.window
	t := w.words.t
	l.list = part.NewRowList([]part.Column{{Title: t("column.part"), Stretch: 3}, {Title: t("column.version"), Stretch: 1}, {Title: t("column.licence"), Stretch: 2}},
		func() int { return len(l.parts) }, func(index int, cells []part.Cell) {
			p := l.parts[index]
			cells[0].Text, cells[1].Text, cells[2].Text = p.Name, shortVersion(p.version), p.Licence
			cells[1].Muted = true
		})
	open := part.NewPrimaryButton(t("licences.read"), func() { l.open(l.list.Selected()) }).WithKey("Enter")
	l.list.OnOpened = l.open
	back := part.NewButton(t("back"), l.shell.fill).WithKey("Esc")
	top := container.NewVBox(part.Heading(t("licences")), part.Note(w.words.n("licences.count", len(l.parts))))
	page := part.Margin(border(top, ends(back, open), nil, nil, l.list))
	w.fill(t("licences"), page, keys{escape: l.shell.fill, within: rowKeys()}, l.list.Focusable())
	l.list.Select(at)
}

// shortVersion leaves out what only a machine reads of the version of an unreleased module: v0.0.0-20260331235117-4566fea9a276.
func shortVersion(version string) string {
	pieces := strings.Split(version, "-")
	if last := pieces[len(pieces)-1]; len(pieces) > 2 && len(last) == 12 {
		day := pieces[len(pieces)-2]
		if dot := strings.LastIndex(day, "."); dot >= 0 {
			day = day[dot+1:]
		}
		if len(day) == 14 {
			return day[:4] + "-" + day[4:6] + "-" + day[6:8]
		}
	}
	return version
}

// open shows the licence of a part, from its first page.
func (l *licenceList) open(index int) {
	if index < 0 || index >= len(l.parts) {
		return
	}
	l.page(index, 0)
}

// page shows one page of a licence.
func (l *licenceList) page(index, number int) {
	w := l.shell.window
	t := w.words.t
	p := l.parts[index]
	pages := licencePages(p.Texts)
	back := func() { l.show(index) }
	content := part.Stack(container.NewVBox(part.Heading(p.Name), part.Note(join(" · ", p.version, p.Licence))))
	if len(pages) == 0 {
		content.Add(part.Body(t("licences.none")))
	} else {
		text := part.Body(pages[number].Text)
		text.Selectable = true
		content.Add(part.Card(pages[number].File, text))
	}
	turn := func(text string, to int) *part.Button {
		b := part.NewButton(text, func() { l.page(index, to) })
		enable(b, to >= 0 && to < len(pages))
		return b
	}
	var turns fyne.CanvasObject
	if len(pages) > 1 {
		turns = apart(part.FieldLabel(t("licences.page", "page", number+1, "pages", len(pages))),
			turn(t("papers.earlier"), number-1), turn(t("papers.later"), number+1))
	}
	var scroll fyne.CanvasObject = container.NewVScroll(part.Margin(part.Narrow(formWidth, content)))
	w.fill(p.Name, border(nil, edgeBar(part.NewButton(t("back"), back).WithKey("Esc"), turns), nil, nil, scroll), keys{escape: back}, nil)
}

// longestPage is how many bytes of a licence are set at once: a text that wraps is measured word by word, on the goroutine that draws.
const longestPage = 6000

// licencePages are the texts in pieces that are quickly shown, broken between paragraphs where there are any.
func licencePages(texts []licences.Text) (pages []licences.Text) {
	for _, text := range texts {
		rest := strings.TrimSpace(text.Text)
		for len(rest) > longestPage {
			at := strings.LastIndex(rest[:longestPage], "\n\n")
			if at <= 0 {
				at = strings.LastIndex(rest[:longestPage], "\n")
			}
			if at <= 0 {
				break
			}
			pages = append(pages, licences.Text{File: text.File, Text: strings.TrimRight(rest[:at], "\n")})
			rest = strings.TrimLeft(rest[at:], "\n")
		}
		pages = append(pages, licences.Text{File: text.File, Text: rest})
	}
	return pages
}

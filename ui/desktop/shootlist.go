package desktop

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// shootList is every shoot, the newest first, and beside it the form for a new one or for changing one.
type shootList struct {
	shell    *shell
	all      []capture.Shoot
	shoots   []capture.Shoot // that are asked for
	forms    []formName
	selected consent.ShootID
	find     *part.Entry
	finding  *fyne.Container // holds find
	list     *part.RowList
	work     *part.Button
	edit     *part.Button
	empty    *fyne.Container
	nobody   *fyne.Container
	notice   *notice
	fresh    *shootFields
	form     *fyne.Container
	asked    bool // the form goes before the list where there is no room for both
	root     fyne.CanvasObject
}

// manyShoots is from how many on there is a field to find one.
const manyShoots = 8

// newShootList calls chosen with the shoot to work on.
func newShootList(s *shell, chosen func(consent.ShootID)) *shootList {
	w := s.window
	t := w.words.t
	l := &shootList{shell: s, notice: newNotice(w), form: container.NewStack()}
	columns := []part.Column{{Title: t("column.title"), Stretch: 2}, {Title: t("column.place")}, {Title: t("column.date"), Width: 96},
		{Title: t("column.people"), Width: 64, Align: fyne.TextAlignTrailing}, {Title: t("column.images"), Width: 64, Align: fyne.TextAlignTrailing}}
	l.list = part.NewRowList(columns, func() int { return len(l.shoots) }, func(i int, cells []part.Cell) {
		shoot := l.shoots[i]
		cells[0] = part.Cell{Text: shoot.Title, Bold: true}
		cells[1] = part.Cell{Text: shoot.Place}
		cells[2] = part.Cell{Text: w.words.date(shoot.Date)}
		cells[3] = part.Cell{Text: strconv.Itoa(shoot.People)}
		cells[4] = part.Cell{Text: strconv.Itoa(shoot.Assets)}
	})
	l.work = part.NewButton(t("shoot.work"), func() {
		if l.selected != "" {
			chosen(l.selected)
		}
	})
	l.edit = part.NewButton(t("shoot.edit"), l.editSelected)
	l.list.OnSelected = func(i int) { l.choose(l.shoots[i].ID) }
	l.list.OnOpened = func(i int) { chosen(l.shoots[i].ID) }
	l.find = part.NewEntry(t("shoot.find"))
	l.find.OnChanged = func(string) { l.fill() }
	l.find.OnSubmitted = func(string) {
		if len(l.shoots) > 0 {
			chosen(l.shoots[0].ID)
		}
	}
	l.empty = part.EmptyState(nil, t("shoots.empty"), t("shoots.empty.detail"), nil)
	l.nobody = part.EmptyState(nil, t("shoots.none"), t("shoots.none.detail"), nil)

	l.fresh = newShootFields(w, l.notice, func(id consent.ShootID) {
		l.notice.hide()
		chosen(id)
	})
	l.showNew()
	another := part.NewButton(t("shoot.new"), func() {
		l.ask(true)
		l.showNew()
		w.focus(l.fresh.title)
	})
	l.finding = container.New(layout.NewCustomPaddedLayout(0, 8, 0, 0), l.find)
	left := border(l.finding, ends(another, apart(l.edit, l.work)), nil, nil,
		container.NewStack(l.list, l.empty, l.nobody))
	l.root = container.New(layout.NewCustomPaddedLayout(16, 16, 24, 24), container.New(&listOrForm{list: l}, left, l.form))
	l.choose("")
	return l
}

// showNew shows the form for a new shoot, from which nothing leads back while nobody has asked for it.
func (l *shootList) showNew() {
	var back func()
	if l.asked {
		back = l.leave
	}
	l.showFields(l.shell.window.words.t("shoot.new"), l.fresh, back)
}

// leave goes back to the list, with the form for a new shoot beside it.
func (l *shootList) leave() {
	l.ask(false)
	l.showNew()
}

// showFields shows the form for a shoot in the pane, with what leads back from it.
func (l *shootList) showFields(heading string, f *shootFields, back func()) {
	var beside fyne.CanvasObject
	if back != nil {
		beside = part.NewButton(l.shell.window.words.t("cancel"), back)
	}
	l.notice.hide()
	l.form.Objects = []fyne.CanvasObject{part.Pane(container.NewVScroll(besideBar(container.NewVBox(part.Subheading(heading), f.content, l.notice.root,
		ends(beside, f.button)))))}
	l.form.Refresh()
}

// editSelected changes the selected shoot where a new one is made else.
func (l *shootList) editSelected() {
	at := slices.IndexFunc(l.all, func(s capture.Shoot) bool { return s.ID == l.selected })
	if at < 0 {
		return
	}
	w := l.shell.window
	f := newShootCorrection(w, l.notice, l.all[at], l.forms, func() {
		w.toast(w.words.t("shoot.changed"))
		l.leave()
	})
	l.showFields(w.words.t("shoot.edit.heading"), f, l.leave)
	l.ask(true)
	w.focus(f.title)
}

// ask says whether the form goes before the list.
func (l *shootList) ask(asked bool) {
	l.asked = asked
	l.root.Refresh()
}

func (l *shootList) choose(id consent.ShootID) {
	l.selected = id
	enable(l.work, id != "")
	enable(l.edit, id != "")
}

// show takes over the shoots and the forms there are.
func (l *shootList) show(shoots []capture.Shoot, forms []formName) {
	l.all, l.forms = shoots, forms
	l.fresh.offer(forms, capture.DefaultForm)
	hide(l.finding, len(shoots) < manyShoots)
	l.fill()
}

// fill lists the shoots that are asked for, and keeps the selection.
func (l *shootList) fill() {
	words := strings.Fields(consent.Plain(l.find.Text))
	l.shoots = keep(l.all, func(s capture.Shoot) bool {
		text := consent.Plain(join(" ", s.Title, s.Place, s.Date, l.shell.window.words.date(s.Date), s.Photographer))
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	})
	at := slices.IndexFunc(l.shoots, func(s capture.Shoot) bool { return s.ID == l.selected })
	l.list.Unselect()
	if at < 0 {
		l.choose("")
	} else {
		l.list.Select(at)
	}
	hide(l.empty, len(l.all) > 0)
	hide(l.nobody, len(l.all) == 0 || len(l.shoots) > 0)
	hide(l.list, len(l.shoots) == 0)
	l.list.Refresh()
}

// listOrForm puts the list of shoots and the form beside each other. Where there is no room for both, the list has it until the form is asked
// for, or as long as there is no shoot.
type listOrForm struct {
	besides
	list *shootList
}

func (l *listOrForm) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, form := objects[0], objects[1]
	alone := list.MinSize().Width+paneGap+l.pane(size.Width) > size.Width
	asked := l.list.asked || len(l.list.all) == 0
	hide(form, alone && !asked)
	hide(list, alone && asked)
	if alone && !asked {
		placed(list, 0, 0, size.Width, size.Height)
		return
	}
	l.besides.Layout(objects, size)
}

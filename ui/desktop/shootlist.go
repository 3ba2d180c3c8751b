package desktop

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// shootList is every shoot, and the form for a new one.
type shootList struct {
	shell  *shell
	shoots []capture.Shoot
	list   *part.RowList
	empty  *fyne.Container
	notice *notice
	root   fyne.CanvasObject
}

// newShootList calls chosen with the shoot to work on.
func newShootList(s *shell, chosen func(consent.ShootID)) *shootList {
	w := s.window
	t := w.words.t
	l := &shootList{shell: s, notice: newNotice(w)}
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
	work := part.NewButton(t("shoot.work"), nil)
	work.Disable()
	l.list.OnSelected = func(int) { work.Enable() }
	l.list.OnOpened = func(i int) { chosen(l.shoots[i].ID) }
	work.OnTapped = func() {
		if i := l.list.Selected(); i >= 0 {
			chosen(l.shoots[i].ID)
		}
	}
	l.empty = part.EmptyState(nil, t("shoots.empty"), t("shoots.empty.detail"), nil)

	fields := newShootFields(w, l.notice, chosen)
	form := part.Pane(container.NewVScroll(besideBar(container.NewVBox(part.Subheading(t("shoot.new")), fields.content, l.notice.root,
		ends(nil, fields.button)))))
	left := border(nil, container.NewHBox(layout.NewSpacer(), work), nil, nil, container.NewStack(l.list, l.empty))
	l.root = container.New(layout.NewCustomPaddedLayout(16, 16, 24, 24), container.New(besides{}, left, form))
	return l
}

func (l *shootList) show(shoots []capture.Shoot) {
	l.shoots = shoots
	l.empty.Hidden = len(shoots) > 0
	l.list.Hidden = len(shoots) == 0
	l.list.Refresh()
}

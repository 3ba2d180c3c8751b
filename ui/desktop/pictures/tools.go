package pictures

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// tools are what stands above the grid: for which channel, which pictures, how large, and the ways in and out.
type tools struct {
	screen  *Screen
	content *fyne.Container
	channel *widget.Select
	filter  *widget.Select
	size    *widget.Slider
	slates  *widget.Check
	leave   *widget.Check // files stay where they are
	add     *part.Button
	export  *part.Button
	clocks  *part.Button
	count   *widget.Label
	filling bool // options are being put in; nobody has chosen
}

func newTools(s *Screen) *tools {
	t := &tools{screen: s, count: part.Note("")}
	t.channel = widget.NewSelect(nil, func(string) {
		if !t.filling {
			s.setChannel(t.channel.SelectedIndex())
		}
	})
	t.channel.PlaceHolder = s.t("pictures.channel", nil)
	t.filter = widget.NewSelect(nil, func(string) {
		if !t.filling {
			s.setFilter(filter(t.filter.SelectedIndex()))
		}
	})
	t.size = widget.NewSlider(float64(leastEdge), float64(mostEdge))
	t.size.Step, t.size.Value = 20, float64(usualEdge)
	t.size.OnChangeEnded = func(edge float64) { s.grid.SetEdge(float32(edge)) }
	t.slates = widget.NewCheck(s.t("pictures.slates", nil), nil)
	t.slates.Checked = true
	t.leave = widget.NewCheck(s.t("pictures.leave", nil), nil)
	t.add = part.NewPrimaryButton(s.t("pictures.import", nil), t.chooseImport)
	t.export = part.NewButton(s.t("pictures.export", nil), func() { newExporter(s).open() })
	t.clocks = part.NewQuietButton(s.t("pictures.clocks.open", nil), s.openClocks)
	row := container.New(layout.NewRowWrapLayoutWithCustomPadding(16, 8),
		labelled(s.t("pictures.channel", nil), sized(210, part.Framed(t.channel))), labelled(s.t("pictures.show", nil), sized(210, part.Framed(t.filter))),
		labelled(s.t("pictures.size", nil), sized(110, t.size)), t.slates, t.add, t.export)
	t.count.Wrapping = fyne.TextWrapOff
	t.content = container.NewVBox(row, container.NewHBox(t.count, layout.NewSpacer(), t.leave, t.clocks))
	t.show()
	return t
}

// sized gives a control a width.
func sized(width float32, control fyne.CanvasObject) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSize(width, 36), control)
}

// labelled puts a word before a control.
func labelled(word string, control fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHBox(container.NewCenter(part.FieldLabel(word)), control)
}

func (t *tools) setChannels(channels []channel) {
	titles := make([]string, len(channels))
	for i, c := range channels {
		titles[i] = c.title
	}
	t.filling = true
	defer func() { t.filling = false }()
	t.channel.SetOptions(titles)
	for i, c := range channels {
		if c.key == t.screen.channel {
			t.channel.SetSelectedIndex(i)
		}
	}
}

// show says how many there are; the filter carries its numbers.
func (t *tools) show() {
	s := t.screen
	c := s.all.counts
	names := []string{s.t("pictures.filter.all", nil), s.t("pictures.verdict.yes", nil), s.t("pictures.verdict.not-yet", nil), s.t("pictures.verdict.no", nil),
		s.t("pictures.filter.asking", nil)}
	numbers := []int{len(s.all.rows), c[consent.Yes], c[consent.NotYet], c[consent.No], s.all.asking}
	options := make([]string, filterCount)
	for i := range options {
		options[i] = fmt.Sprintf("%s (%d)", names[i], numbers[i])
	}
	t.filling = true
	t.filter.SetOptions(options)
	t.filter.SetSelectedIndex(int(s.filter))
	t.filling = false
	text := s.request.Texts.N("pictures.count", len(s.shown), nil)
	if n := len(s.grid.Selected()); n > 0 {
		text += " · " + s.request.Texts.N("pictures.selected", n, nil)
	}
	if !s.ready {
		text = s.t("pictures.loading", nil)
	}
	t.count.SetText(text)
}

// choose shows the pictures that a filter lets through, as if it had been chosen.
func (t *tools) choose(f filter) { t.filter.SetSelectedIndex(int(f)) }

// chooseImport asks whether a folder or a file comes in; Fyne's dialogs open the one or the other.
func (t *tools) chooseImport() {
	s := t.screen
	menu := fyne.NewMenu("",
		fyne.NewMenuItem(s.t("pictures.import.folder", nil), s.importer.chooseFolder),
		fyne.NewMenuItem(s.t("pictures.import.file", nil), s.importer.chooseFile))
	widget.ShowPopUpMenuAtRelativePosition(menu, s.request.Window.Canvas(), fyne.NewPos(0, t.add.Size().Height), t.add)
}

package pictures

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// tools are what stands above the grid: for which channel, which pictures, how large, the ways in and out, and what the marks mean.
type tools struct {
	screen  *Screen
	content *fyne.Container
	channel *part.Select
	filter  *part.Select
	offered []filter // the options of filter
	size    *widget.Slider
	legend  map[consent.Verdict]*part.StatusMark
	count   *widget.Label
	filling bool // options are being put in; nobody has chosen
}

func newTools(s *Screen) *tools {
	t := &tools{screen: s, count: part.Note(""), legend: map[consent.Verdict]*part.StatusMark{}}
	t.channel = part.NewSelect(nil, func(string) {
		if !t.filling {
			s.setChannel(t.channel.SelectedIndex())
		}
	})
	t.channel.PlaceHolder = s.t("pictures.channel", nil)
	t.filter = part.NewSelect(nil, func(string) {
		if at := t.filter.SelectedIndex(); !t.filling && at >= 0 {
			s.setFilter(t.offered[at])
		}
	})
	t.size = widget.NewSlider(float64(leastEdge), float64(mostEdge))
	t.size.Step, t.size.Value = 20, float64(usualEdge)
	t.size.OnChangeEnded = func(edge float64) { s.grid.SetEdge(float32(edge)) }
	fit := &toolLayout{}
	size := fit.labelled(s.t("pictures.size", nil), fit.sized(110, 110, t.size))
	fit.spared = append(fit.spared, size) // on a small screen the pictures are as small as they get
	row := container.New(fit, part.Flow(toolGap,
		fit.labelled(s.t("pictures.channel", nil), fit.sized(212, 150, part.Framed(t.channel))),
		fit.labelled(s.t("pictures.show", nil), fit.sized(220, 170, part.Framed(t.filter))),
		part.NewPrimaryButton(s.t("pictures.import", nil), s.importer.open), part.NewButton(s.t("pictures.export", nil), func() { newExporter(s).open() }),
		size))
	t.count.Wrapping = fyne.TextWrapOff
	below := part.Flow(12, t.count)
	for _, v := range verdicts {
		t.legend[v] = part.NewStatusMark(markOf(v), "")
		below.Add(t.legend[v])
	}
	t.content = container.NewVBox(row, below)
	t.show()
	return t
}

// verdicts in the order in which they are told.
var verdicts = []consent.Verdict{consent.Yes, consent.NotYet, consent.No}

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

// show says how many there are, and what the marks on them mean; the filter carries its numbers.
func (t *tools) show() {
	s := t.screen
	t.offered = s.all.filters(s.filter)
	options := make([]string, len(t.offered))
	for i, f := range t.offered {
		options[i] = s.filterWord(f)
	}
	at := slices.Index(t.offered, s.filter)
	if !slices.Equal(options, t.filter.Options) || t.filter.SelectedIndex() != at {
		t.filling = true
		t.filter.SetOptions(options)
		t.filter.SetSelectedIndex(at)
		t.filling = false
	}
	text := s.request.Texts.N("pictures.count", len(s.shown), nil)
	if n := s.grid.SelectedCount(); n > 0 {
		text += " · " + s.request.Texts.N("pictures.selected", n, nil)
	}
	if !s.ready {
		text = s.t("pictures.loading", nil)
	}
	t.count.SetText(text)
	for v, mark := range t.legend {
		mark.Set(markOf(v), s.t("pictures.verdict."+string(v), nil))
		mark.Hidden = len(s.all.rows) == 0
	}
}

// choose shows the pictures that a filter lets through, as if it had been chosen.
func (t *tools) choose(f filter) {
	t.screen.setFilter(f)
	t.screen.focus()
}

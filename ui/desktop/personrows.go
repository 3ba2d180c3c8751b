package desktop

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// channelName is a channel as a list shows it.
type channelName struct {
	key          consent.Channel
	title, short string
}

func channelNames(s *capture.Session, w *words) []channelName { return namesOf(s, w, s.Channels()) }

func namesOf(s *capture.Session, w *words, channels []consent.Channel) []channelName {
	var names []channelName
	for _, key := range channels {
		title := s.ChannelTitle(key, w.Language)
		names = append(names, channelName{key, title, w.short(key, title)})
	}
	return names
}

// personRow is a person as a list shows them, every string ready.
type personRow struct {
	id            consent.SubjectID
	code, name    string
	progress      capture.Progress
	word          string
	marks         []consent.Verdict // per channel, in the order of the names
	images, phone string
}

func newPersonRow(r capture.BoardRow, channels []channelName, w *words) personRow {
	row := personRow{id: r.ID, code: string(r.Code), name: personName(r.Person, w), progress: r.Progress,
		word: w.t("progress." + string(r.Progress)), images: strconv.Itoa(r.Images), phone: w.phone(r.Profile.Phone)}
	if r.Erased {
		row.word = w.t("progress.erased")
	}
	for _, c := range channels {
		row.marks = append(row.marks, r.Marks[c.key])
	}
	return row
}

// personName is what a list calls a person: the name, and a child's age.
func personName(p capture.Person, w *words) string {
	switch {
	case p.Erased:
		return w.t("person.erased")
	case !p.Known:
		return w.t("person.unknown")
	}
	if age, ok := ageOf(p.Profile.Born, time.Now()); ok && age < 18 {
		return w.t("person.child", "name", p.Profile.Name, "age", age)
	}
	return p.Profile.Name
}

// ageOf is how many years somebody is old; false when it is not known. Of whom only the year is known, it is the age
// reached in this year.
func ageOf(born string, now time.Time) (int, bool) {
	if year, err := time.Parse("2006", born); err == nil {
		return now.Year() - year.Year(), true
	}
	day, err := time.Parse(time.DateOnly, born)
	if err != nil {
		return 0, false
	}
	age := now.Year() - day.Year()
	if now.Month() < day.Month() || now.Month() == day.Month() && now.Day() < day.Day() {
		age--
	}
	return age, true
}

// progressMarks and verdictMarks are the shapes of what the use cases answer.
func progressMark(p capture.Progress) part.Mark {
	switch p {
	case capture.ProgressSigned:
		return part.MarkGiven
	case capture.ProgressPartly:
		return part.MarkAwaiting
	case capture.ProgressSaidNo:
		return part.MarkRefused
	case capture.ProgressWithdrawn:
		return part.MarkWithdrawn
	case capture.ProgressAvoid:
		return part.MarkAvoid
	}
	return part.MarkUnanswered
}

func verdictMark(v consent.Verdict) part.Mark {
	switch v {
	case consent.Yes:
		return part.MarkYes
	case consent.No:
		return part.MarkNo
	}
	return part.MarkNotYet
}

func statusMark(s consent.Status) part.Mark {
	switch s {
	case consent.StatusGiven:
		return part.MarkGiven
	case consent.StatusRefused:
		return part.MarkRefused
	case consent.StatusWithdrawn:
		return part.MarkWithdrawn
	case consent.StatusExpired:
		return part.MarkExpired
	case consent.StatusAwaitingGuardian:
		return part.MarkAwaiting
	case consent.StatusUnderReview:
		return part.MarkUnderReview
	}
	return part.MarkUnanswered
}

// personList is the list of people of the board and of People: with every channel where there is room, else with one.
type personList struct {
	words      *words
	channels   []channelName
	focus      int // the channel that the narrow list shows, an index of channels
	rows       []personRow
	later      *readRows // in place of rows where they are read when they are seen
	full, slim *part.RowList
	selected   consent.SubjectID
	silent     bool // a selection that the program makes itself
	phones     bool
	root       *fyne.Container

	// onSelected is told when the reader selects another person.
	onSelected func(consent.SubjectID)
}

func newPersonList(w *words, channels []channelName, phones bool) *personList {
	l := &personList{words: w, channels: channels, phones: phones}
	l.full = l.list(channels)
	l.slim = l.list(nil)
	l.root = container.New(whicheverFits{}, l.full, l.slim)
	return l
}

// list makes a list with these channels, or with the one in focus where there are none.
func (l *personList) list(channels []channelName) *part.RowList {
	t := l.words.t
	columns := []part.Column{{Title: t("column.code"), Width: 92}, {Title: t("column.name"), Stretch: 2}}
	if l.phones && channels != nil {
		columns = append(columns, part.Column{Title: t("column.phone"), Width: 104})
	}
	columns = append(columns, part.Column{Title: t("column.status"), Width: 150})
	for _, c := range channels {
		columns = append(columns, part.Column{Title: c.short, Width: 36, Align: fyne.TextAlignCenter})
	}
	if channels == nil {
		columns = append(columns, part.Column{Title: l.focused(), Width: 40, Align: fyne.TextAlignCenter})
	}
	columns = append(columns, part.Column{Title: t("column.images"), Width: 40, Align: fyne.TextAlignTrailing})
	list := part.NewRowList(columns, l.length, func(i int, cells []part.Cell) { l.fill(l.row(i), channels, cells) })
	list.OnSelected = func(i int) {
		if l.silent {
			return
		}
		l.selected = l.id(i)
		l.reselect() // the other list too
		if l.onSelected != nil {
			l.onSelected(l.selected)
		}
	}
	return list
}

// slimChannel is where the one channel of the narrow list stands, after code, name and status.
const slimChannel = 3

// focused is what the narrow list calls its channel.
func (l *personList) focused() string {
	if l.focus < len(l.channels) {
		return l.channels[l.focus].short
	}
	return l.words.t("column.channel")
}

// show puts a channel into the narrow list.
func (l *personList) show(channel int) {
	l.focus = channel
	l.slim.SetTitle(slimChannel, l.focused())
}

func (l *personList) fill(r personRow, channels []channelName, cells []part.Cell) {
	cells[0] = part.Cell{Text: r.code, Monospace: true}
	cells[1] = part.Cell{Text: r.name, Bold: true}
	at := 2
	if l.phones && channels != nil {
		cells[at] = part.Cell{Text: r.phone}
		at++
	}
	cells[at] = part.Cell{Text: r.word, Mark: progressMark(r.progress)}
	if r.progress == capture.ProgressAvoid {
		cells[at].Span = -1
		return
	}
	at++
	mark := func(channel int) {
		if channel < len(r.marks) {
			cells[at] = part.Cell{Mark: verdictMark(r.marks[channel]),
				Word: l.channels[channel].title + ": " + l.words.t("verdict."+string(r.marks[channel]))}
		}
		at++
	}
	if channels == nil {
		mark(l.focus)
	}
	for i := range channels {
		mark(i)
	}
	cells[at] = part.Cell{Text: r.images, Muted: r.images == "0"}
}

func (l *personList) renew() {
	l.reselect()
	l.full.Refresh()
	l.slim.Refresh()
}

// focusable is what takes the keys in the list that shows.
func (l *personList) focusable() fyne.Focusable {
	if l.full.Visible() {
		return l.full.Focusable()
	}
	return l.slim.Focusable()
}

// choose selects a person without telling, or nobody.
func (l *personList) choose(id consent.SubjectID) {
	l.selected = id
	l.reselect()
}

func (l *personList) reselect() {
	l.silent = true
	defer func() { l.silent = false }()
	at := -1
	for i := 0; i < l.length() && l.selected != ""; i++ {
		if l.id(i) == l.selected {
			at = i
		}
	}
	for _, list := range []*part.RowList{l.full, l.slim} {
		if at < 0 {
			list.Unselect()
		} else if list.Selected() != at {
			list.Select(at)
		}
	}
}

// whicheverFits shows the first of its objects that has room enough, else the last.
type whicheverFits struct{}

func (whicheverFits) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[len(objects)-1].MinSize()
}

func (whicheverFits) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	found := false
	for i, o := range objects {
		fits := !found && (i == len(objects)-1 || o.MinSize().Width <= size.Width)
		if fits {
			found = true
			o.Show()
			o.Resize(size)
			o.Move(fyne.NewPos(0, 0))
		} else {
			o.Hide()
		}
	}
}

// besides puts a list and a pane beside each other. The list has all the room while the pane is hidden; where there is no room
// for both, the pane has it.
type besides struct {
	wide bool // the pane is what is worked in, and has more than half
}

const (
	paneGap   = 16
	leastPane = 330
)

func (b besides) pane(width float32) float32 {
	if b.wide {
		return min(max(width*0.55, leastPane), 760)
	}
	return min(max(width*0.316, leastPane), 460)
}

func (b besides) MinSize(objects []fyne.CanvasObject) fyne.Size {
	list, pane := objects[0].MinSize(), objects[1].MinSize()
	if !objects[0].Visible() { // it comes back when the pane goes
		list.Height = 0
	}
	return fyne.NewSize(max(list.Width, pane.Width, leastPane), max(list.Height, pane.Height))
}

func (b besides) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, pane := objects[0], objects[1]
	left, width := size.Width, max(b.pane(size.Width), pane.MinSize().Width)
	alone := pane.Visible() && list.MinSize().Width+paneGap+width > size.Width
	if list.Visible() == alone {
		if alone {
			list.Hide()
		} else {
			list.Show()
		}
	}
	switch {
	case alone:
		pane.Resize(size)
		pane.Move(fyne.NewPos(0, 0))
	case pane.Visible():
		left -= width + paneGap
		pane.Resize(fyne.NewSize(width, size.Height))
		pane.Move(fyne.NewPos(left+paneGap, 0))
	}
	list.Resize(fyne.NewSize(left, size.Height))
	list.Move(fyne.NewPos(0, 0))
}

package pictures

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// Request is which pictures are shown, and how the screen talks to the window around it.
type Request struct {
	Session *capture.Session
	Shoot   consent.ShootID
	Texts   *assets.Texts
	Window  fyne.Window
	Do      func(func()) // runs a function on the UI goroutine
	Choose  func(part.Choice)
	Toast   func(string)            // says quietly that something went well
	Copy    func(string)            // puts a text into the clipboard
	Failed  func(error)             // says what went wrong
	Papers  func()                  // shows the signed papers of the shoot, for which an import may have found photographs
	Open    func(path string) error // shows a folder in the system's file manager; it is called off the UI goroutine
	Cards   Cards
}

// Screen is the Images screen of one shoot. Its methods are called on the UI goroutine.
type Screen struct {
	request Request
	ctx     context.Context
	cancel  context.CancelFunc
	stopped bool
	working int // how many pieces of background work have not handed over yet
	busy    int // those of them that change something

	channels []channel
	channel  consent.Channel
	filter   filter
	all      reading
	shown    []int // the rows that pass the filter, or are held
	held     map[consent.AssetID]holding
	reading  bool // a reading is under way
	again    bool // and it is out of date already
	ready    bool // one has come

	personName string // of the person whose pictures the filter lets pass

	content  *fyne.Container
	root     *fyne.Container
	below    *fyne.Container // what there is to know of cards and imports
	tools    *tools
	grid     *part.ThumbnailGrid
	loader   *part.Loader
	side     *side
	importer *importer
	cards    *cardWatch
	broken   *brokenOff
	large    *largeView
	middle   *fyne.Container   // the grid, or what to do first
	panel    fyne.CanvasObject // in the place of the pictures while something else is done; nil for the pictures
	engaged  bool              // something is under way in the panel
}

// channel is a channel to choose.
type channel struct {
	key   consent.Channel
	title string
}

// edges are how wide thumbnails may be.
const (
	leastEdge, usualEdge, mostEdge float32 = part.LeastThumb, 200, 360
)

// New prepares the screen and begins to read the pictures.
func New(r Request) *Screen {
	s := &Screen{request: r, held: map[consent.AssetID]holding{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.loader = part.NewLoader(Previews(r.Session), 0, previewMemory, r.Do)
	s.grid = part.NewThumbnailGrid(s.loader, usualEdge, func() int { return len(s.shown) }, func(i int) part.Thumb { return s.at(i).thumb })
	s.grid.OnChanged = s.selected
	s.grid.OnTyped = s.typed
	s.grid.OnOpened = s.openLarge
	s.grid.OnUndo, s.grid.OnRedo = s.Undo, s.Redo
	s.importer, s.cards, s.broken = newImporter(s), newCardWatch(s), &brokenOff{screen: s, content: hidden(container.NewVBox())}
	s.side = newSide(s)
	s.tools = newTools(s)
	s.large = newLargeView(s)
	s.middle = container.NewStack(s.grid)
	s.below = part.Stack(s.broken.content, s.cards.content, s.importer.content)
	s.root = container.New(&besideSide{}, s.tools.content, s.middle, s.below, s.side.content)
	s.content = part.Margin(s.root)
	s.Refresh()
	s.checkReferences()
	s.broken.read()
	s.cards.begin()
	return s
}

// checkReferences looks whether the files that were left outside the vault are still what was imported, so that no old preview stands
// for something else.
func (s *Screen) checkReferences() {
	s.inBackground(func() func() {
		_, err := s.request.Session.CheckReferences(s.ctx, false, nil)
		return func() {
			if err != nil {
				s.failed(err)
			}
			s.Refresh()
		}
	})
}

// Content is what the window shows.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Refresh reads the pictures anew; call it when the vault has changed. Calls while a reading is under way make one more.
func (s *Screen) Refresh() {
	if s.stopped {
		return
	}
	if s.reading {
		s.again = true
		return
	}
	s.reading, s.again = true, false
	r, wanted, known := s.request, s.channel, s.channels
	s.inBackground(func() func() {
		channels := known
		if channels == nil {
			for _, key := range r.Session.Channels() {
				channels = append(channels, channel{key, r.Session.ChannelTitle(key, r.Texts.Language)})
			}
			if wanted == "" && len(channels) > 0 {
				wanted = channels[0].key
			}
		}
		all, err := read(s.ctx, r.Session, r.Shoot, wanted, r.Texts)
		return func() { s.take(channels, all, err) }
	})
}

// take shows what was read.
func (s *Screen) take(channels []channel, all reading, err error) {
	s.reading = false
	if err != nil {
		s.failed(err)
		return
	}
	if s.channels == nil {
		s.channels, s.channel = channels, all.channel
		s.tools.setChannels(channels)
	}
	if all.channel == s.channel {
		s.ready = true
		s.apply(all, false)
	}
	if s.again || all.channel != s.channel {
		s.Refresh()
	}
}

// apply shows the rows that pass the filter and keeps the selection, and where the keys act, by picture. With goOn the next picture is
// selected when what was selected passes no longer, because somebody has just done what it waited for.
func (s *Screen) apply(read reading, goOn bool) {
	chosen, cursor := s.grid.Selected(), s.grid.Cursor()
	was := make([]consent.AssetID, 0, len(chosen))
	for _, i := range chosen {
		if i < len(s.shown) {
			was = append(was, s.at(i).id)
		}
	}
	acted := consent.AssetID("")
	if cursor < len(s.shown) {
		acted = s.at(cursor).id
	}
	s.sift(read)
	var indices []int
	for _, id := range was {
		if i, shows := s.placeOf(id); shows {
			indices = append(indices, i)
		}
	}
	at := -1
	if i, shows := s.placeOf(acted); shows {
		at = i
	}
	if goOn && len(indices) == 0 && len(was) > 0 && len(s.shown) > 0 {
		at = min(chosen[0], len(s.shown)-1)
		indices = []int{at}
	}
	s.showMiddle()
	if at >= 0 {
		s.grid.SetCursor(at)
	}
	s.grid.Select(indices...)
	s.grid.Refresh()
}

// sift takes over what was read, and finds the rows that pass the filter.
func (s *Screen) sift(read reading) {
	s.all, s.shown = read, make([]int, 0, len(read.rows))
	for i := range s.all.rows {
		if s.passes(&s.all.rows[i]) {
			s.shown = append(s.shown, i)
		}
	}
}

// placeOf is where a picture stands in the grid.
func (s *Screen) placeOf(id consent.AssetID) (index int, shows bool) {
	row, read := s.all.at[id]
	if !read {
		return 0, false
	}
	return slices.BinarySearch(s.shown, row) // rows are shown in their order
}

// replace shows some pictures as they are now. When the same ones pass the filter as before, nothing else is looked at.
func (s *Screen) replace(few []row) {
	moves := false
	for i := range few {
		at, read := s.all.at[few[i].id]
		if !read {
			continue
		}
		before := s.passes(&s.all.rows[at])
		s.hold(&few[i], before)
		moves = moves || before != s.passes(&few[i])
	}
	s.all.replace(few)
	if moves {
		s.apply(s.all, true)
		return
	}
	s.grid.Refresh()
	s.selected()
}

// at is the row at an index of the grid.
func (s *Screen) at(index int) *row { return &s.all.rows[s.shown[index]] }

// showMiddle puts into the middle what there is to see: the pictures, one of them, what is being worked in, or what to do first.
func (s *Screen) showMiddle() {
	var shows fyne.CanvasObject = s.grid
	switch {
	case s.panel != nil:
		shows = s.panel
	case s.ready && len(s.all.rows) == 0 && !s.importer.running:
		shows = part.EmptyState(theme.FileImageIcon(), s.t("pictures.empty", nil), s.t("pictures.empty.detail", nil),
			part.NewPrimaryButton(s.t("pictures.import.folder", nil), s.importer.chooseFolder))
	case s.ready && len(s.shown) == 0:
		shows = part.EmptyState(nil, s.t("pictures.none", nil), s.t("pictures.none.detail", nil), part.NewButton(s.t("pictures.none.all", nil),
			func() { s.tools.choose(filter{}) }))
	case s.large.open:
		shows = s.large.content
	}
	if len(s.middle.Objects) != 1 || s.middle.Objects[0] != shows {
		s.middle.Objects = []fyne.CanvasObject{shows}
		part.Settle(s.middle)
	}
	working := s.panel != nil
	none := len(s.all.rows) == 0 || working
	if s.side.content.Hidden != none || s.tools.content.Hidden != working {
		s.side.content.Hidden, s.tools.content.Hidden, s.below.Hidden = none, working, working
		part.Settle(s.root)
	}
}

// selection are the selected rows.
func (s *Screen) selection() []row {
	var rows []row
	for _, i := range s.grid.Selected() {
		if i < len(s.shown) {
			rows = append(rows, *s.at(i))
		}
	}
	return rows
}

func (s *Screen) selected() {
	if s.release() {
		return // it was told of what is selected since
	}
	s.tools.show()
	s.large.show()
	s.side.show(s.selection())
}

// Letter is a letter that was typed where nothing takes text: it is meant for the pictures.
func (s *Screen) Letter(r rune) {
	if s.panel == nil && len(s.shown) > 0 {
		s.typed(r)
	}
}

// Focusable is what takes the keys when the screen comes into view; nil while there are no pictures.
func (s *Screen) Focusable() fyne.Focusable {
	switch {
	case s.panel != nil || len(s.shown) == 0:
		return nil
	case s.large.open:
		return s.large.look
	}
	return s.grid.Focusable()
}

// focus gives the keys to the pictures.
func (s *Screen) focus() {
	if f := s.Focusable(); f != nil {
		s.request.Window.Canvas().Focus(f)
	}
}

// typed is what is typed on the grid: a digit counts the people of the selected pictures, a letter begins a name.
func (s *Screen) typed(r rune) {
	switch {
	case len(s.selection()) == 0:
	case r >= '0' && r <= '9':
		s.setPeople(int(r - '0'))
	default:
		s.side.link.begin(r)
	}
}

// setPeople answers how many people the selected pictures show.
func (s *Screen) setPeople(count int) {
	ids := ids(s.selection())
	if len(ids) == 0 {
		return
	}
	said := s.request.Texts.N("pictures.counted", len(ids), map[string]any{"People": count})
	if len(ids) == 1 { // which one it was: the next may be selected by now
		said = s.request.Texts.N("pictures.counted.one", count, map[string]any{"Name": s.selection()[0].thumb.Name, "Key": undoKey()})
	}
	s.do(ids, func(ctx context.Context) error { return s.request.Session.SetPeople(ctx, count, ids...) }, func() { s.request.Toast(said) })
}

// do changes some pictures in the background, says what came of it and reads anew: those first, so that it shows at once.
func (s *Screen) do(touched []consent.AssetID, change func(context.Context) error, done func()) {
	s.doSome(func(ctx context.Context) ([]consent.AssetID, error) { return touched, change(ctx) }, done)
}

// doSome is do for what finds out itself which pictures it changes.
func (s *Screen) doSome(change func(context.Context) ([]consent.AssetID, error), done func()) {
	r, channel := s.request, s.channel
	s.background(func() func() {
		touched, err := change(s.ctx)
		var few []row
		if err == nil && len(touched) <= fewTouched {
			few = readFew(r.Session, channel, r.Texts, touched)
		}
		return func() {
			if err != nil {
				s.failed(err)
			} else {
				done()
			}
			if channel == s.channel && len(few) > 0 {
				s.replace(few)
			}
			s.Refresh()
		}
	})
}

// background is inBackground for work that changes something, or writes files.
func (s *Screen) background(work func() (then func())) {
	s.busy++
	s.inBackground(func() func() {
		then := work()
		return func() {
			s.busy--
			then()
		}
	})
}

// inBackground works off the UI goroutine and then runs what came of it on it, unless the screen has been stopped.
func (s *Screen) inBackground(work func() (then func())) {
	s.working++
	go func() {
		then := work()
		s.request.Do(func() {
			s.working--
			if !s.stopped {
				then()
			}
		})
	}()
}

// failed tells what went wrong; that somebody stopped it is not wrong.
func (s *Screen) failed(err error) {
	if !errors.Is(err, context.Canceled) {
		s.request.Failed(err)
	}
}

func (s *Screen) setChannel(index int) {
	if index < 0 || index >= len(s.channels) || s.channels[index].key == s.channel {
		return
	}
	s.channel = s.channels[index].key
	s.Refresh()
}

func (s *Screen) setFilter(f filter) {
	if f != s.filter {
		s.filter = f
		clear(s.held)
		s.apply(s.all, false)
	}
}

// Dropped imports files and folders that were dropped on the window.
func (s *Screen) Dropped(paths []string) { s.importer.start(paths) }

// Working tells whether background work has not handed over yet.
func (s *Screen) Working() bool { return s.working > 0 }

// Busy tells whether it works on something that must not be broken off unasked, such as an import or an export.
func (s *Screen) Busy() bool { return s.busy > 0 }

// Stop ends what runs in the background. What was imported stays.
func (s *Screen) Stop() {
	s.stopped = true
	s.cards.end()
	s.cancel()
	s.loader.Close()
}

func (s *Screen) t(id string, data map[string]any) string { return s.request.Texts.T(id, data) }

// hidden hides an object until there is something in it.
func hidden(c *fyne.Container) *fyne.Container {
	c.Hide()
	return c
}

func ids(rows []row) []consent.AssetID {
	list := make([]consent.AssetID, 0, len(rows))
	for _, r := range rows {
		list = append(list, r.id)
	}
	return slices.Clip(list)
}

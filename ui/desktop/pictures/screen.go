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
	Toast   func(string) // says quietly that something went well
	Failed  func(error)  // says what went wrong
	Papers  func()       // shows the signed papers of the shoot, for which an import may have found photographs
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
	shown    []row // what of it passes the filter
	reading  bool  // a reading is under way
	again    bool  // and it is out of date already
	ready    bool  // one has come

	content  *fyne.Container
	root     *fyne.Container
	tools    *tools
	grid     *part.ThumbnailGrid
	loader   *part.Loader
	side     *side
	importer *importer
	middle   *fyne.Container   // the grid, or what to do first
	panel    fyne.CanvasObject // in the place of the pictures while something else is done; nil for the pictures
}

// channel is a channel to choose.
type channel struct {
	key   consent.Channel
	title string
}

// edges are how wide thumbnails may be.
const (
	leastEdge, usualEdge, mostEdge float32 = 120, 200, 360
)

// New prepares the screen and begins to read the pictures.
func New(r Request) *Screen {
	s := &Screen{request: r}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.loader = part.NewLoader(previews(r.Session), 0, previewMemory, r.Do)
	s.grid = part.NewThumbnailGrid(s.loader, usualEdge, func() int { return len(s.shown) }, func(i int) part.Thumb { return s.shown[i].thumb })
	s.grid.OnChanged = s.selected
	s.grid.OnTyped = s.typed
	s.grid.OnUndo, s.grid.OnRedo = s.Undo, s.Redo
	s.importer = newImporter(s)
	s.side = newSide(s)
	s.tools = newTools(s)
	s.middle = container.NewStack(s.grid)
	s.root = container.NewBorder(s.tools.content, s.importer.content, nil, s.side.content, s.middle)
	s.content = part.Margin(s.root)
	s.Refresh()
	s.checkReferences()
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
		s.all, s.ready = all, true
		s.apply()
	}
	if s.again || all.channel != s.channel {
		s.Refresh()
	}
}

// apply shows the rows that pass the filter and keeps the selection by picture.
func (s *Screen) apply() {
	chosen := map[consent.AssetID]bool{}
	for _, r := range s.selection() {
		chosen[r.id] = true
	}
	s.shown = s.shown[:0:0]
	var indices []int
	for _, r := range s.all.rows {
		if s.filter.lets(r) {
			if chosen[r.id] {
				indices = append(indices, len(s.shown))
			}
			s.shown = append(s.shown, r)
		}
	}
	s.middle.Objects = []fyne.CanvasObject{s.grid}
	switch {
	case s.ready && len(s.all.rows) == 0:
		s.middle.Objects = []fyne.CanvasObject{part.EmptyState(theme.FileImageIcon(), s.t("pictures.empty", nil), s.t("pictures.empty.detail", nil),
			part.NewPrimaryButton(s.t("pictures.import.folder", nil), s.importer.chooseFolder))}
	case s.ready && len(s.shown) == 0:
		s.middle.Objects = []fyne.CanvasObject{part.EmptyState(nil, s.t("pictures.none", nil), s.t("pictures.none.detail", nil), nil)}
	}
	if s.panel != nil {
		s.middle.Objects = []fyne.CanvasObject{s.panel}
	}
	s.middle.Refresh()
	if none := len(s.all.rows) == 0 || s.panel != nil; s.side.content.Hidden != none {
		s.side.content.Hidden = none
		s.root.Refresh()
	}
	s.tools.show()
	s.grid.Select(indices...)
	s.grid.Refresh()
}

// selection are the selected rows.
func (s *Screen) selection() []row {
	var rows []row
	for _, i := range s.grid.Selected() {
		if i < len(s.shown) {
			rows = append(rows, s.shown[i])
		}
	}
	return rows
}

func (s *Screen) selected() {
	s.tools.show()
	s.side.show(s.selection())
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
	s.do(ids, func(ctx context.Context) error { return s.request.Session.SetPeople(ctx, count, ids...) }, func() {
		s.request.Toast(s.request.Texts.N("pictures.counted", len(ids), map[string]any{"People": count}))
	})
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
		var few map[consent.AssetID]row
		if err == nil && len(touched) <= fewTouched {
			few = readFew(r.Session, r.Shoot, channel, r.Texts, touched)
		}
		return func() {
			if err != nil {
				s.failed(err)
			} else {
				done()
			}
			if channel == s.channel && len(few) > 0 {
				s.all.replace(few)
				s.apply()
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
		s.apply()
	}
}

// Dropped imports files and folders that were dropped on the window.
func (s *Screen) Dropped(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	if len(paths) > 0 {
		s.importer.start(paths)
	}
}

// Working tells whether background work has not handed over yet.
func (s *Screen) Working() bool { return s.working > 0 }

// Busy tells whether it works on something that must not be broken off unasked, such as an import or an export.
func (s *Screen) Busy() bool { return s.busy > 0 }

// Stop ends what runs in the background. What was imported stays.
func (s *Screen) Stop() {
	s.stopped = true
	s.cancel()
	s.loader.Close()
}

func (s *Screen) t(id string, data map[string]any) string { return s.request.Texts.T(id, data) }

func ids(rows []row) []consent.AssetID {
	list := make([]consent.AssetID, 0, len(rows))
	for _, r := range rows {
		list = append(list, r.id)
	}
	return slices.Clip(list)
}

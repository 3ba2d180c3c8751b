package desktop

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"samtykke/app/capture"
	"samtykke/assets"
	"samtykke/ui/desktop/ending"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/signing"
	"samtykke/ui/desktop/viewing"
)

// Config is what a window needs from outside.
type Config struct {
	Door    Door
	Library capture.Library
	// Language is the interface language to begin with, one of assets.Languages; a choice made earlier in the window wins.
	Language string
	Version  string
	// VaultFormat and WireVersion are the newest format of a vault and the version of the exchange with a library that the program
	// speaks, for showing.
	VaultFormat, WireVersion int
	// Do runs a function on Fyne's goroutine; nil is fyne.Do.
	Do func(func())
	// SecondScreen tells whether there is a second screen for subject mode; nil asks Fyne.
	SecondScreen func() bool
	// Now is the clock by which an unused window is locked; nil is time.Now.
	Now func() time.Time
	// After calls a function on Fyne's goroutine when a duration has passed, unless stop is called first; nil is time.AfterFunc.
	After func(d time.Duration, f func()) (stop func() bool)
	// Receipts is the folder into which receipts are written until the photographer chooses another; "" is Samtykke
	// among the user's documents.
	Receipts string
	// Volumes lists the folders at which memory cards may be; nil asks the system.
	Volumes func() []string
	// Viewing is where files lie while another program shows them; nil is the folder that belongs to the vault.
	Viewing *viewing.Folder
	// Ending is where the window keeps that it works, and where; nil is the folder that belongs to the vault.
	Ending *ending.Folder
	// Patience is how long a lock and the end of the program wait for work that was told to stop; 0 is ten seconds. What reads from a disk
	// that no longer answers cannot be stopped at all.
	Patience time.Duration
	// Screens knows where windows are; nil when nobody does, and then only the window's size is remembered.
	Screens Screens
}

// Preferences of the installation. They hold no personal data.
const (
	preferLanguage = "language"
	preferVariant  = "variant"  // look.Preference
	preferContrast = "contrast" // true: high
	preferText     = "text"     // size in percent
	preferAside    = "aside"    // subject mode opens on the second screen
	preferLock     = "lock"     // minutes without use, 0 for never
)

// Window is the program's one window.
type Window struct {
	app    fyne.App
	window fyne.Window
	config Config
	words  *words
	toasts *part.Toasts
	body   *fyne.Container // what fills the window now

	session  *capture.Session // nil while the vault is locked, once nothing works with it any more
	shell    *shell           // nil while the vault is locked
	syncing  *syncing         // the exchange with the library
	backups  *backups         // the backup that is made or read
	filling                   // what fills the window now
	chooser  *chooser         // asks for files or a folder; nil while nothing is asked for
	ending   *ending.Folder   // how the window ends
	last     *ending.Ending   // of the window before this one, when nobody had asked for it
	marks    *latest[noResult]
	listing  func()        // puts the list of the keys away; nil while it does not show
	flow     *signing.Flow // subject mode, nil while the photographer has the screen
	aside    fyne.Window   // in which subject mode fills the second screen; nil when it fills this window
	large    large         // the type of subject mode where other things show too
	warned   bool          // that somebody signs on the second screen
	idle     *idleLock
	waking   *waking
	dealt    bool           // no letter follows the key that leads somewhere now
	taker    fyne.Focusable // gets the focus once the key that led here has been dealt with
	early    []rune         // typed until then
	viewing  *viewing.Folder
	section  string // of the settings, that was last in view
	withheld func() // fills the window with what came while somebody signed; nil when nothing did
	// forgotten is called when that is never shown.
	forgotten func()
	copied    string // what this window put into the clipboard last
	left      place  // where the photographer was when the vault was locked

	context  context.Context // ends with the window, and when the vault is locked
	stop     context.CancelFunc
	jobs     *sync.WaitGroup
	underWay atomic.Int32 // jobs that a lock would break off
}

// New makes the window and fills it with the first start or the unlocking, whichever is due. It does not show it.
func New(app fyne.App, config Config) *Window {
	if config.Do == nil {
		config.Do = fyne.Do
	}
	if config.SecondScreen == nil {
		config.SecondScreen = secondScreens
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.After == nil {
		config.After = func(d time.Duration, f func()) func() bool {
			return time.AfterFunc(d, func() { config.Do(f) }).Stop
		}
	}
	if config.Patience == 0 {
		config.Patience = 10 * time.Second
	}
	w := &Window{app: app, config: config, body: container.NewStack(), jobs: &sync.WaitGroup{}}
	w.idle, w.waking = &idleLock{window: w}, &waking{window: w}
	w.context, w.stop = context.WithCancel(context.Background())
	if w.viewing = config.Viewing; w.viewing == nil {
		w.viewing = viewing.Usual(config.Door.Path())
	}
	if w.ending = config.Ending; w.ending == nil {
		w.ending = ending.Usual(config.Door.Path())
	}
	w.clearViewing()
	language := app.Preferences().StringWithFallback(preferLanguage, config.Language)
	go assets.NewTexts(language) // beside the making of the window, which takes longer
	app.Settings().SetTheme(wantedLook(app.Preferences()).Theme())

	w.toasts = part.NewToasts(w.body)
	w.toasts.After = config.After
	w.window = app.NewWindow(programName)
	w.window.SetPadded(false)
	w.window.SetContent(container.NewStack(part.NewWatch(w.idle.touch), w.toasts.Content()))
	w.placeWindow()
	app.Lifecycle().SetOnExitedForeground(w.rememberFrame)
	w.words = newWords(language)
	w.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.Drop(files) })
	w.window.SetCloseIntercept(w.AskToClose)
	w.listen()
	if config.Door.Exists() {
		w.showUnlock()
		w.tryKeyring()
	} else {
		w.showFirstStart()
	}
	return w
}

const programName = "Samtykke"

// Fyne is Fyne's window.
func (w *Window) Fyne() fyne.Window { return w.window }

// Drop takes files and folders that were dropped on the window. Where they cannot be taken it is said why, except in front of others than
// the photographer.
func (w *Window) Drop(files []fyne.URI) {
	switch {
	case len(files) == 0:
	case w.chooser != nil:
		w.chooser.dropped(droppedPaths(files))
	case w.shell != nil:
		w.shell.dropped(droppedPaths(files))
	case w.session == nil && w.config.Door.Exists():
		w.sayDropped("drop.locked")
	default:
		w.sayDropped("drop.finish")
	}
}

// AskToClose is what the window's close button does: in subject mode that a PIN guards, whoever closes the window has to know it.
func (w *Window) AskToClose() {
	if w.flow != nil && w.flow.Guarded() {
		w.flow.Leave(w.window.Close)
		return
	}
	if !w.closesAside() {
		return
	}
	w.rememberFrame()
	w.window.Close()
}

// Run shows the window until it is closed, and then waits for what still works.
func (w *Window) Run() {
	w.waking.start()
	w.window.ShowAndRun()
	w.Stop()
}

// Stop asks everything that works in the background to end, and waits for it.
func (w *Window) Stop() {
	w.idle.stop()
	w.waking.stop()
	if w.syncing != nil {
		w.syncing.rest()
	}
	w.stop()
	w.ends(w.jobs)
	w.clearViewing()
	w.endMarking()
}

// clearViewing takes away what other programs were given to show.
func (w *Window) clearViewing() {
	if err := w.viewing.Clear(); err != nil {
		slog.Warn("What was opened in another program is still being shown and could not be removed; it goes when Samtykke starts again.")
	}
}

// toast says quietly that something went well.
func (w *Window) toast(sentence string) {
	if !w.private {
		w.toasts.Show(part.MarkYes, sentence)
	}
}

// opened takes over an unlocked vault.
func (w *Window) opened(s *capture.Session) {
	w.session, w.syncing, w.backups = s, &syncing{window: w}, &backups{window: w}
	w.idle.start()
	w.beginMarking()
	w.syncing.plan(syncFirst)
	// Changes come from whichever goroutine made them, and an import makes thousands: one showing is under way at a time.
	var underWay atomic.Bool
	s.OnChange(func() {
		if underWay.CompareAndSwap(false, true) {
			w.config.Do(func() {
				underWay.Store(false)
				if w.shell != nil && w.session == s {
					if !w.syncing.running { // what comes from the library is no use of the window
						w.idle.touch()
						w.syncing.touched()
					}
					w.shell.changed()
				}
			})
		}
	})
}

// enter shows the open vault.
func (w *Window) enter() {
	w.shell = newShell(w)
	if w.left.shoot == "" {
		w.left.shoot = w.lastShoot()
	}
	if w.left.shoot != "" {
		w.shell.work(w.left.shoot)
	}
	w.shell.show(w.left.tab)
	w.left = place{}
	var told []string
	for _, p := range w.config.Door.Report() {
		told = append(told, w.words.problem(p))
	}
	if len(told) > 0 {
		w.shell.notice.warn(lines(told...))
	}
	if w.last != nil {
		w.shell.sayEnded(*w.last)
		w.last = nil
	}
}

// speak changes the language and remembers it. What shows must be built anew by the caller.
func (w *Window) speak(language string) {
	w.app.Preferences().SetString(preferLanguage, language)
	w.words = newWords(language)
}

// languageNames are the interface languages in their own names, in the order of assets.Languages.
func languageNames() []string {
	names := make([]string, len(assets.Languages))
	for i, language := range assets.Languages {
		names[i] = assets.NewTexts(language).T("desktop.language.name", nil)
	}
	return names
}

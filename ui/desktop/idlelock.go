package desktop

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"samtykke/app/consent"
)

// idleLock locks the vault when nobody has used the window for a while. Use is a pointer that moves, a key, and whatever the photographer
// changes in the vault. It waits, and looks again, while something is under way that a person waits for:
//
//   - an import, an export, an exchange with the library that somebody asked for, or any other work in the background;
//   - subject mode with something entered in it, which hides what was entered after a minute by itself; and subject mode that a PIN
//     guards, since the next person may come in an hour and the photographer's screens are not behind a corner that anybody can hold.
//
// None of that holds an unused vault open for longer than a working day: work that hangs would hold it open for ever, and so would a
// tablet that somebody has carried off in subject mode. What has been entered in subject mode is cleared long before.
//
// In front of the vault, and during the first start, there is nothing to lock.
type idleLock struct {
	window *Window
	used   time.Time // when the window was last used, by the wall clock: a computer that slept was not used
	typed  written   // what stood in the field with the focus when it was last looked at
	cancel func() bool
}

// lookEvery is how often the lock looks whether it is time. It is also how late it may be.
const lookEvery = 15 * time.Second

// lockChoices are the minutes that can be chosen, 0 for never; lockUsual is what holds until somebody chooses.
var lockChoices = []int{5, 15, 30, 60, 0}

const lockUsual = 15

// workingDay is how long what is under way can put the lock off.
const workingDay = 8 * time.Hour

// written is what can be seen of typing from outside of a field.
type written struct {
	field       fyne.Focusable
	text        string
	row, column int
}

// limit is after which time the vault locks; 0 for never.
func (l *idleLock) limit() time.Duration {
	return time.Duration(offered(l.window.app.Preferences(), preferLock, lockUsual, lockChoices)) * time.Minute
}

// touch is called when the window is used. It must be quick: a pointer moves a thousand times a second. When the time had passed already,
// such as while the computer slept, it is too late to touch.
func (l *idleLock) touch() {
	now := l.window.config.Now()
	if l.overdue(now) && l.may() {
		return // the next look locks
	}
	l.used = now
}

func (l *idleLock) overdue(now time.Time) bool {
	limit := l.limit()
	return limit > 0 && l.unused(now) >= limit
}

// unused is for how long nobody has used the window.
func (l *idleLock) unused(now time.Time) time.Duration { return now.Round(0).Sub(l.used.Round(0)) }

// start begins to look, when a vault has been opened.
func (l *idleLock) start() {
	l.stop()
	l.used, l.typed = l.window.config.Now(), written{}
	l.cancel = l.window.config.After(lookEvery, l.look)
}

func (l *idleLock) stop() {
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}

func (l *idleLock) look() {
	w := l.window
	if w.session == nil {
		return
	}
	if now := l.seen(); now != l.typed {
		l.typed = now
		l.touch()
	}
	if now := w.config.Now(); l.unused(now) < 0 { // the clock was wrong and has been set back: nobody used the window in what is to come
		l.used = now
	}
	if l.overdue(w.config.Now()) && l.may() {
		w.lock(w.words.t("unlock.idle"))
		return
	}
	l.cancel = w.config.After(lookEvery, l.look)
}

// seen is what stands in the field with the focus.
func (l *idleLock) seen() (now written) {
	now.field = l.window.window.Canvas().Focused()
	if e, ok := now.field.(interface{ Written() (string, int, int) }); ok {
		now.text, now.row, now.column = e.Written()
	}
	return now
}

// may tells whether nothing is under way that the lock would break.
func (l *idleLock) may() bool {
	w := l.window
	long := l.unused(w.config.Now()) >= workingDay
	switch {
	case w.shell == nil:
		return false
	case w.flow != nil && (!w.flow.Waiting() || w.flow.Guarded() && !long):
		return false
	case long:
		return true
	}
	return w.underWay.Load() == 0 && !w.syncing.waitedFor() && !w.shell.images.busy()
}

// LockNow is what Ctrl+L does: it locks the vault at once, but not in subject mode, where others sit at the keyboard, nor while somebody
// has entered something on the second screen; then it says why.
func (w *Window) LockNow() {
	switch {
	case w.private:
	case w.aside != nil && !w.flow.Waiting():
		w.shell.notice.warn(w.words.t("hand.aside.lock"))
	default:
		w.lock(w.words.t("unlock.now"))
	}
}

// place is where the photographer was when the vault was locked. It names nobody.
type place struct {
	shoot consent.ShootID
	tab   tab
}

// lock closes the vault at once and asks for the passphrase, for a reason that is said. What was typed and not saved is gone; what runs in
// the background ends and can be begun again. After unlocking the photographer is where they were.
func (w *Window) lock(reason string) {
	if w.shell == nil || w.flow != nil && !w.flow.Waiting() {
		return
	}
	w.left = place{w.shell.shoot, w.shell.shown}
	if w.flow != nil {
		w.flow.Stop()
		w.endSigning()
	}
	w.shell.images.stop()
	w.idle.stop()
	for overlays := w.window.Canvas().Overlays(); overlays.Top() != nil; {
		overlays.Remove(overlays.Top())
	}
	w.toasts.Hide()
	w.stop()
	w.forgetWithheld()
	w.clearClipboard()
	before := w.jobs
	w.jobs = &sync.WaitGroup{}
	w.context, w.stop = context.WithCancel(context.Background())
	w.syncing.rest()
	w.shell, w.syncing, w.backups = nil, nil, nil
	newEntrance(w, w.words.t("unlock.locking"), "").show() // nothing of the vault shows while it closes
	door := w.config.Door
	background(w, func(context.Context) (ended bool, err error) {
		ended = w.ends(before)
		w.clearViewing()
		return ended, door.Close()
	}, func(ended bool, err error) {
		if ended { // else something may still ask the closed session
			w.session = nil
		}
		w.askPassphrase(reason, err)
	})
}

// ends waits until jobs that were told to stop have ended, and tells whether they have: what hangs is not waited for any longer than the
// window has patience.
func (w *Window) ends(jobs *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() {
		jobs.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(w.config.Patience):
		return false
	}
}

// clip puts a text into the clipboard, until the vault is locked.
func (w *Window) clip(text string) {
	w.copied = text
	w.app.Clipboard().SetContent(text)
}

// clearClipboard takes away what the window put there, unless something else has taken its place.
func (w *Window) clearClipboard() {
	if w.copied != "" && w.app.Clipboard().Content() == w.copied {
		w.app.Clipboard().SetContent("")
	}
	w.copied = ""
}

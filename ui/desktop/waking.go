package desktop

import (
	"time"

	"fyne.io/fyne/v2"

	"samtykke/ui/desktop/part"
)

// waking draws the windows anew after the computer has slept. Fyne (2.8.1, internal/cache) measures how long it has not drawn something by
// the wall clock, as it read it before it drew last: what is drawn first after a minute of sleep counts as forgotten at once. From then on
// nothing that changes is drawn any more, while keys and presses still act, unseen.
type waking struct {
	window *Window
	last   time.Time // when it last looked, by the wall clock, which goes on in sleep
	left   int       // how often everything is still to be drawn anew
	cancel func() bool
}

const (
	// wakeEvery is how often it looks, and how long a window may stand still after sleep.
	wakeEvery = time.Second
	// wakeAfter is how much time must be missing. Fyne forgets after a minute; a busy computer that draws once too often does no harm.
	wakeAfter = 10 * time.Second
	// wakeTimes: what is drawn before Fyne has forgotten does not count, and what is laid out in the first round is drawn in the second.
	wakeTimes = 3
)

func (k *waking) start() {
	k.last = k.window.config.Now().Round(0)
	k.cancel = k.window.config.After(wakeEvery, k.look)
}

func (k *waking) stop() {
	if k.cancel != nil {
		k.cancel()
	}
}

func (k *waking) look() {
	now := k.window.config.Now().Round(0)
	if away := now.Sub(k.last); away > wakeAfter || away < 0 {
		k.left = wakeTimes
	}
	k.last = now
	if k.left > 0 {
		k.left--
		for _, shown := range k.window.app.Driver().AllWindows() {
			drawAnew(shown)
		}
	}
	k.cancel = k.window.config.After(wakeEvery, k.look)
}

// drawAnew lays out and draws all of a window, also what Fyne no longer knows to be in it.
func drawAnew(shown fyne.Window) {
	content := shown.Content()
	if content == nil {
		return
	}
	size := content.Size()
	content.Resize(size.SubtractWidthHeight(1, 1)) // the same size would be laid out already
	content.Resize(size)
	part.Settle(content)
	shown.Canvas().Refresh(content)
}

package signing

import "time"

// How long nobody has to touch the screen before the flow asks, and how long it then waits for an answer.
const (
	idleTime   = time.Minute
	answerTime = 30 * time.Second
)

// idle notices that nobody touches the screen any more. It asks first and clears then; clearing must not need anybody.
type idle struct {
	after func(time.Duration, func()) func() bool
	ask   func()
	clear func()

	cancel func() bool
	asking bool
}

// touch is called for everything that a person does.
func (i *idle) touch() {
	i.stop()
	i.cancel = i.after(idleTime, func() {
		i.asking = true
		i.cancel = i.after(answerTime, func() {
			i.stop()
			i.clear()
		})
		i.ask()
	})
}

// stop waits for nothing any more, until the next touch.
func (i *idle) stop() {
	if i.cancel != nil {
		i.cancel()
	}
	i.cancel, i.asking = nil, false
}

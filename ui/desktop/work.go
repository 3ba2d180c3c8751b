package desktop

import (
	"context"
	"time"

	"samtykke/ui/desktop/part"
)

// background runs job off Fyne's goroutine and done, with what came of it, back on it. The context ends with the window, and when the
// vault is locked.
func background[T any](w *Window, job func(context.Context) (T, error), done func(T, error)) {
	backgroundIn(w.context, w, job, done)
}

// backgroundIn is background with a context that can end earlier than the window.
func backgroundIn[T any](ctx context.Context, w *Window, job func(context.Context) (T, error), done func(T, error)) {
	w.underWay.Add(1)
	reading(ctx, w, func(ctx context.Context) (T, error) {
		defer w.underWay.Add(-1)
		return job(ctx)
	}, done)
}

// reading is backgroundIn for a job that changes nothing. The lock does not put itself off for it: a screen is read anew as soon as a
// computer wakes up, just when somebody moves the pointer.
func reading[T any](ctx context.Context, w *Window, job func(context.Context) (T, error), done func(T, error)) {
	present := w.context // a lock ends it, and what was to be done then has nobody to be done for
	w.jobs.Go(func() {
		v, err := job(ctx)
		w.config.Do(func() {
			if present.Err() == nil {
				done(v, err)
			}
		})
	})
}

// latest fetches something again and again. While it fetches, wishes are put together into one more run afterwards, so
// that a change during the fetching is never missed and a thousand changes do not fetch a thousand times. It is used on
// Fyne's goroutine only.
type latest[T any] struct {
	window *Window
	// fetch is called on Fyne's goroutine to see what is asked for, and gives the job that fetches it.
	fetch          func() func(context.Context) (T, error)
	show           func(T, error)
	running, again bool
}

// slowFetch is what a fetch may take and be made again at once. After a slower one there is a rest of restAfter times as long, so that
// what changes all the time, such as the queue of a hundred thousand files during a sync, leaves the computer to others.
const (
	slowFetch  = 250 * time.Millisecond
	sleptFetch = 5 * time.Second // the computer slept meanwhile
	restAfter  = 4
)

// wish asks for a run.
func (l *latest[T]) wish() {
	if l.running {
		l.again = true
		return
	}
	l.running = true
	w := l.window
	began, present := w.config.Now(), w.context
	reading(present, w, l.fetch(), func(v T, err error) {
		l.show(v, err)
		next := func() {
			again := l.again
			l.running, l.again = false, false
			if again && present.Err() == nil { // a lock ends it
				l.wish()
			}
		}
		if took := w.config.Now().Sub(began); took > slowFetch && took < sleptFetch {
			w.config.After(restAfter*took, next)
			return
		}
		next()
	})
}

// busy switches a button off and says on it what is being done, until the returned function is called.
func busy(b *part.Button, doing string) (ready func()) {
	text := b.Text()
	b.SetText(doing)
	b.Disable()
	return func() {
		b.SetText(text)
		b.Enable()
	}
}

// noResult is the result of a job that has only an error.
type noResult struct{}

// only makes a job of a function that has no result.
func only(do func(context.Context) error) func(context.Context) (noResult, error) {
	return func(ctx context.Context) (noResult, error) { return noResult{}, do(ctx) }
}

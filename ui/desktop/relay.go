package desktop

import "sync/atomic"

// relay makes a function that may be called from any goroutine and however often: the newest value is shown on Fyne's goroutine, one
// showing at a time. Work tells more often than a screen can show.
func relay[T any](w *Window, show func(T)) func(T) {
	var newest atomic.Pointer[T]
	var underWay atomic.Bool
	return func(v T) {
		newest.Store(&v)
		if underWay.CompareAndSwap(false, true) {
			w.config.Do(func() {
				underWay.Store(false)
				show(*newest.Load())
			})
		}
	}
}

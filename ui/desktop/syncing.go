package desktop

import (
	"context"
	"errors"
	"sync/atomic"

	"samtykke/app/capture"
)

// syncing is the exchange with the library. It goes on while the reader does other things, and belongs to the window, so
// that a change of language does not stop it.
type syncing struct {
	window   *Window
	running  bool
	stop     context.CancelFunc
	progress capture.SyncProgress
	report   capture.SyncReport // of the last one that ran to its end or failed
	ended    bool               // report is there
	round    int                // grows when one begins and when it ends
	err      error              // of the last one; nil when it ran to its end, was stopped, or never ran
}

// start begins, unless it is running.
func (s *syncing) start() {
	if s.running {
		return
	}
	w := s.window
	ctx, stop := context.WithCancel(w.context)
	s.running, s.stop, s.err, s.progress = true, stop, nil, capture.SyncProgress{Step: capture.StepConnecting}
	// The library tells more often than a screen can show: the newest is kept, and one showing is under way at a time.
	var newest atomic.Pointer[capture.SyncProgress]
	var underWay atomic.Bool
	told := func(p capture.SyncProgress) {
		newest.Store(&p)
		if underWay.CompareAndSwap(false, true) {
			w.config.Do(func() {
				underWay.Store(false)
				s.progress = *newest.Load()
				s.changed()
			})
		}
	}
	s.round++
	s.changed()
	backgroundIn(ctx, w, func(ctx context.Context) (capture.SyncReport, error) {
		return w.config.Library.Sync(ctx, w.session, told)
	}, func(report capture.SyncReport, err error) {
		stop()
		s.round++
		s.running, s.report, s.ended, s.err = false, report, true, err
		if errors.Is(err, context.Canceled) {
			s.err = nil
		}
		s.changed()
	})
}

func (s *syncing) changed() {
	if s.window.shell != nil {
		s.window.shell.changed()
	}
}

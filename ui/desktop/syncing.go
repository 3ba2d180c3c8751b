package desktop

import (
	"context"
	"errors"
	"time"

	"samtykke/app/capture"
	"samtykke/app/problem"
)

// syncing is the exchange with the library. It goes on while the reader does other things, and belongs to the window, so
// that a change of language does not stop it.
//
// It begins by itself: soon after the vault was opened and after something has changed, and every few minutes. Without a network it tries
// less and less often, for offline is normal. Nobody has to be there for it, so it does not keep an unused window from being locked;
// only an exchange that somebody asked for does. What the lock breaks off goes on after it.
type syncing struct {
	window   *Window
	running  bool
	awaited  bool // somebody asked for it and waits: the lock lets it come to its end
	paused   bool
	known    bool // paused is what the vault says
	stop     context.CancelFunc
	progress capture.SyncProgress
	pace     pace
	report   capture.SyncReport // of the last one that ran to its end or failed
	ended    bool               // report is there
	round    int                // grows when one begins and when it ends
	err      error              // of the last one; nil when it ran to its end, was stopped, or never ran

	failures int       // in a row
	next     time.Time // when it begins by itself; zero while nothing is planned
	cancel   func() bool
}

// When an exchange begins by itself.
const (
	syncFirst = 10 * time.Second // after the vault was opened
	syncSoon  = 20 * time.Second // after a change: the next ones come along
	syncEvery = 5 * time.Minute
)

// syncAfter is how long it waits after the failures in a row; the last one is for all that follow.
var syncAfter = []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 30 * time.Minute}

// start begins, because somebody asked for it.
func (s *syncing) start() {
	s.await()
	s.run()
}

// await lets the lock wait for the exchange that runs or is about to.
func (s *syncing) await() {
	s.awaited = true
	s.told()
}

// run begins, unless it is running.
func (s *syncing) run() {
	if s.running {
		return
	}
	w := s.window
	ctx, stop := context.WithCancel(w.context)
	s.rest()
	s.running, s.stop, s.err, s.progress, s.pace = true, stop, nil, capture.SyncProgress{Step: capture.StepConnecting}, pace{}
	told := relay(w, func(p capture.SyncProgress) {
		if !s.running {
			return
		}
		s.progress = p
		s.pace.saw(w.config.Now(), p.SentBytes)
		s.told()
	})
	s.round++
	s.changed()
	session := w.session
	reading(ctx, w, func(ctx context.Context) (capture.SyncReport, error) {
		return w.config.Library.Sync(ctx, session, told)
	}, func(report capture.SyncReport, err error) {
		stopped := ctx.Err() != nil
		stop()
		s.round++
		s.running, s.awaited, s.report, s.ended, s.err = false, false, report, true, err
		if stopped || errors.Is(err, context.Canceled) {
			s.err = nil
		}
		s.again()
		s.changed()
	})
}

// again plans the next exchange, after one has ended.
func (s *syncing) again() {
	switch {
	case s.paused:
	case s.err == nil:
		s.failures = 0
		s.plan(syncEvery)
	case problem.KindOf(s.err) == problem.Unavailable:
		s.plan(syncAfter[min(s.failures, len(syncAfter)-1)])
		s.failures++
	default: // somebody has to do something about it first
		s.failures = len(syncAfter)
		s.plan(syncAfter[len(syncAfter)-1])
	}
}

// plan lets an exchange begin by itself in a while, instead of when it was planned before.
func (s *syncing) plan(in time.Duration) {
	s.rest()
	s.next = s.window.config.Now().Add(in)
	s.cancel = s.window.config.After(in, s.due)
}

// rest takes back what was planned.
func (s *syncing) rest() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	s.next = time.Time{}
}

// due is called when it is time.
func (s *syncing) due() {
	s.cancel, s.next = nil, time.Time{}
	if s.window.syncing != s || s.window.session == nil {
		return // the vault was locked meanwhile
	}
	_, enrolled := s.window.session.Enrolment()
	switch {
	case !s.known:
		s.plan(syncFirst)
	case enrolled && !s.paused && !s.running:
		s.run()
	}
}

// touched is called when something in the vault has changed that the library does not know yet.
func (s *syncing) touched() {
	if s.running || s.paused || s.failures > 0 {
		return
	}
	if soon := s.window.config.Now().Add(syncSoon); s.next.IsZero() || s.next.After(soon) {
		s.plan(syncSoon)
	}
}

// knows takes over what the vault says about a pause.
func (s *syncing) knows(status capture.Status) {
	if !s.known {
		s.paused, s.known = status.Paused, true
	}
}

// pause stops the exchange at once, within a file too, and keeps it from beginning by itself until it is let go on; also when the program
// is started anew meanwhile.
func (s *syncing) pause(pause bool) {
	w := s.window
	before := s.paused
	s.paused, s.known = pause, true
	if pause {
		s.rest()
		if s.running {
			s.stop()
		}
	}
	session := w.session
	background(w, only(func(ctx context.Context) error { return session.PauseSync(ctx, pause) }), func(_ noResult, err error) {
		if err != nil {
			s.paused = before
			w.shell.notice.fail(err)
		} else if !pause {
			s.start()
		}
		s.changed()
	})
	s.changed()
}

// waitedFor tells whether the lock has to let an exchange come to its end.
func (s *syncing) waitedFor() bool { return s.running && s.awaited }

// changed shows the exchange anew, together with what it has changed in the vault.
func (s *syncing) changed() {
	if s.window.shell != nil {
		s.window.shell.changed()
	}
}

// told shows how far the exchange has come.
func (s *syncing) told() {
	if shell := s.window.shell; shell != nil {
		shell.sync.told()
	}
}

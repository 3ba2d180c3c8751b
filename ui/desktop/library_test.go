package desktop_test

import (
	"context"
	"sync"

	"samtykke/app/capture"
	"samtykke/app/problem"
)

// library is a media library that does as it is told by the test.
type library struct {
	mu         sync.Mutex
	enrol      func(ctx context.Context, s *capture.Session, invitation string) error
	sync       func(ctx context.Context, s *capture.Session, progress func(capture.SyncProgress)) (capture.SyncReport, error)
	enrolments []string
	syncs      int
}

func (l *library) Enrol(ctx context.Context, s *capture.Session, invitation string) error {
	l.mu.Lock()
	l.enrolments = append(l.enrolments, invitation)
	enrol := l.enrol
	l.mu.Unlock()
	return enrol(ctx, s, invitation)
}

func (l *library) Sync(ctx context.Context, s *capture.Session, progress func(capture.SyncProgress)) (capture.SyncReport, error) {
	l.mu.Lock()
	l.syncs++
	sync := l.sync
	l.mu.Unlock()
	if sync == nil { // it began by itself in a test that is about something else
		return capture.SyncReport{}, problem.New(problem.Unavailable, "library-away-for-test", "The library cannot be reached; everything is safe here; try again later.")
	}
	return sync(ctx, s, progress)
}

package desktop_test

import (
	"context"
	"sync"

	"samtykke/app/capture"
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
	return sync(ctx, s, progress)
}

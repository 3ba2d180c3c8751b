package capture

import (
	"context"
	"time"

	"samtykke/app/consent"
)

// Library is the way to the central media library, whatever carries it. It is implemented by sync/device.
type Library interface {
	// Enrol makes the device one of the library's, with the invitation that somebody pasted or scanned. Afterwards
	// Session.Enrolment knows the library.
	Enrol(ctx context.Context, s *Session, invitation string) error
	// Sync sends what waits and takes in what is new, in the order of design §7. It can be stopped at any moment and goes on
	// where it was. An error means that it did not get to the end; the report says what was done all the same.
	Sync(ctx context.Context, s *Session, progress func(SyncProgress)) (SyncReport, error)
}

// SyncReport is what a sync did.
type SyncReport struct {
	EventsSent     int   // accepted by the library now
	EventsReceived int   // new on this device
	ProfilesSent   int   // revisions stored by the library now
	BlobsSent      int   // with a verified storage receipt now
	BytesSent      int64 // of blobs
	Pending        int   // events, profiles and blobs that still wait
	// ClockAhead is by how much this device's clock is ahead of the library's, when that is more than consent.ClockTolerance;
	// negative when it is behind. Of a device that is ahead every yes waits for a review (design §5).
	ClockAhead time.Duration
}

// SyncProgress is where a sync is.
type SyncProgress struct {
	Step                  SyncStep
	Done, Total           int   // of the step's items
	DoneBytes, TotalBytes int64 // of blobs; 0 for the other steps
	SentBytes             int64 // of blobs, that went over the network in this sync: for the rate
	// Item is the blob that is being sent, and ItemDone how many of its bytes the library has.
	Item     consent.BlobHash
	ItemDone int64
}

// SyncStep is what a sync is doing.
type SyncStep string

// The steps, in order.
const (
	StepConnecting SyncStep = "connecting"
	StepChanges    SyncStep = "changes"
	StepEvents     SyncStep = "events"
	StepProfiles   SyncStep = "profiles"
	StepBlobs      SyncStep = "blobs"
)

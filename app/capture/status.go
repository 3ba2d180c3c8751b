package capture

import (
	"context"
	"time"

	"samtykke/app/problem"
)

// Status is the truth about what is saved here and what the library has.
type Status struct {
	Subjects, Consents, Assets int // known, wherever they are
	SavedAssets                int // whose bytes this device holds or refers to
	PendingEvents              int // own events that the library has not accepted
	PendingBlobs               int // blobs, originals and profiles it has not received
	PendingBytes               int64
	FailedBlobs                int // pending ones whose last attempt failed
	ReceivedBlobs              int // with a verified storage receipt
	ReceivedConsents           int // consent records whose event the library has accepted
	ReceivedAssets             int // originals with a verified storage receipt
	HeldEvents                 int // events that the library put aside for a person to look at
	WaitingPapers              int // signed papers on this device alone, until somebody confirms what stands on them
	ReferencesAmiss            int // images whose file outside the vault had changed or gone when that was last checked
	LastSync                   time.Time
	// RestoredFrom is when the backup was made that this vault was restored from; zero once it has synced since.
	RestoredFrom time.Time
	Enrolled     bool
	Paused       bool   // nothing is sent or fetched by itself; see PauseSync
	LastBackup   Backup // zero while none was made
}

// Status counts. The first time it reads the whole queue.
func (s *Session) Status(ctx context.Context) (Status, error) {
	if err := s.counted(ctx); err != nil {
		return Status{}, err
	}
	s.mu.RLock()
	counts := s.state.Counts()
	status := Status{Subjects: counts.Subjects, Consents: counts.Records, Assets: counts.Assets,
		SavedAssets: len(s.files), ReferencesAmiss: len(s.amiss), ReceivedConsents: s.state.ReceivedRecords(), Enrolled: s.enrolment != nil,
		PendingBlobs: s.tally.pending, PendingBytes: s.tally.bytes, FailedBlobs: s.tally.failed, ReceivedBlobs: s.tally.received,
		ReceivedAssets: s.tally.assets(s.isAsset)} // and not the companions of one
	s.mu.RUnlock()
	err := s.Store.View(ctx, func(tx Tx) error {
		var err error
		if status.PendingEvents, err = tx.CountWaitingEvents(); err != nil {
			return err
		}
		profiles, err := tx.WaitingProfiles()
		if err != nil {
			return err
		}
		status.PendingBlobs += len(profiles)
		if _, err := tx.Setting(settingLastSync, &status.LastSync); err != nil {
			return err
		}
		if _, err := tx.Setting(settingRestored, &status.RestoredFrom); err != nil {
			return err
		}
		for name, into := range map[string]any{settingHeld: &status.HeldEvents, settingPaused: &status.Paused, settingBackup: &status.LastBackup} {
			if _, err := tx.Setting(name, into); err != nil {
				return err
			}
		}
		papers, err := readPapers(tx)
		if err != nil {
			return err
		}
		for _, p := range papers {
			if p.State() == PaperWaiting {
				status.WaitingPapers++
			}
		}
		return nil
	})
	return status, err
}

func errNotEnrolled() *problem.Problem {
	return problem.New(problem.Invalid, "not-enrolled",
		"This device belongs to no media library yet; everything is safe here; ask for an invitation and use \"device enrol\".")
}

func errStranger() *problem.Problem {
	return problem.New(problem.Damaged, "event-stranger",
		"The library passed on an event that no device on its list signed; nothing of it was taken in; tell whoever runs the library.")
}

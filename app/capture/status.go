package capture

import (
	"context"
	"fmt"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Status is the truth about what is saved here and what the library has.
type Status struct {
	Subjects, Consents, Assets int // known, wherever they are
	SavedAssets                int // whose bytes this device holds or refers to
	PendingEvents              int // own events that the library has not accepted
	PendingBlobs               int // blobs, originals and profiles it has not received
	PendingBytes               int64
	ReceivedBlobs              int // with a verified storage receipt
	ReceivedConsents           int // consent records whose event the library has accepted
	ReceivedAssets             int // originals with a verified storage receipt
	HeldEvents                 int // events that the library put aside for a person to look at
	LastSync                   time.Time
	Enrolled                   bool
}

// Status counts.
func (s *Session) Status(ctx context.Context) (Status, error) {
	s.mu.RLock()
	counts := s.state.Counts()
	status := Status{Subjects: counts.Subjects, Consents: counts.Records, Assets: counts.Assets,
		SavedAssets: len(s.files), ReceivedConsents: s.state.ReceivedRecords(), Enrolled: s.enrolment != nil}
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
		status.PendingBlobs = len(profiles)
		if _, err := tx.Setting(settingLastSync, &status.LastSync); err != nil {
			return err
		}
		if _, err := tx.Setting(settingHeld, &status.HeldEvents); err != nil {
			return err
		}
		return tx.EachTransfer(func(t Transfer) error {
			switch {
			case t.State != TransferReceived:
				status.PendingBlobs++
				status.PendingBytes += t.Size - t.Offset
			case t.Class == ClassOriginal:
				status.ReceivedAssets++
				fallthrough
			default:
				status.ReceivedBlobs++
			}
			return nil
		})
	})
	return status, err
}

// Audit is what checking the whole log found.
type Audit struct {
	Events   int
	Problems []string // in words, the first bad event of each device; empty when nothing is wrong
}

// Audit verifies every signature and every chain in the vault, that the evidence that each own record names is there and is what
// it was, and that no sealed original is missing.
func (s *Session) Audit(ctx context.Context) (Audit, error) {
	audit := Audit{Problems: []string{}}
	chains := map[consent.DeviceID][]evidence.SignedEvent{}
	err := s.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			audit.Events++
			e, err := stored.Open()
			if err != nil {
				audit.Problems = append(audit.Problems, err.Error())
				return nil
			}
			chains[e.Device] = append(chains[e.Device], stored.SignedEvent)
			return nil
		})
	})
	if err != nil {
		return audit, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	audit.Problems = append(audit.Problems, s.oddities...)
	for device, events := range chains {
		key, known := s.keyOf(device)
		if !known {
			audit.Problems = append(audit.Problems, fmt.Sprintf("device %s signed %d events and is not on the library's list", device, len(events)))
			continue
		}
		head, wrong := evidence.VerifyChain(key, events)
		audit.Problems = append(audit.Problems, wrong...)
		if device == s.device.ID && len(wrong) == 0 && head != s.head {
			audit.Problems = append(audit.Problems, fmt.Sprintf("the log ends at event %d, but %d were signed here", head.Seq, s.head.Seq))
		}
	}
	for id, file := range s.files {
		if file.Path == "" && !s.Originals.Has(id) {
			audit.Problems = append(audit.Problems, fmt.Sprintf("the original of image %s is missing", id))
		}
	}
	missing, err := s.auditEvidence(ctx)
	audit.Problems = append(audit.Problems, missing...)
	return audit, err
}

// auditEvidence looks for every blob that this device's consents and withdrawals name.
func (s *Session) auditEvidence(ctx context.Context) ([]string, error) {
	var wrong []string
	err := s.Store.View(ctx, func(tx Tx) error {
		for _, sub := range s.state.Subjects() {
			if sub.Erased {
				continue
			}
			for _, entry := range s.state.History(sub.ID) {
				if entry.Record == nil || entry.Device != s.device.ID {
					continue
				}
				for _, ref := range entry.Record.Evidence {
					b, found, err := tx.Blob(ref.SHA256)
					if err != nil {
						return err
					}
					if !found || hashOf(b.Data) != ref.SHA256 {
						wrong = append(wrong, fmt.Sprintf("the %s evidence of consent %s is missing or changed", ref.Kind, entry.ID))
					}
				}
			}
		}
		return nil
	})
	return wrong, err
}

func (s *Session) keyOf(id consent.DeviceID) (evidence.PublicKey, bool) {
	if id == s.device.ID {
		return s.key.Public(), true
	}
	if s.enrolment == nil {
		return nil, false
	}
	certificate, known := s.enrolment.Trust.Find(id)
	return certificate.PublicKey, known
}

func errNotEnrolled() *problem.Problem {
	return problem.New(problem.Invalid, "not-enrolled",
		"This device belongs to no media library yet; everything is safe here; ask for an invitation and use \"device enrol\".")
}

func errStranger() *problem.Problem {
	return problem.New(problem.Damaged, "event-stranger",
		"The library passed on an event that no device on its list signed; nothing of it was taken in; tell whoever runs the library.")
}

func errErased() *problem.Problem {
	return problem.New(problem.NotFound, "blob-erased",
		"These bytes are no longer here, since the person was erased; nothing is missing; the item leaves the queue at the next sync.")
}

package capture

import (
	"context"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// QueueItem is one blob or original with how far it has come on its way to the library, in the order in which they are sent. It
// is small, since there may be a hundred thousand of them: the receipt of one is read by StorageReceipt.
type QueueItem struct {
	Hash   consent.BlobHash
	Class  BlobClass
	Name   string // of the file that was imported, "" for what is no file
	State  TransferState
	Size   int64 // bytes
	Offset int64 // bytes the library has said it holds of it
	// Trouble is the last failure in words, "" when there was none; Problem and Values are those of the Transfer.
	Trouble, Problem string
	Values           map[string]any
	// StoredAt is when the library stored it, by its own clock and receipt; zero until then.
	StoredAt time.Time
}

// Failed tells whether the last attempt to send it failed.
func (i QueueItem) Failed() bool { return i.Trouble != "" && i.State != TransferReceived }

// Queue lists everything that goes to the library as a blob or an original: what waits, what is under way and what has arrived.
func (s *Session) Queue(ctx context.Context) ([]QueueItem, error) {
	var items []QueueItem
	err := s.Store.View(ctx, func(tx Tx) error {
		return tx.EachTransfer(func(t Transfer) error {
			item := QueueItem{Hash: t.Hash, Class: t.Class, State: t.State, Size: t.Size, Offset: t.Offset, Trouble: t.Trouble, Problem: t.Problem,
				Values: t.Values}
			if t.Receipt != nil {
				item.StoredAt = t.Receipt.StoredAt
			}
			items = append(items, item)
			return ctx.Err()
		})
	})
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i := range items {
		if items[i].Class == ClassOriginal {
			items[i].Name = s.nameOf(items[i].Hash)
		}
	}
	return items, err
}

// nameOf is the name under which a file was imported, "" when it was not imported here. s.mu is held.
func (s *Session) nameOf(hash consent.BlobHash) string {
	if f, known := s.files[consent.AssetID(hash)]; known {
		return f.Name
	}
	for _, c := range s.files[s.companions[hash]].Companions {
		if c.SHA256 == hash {
			return c.Name
		}
	}
	return ""
}

// TryAgain forgets the trouble of something that could not be sent, so that the next sync begins anew with it. What has arrived or left
// the queue meanwhile stays as it is.
func (s *Session) TryAgain(ctx context.Context, hash consent.BlobHash) error {
	return s.change(ctx, func(c *change) error {
		t, queued, err := c.Transfer(hash)
		if err != nil || !queued || t.State == TransferReceived {
			return err
		}
		t.Fail(nil)
		return c.PutTransfer(t)
	})
}

// StorageReceipt is the library's receipt for something that has arrived. It is verified anew, against the key that was pinned when
// this device joined. Problems: receipt-not-here, receipt-not-genuine.
func (s *Session) StorageReceipt(ctx context.Context, hash consent.BlobHash) (evidence.StorageReceipt, error) {
	enrolment, ok := s.Enrolment()
	if !ok {
		return evidence.StorageReceipt{}, errNotEnrolled()
	}
	var t Transfer
	err := s.Store.View(ctx, func(tx Tx) error {
		var err error
		t, _, err = tx.Transfer(hash)
		return err
	})
	if err != nil {
		return evidence.StorageReceipt{}, err
	}
	if t.Receipt == nil {
		return evidence.StorageReceipt{}, problem.New(problem.NotFound, "receipt-not-here",
			"The library has given no receipt for this yet; it is safe on this device; sync, and the receipt comes with the file's arrival.")
	}
	if err := t.Receipt.Verify(enrolment.LibraryKey, t.Hash, t.Size); err != nil {
		return *t.Receipt, problem.New(problem.Damaged, "receipt-not-genuine",
			"The library's key did not sign this receipt for these bytes, so it proves nothing; keep the file here, and tell whoever runs the library.").Because(err)
	}
	return *t.Receipt, nil
}

// HeldEvent is an event of this device that the library put aside for a person to look at.
type HeldEvent struct {
	Type consent.EventType
	At   time.Time // when it happened, by this device's clock
	// Why is the library's reason, as it gave it.
	Why string
}

// HeldEvents lists them in the order in which they arrived. It walks the log.
func (s *Session) HeldEvents(ctx context.Context) ([]HeldEvent, error) {
	var held []HeldEvent
	err := s.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			if !stored.Own || stored.Held == "" {
				return ctx.Err()
			}
			e, err := stored.Open()
			if err != nil {
				return err
			}
			held = append(held, HeldEvent{Type: e.Type, At: e.At, Why: stored.Held})
			return nil
		})
	})
	return held, err
}

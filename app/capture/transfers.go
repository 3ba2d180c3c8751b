package capture

import (
	"cmp"
	"context"
	"io"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// WaitingTransfers lists what the library has not yet received, in the order in which it is sent.
func (s *Session) WaitingTransfers(ctx context.Context) ([]Transfer, error) {
	var waiting []Transfer
	err := s.Store.View(ctx, func(tx Tx) error {
		return tx.EachTransfer(func(t Transfer) error {
			if t.State != TransferReceived {
				waiting = append(waiting, t)
			}
			return nil
		})
	})
	return waiting, err
}

// PutTransfer remembers how far a transfer has come, so that it goes on from there after a stop. One that is on the queue no longer
// was erased or removed meanwhile: the answer is then the problem blob-erased, and nothing more of it may be sent.
func (s *Session) PutTransfer(ctx context.Context, t Transfer) error {
	return s.change(ctx, func(c *change) error {
		if _, queued, err := c.Transfer(t.Hash); err != nil || !queued {
			return cmp.Or(err, error(ErrErased))
		}
		return c.PutTransfer(t)
	})
}

// TransferErased takes something off the queue whose bytes were erased or removed here.
func (s *Session) TransferErased(ctx context.Context, t Transfer) error {
	return s.change(ctx, func(c *change) error {
		if _, here, err := c.Blob(t.Hash); here || err != nil {
			return err
		}
		return c.DeleteTransfer(t.Hash)
	})
}

// TransferReceived takes up a storage receipt. Only one that the library signed for exactly these bytes counts.
func (s *Session) TransferReceived(ctx context.Context, t Transfer, r evidence.StorageReceipt) error {
	enrolment, ok := s.Enrolment()
	if !ok {
		return errNotEnrolled()
	}
	if err := r.Verify(enrolment.LibraryKey, t.Hash, t.Size); err != nil {
		return err
	}
	t.State, t.Receipt, t.Upload, t.Offset = TransferReceived, &r, "", 0
	t.Fail(nil)
	return s.PutTransfer(ctx, t)
}

// OpenTransfer opens the bytes of a transfer.
func (s *Session) OpenTransfer(ctx context.Context, t Transfer) (Original, error) {
	if t.Class == ClassOriginal {
		return s.OpenOriginal(consent.AssetID(t.Hash))
	}
	var b Blob
	var found bool
	err := s.Store.View(ctx, func(tx Tx) error {
		var err error
		b, found, err = tx.Blob(t.Hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrErased
	}
	return inMemory(b.Data), nil
}

// ErrErased is the answer about bytes that were on the queue and were erased or removed here.
var ErrErased = problem.New(problem.NotFound, "blob-erased",
	"These bytes were erased or removed from this device; nothing is missing; the item leaves the queue by itself.")

// inMemory is a small blob, opened.
type inMemory []byte

func (m inMemory) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(m)) {
		return 0, io.EOF
	}
	n := copy(p, m[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (m inMemory) Size() int64  { return int64(len(m)) }
func (m inMemory) Close() error { return nil }

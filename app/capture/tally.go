package capture

import (
	"context"

	"samtykke/app/consent"
)

// tally counts the queue. Reading a hundred thousand entries takes more than a second, and the window asks after every change; so they are read
// once, by whoever asks first, and every change that is durable moves the counts. Nothing of it is stored that could be wrong after a crash.
type tally struct {
	pending, failed, received, originals int   // entries; originals are those of received that are files
	bytes                                int64 // that have not been sent
	// strangers are the received files that were no asset when they were counted, such as the companions of one.
	strangers map[consent.BlobHash]struct{}
}

// count adds an entry, or takes it off again. isAsset tells whether a file is an asset.
func (t *tally) count(item Transfer, by int, isAsset func(consent.BlobHash) bool) {
	if item.State != TransferReceived {
		t.pending += by
		t.bytes += int64(by) * (item.Size - item.Offset)
		if item.Trouble != "" {
			t.failed += by
		}
		return
	}
	t.received += by
	if item.Class != ClassOriginal {
		return
	}
	t.originals += by
	switch {
	case by < 0:
		delete(t.strangers, item.Hash)
	case !isAsset(item.Hash):
		t.strangers[item.Hash] = struct{}{}
	}
}

// assets is how many of the received files are assets. One that was none may have become one since, never the other way round.
func (t *tally) assets(isAsset func(consent.BlobHash) bool) int {
	n := t.originals
	for hash := range t.strangers {
		if !isAsset(hash) {
			n--
		}
	}
	return n
}

// isAsset tells whether an asset is called so. s.mu is held.
func (s *Session) isAsset(hash consent.BlobHash) bool {
	_, is := s.state.Asset(consent.AssetID(hash))
	return is
}

// counted sees to it that the queue is counted.
func (s *Session) counted(ctx context.Context) error {
	s.mu.RLock()
	done := s.tally != nil
	s.mu.RUnlock()
	if done {
		return nil
	}
	s.writing.Lock() // what was changed meanwhile would be counted twice, or not at all
	defer s.writing.Unlock()
	if s.tally != nil {
		return nil
	}
	var items []Transfer
	err := s.Store.View(ctx, func(tx Tx) error {
		return tx.EachTransfer(func(t Transfer) error {
			items = append(items, Transfer{Hash: t.Hash, Class: t.Class, Size: t.Size, State: t.State, Offset: t.Offset, Trouble: t.Trouble})
			return ctx.Err()
		})
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally = &tally{strangers: map[consent.BlobHash]struct{}{}}
	for _, t := range items {
		s.tally.count(t, 1, s.isAsset)
	}
	return nil
}

// PutTransfer puts something on the queue, or writes down how far it has come, and counts it.
func (c *change) PutTransfer(t Transfer) error {
	old, queued, err := c.Transfer(t.Hash)
	if err != nil {
		return err
	}
	if err := c.Tx.PutTransfer(t); err != nil {
		return err
	}
	c.recount(old, queued, t, true)
	return nil
}

// DeleteTransfer takes something off the queue and out of the counts.
func (c *change) DeleteTransfer(hash consent.BlobHash) error {
	old, queued, err := c.Transfer(hash)
	if err != nil || !queued {
		return err
	}
	if err := c.Tx.DeleteTransfer(hash); err != nil {
		return err
	}
	c.recount(old, true, Transfer{}, false)
	return nil
}

// ForgetSubject also takes off the queue what was sealed for the person; the queue is counted anew after that.
func (c *change) ForgetSubject(id consent.SubjectID) error {
	s := c.session
	c.then(func() { s.tally = nil })
	return c.Tx.ForgetSubject(id)
}

// recount moves the counts once the change is durable.
func (c *change) recount(old Transfer, was bool, now Transfer, is bool) {
	s := c.session
	c.then(func() {
		if s.tally == nil {
			return
		}
		if was {
			s.tally.count(old, -1, s.isAsset)
		}
		if is {
			s.tally.count(now, 1, s.isAsset)
		}
	})
}

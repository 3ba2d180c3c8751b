package capture

import (
	"cmp"
	"context"
	"slices"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// ChainMended is what MendChain did.
type ChainMended struct {
	// Lost are the numbers of own events that the library never had and that are nowhere in the log.
	Lost []consent.NumberRange
	// SignedAnew is how many events wait again, signed as the successors of the last that the library has.
	SignedAnew int
}

// MendChain closes the gap that own events leave which were lost beyond repair, and gives those that the library put aside another
// try. What the library has is never touched: the next sync reads its log from the beginning and brings back what was lost here.
// What it does not have is signed anew after that, saying the same (decisions 0005 and 0010). An event names the numbers that were
// lost, so that the log itself tells of it. A chain without fault is left as it is.
func (s *Session) MendChain(ctx context.Context) (ChainMended, error) {
	var done ChainMended
	err := s.change(ctx, func(c *change) error {
		done = ChainMended{}
		chain, err := readOwnChain(c)
		if err != nil {
			return err
		}
		lost := chain.lost(s.head.Seq)
		if len(lost) == 0 {
			c.then(func() { s.setGap(false) })
			if chain.sound() {
				return nil
			}
		}
		if err := c.DeleteSetting(settingCursor); err != nil {
			return err
		}
		lost = slices.DeleteFunc(lost, func(r consent.NumberRange) bool { return r.To < chain.accepted.Seq })
		if len(lost) == 0 && chain.sound() {
			return nil // the library had it, and brings it back
		}
		open := make([]StoredEvent, len(chain.open))
		for i, o := range chain.open {
			open[i] = o.StoredEvent
		}
		c.head = chain.accepted
		if err := c.signAnew(open); err != nil {
			return err
		}
		done = ChainMended{Lost: lost, SignedAnew: len(open)}
		c.then(func() { s.setGap(false) })
		if err := c.PutSetting(settingHeld, 0); err != nil || len(lost) == 0 {
			return err
		}
		_, err = c.sign(evidence.Draft{Type: consent.ChainMended, Body: consent.ChainMendedBody{Lost: lost}})
		return err
	})
	return done, err
}

// logWhole refuses while own events are missing that nobody has looked into: what is lost may have been a withdrawal. A sync or a repair
// that brings them back ends that, and so does one that says in the log that they are lost.
func (s *Session) logWhole(ctx context.Context) error {
	s.mu.RLock()
	gap, last := s.gap, s.head.Seq
	s.mu.RUnlock()
	if !gap {
		return nil
	}
	var lost []consent.NumberRange
	err := s.Store.View(ctx, func(tx Tx) error {
		chain, err := readOwnChain(tx)
		lost = chain.lost(last)
		return err
	})
	if err == nil && len(lost) == 0 {
		return s.change(ctx, func(c *change) error { c.then(func() { s.setGap(false) }); return nil })
	}
	if err == nil {
		err = problem.New(problem.Damaged, "event-lost",
			"An event that was signed here is lost, and it may have been a withdrawal; nothing was exported; sync, or run \"vault repair\" with a backup, then export again.")
	}
	return err
}

// setGap says whether own events are missing: then nothing is cleared. The caller holds the lock or has the session alone.
func (s *Session) setGap(gap bool) {
	s.gap = gap
	s.state.SetIncomplete(gap)
}

// ownChain is this device's part of the log, with the library's word on it.
type ownChain struct {
	numbers  []uint64      // of all own events, in order
	accepted evidence.Head // the last event that the library has
	open     []openEvent   // those that it does not have, waiting or held, by number
}

type openEvent struct {
	StoredEvent
	seq  uint64
	prev string
}

func readOwnChain(tx Tx) (ownChain, error) {
	var chain ownChain
	err := tx.EachEvent(func(stored StoredEvent) error {
		if !stored.Own {
			return nil
		}
		e, err := stored.Open()
		if err != nil {
			return err
		}
		chain.numbers = append(chain.numbers, e.Seq)
		switch {
		case stored.ServerSeq == 0:
			chain.open = append(chain.open, openEvent{stored, e.Seq, e.Prev})
		case e.Seq > chain.accepted.Seq:
			chain.accepted = evidence.Head{Seq: e.Seq, Hash: stored.Hash()}
		}
		return nil
	})
	slices.Sort(chain.numbers)
	slices.SortStableFunc(chain.open, func(a, b openEvent) int { return cmp.Compare(a.seq, b.seq) })
	return chain, err
}

// sound tells whether the events that the library does not have follow from the last that it has, and none was put aside.
func (chain ownChain) sound() bool {
	head := chain.accepted
	for _, o := range chain.open {
		if o.Held != "" || o.seq != head.Seq+1 || o.prev != head.Hash {
			return false
		}
		head = evidence.Head{Seq: o.seq, Hash: o.Hash()}
	}
	return true
}

// lost lists the numbers up to the last that was given out which no event has.
func (chain ownChain) lost(last uint64) []consent.NumberRange {
	var lost []consent.NumberRange
	next := uint64(1)
	for _, n := range append(slices.Clone(chain.numbers), last+1) {
		if n > next {
			lost = append(lost, consent.NumberRange{From: next, To: n - 1})
		}
		next = max(next, n+1)
	}
	return lost
}

package capture

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// weave makes one chain of two that this device has signed, from copies of one vault that were used side by side (decision 0005). What
// the library has accepted stays as it is; everything after it is signed anew in the order of the clock, with the same identifiers, so
// that both copies come to the same chain whoever takes in whom. Nothing is dropped.
func (u *union) weave(ctx context.Context, c *change, own *twoChains, theirs []StoredEvent) (fresh int, err error) {
	type dated struct {
		StoredEvent
		at time.Time
	}
	all := map[consent.EventID]dated{}
	mine := map[consent.EventID]bool{}
	if err := c.EachEvent(func(stored StoredEvent) error {
		e, err := stored.Open()
		if err == nil && e.Device == c.session.device.ID {
			all[e.ID], mine[e.ID] = dated{stored, e.At}, true
		}
		return err
	}); err != nil {
		return 0, err
	}
	if fresh, err = u.file(c, theirs); err != nil { // those with new identifiers; the versions of the others are settled below
		return 0, err
	}
	for _, stored := range theirs {
		e, err := stored.Open()
		if err != nil {
			return 0, err
		}
		if !mine[e.ID] {
			all[e.ID] = dated{stored, e.At}
		}
	}
	fixed, err := u.fixed(own)
	if err != nil {
		return 0, err
	}
	c.head = evidence.Head{}
	maps.DeleteFunc(all, func(id consent.EventID, _ dated) bool { _, isFixed := fixed[id]; return isFixed })
	for _, l := range fixed {
		if l.seq > c.head.Seq {
			c.head = evidence.Head{Seq: l.seq, Hash: l.hash}
		}
	}
	if err := u.settle(ctx, c, own, fixed); err != nil {
		return 0, err
	}
	rest := make([]StoredEvent, 0, len(all))
	for _, id := range slices.SortedFunc(maps.Keys(all), func(a, b consent.EventID) int {
		return cmp.Or(all[a].at.Compare(all[b].at), cmp.Compare(a, b))
	}) {
		rest = append(rest, all[id].StoredEvent)
	}
	return fresh, c.signAnew(rest)
}

// fixed is the beginning of the woven chain: as far as both sides agree, and as far as the library has accepted.
func (u *union) fixed(own *twoChains) (map[consent.EventID]link, error) {
	var last link
	for seq := uint64(1); ; seq++ {
		mine, has := own.ours.bySeq[seq]
		if _, agreed := own.theirs.byHash[mine.hash]; !has || !agreed {
			break
		}
		last = mine
	}
	for _, side := range []*chain{own.ours, own.theirs} {
		for _, l := range side.byHash {
			if l.answered && l.seq > last.seq {
				last = l
			}
		}
	}
	fixed := map[consent.EventID]link{}
	for at := last; at.seq > 0; {
		fixed[at.id] = at
		before, has := own.ours.byHash[at.prev]
		if !has {
			before, has = own.theirs.byHash[at.prev]
		}
		if !has && at.seq > 1 {
			return nil, chainBroken(fmt.Sprintf("event %d of device %s is missing", at.seq-1, u.session.device.ID))
		}
		at = before
	}
	return fixed, nil
}

// settle gives the fixed events that are here in another version the version of the other side.
func (u *union) settle(ctx context.Context, c *change, own *twoChains, fixed map[consent.EventID]link) error {
	wanted := map[string]bool{}
	for id, l := range fixed {
		if mine, has := own.ours.byID[id]; has && mine.hash != l.hash {
			wanted[l.hash] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return u.other.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			if !wanted[stored.Hash()] {
				return nil
			}
			return c.ReplaceEvent(u.believed(stored, u.session.device.ID))
		})
	})
}

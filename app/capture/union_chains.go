package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// link is one event of a chain, without what it says.
type link struct {
	id         consent.EventID
	seq        uint64
	prev, hash string
	answered   bool // the library has accepted it
}

// chain is what one vault has of one device's events.
type chain struct {
	byID    map[consent.EventID]link
	bySeq   map[uint64]link
	byHash  map[string]link
	forked  bool // two events have one number: the device was used from two copies
	highest uint64
}

func newChain() *chain {
	return &chain{byID: map[consent.EventID]link{}, bySeq: map[uint64]link{}, byHash: map[string]link{}}
}

func (c *chain) add(l link) {
	if other, taken := c.bySeq[l.seq]; taken && other.hash != l.hash {
		c.forked = true
	}
	c.byID[l.id], c.bySeq[l.seq], c.byHash[l.hash] = l, l, l
	c.highest = max(c.highest, l.seq)
}

// covers tells whether a chain says all that another says, and has what the library has accepted of it in the same version.
func (c *chain) covers(other *chain) bool {
	for id, theirs := range other.byID {
		mine, has := c.byID[id]
		if !has || theirs.answered && mine.hash != theirs.hash {
			return false
		}
	}
	return true
}

// twoChains is one device's chain as both vaults have it.
type twoChains struct {
	ours, theirs *chain
	// need are their events that are to come here, by hash; replace those of them that take the place of another version.
	need    map[string]bool
	replace map[consent.EventID]bool
	weave   bool // both sides have signed on by themselves: see weave
}

// readChains reads both logs without what they say, verifies what is new in theirs, and decides what is to come.
func (u *union) readChains(ctx context.Context) error {
	u.step(UnionReading, 0, 0)
	err := u.other.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			e, err := stored.Open()
			if err != nil {
				return err
			}
			if e.Type == consent.ConsentDecided {
				u.records = append(u.records, consent.RecordID(e.ID))
			}
			u.chainsOf(e.Device).theirs.add(linkOf(stored, e))
			return nil
		})
	})
	if err != nil {
		return err
	}
	err = u.session.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			e, err := stored.Open()
			if both := u.chains[e.Device]; err == nil && both != nil {
				both.ours.add(linkOf(stored, e))
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	devices := slices.Sorted(maps.Keys(u.chains))
	for _, device := range devices {
		u.decide(device, u.chains[device])
	}
	if err := u.verifyNew(ctx); err != nil {
		return err
	}
	for _, device := range devices {
		if err := whole(device, u.chains[device].theirs); err != nil {
			return err
		}
	}
	return nil
}

func (u *union) chainsOf(device consent.DeviceID) *twoChains {
	both := u.chains[device]
	if both == nil {
		both = &twoChains{ours: newChain(), theirs: newChain(), need: map[string]bool{}, replace: map[consent.EventID]bool{}}
		u.chains[device] = both
	}
	return both
}

func linkOf(stored StoredEvent, e consent.Envelope) link {
	return link{id: e.ID, seq: e.Seq, prev: e.Prev, hash: stored.Hash(), answered: stored.ServerSeq != 0}
}

// decide settles what of a device's chain is to come. Versions of an event differ only in their place in the chain: they exist when a
// device was restored, or used from two copies, and has signed anew.
func (u *union) decide(device consent.DeviceID, both *twoChains) {
	conflict := both.theirs.forked
	for id, theirs := range both.theirs.byID {
		mine, has := both.ours.byID[id]
		at, taken := both.ours.bySeq[theirs.seq]
		switch {
		case has && mine.hash == theirs.hash:
			if theirs.answered && !mine.answered && u.sameDevice() {
				both.need[theirs.hash] = true // the library's answer is news
			}
			continue
		case has || taken && at.hash != theirs.hash:
			conflict = true
		}
		if !has {
			both.need[theirs.hash] = true
		}
	}
	if !conflict {
		return
	}
	forward, back := both.theirs.covers(both.ours) && !both.theirs.forked, both.ours.covers(both.theirs) && !both.ours.forked
	switch {
	case forward && (!back || both.theirs.bySeq[both.theirs.highest].hash < both.ours.bySeq[both.ours.highest].hash):
		for id, theirs := range both.theirs.byID {
			if mine, has := both.ours.byID[id]; has && mine.hash != theirs.hash {
				both.need[theirs.hash], both.replace[id] = true, true
			}
		}
	case back: // what is here already says it all
	case device == u.session.device.ID:
		both.weave = true
	default:
		u.done.Problems = append(u.done.Problems, fmt.Sprintf(
			"device %s was used from two copies, so its chain forks; nothing is lost; take the one copy in on the other, then take in its next backup here", device))
	}
}

// whole checks that a chain has no gap and that every event follows from the one before. Of a chain that forks only the signatures can
// be checked.
func whole(device consent.DeviceID, c *chain) error {
	if c.forked {
		return nil
	}
	var head evidence.Head
	for head.Seq < c.highest {
		next, has := c.bySeq[head.Seq+1]
		if !has {
			return chainBroken(fmt.Sprintf("event %d of device %s is missing", head.Seq+1, device))
		}
		if wrong := head.Follows(consent.Envelope{Seq: next.seq, Prev: next.prev, Device: device}); wrong != "" {
			return chainBroken(wrong)
		}
		head = evidence.Head{Seq: next.seq, Hash: next.hash}
	}
	return nil
}

func chainBroken(wrong string) error {
	return problem.New(problem.Damaged, "union-chain-broken",
		"The log in the backup does not verify: {{.first}}; nothing was taken from it; check that device with \"audit verify\" and make a new backup.", "first", wrong)
}

// verifyNew checks the signature of every event that is to come, before the first one does.
func (u *union) verifyNew(ctx context.Context) error {
	var wrong error
	seq := uint64(0)
	err := u.eachNeeded(ctx, func(stored StoredEvent, e consent.Envelope) error {
		key, known := u.keyOf(e.Device)
		if !known {
			return problem.New(problem.Unauthorised, "union-stranger",
				"The backup has events of the device {{.device}}, which neither the library's list nor a backup of its own has made known; nothing was taken from it; sync both devices, or take in a backup of that device first.",
				"device", e.Device)
		}
		if err := stored.Verify(key); err != nil && (wrong == nil || e.Seq < seq) {
			seq, wrong = e.Seq, chainBroken(fmt.Sprintf("event %d of device %s: %v", e.Seq, e.Device, err))
		}
		return nil
	})
	return cmp.Or(err, wrong)
}

// eachNeeded walks their events that are to come, in the order in which they arrived there.
func (u *union) eachNeeded(ctx context.Context, fn func(StoredEvent, consent.Envelope) error) error {
	return u.other.Store.View(ctx, func(tx Tx) error {
		return tx.EachEvent(func(stored StoredEvent) error {
			e, err := stored.Open()
			if err != nil || !u.chains[e.Device].need[stored.Hash()] {
				return err
			}
			return fn(stored, e)
		})
	})
}

// takeEvents stores the events that are to come. Those of this device that both sides have signed on by themselves come in one
// transaction with their signing anew.
func (u *union) takeEvents(ctx context.Context) error {
	devices := slices.Collect(maps.Values(u.devices))
	if err := u.session.change(ctx, func(c *change) error { return errors.Join(u.takeTrust(c), c.knowDevices(devices)) }); err != nil {
		return err
	}
	total, done := 0, 0
	for _, both := range u.chains {
		total += len(both.need)
	}
	own := u.chains[u.session.device.ID]
	var apart []StoredEvent
	batch := batched[StoredEvent]{most: 1000, flush: func(events []StoredEvent) error {
		fresh := 0
		err := u.session.change(ctx, func(c *change) (err error) {
			fresh, err = u.file(c, events)
			return err
		})
		if err == nil {
			done += len(events)
			u.done.Events += fresh
			u.step(UnionEvents, done, total)
		}
		return err
	}}
	err := u.eachNeeded(ctx, func(stored StoredEvent, e consent.Envelope) error {
		if e.Device == u.session.device.ID {
			apart = append(apart, stored) // all of them in one transaction with the head of the chain
			return nil
		}
		return batch.add(stored)
	})
	if err == nil {
		err = batch.end()
	}
	if err != nil || own == nil || len(apart) == 0 && !own.weave {
		return err
	}
	fresh := 0
	err = u.session.change(ctx, func(c *change) (err error) {
		if own.weave {
			fresh, err = u.weave(ctx, c, own, apart)
		} else {
			fresh, err = u.file(c, apart)
			c.catchUpWith(own)
		}
		return err
	})
	u.done.Events += fresh
	return err
}

// takeTrust takes over a newer list of devices that the library of both has signed: a device that was shut out is so here too, before its
// events come.
func (u *union) takeTrust(c *change) error {
	enrolment, enrolled := u.session.Enrolment()
	before := enrolment.Trust.IssuedAt
	if !enrolled || u.enrolment == nil || enrolment.takeTrust(u.enrolment.Trust) != nil || enrolment.Trust.IssuedAt.Equal(before) {
		return nil //nolint:nilerr // an older list, or a false one: ours stays
	}
	c.then(func() { c.session.enrolment = &enrolment })
	return c.PutSetting(settingEnrolment, enrolment)
}

// catchUpWith makes the end of the chain that of the other copy, when that has come further.
func (c *change) catchUpWith(own *twoChains) {
	last := own.theirs.bySeq[own.theirs.highest]
	if last.seq > c.head.Seq || last.seq == c.head.Seq && own.replace[last.id] {
		c.head = evidence.Head{Seq: last.seq, Hash: last.hash}
	}
}

// file stores verified events, and returns how many said something new.
func (u *union) file(c *change, events []StoredEvent) (fresh int, err error) {
	for _, stored := range events {
		e, err := stored.Open()
		if err != nil {
			return fresh, err
		}
		stored = u.believed(stored, e.Device)
		if u.chains[e.Device].replace[e.ID] {
			err = c.ReplaceEvent(stored)
		} else {
			err = c.AppendEvent(stored)
		}
		if err != nil {
			return fresh, err
		}
		if err := c.learnEvent(stored, e, &fresh); err != nil {
			return fresh, err
		}
	}
	return fresh, nil
}

// learnEvent folds an event that is stored, and forgets whom it erases.
func (c *change) learnEvent(stored StoredEvent, e consent.Envelope, fresh *int) error {
	if !stored.counts() {
		return nil
	}
	if !c.session.state.Knows(e.ID) {
		*fresh++
	}
	c.events = append(c.events, consent.Received{Envelope: e, ReceivedAt: stored.ReceivedAt})
	if e.Type != consent.SubjectErased {
		return nil
	}
	return c.forget(e.Subject)
}

// believed is an event with what can be believed of the library's word on it. A copy of this very vault has that from the library.
// Another device may have made it up: to take an event of this one off the queue, to put a withdrawal aside, to date it before the
// consent, to let the events of a device count that was shut out. The library says it itself at the next sync.
func (u *union) believed(stored StoredEvent, device consent.DeviceID) StoredEvent {
	stored.Own = device == u.session.device.ID
	if !u.sameDevice() {
		stored.ServerSeq, stored.ReceivedAt, stored.Held = 0, time.Time{}, ""
	}
	enrolment, enrolled := u.session.Enrolment()
	if !stored.Own && enrolled && !enrolment.Trust.Counts(device, stored.ReceivedAt) {
		stored.Held = heldRevoked
	}
	return stored
}

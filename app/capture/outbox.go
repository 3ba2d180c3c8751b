package capture

import (
	"context"
	"math"
	"slices"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// Answer is what the library said to one event.
type Answer struct {
	ID         consent.EventID
	ServerSeq  uint64    // 0 when it was not accepted
	ReceivedAt time.Time // by the library's clock
	Held       string    // why the library put it aside; "" when accepted
}

// WaitingEvents returns up to limit events that the library has not answered for yet, in order.
func (s *Session) WaitingEvents(ctx context.Context, limit int) ([]evidence.SignedEvent, error) {
	var events []evidence.SignedEvent
	err := s.Store.View(ctx, func(tx Tx) error {
		waiting, err := tx.WaitingEvents(limit)
		for _, e := range waiting {
			events = append(events, e.SignedEvent)
		}
		return err
	})
	return events, err
}

// EventsAnswered takes up what the library said. An event that it holds back no longer waits, but is named by Status.
func (s *Session) EventsAnswered(ctx context.Context, sent []evidence.SignedEvent, answers []Answer) error {
	byID := make(map[consent.EventID]Answer, len(answers))
	for _, a := range answers {
		byID[a.ID] = a
	}
	return s.change(ctx, func(c *change) error {
		var held int
		if _, err := c.Setting(settingHeld, &held); err != nil {
			return err
		}
		for _, signed := range sent {
			e, err := signed.Open()
			if err != nil {
				return err
			}
			a, answered := byID[e.ID]
			if !answered {
				continue
			}
			if err := c.AppendEvent(StoredEvent{SignedEvent: signed, Own: true, ServerSeq: a.ServerSeq, ReceivedAt: a.ReceivedAt, Held: a.Held}); err != nil {
				return err
			}
			c.events = append(c.events, consent.Received{Envelope: e, ReceivedAt: a.ReceivedAt})
			if a.Held != "" {
				held++
			}
		}
		return c.PutSetting(settingHeld, held)
	})
}

// Incoming is one page of what is new at the library.
type Incoming struct {
	Events   []StoredEvent
	Profiles []consent.Profile
	Cursor   uint64 // to go on from
	Trust    *evidence.TrustList
	Forms    [][]byte
}

// Cursor is how far this device has read the library's changes.
func (s *Session) Cursor(ctx context.Context) (uint64, error) {
	var cursor uint64
	err := s.Store.View(ctx, func(tx Tx) error {
		_, err := tx.Setting(settingCursor, &cursor)
		return err
	})
	return cursor, err
}

// TakeIn stores a page of changes. Every event is verified against the library's list of devices, which is itself verified; one
// that does not verify ends the sync, for the library should never have passed it on. It returns how many events were new.
func (s *Session) TakeIn(ctx context.Context, in Incoming) (int, error) {
	enrolment, ok := s.Enrolment()
	if !ok {
		return 0, errNotEnrolled()
	}
	if in.Trust != nil {
		if err := enrolment.takeTrust(*in.Trust); err != nil {
			return 0, err
		}
	}
	fresh := 0
	err := s.change(ctx, func(c *change) error {
		fresh = 0
		if in.Trust != nil {
			if err := c.PutSetting(settingEnrolment, enrolment); err != nil {
				return err
			}
			c.then(func() { s.enrolment = &enrolment })
		}
		if err := c.takeForms(in.Forms); err != nil {
			return err
		}
		var own []evidence.SignedEvent
		for _, stored := range in.Events {
			isNew, err := c.takeEvent(stored, enrolment.Trust)
			if err != nil {
				return err
			}
			if isNew {
				fresh++
			}
			if e, err := stored.Open(); err == nil && e.Device == s.device.ID {
				own = append(own, stored.SignedEvent)
			}
		}
		if err := c.catchUp(own); err != nil {
			return err
		}
		if s.gap {
			chain, err := readOwnChain(c)
			if err != nil {
				return err
			}
			lost := chain.lost(c.head.Seq)
			c.then(func() { s.setGap(len(lost) > 0) })
		}
		for _, p := range in.Profiles {
			if mine, known := s.profiles[p.Subject]; c.erased(p.Subject) || (known && mine.Revision >= p.Revision) {
				continue
			}
			if err := c.PutProfile(p, false); err != nil {
				return err
			}
			c.then(func() { s.keepProfile(p) })
		}
		return c.PutSetting(settingCursor, in.Cursor)
	})
	return fresh, err
}

// catchUp is for a vault that is older than what it once sent: restored from its snapshot after damage, or from a copy. What the
// library has of this device's events is the chain; what was signed here since waits and is signed anew after it, saying the same.
// Without this the two would fork, and the library would put every later event aside, withdrawals too (design §3.4).
func (c *change) catchUp(accepted []evidence.SignedEvent) error {
	if len(accepted) == 0 {
		return nil
	}
	last := accepted[len(accepted)-1]
	e, err := last.Open()
	if err != nil {
		return err
	}
	waiting, err := c.WaitingEvents(math.MaxInt)
	if err != nil {
		return err
	}
	behind := e.Seq > c.head.Seq
	if len(waiting) > 0 {
		first, err := waiting[0].Open()
		if err != nil {
			return err
		}
		behind = first.Seq <= e.Seq
	}
	if !behind { // what waits follows: these are its own predecessors, or one of them that was lost here
		return nil
	}
	c.head = evidence.Head{Seq: e.Seq, Hash: last.Hash()}
	return c.signAnew(waiting)
}

// signAnew signs own events again, in this order, after the end of the chain. What they say stays the same.
func (c *change) signAnew(events []StoredEvent) error {
	for _, stored := range events {
		own, err := stored.Open()
		if err != nil {
			return err
		}
		signed, head, err := evidence.Resign(c.session.key, c.head, own)
		if err != nil {
			return err
		}
		if err := c.ReplaceEvent(StoredEvent{SignedEvent: signed, Own: true}); err != nil {
			return err
		}
		c.head, own.Seq = head, head.Seq
		c.events = append(c.events, consent.Received{Envelope: own}) // its number says what came before it
	}
	return nil
}

// takeEvent verifies and stores one event; it tells whether it was new here.
func (c *change) takeEvent(stored StoredEvent, trust evidence.TrustList) (bool, error) {
	e, err := stored.Open()
	if err != nil {
		return false, err
	}
	own := e.Device == c.session.device.ID
	key := c.session.key.Public()
	if !own {
		certificate, known := trust.Find(e.Device)
		if !known {
			return false, errStranger()
		}
		key = certificate.PublicKey
	}
	if err := stored.Verify(key); err != nil {
		return false, errStranger().Because(err)
	}
	stored.Own = own
	if !own && !trust.Counts(e.Device, stored.ReceivedAt) {
		stored.Held = heldRevoked
	}
	if err := c.AppendEvent(stored); err != nil {
		return false, err
	}
	if !stored.counts() {
		return false, nil
	}
	fresh := !c.session.state.Knows(e.ID)
	c.events = append(c.events, consent.Received{Envelope: e, ReceivedAt: stored.ReceivedAt})
	if e.Type == consent.SubjectErased {
		return fresh, c.forget(e.Subject)
	}
	return fresh, nil
}

// MissingDetails lists the details of shoots that this device knows from events but has not read: what colleagues called them.
func (s *Session) MissingDetails() []consent.BlobHash {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var missing []consent.BlobHash
	for _, shoot := range s.state.Shoots() {
		if _, read := s.shoots[shoot.Details]; !read && shoot.Details != "" {
			missing = append(missing, shoot.Details)
		}
	}
	return missing
}

// TakeDetails stores the details of a shoot that the library handed out. Bytes that are not what the hash names are refused.
func (s *Session) TakeDetails(ctx context.Context, hash consent.BlobHash, data []byte) error {
	if hashOf(data) != hash {
		return errStranger()
	}
	return s.change(ctx, func(c *change) error {
		if err := c.PutBlob(Blob{Hash: hash, Class: ClassDetails, Data: data}); err != nil {
			return err
		}
		read, _, err := readDetails[ShootDetails](c, hash)
		if err != nil {
			return err
		}
		c.then(func() { s.shoots[hash] = read })
		return nil
	})
}

// WaitingProfiles returns the profiles that the library still has to get.
func (s *Session) WaitingProfiles(ctx context.Context) ([]consent.Profile, error) {
	var profiles []consent.Profile
	err := s.Store.View(ctx, func(tx Tx) error {
		var err error
		profiles, err = tx.WaitingProfiles()
		return err
	})
	return profiles, err
}

// ProfileAnswered takes up that the library has this revision of a profile. A profile changed here meanwhile goes on waiting.
func (s *Session) ProfileAnswered(ctx context.Context, sent consent.Profile) error {
	return s.change(ctx, func(c *change) error {
		if mine, known := s.profiles[sent.Subject]; !known || mine.Revision != sent.Revision {
			return nil
		}
		return c.PutProfile(sent, false)
	})
}

// ProfileConflict settles two changes of one profile: what this device has becomes the next revision after the library's, so
// that nothing typed here is lost, and what only the library had is kept where this device has nothing. The log gets the
// commitment of what was settled on.
func (s *Session) ProfileConflict(ctx context.Context, theirs consent.Profile) (consent.Profile, error) {
	var settled consent.Profile
	err := s.change(ctx, func(c *change) error {
		mine, known := s.profiles[theirs.Subject]
		if !known {
			settled = theirs
			return nil
		}
		settled = mine
		for here, there := range map[*string]string{&settled.Phone: theirs.Phone, &settled.Email: theirs.Email, &settled.Born: theirs.Born,
			&settled.Group: theirs.Group, &settled.Notes: theirs.Notes} {
			if *here == "" {
				*here = there
			}
		}
		if len(settled.Guardians) == 0 {
			settled.Guardians = theirs.Guardians
		}
		for _, taken := range theirs.Taken {
			if !slices.ContainsFunc(settled.Taken, func(t consent.Taken) bool { return t.From == taken.From }) {
				settled.Taken = append(slices.Clone(settled.Taken), taken)
			}
		}
		settled.Revision = theirs.Revision + 1
		if err := c.putProfile(&settled); err != nil {
			return err
		}
		return c.signAmended(settled)
	})
	return settled, err
}

// SyncDone remembers when the device and the library last agreed.
func (s *Session) SyncDone(ctx context.Context) error {
	return s.change(ctx, func(c *change) error {
		if err := c.DeleteSetting(settingRestored); err != nil {
			return err
		}
		return c.PutSetting(settingLastSync, c.at.UTC())
	})
}

package evidence

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"samtykke/app/consent"
)

// Link is one event as a member of its device's chain, after a look at it alone. It is small, so that the links of a whole log
// fit in memory; Signers.Inspect, which makes them, is the costly part and may run for many events at once.
type Link struct {
	ID     consent.EventID
	Type   consent.EventType
	Device consent.DeviceID // as the envelope claims
	Seq    uint64
	At     time.Time
	Hash   string // of the canonical envelope
	Prev   string
	// Wrong is why the event does not stand on its own: unreadable, not canonical, not signed by its device; nil when it does.
	Wrong error
	// Forger is the known device that signed in another's name, "" when there is none.
	Forger consent.DeviceID
}

// ErrStranger marks events of a device that nobody here knows.
var ErrStranger = errors.New("not on the library's list of devices")

// Signers are the devices whose signatures count, with their keys.
type Signers map[consent.DeviceID]PublicKey

// Inspect looks at one event alone.
func (k Signers) Inspect(s SignedEvent) Link {
	e, err := s.Open()
	l := Link{ID: e.ID, Type: e.Type, Device: e.Device, Seq: e.Seq, At: e.At, Hash: s.Hash(), Prev: e.Prev, Wrong: err}
	if err != nil {
		return l
	}
	key, known := k[e.Device]
	if !known {
		l.Wrong = ErrStranger
		return l
	}
	if l.Wrong = s.Verify(key); errors.Is(l.Wrong, ErrSignature) {
		for id, other := range k {
			if s.signedBy(other) {
				l.Forger = id
			}
		}
	}
	return l
}

// Fault is the first event of a device's chain that is not what it must be, in words.
type Fault struct {
	Seq  uint64 // its number, as far as it can be read
	ID   consent.EventID
	Type consent.EventType
	// Broken: the event does not stand on its own. The others are about its place in the chain.
	Broken bool
	What   string // "was changed after it was signed"
	// Forger is the known device that signed in this one's name, "" when there is none.
	Forger consent.DeviceID
}

// ClockStep is how far a device's clock may go back between two events before it is worth a word: a zone set wrong, a flat battery.
const ClockStep = 24 * time.Hour

// Chain is what following the links of one device found.
type Chain struct {
	Head  Head   // the last event that is what it must be
	Fault *Fault // the first that is not; nil when all are
	// Backwards are the events before which the clock had gone back by more than ClockStep. That is no fault: clocks are set.
	Backwards []Link
}

// FollowChain follows the links of one device in the order in which the log has them, up to the first fault. Nothing wrong means
// that no event was changed, removed, slipped in, doubled or moved (design §3.10), except that the newest may be missing: compare
// the head with what is known of it.
func FollowChain(links []Link) Chain {
	var c Chain
	var last time.Time
	for i, l := range links {
		if what, broken := wrongWith(links, i, c.Head); what != "" {
			c.Fault = &Fault{Seq: l.Seq, ID: l.ID, Type: l.Type, Broken: broken, What: what, Forger: l.Forger}
			return c
		}
		if last.Sub(l.At) > ClockStep {
			c.Backwards = append(c.Backwards, l)
		}
		last = l.At
		c.Head = Head{Seq: l.Seq, Hash: l.Hash}
	}
	return c
}

// wrongWith says what is wrong with a link as the successor of head, "" when nothing is.
func wrongWith(links []Link, i int, head Head) (what string, broken bool) {
	l := links[i]
	switch {
	case l.Wrong == nil && l.Seq == head.Seq+1 && l.Prev == head.Hash:
		return "", false
	case l.Wrong != nil:
		return brokenBy(links, l), true
	case l.Seq == head.Seq+1:
		return fmt.Sprintf("does not follow from event %d: one of the two is not the one that was signed here first", head.Seq), false
	case l.Seq <= head.Seq:
		if twin, ok := twinOf(links[:i], l); ok {
			return fmt.Sprintf("has the number of another (%s): the device signed two chains", twin.ID), false
		}
		return "stands in the log twice", false
	case slices.ContainsFunc(links[i+1:], func(other Link) bool { return other.Seq == head.Seq+1 && other.Wrong == nil }):
		return fmt.Sprintf("stands before event %d: events were swapped", head.Seq+1), false
	case l.Seq == head.Seq+2:
		return fmt.Sprintf("comes after a gap: event %d is missing", head.Seq+1), false
	}
	return fmt.Sprintf("comes after a gap: events %d to %d are missing", head.Seq+1, l.Seq-1), false
}

// brokenBy says why a link does not stand on its own.
func brokenBy(links []Link, l Link) string {
	_, twin := twinOf(links, l)
	switch {
	case errors.Is(l.Wrong, ErrNotCanonical):
		return "is not in canonical JSON"
	case !errors.Is(l.Wrong, ErrSignature):
		return "cannot be read: " + l.Wrong.Error()
	case l.Forger != "":
		return "was signed by another device"
	case twin:
		return "was slipped in: this device did not sign it"
	}
	return "was changed after it was signed"
}

// twinOf finds a sound event with the same number and other content.
func twinOf(links []Link, l Link) (Link, bool) {
	i := slices.IndexFunc(links, func(other Link) bool { return other.Seq == l.Seq && other.Hash != l.Hash && other.Wrong == nil })
	if i < 0 {
		return Link{}, false
	}
	return links[i], true
}

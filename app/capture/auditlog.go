package capture

import (
	"context"
	"encoding/json"
	"runtime"
	"sync"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// auditedLog is the log after one reading: the chains as links, and what the events name.
type auditedLog struct {
	events     int
	unreadable []int // by number of arrival, from 1
	chains     map[consent.DeviceID][]evidence.Link
	evidence   []namedEvidence
	receipts   []issuedReceipt
	lost       []lostEvents
	commits    map[string]bool // every commitment of a profile
	changes    map[consent.SubjectID]int
}

type namedEvidence struct {
	id      consent.EventID
	kind    consent.EventType
	device  consent.DeviceID
	subject consent.SubjectID
	ref     consent.EvidenceRef
}

type issuedReceipt struct {
	id      consent.EventID
	device  consent.DeviceID
	subject consent.SubjectID
	body    consent.ReceiptBody
}

// lostEvents is what a device said of events of its own that it lost.
type lostEvents struct {
	device consent.DeviceID
	ranges []consent.NumberRange
}

// inspected is one event after the costly look.
type inspected struct {
	link evidence.Link
	// envelope is there for the types whose bodies name something.
	envelope *consent.Envelope
}

// auditBatch is how many events a worker takes at once: enough that handing over costs nothing beside the signatures.
const auditBatch = 512

// inspectLog reads the log once and looks at the events on every processor, for a signature takes longer to check than an event to
// read. The order of the log is kept.
func inspectLog(ctx context.Context, tx Events, signers evidence.Signers) (*auditedLog, error) {
	log := &auditedLog{chains: map[consent.DeviceID][]evidence.Link{}, commits: map[string]bool{}, changes: map[consent.SubjectID]int{}}
	type batch struct {
		events []evidence.SignedEvent
		done   chan []inspected
	}
	workers := runtime.GOMAXPROCS(0)
	work, inOrder := make(chan batch, workers), make(chan batch, 4*workers)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for b := range work {
				b.done <- inspectAll(b.events, signers)
			}
		})
	}
	group.Go(func() {
		for b := range inOrder {
			for _, seen := range <-b.done {
				log.take(seen)
			}
		}
	})
	var next []evidence.SignedEvent
	hand := func() {
		b := batch{events: next, done: make(chan []inspected, 1)}
		work <- b
		inOrder <- b
		next = nil
	}
	err := tx.EachEvent(func(stored StoredEvent) error {
		if next = append(next, stored.SignedEvent); len(next) == auditBatch {
			hand()
		}
		return ctx.Err()
	})
	hand()
	close(work)
	close(inOrder)
	group.Wait()
	return log, err
}

func inspectAll(events []evidence.SignedEvent, signers evidence.Signers) []inspected {
	seen := make([]inspected, len(events))
	for i, e := range events {
		seen[i].link = signers.Inspect(e)
		switch seen[i].link.Type {
		case consent.ConsentDecided, consent.ConsentWithdrawn, consent.ReceiptIssued, consent.SubjectRegistered, consent.SubjectAmended, consent.ChainMended:
			if envelope, err := e.Open(); err == nil {
				seen[i].envelope = &envelope
			}
		}
	}
	return seen
}

// take adds one event, in the order of the log.
func (l *auditedLog) take(seen inspected) {
	l.events++
	link := seen.link
	if link.Device == "" {
		l.unreadable = append(l.unreadable, l.events)
		return
	}
	l.chains[link.Device] = append(l.chains[link.Device], link)
	if seen.envelope == nil || link.Wrong != nil {
		return
	}
	e := *seen.envelope
	// A body that cannot be read is among the session's oddities already.
	switch e.Type {
	case consent.ReceiptIssued:
		var body consent.ReceiptBody
		if json.Unmarshal(e.Body, &body) == nil {
			l.receipts = append(l.receipts, issuedReceipt{id: e.ID, device: e.Device, subject: e.Subject, body: body})
			l.nameEvidence(e, body.Evidence) // of a receipt that is to be mailed
		}
	case consent.ChainMended:
		var body consent.ChainMendedBody
		if json.Unmarshal(e.Body, &body) == nil {
			l.lost = append(l.lost, lostEvents{e.Device, body.Lost})
		}
	case consent.SubjectRegistered, consent.SubjectAmended:
		var body consent.SubjectBody
		if json.Unmarshal(e.Body, &body) == nil && body.PIICommit != "" {
			l.commits[body.PIICommit] = true
			l.changes[e.Subject]++
		}
	default:
		var body struct {
			Evidence []consent.EvidenceRef `json:"evidence"`
		}
		if json.Unmarshal(e.Body, &body) == nil {
			l.nameEvidence(e, body.Evidence)
		}
	}
}

// nameEvidence remembers what an event names as evidence.
func (l *auditedLog) nameEvidence(e consent.Envelope, refs []consent.EvidenceRef) {
	for _, ref := range refs {
		l.evidence = append(l.evidence, namedEvidence{id: e.ID, kind: e.Type, device: e.Device, subject: e.Subject, ref: ref})
	}
}

package library

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// Outcome is what became of one event.
type Outcome string

// The outcomes.
const (
	Accepted    Outcome = "accepted"    // in the log now
	Duplicate   Outcome = "duplicate"   // in the log before, byte for byte
	Rejected    Outcome = "rejected"    // never a valid event of this device; not kept
	Quarantined Outcome = "quarantined" // signed, but it does not fit the chain; kept and reported
)

// Result answers for one event.
type Result struct {
	ID         consent.EventID
	Outcome    Outcome
	ServerSeq  uint64    // for accepted and duplicate
	ReceivedAt time.Time // the same
	Reason     string    // for rejected and quarantined
}

// candidate is an event whose signature has been checked.
type candidate struct {
	signed   evidence.SignedEvent
	envelope consent.Envelope
	wrong    string // why it is no event of this device, "" when it is
}

// Intake takes in events of one device, in the order of their numbers, all in one transaction: after an error nothing was
// taken in and everything can be sent again. The results come in the order asked. A revoked device's events are quarantined.
func (l *Library) Intake(ctx context.Context, device consent.DeviceID, events []evidence.SignedEvent) ([]Result, error) {
	sender, err := l.Device(ctx, device)
	if err != nil && sender.Revoked.IsZero() {
		return nil, err
	}
	candidates := verifyAll(sender.Certificate.PublicKey, events)
	in := intake{received: l.clock()}
	if err := l.ledger.Update(ctx, func(tx Tx) error { return in.run(tx, l.key, device, candidates) }); err != nil {
		return nil, fmt.Errorf("take in events: %w", err)
	}
	for _, alarm := range in.alarms {
		l.log.Error("event quarantined", "device", device, "event", alarm.ID, "reason", alarm.Reason)
	}
	l.mu.Lock()
	for _, e := range in.accepted {
		l.apply(e)
	}
	l.mu.Unlock()
	l.remove(ctx, in.erased)
	l.wakeMail()
	return in.results, nil
}

// verifyAll checks signatures on every core; it is the expensive part and needs no ledger.
func verifyAll(key evidence.PublicKey, events []evidence.SignedEvent) []candidate {
	candidates := make([]candidate, len(events))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(events)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(events) {
					return
				}
				candidates[i] = check(key, events[i])
			}
		})
	}
	workers.Wait()
	return candidates
}

func check(key evidence.PublicKey, signed evidence.SignedEvent) candidate {
	c := candidate{signed: signed}
	var err error
	if c.envelope, err = signed.Open(); err == nil {
		err = signed.Verify(key)
	}
	if err == nil {
		_, err = uuid.Parse(string(c.envelope.ID))
	}
	switch {
	case err != nil:
		c.wrong = err.Error()
	case len(c.envelope.ID) != 36: // the other ways of writing a UUID
		c.wrong = "event id is not a UUID"
	}
	return c
}

// intake is one transaction's work.
type intake struct {
	received time.Time
	results  []Result
	accepted []consent.Received
	aside    []QuarantinedEvent // what is in quarantine, which an accepted event may leave
	alarms   []Result
	erased   []consent.BlobHash
}

func (in *intake) run(tx Tx, key evidence.Key, device consent.DeviceID, candidates []candidate) error {
	sender, ok, err := tx.Device(device)
	if err != nil {
		return err
	}
	if !ok {
		return ErrDeviceUnknown
	}
	log, err := openTreeLog(tx)
	if err != nil {
		return err
	}
	if in.aside, err = tx.Quarantine(); err != nil {
		return err
	}
	in.results = make([]Result, len(candidates))
	for i, c := range candidates {
		if in.results[i], err = in.take(tx, log, &sender, c); err != nil {
			return err
		}
	}
	if len(in.accepted) == 0 {
		return nil
	}
	if err := tx.PutDevice(sender); err != nil {
		return err
	}
	return log.sign(key, in.received)
}

// take decides on one event. The order of the questions matters: what is in the log already is a duplicate whatever the head.
func (in *intake) take(tx Tx, log *treeLog, sender *Device, c candidate) (Result, error) {
	result := Result{ID: c.envelope.ID}
	if c.wrong != "" {
		result.Outcome, result.Reason = Rejected, c.wrong
		return result, nil
	}
	known, found, err := tx.Event(c.envelope.ID)
	if err != nil {
		return result, err
	}
	same := found && bytes.Equal(known.Signed.Envelope, c.signed.Envelope)
	var reason string
	switch {
	case same:
		result.Outcome, result.ServerSeq, result.ReceivedAt = Duplicate, known.ServerSeq, known.ReceivedAt
		return result, nil
	case found:
		reason = fmt.Sprintf("another event has the identifier %s", c.envelope.ID)
	case !sender.Revoked.IsZero():
		reason = fmt.Sprintf("device %s was revoked", c.envelope.Device)
	default:
		reason = sender.Head.Follows(c.envelope)
	}
	if reason != "" {
		result.Outcome, result.Reason = Quarantined, reason
		aside := QuarantinedEvent{Signed: c.signed, ID: c.envelope.ID, Device: c.envelope.Device, Seq: c.envelope.Seq, ReceivedAt: in.received, Reason: reason}
		fresh, err := tx.PutQuarantine(aside)
		if in.aside = append(in.aside, aside); fresh {
			in.alarms = append(in.alarms, result)
		}
		return result, err
	}
	logged, err := log.add(logEntry(c.signed, c.envelope, in.received))
	if err != nil {
		return result, err
	}
	if err := in.release(tx, c); err != nil {
		return result, err
	}
	for _, d := range declarations(c.envelope) {
		if err := tx.Declare(d); err != nil {
			return result, err
		}
	}
	if err := askForMail(tx, c.envelope, in.received); err != nil {
		return result, err
	}
	if c.envelope.Type == consent.SubjectErased && c.envelope.Subject != "" {
		gone, err := tx.EraseSubject(c.envelope.Subject, in.received)
		if err != nil {
			return result, err
		}
		in.erased = append(in.erased, gone...)
	}
	sender.Head = evidence.Head{Seq: c.envelope.Seq, Hash: c.signed.Hash()}
	in.accepted = append(in.accepted, consent.Received{Envelope: c.envelope, ReceivedAt: in.received})
	result.Outcome, result.ServerSeq, result.ReceivedAt = Accepted, logged.ServerSeq, logged.ReceivedAt
	return result, nil
}

// release lets an accepted event leave the quarantine, also when it lies there as its device first signed it: another place in the
// chain, but saying the same.
func (in *intake) release(tx Tx, c candidate) error {
	for _, aside := range in.aside {
		if aside.ID != c.envelope.ID || aside.Device != c.envelope.Device || !aside.Signed.SaysTheSame(c.signed) {
			continue
		}
		if err := tx.ReleaseQuarantine(aside.Signed, in.received); err != nil {
			return err
		}
	}
	return nil
}

// declarations lists the blobs that an event names. Receipts are among them only when they are to be mailed: they can be written again
// from the record.
func declarations(e consent.Envelope) []Declaration {
	var list []Declaration
	add := func(hash consent.BlobHash, class Class, subject consent.SubjectID) {
		if isHash(string(hash)) {
			list = append(list, Declaration{Hash: hash, Device: e.Device, Class: class, Subject: subject})
		}
	}
	refs := func(refs []consent.EvidenceRef) {
		for _, ref := range refs {
			add(ref.SHA256, ClassEvidence, e.Subject)
		}
	}
	switch e.Type {
	case consent.ShootCreated, consent.ShootChanged:
		add(bodyOf[consent.ShootBody](e).Details, ClassDetails, "")
	case consent.ConsentDecided:
		body := bodyOf[consent.DecidedBody](e)
		add(consent.BlobHash(body.Form), ClassForm, "")
		refs(body.Evidence)
	case consent.ConsentWithdrawn:
		refs(bodyOf[consent.WithdrawnBody](e).Evidence)
	case consent.ReceiptIssued:
		refs(bodyOf[consent.ReceiptBody](e).Evidence)
	case consent.AssetApproved, consent.AssetRejected:
		refs(bodyOf[consent.RejectedBody](e).Evidence)
	case consent.AssetImported:
		add(consent.BlobHash(e.Asset), ClassAsset, "")
		body := bodyOf[consent.ImportedBody](e)
		add(body.Details, ClassDetails, "")
		for _, c := range body.Companions {
			add(c.SHA256, ClassAsset, "")
		}
	case consent.AssetGround:
		add(bodyOf[consent.GroundBody](e).Why, ClassDetails, "")
	case consent.AssetRemoved:
		add(bodyOf[consent.RemovedBody](e).Why, ClassDetails, "")
	case consent.FormPublished:
		add(consent.BlobHash(bodyOf[consent.FormBody](e).Form), ClassForm, "")
	}
	return list
}

// bodyOf reads a body; one that cannot be read names no blobs.
func bodyOf[T any](e consent.Envelope) T {
	var body T
	_ = json.Unmarshal(e.Body, &body)
	return body
}

package vault

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// AppendEvent adds an event to the log, or completes what is known about one that is there.
func (t *tx) AppendEvent(e capture.StoredEvent) error {
	var head struct {
		ID  consent.EventID `json:"id"`
		Seq uint64          `json:"seq"`
	}
	if len(e.Envelope) > evidence.MaxEnvelope {
		return fmt.Errorf("envelope has %d bytes, more than %d", len(e.Envelope), evidence.MaxEnvelope)
	}
	if err := json.Unmarshal(e.Envelope, &head); err != nil {
		return fmt.Errorf("read envelope: %w", err)
	}
	if head.ID == "" {
		return errors.New("envelope has no id")
	}
	id := []byte(head.ID)
	arrival, found, err := t.get(bucketEventIDs, id, t.keys.values)
	if err != nil {
		return err
	}
	if found {
		return t.completeEvent(arrival, head.Seq, e)
	}
	events := t.bolt.Bucket(bucketEvents)
	number, err := events.NextSequence()
	if err != nil {
		return fmt.Errorf("number event: %w", err)
	}
	events.FillPercent = 0.95 // events only ever come at the end
	arrival = binary.BigEndian.AppendUint64(nil, number)
	if err := t.put(bucketEventIDs, id, t.keys.values, arrival); err != nil {
		return err
	}
	return t.putEvent(arrival, head.Seq, e)
}

// completeEvent takes over what the library has said since.
func (t *tx) completeEvent(arrival []byte, seq uint64, e capture.StoredEvent) error {
	kept, err := t.event(arrival)
	if err != nil {
		return err
	}
	if kept.ServerSeq == 0 && e.ServerSeq != 0 && !bytes.Equal(kept.Envelope, e.Envelope) {
		return t.replaceEvent(arrival, kept, seq, e) // signed anew by its device, and the library has that version
	}
	before := kept
	if kept.ServerSeq == 0 && e.ServerSeq != 0 {
		kept.ServerSeq, kept.ReceivedAt, kept.Held = e.ServerSeq, e.ReceivedAt, e.Held
	}
	if kept.ReceivedAt.IsZero() {
		kept.ReceivedAt = e.ReceivedAt
	}
	if kept.Held == "" {
		kept.Held = e.Held
	}
	if kept.ServerSeq == before.ServerSeq && kept.ReceivedAt.Equal(before.ReceivedAt) && kept.Held == before.Held {
		return nil
	}
	return t.putEvent(arrival, seq, kept)
}

func (t *tx) putEvent(arrival []byte, seq uint64, e capture.StoredEvent) error {
	if err := t.put(bucketEvents, arrival, t.keys.values, frameEvent(e)); err != nil {
		return err
	}
	waiting := waitingKey(seq, arrival)
	if e.Own && e.ServerSeq == 0 && e.Held == "" {
		return t.put(bucketEventsWaiting, waiting, t.keys.values, nil)
	}
	return t.delete(bucketEventsWaiting, waiting)
}

func (t *tx) event(arrival []byte) (capture.StoredEvent, error) {
	raw, found, err := t.get(bucketEvents, arrival, t.keys.values)
	if err == nil && !found {
		err = damaged(databaseFile, errors.New("an event is missing"))
	}
	if err != nil {
		return capture.StoredEvent{}, err
	}
	return unframeEvent(raw)
}

// Event returns one event of the log.
func (t *tx) Event(id consent.EventID) (capture.StoredEvent, bool, error) {
	arrival, found, err := t.get(bucketEventIDs, []byte(id), t.keys.values)
	if err != nil || !found {
		return capture.StoredEvent{}, false, err
	}
	e, err := t.event(arrival)
	return e, err == nil, err
}

// EachEvent walks the log in the order of arrival.
func (t *tx) EachEvent(fn func(capture.StoredEvent) error) error {
	return walk(t, bucketEvents, nil, func(e entry) (capture.StoredEvent, error) {
		raw, err := openValue(bucketEvents, e.key, e.sealed, t.keys.values)
		if err != nil {
			return capture.StoredEvent{}, err
		}
		return unframeEvent(raw)
	}, fn)
}

// WaitingEvents returns own events that the library has not answered, in the order of their numbers.
func (t *tx) WaitingEvents(limit int) ([]capture.StoredEvent, error) {
	var waiting []capture.StoredEvent
	cursor := t.bolt.Bucket(bucketEventsWaiting).Cursor()
	for key, _ := cursor.First(); key != nil && len(waiting) < limit; key, _ = cursor.Next() {
		if len(key) != 16 {
			return nil, damaged(databaseFile, errors.New("a waiting event has no number"))
		}
		e, err := t.event(key[8:])
		if err != nil {
			return nil, err
		}
		waiting = append(waiting, e)
	}
	return waiting, nil
}

// CountWaitingEvents counts them by their index alone.
func (t *tx) CountWaitingEvents() (count int, err error) {
	cursor := t.bolt.Bucket(bucketEventsWaiting).Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		count++
	}
	return count, nil
}

// A framed event, since 400,000 of them are read at every start and JSON around JSON would cost most of that time:
//
//	flags u8, server_seq u64, received_at (seconds i64, nanoseconds u32),
//	length of held uvarint, held, length of signature uvarint, signature, envelope to the end
const (
	flagOwn      = 1 << iota // signed by this device
	flagReceived             // received_at is known
	eventFixed   = 1 + 8 + 8 + 4
)

func frameEvent(e capture.StoredEvent) []byte {
	var flags byte
	var seconds int64
	var nanoseconds uint32
	if e.Own {
		flags |= flagOwn
	}
	if !e.ReceivedAt.IsZero() {
		flags |= flagReceived
		seconds, nanoseconds = e.ReceivedAt.Unix(), uint32(e.ReceivedAt.Nanosecond())
	}
	b := make([]byte, 0, eventFixed+2*binary.MaxVarintLen32+len(e.Held)+len(e.Signature)+len(e.Envelope))
	b = append(b, flags)
	b = binary.BigEndian.AppendUint64(b, e.ServerSeq)
	b = binary.BigEndian.AppendUint64(b, uint64(seconds))
	b = binary.BigEndian.AppendUint32(b, nanoseconds)
	b = append(binary.AppendUvarint(b, uint64(len(e.Held))), e.Held...)
	b = append(binary.AppendUvarint(b, uint64(len(e.Signature))), e.Signature...)
	return append(b, e.Envelope...)
}

var errFrame = errors.New("an event's frame is not whole")

// unframeEvent reads a frame. The event keeps the slice.
func unframeEvent(b []byte) (e capture.StoredEvent, err error) {
	if len(b) < eventFixed || b[0]&^(flagOwn|flagReceived) != 0 {
		return e, damaged(databaseFile, errFrame)
	}
	e.Own = b[0]&flagOwn != 0
	e.ServerSeq = binary.BigEndian.Uint64(b[1:])
	if b[0]&flagReceived != 0 {
		e.ReceivedAt = time.Unix(int64(binary.BigEndian.Uint64(b[9:])), int64(binary.BigEndian.Uint32(b[17:]))).UTC()
	}
	held, rest, ok := cutSized(b[eventFixed:])
	if !ok {
		return e, damaged(databaseFile, errFrame)
	}
	signature, envelope, ok := cutSized(rest)
	if !ok {
		return e, damaged(databaseFile, errFrame)
	}
	e.Held, e.Signature, e.Envelope = string(held), signature, envelope
	return e, nil
}

func cutSized(b []byte) (part, rest []byte, ok bool) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, false
	}
	end := n + int(size)
	return b[n:end:end], b[end:], true
}

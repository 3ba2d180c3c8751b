package evidence

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"

	"samtykke/app/consent"
)

// SignedEvent is an event as it is kept and sent: the canonical envelope, byte for byte, and the device's signature over it.
// The bytes are kept as they are, so that an event of a newer version stays verifiable.
type SignedEvent struct {
	Envelope  json.RawMessage `json:"envelope"`
	Signature []byte          `json:"sig"` // Ed25519, base64 in JSON
}

// UnmarshalJSON reads a signed event from JSON and brings the envelope back into its canonical form: writers of JSON are free to
// escape characters that the canonical form does not, and often do.
func (s *SignedEvent) UnmarshalJSON(raw []byte) error {
	type plain SignedEvent
	if err := json.Unmarshal(raw, (*plain)(s)); err != nil {
		return err
	}
	if len(s.Envelope) == 0 {
		return nil // Verify says what is missing
	}
	canonical, err := jcs.Transform(s.Envelope)
	if err != nil {
		return fmt.Errorf("canonicalise envelope: %w", err)
	}
	s.Envelope = canonical
	return nil
}

// MaxEnvelope bounds a canonical envelope, in bytes.
const MaxEnvelope = 64 << 10

// Open reads the envelope. It does not verify.
func (s SignedEvent) Open() (consent.Envelope, error) {
	var e consent.Envelope
	if len(s.Envelope) > MaxEnvelope {
		return e, fmt.Errorf("envelope has %d bytes, more than %d", len(s.Envelope), MaxEnvelope)
	}
	if e, ok := openCanonical(s.Envelope); ok {
		return e, nil
	}
	if err := json.Unmarshal(s.Envelope, &e); err != nil {
		return e, fmt.Errorf("read envelope: %w", err)
	}
	return e, nil
}

// Hash is the SHA-256 of the canonical envelope in hex: what the next event of the device names as prev.
func (s SignedEvent) Hash() string {
	sum := sha256.Sum256(s.Envelope)
	return hex.EncodeToString(sum[:])
}

// ErrNotCanonical is returned when an envelope is not in canonical JSON, so that its hash would not be the only one.
var ErrNotCanonical = errors.New("not in canonical JSON")

// Verify checks that the envelope is canonical, complete, signed by the holder of this key, and can be read in one way only.
func (s SignedEvent) Verify(key PublicKey) error {
	e, err := s.Open()
	if err != nil {
		return err
	}
	c, err := jcs.Transform(s.Envelope)
	if err != nil {
		return fmt.Errorf("canonicalise envelope: %w", err)
	}
	switch {
	case string(c) != string(s.Envelope):
		return fmt.Errorf("envelope %s: %w", e.ID, ErrNotCanonical)
	case e.V < 1 || e.ID == "" || e.Type == "" || e.Seq == 0 || e.At.IsZero():
		return fmt.Errorf("envelope %q lacks a required field", e.ID)
	case e.Device != key.Device():
		return fmt.Errorf("envelope %s names device %s: %w", e.ID, e.Device, ErrSignature)
	case !s.signedBy(key):
		return fmt.Errorf("envelope %s: %w", e.ID, ErrSignature)
	}
	return unambiguous(s.Envelope, e)
}

// signedBy tells whether the holder of the key signed these very bytes.
func (s SignedEvent) signedBy(key PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(ed25519.PublicKey(key), append([]byte(DomainEvent), s.Envelope...), s.Signature)
}

// Head is the end of one device's chain.
type Head struct {
	Seq  uint64 `json:"seq"`
	Hash string `json:"hash"`
}

// Draft is an event before it has its place in the chain.
type Draft struct {
	Type    consent.EventType
	Subject consent.SubjectID
	Shoot   consent.ShootID
	Asset   consent.AssetID
	Body    any
}

// Append signs a draft as the next event after head and returns it with the new head.
func Append(key Key, head Head, at time.Time, random io.Reader, d Draft) (SignedEvent, consent.Envelope, Head, error) {
	id, err := uuid.NewV7FromReader(random)
	if err != nil {
		return SignedEvent{}, consent.Envelope{}, head, fmt.Errorf("draw event id: %w", err)
	}
	body, err := json.Marshal(d.Body)
	if err != nil {
		return SignedEvent{}, consent.Envelope{}, head, fmt.Errorf("write %s: %w", d.Type, err)
	}
	e := consent.Envelope{V: 1, ID: consent.EventID(id.String()), Type: d.Type, Device: key.Device(), Seq: head.Seq + 1, Prev: head.Hash,
		At: at.UTC().Truncate(time.Millisecond), TZ: at.Format("-07:00"), Subject: d.Subject, Shoot: d.Shoot, Asset: d.Asset, Body: body}
	signed, head, err := Resign(key, head, e)
	return signed, e, head, err
}

// Resign signs an event of this device anew as the next after head. What it says stays the same, its identifier and time
// included; only its place in the chain is another.
func Resign(key Key, head Head, e consent.Envelope) (SignedEvent, Head, error) {
	e.Device, e.Seq, e.Prev = key.Device(), head.Seq+1, head.Hash
	raw, err := Canonical(e)
	if err != nil {
		return SignedEvent{}, head, err
	}
	signed := SignedEvent{Envelope: raw, Signature: ed25519.Sign(key.private, append([]byte(DomainEvent), raw...))}
	return signed, Head{Seq: e.Seq, Hash: signed.Hash()}, nil
}

// SaysTheSame tells whether two events are one that was signed anew: they differ in their place in the chain alone.
func (s SignedEvent) SaysTheSame(other SignedEvent) bool {
	said := make([][]byte, 0, 2)
	for _, signed := range []SignedEvent{s, other} {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(signed.Envelope, &members); err != nil {
			return false
		}
		delete(members, "seq")
		delete(members, "prev")
		raw, err := Canonical(members)
		if err != nil {
			return false
		}
		said = append(said, raw)
	}
	return bytes.Equal(said[0], said[1])
}

// Follows says what is wrong with an event as the successor of head, or "" when nothing is.
func (h Head) Follows(e consent.Envelope) string {
	switch {
	case e.Seq > h.Seq+1:
		return fmt.Sprintf("events %d to %d of device %s are missing", h.Seq+1, e.Seq-1, e.Device)
	case e.Seq <= h.Seq:
		return fmt.Sprintf("device %s has two events numbered %d", e.Device, e.Seq)
	case e.Prev != h.Hash:
		return fmt.Sprintf("event %d of device %s does not follow from event %d", e.Seq, e.Device, h.Seq)
	}
	return ""
}

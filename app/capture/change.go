package capture

import (
	"context"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// change is one use case's worth of writing: events in order and everything they name, in one transaction.
type change struct {
	Tx
	session *Session
	at      time.Time
	head    evidence.Head
	events  []consent.Received
	drawn   map[consent.Code]bool
	// reservedDrawn: the codes on blank cards are among drawn.
	reservedDrawn bool
	after         []func() // what memory takes over once the transaction is durable
	// answered are the questions that this change has answered, as they stood before; see decided.
	answered map[consent.AssetID]decision
}

// change runs fn in one transaction and, once that is durable, brings memory up to date. fn reads the session's memory freely.
func (s *Session) change(ctx context.Context, fn func(*change) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	var c *change
	err := s.Store.Update(ctx, func(tx Tx) error {
		c = &change{Tx: tx, session: s, at: s.Clock(), head: s.head, drawn: map[consent.Code]bool{}}
		if err := fn(c); err != nil {
			return err
		}
		if c.head == s.head {
			return nil
		}
		return tx.PutSetting(settingHead, c.head)
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.head = c.head
	for _, e := range c.events {
		s.apply(e)
		if e.Type == consent.SubjectRegistered || e.Type == consent.SubjectAmended {
			s.refind(e.Subject)
		}
	}
	for _, take := range c.after {
		take()
	}
	listeners := s.listeners
	s.mu.Unlock()
	for _, told := range listeners {
		told()
	}
	return nil
}

// sign appends an event of this device.
func (c *change) sign(d evidence.Draft) (consent.Envelope, error) {
	signed, e, head, err := evidence.Append(c.session.key, c.head, c.at, c.session.Random, d)
	if err != nil {
		return e, err
	}
	if err := c.AppendEvent(StoredEvent{SignedEvent: signed, Own: true}); err != nil {
		return e, err
	}
	c.head = head
	c.events = append(c.events, consent.Received{Envelope: e})
	return e, nil
}

// then remembers something that memory takes over when the transaction is durable.
func (c *change) then(take func()) { c.after = append(c.after, take) }

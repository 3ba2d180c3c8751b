package capture

import (
	"context"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// RecordDocument is the signed JSON-LD of one consent record with everything that has happened to it until now: a
// dpv:ConsentReceipt with a Data Integrity proof of this device. It holds pseudonyms only, so it can be given also for a person
// who was erased. Of a withdrawal it is the document of the record that was withdrawn, in which the withdrawal is a status of each
// scope it reaches: nothing that was said is deleted.
func (s *Session) RecordDocument(ctx context.Context, record consent.RecordID) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var document []byte
	err := s.Store.View(ctx, func(tx Tx) error {
		var err error
		document, err = s.recordDocument(tx, record, s.Clock())
		return err
	})
	return document, err
}

// recordDocument is RecordDocument within a transaction. The caller holds a lock.
func (s *Session) recordDocument(tx Events, id consent.RecordID, now time.Time) ([]byte, error) {
	if entry, subject, ok := s.state.Withdrawal(consent.EventID(id)); ok {
		back, err := s.takenBack(subject, entry)
		if err != nil {
			return nil, err
		}
		id = consent.RecordID(back.record().ID)
	}
	body, subject, _, at, ok := s.state.Record(id)
	if !ok {
		return nil, recordUnknown(id)
	}
	stored, found, err := tx.Event(consent.EventID(id))
	if err != nil {
		return nil, err
	}
	form := s.state.Form(body.Form)
	if !found || form == nil {
		return nil, formNotHere()
	}
	e, err := stored.Open()
	if err != nil {
		return nil, err
	}
	sub, _ := s.state.Subject(subject)
	account := evidence.Account{Record: id, Hash: stored.Hash(), Device: e.Device, Subject: subject, Code: sub.Code, Body: body, At: at, Form: form,
		Address: s.libraryAddress(), History: s.state.History(subject), Standings: map[consent.Scope]consent.Standing{}, Created: now}
	for scope := range body.Answers {
		account.Standings[scope] = s.state.Standing(subject, scope, now)
	}
	document, err := account.Document()
	if err != nil {
		return nil, err
	}
	return evidence.SignDocument(s.key, document, now)
}

func formNotHere() *problem.Problem {
	return problem.New(problem.NotFound, "form-not-here",
		"The form that was signed is not on this device; the record is safe; sync to fetch it, then write the receipt again.")
}

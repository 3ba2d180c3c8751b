package capture

import (
	"bytes"
	"errors"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/app/receipt"
)

// Verification is what checking a receipt, a token or a signed document offline found.
type Verification struct {
	evidence.Token        // of a signed document only what it says itself: no hash of a file
	SignedBy       string // the device's name, or its identifier when only that is known
	// KnownHere: the record is in this vault. All below is known only then.
	KnownHere bool
	// Refusal: a record that said yes to nothing.
	Refusal bool
	// WithdrawnSince: so is a later withdrawal or refusal of something it said yes to; WithdrawnAt is when that was, the last time.
	WithdrawnSince bool
	WithdrawnAt    time.Time
	// StillGiven is what a consent said yes to and still stands; of what a withdrawal took back, what was given again.
	StillGiven []consent.Scope
	// Erased: the person was erased, and nothing of what they said is used.
	Erased bool
}

// Verify checks a receipt file (PDF or JSON-LD) or the text of a token without a network. An error says why it is not to be
// trusted; what it claims comes along where it could be read. What a device signed that was shut out is trusted when its record is here.
func (s *Session) Verify(receiptOrToken []byte) (Verification, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var token evidence.Token
	var err error
	switch {
	case bytes.HasPrefix(receiptOrToken, []byte("%PDF-")):
		if token, err = evidence.OpenFile(s.trusted(), receiptOrToken); err == nil || problem.KindOf(err) == problem.Damaged {
			if exchanged := s.checkAttached(receiptOrToken); exchanged != nil {
				err = exchanged
			}
		}
	case bytes.HasPrefix(receiptOrToken, []byte("{")):
		token, err = evidence.OpenReceipt(s.trusted(), receiptOrToken)
	default:
		token, err = evidence.DecodeToken(s.trusted(), string(receiptOrToken))
	}
	v := Verification{Token: token, SignedBy: s.deviceName(token.Device)}
	s.whatCameAfter(&v)
	if err == nil && !v.KnownHere && s.shutOut(token.Device) { // it may be dated back: only the log tells what was signed in time
		err = problem.New(problem.Unauthorised, "token-shut-out",
			"The receipt was signed by a device that has been shut out since, and its record is not here; it may be forged; ask the media library whether it has the record.")
	}
	return v, err
}

// checkAttached checks that the document inside a receipt file is signed and about what the file's token is about. The seal covers it
// too; this tells what of a broken receipt was exchanged. A file without one says nothing about it.
func (s *Session) checkAttached(file []byte) error {
	exchanged := problem.New(problem.Damaged, "receipt-attachment-changed",
		"The document for machines inside this receipt was changed, or is that of another receipt; the record itself is safe; write the receipt again from the record.")
	document, err := receipt.Attached(file)
	if errors.Is(err, receipt.ErrNoAttachment) {
		return nil
	} else if err != nil {
		return exchanged.Because(err)
	}
	opened, err := evidence.OpenDocument(s.trusted(), document)
	if opened.Body == nil {
		return exchanged.Because(err)
	}
	content, err := evidence.ReadReceipt(opened.Body)
	if err != nil {
		return exchanged.Because(err)
	}
	if text, err := receipt.Token(file); err == nil { // else what is wrong is elsewhere
		token, err := evidence.DecodeToken(s.trusted(), text)
		if problem.KindOf(err) != problem.Damaged && !content.About(token.Record) {
			return exchanged
		}
	}
	return nil
}

// whatCameAfter fills in what is known here about the record of a verification. The caller holds a lock.
func (s *Session) whatCameAfter(v *Verification) {
	now := s.Clock()
	if v.Kind == evidence.TokenWithdrawal {
		entry, subject, known := s.state.Withdrawal(consent.EventID(v.Record))
		if v.KnownHere = known; !known {
			return
		}
		standings := s.state.Standings(subject, nil, now)
		for _, scope := range consent.SortedScopes(standings) {
			if entry.Withdraws(scope) && standings[scope].Status == consent.StatusGiven {
				v.StillGiven = append(v.StillGiven, scope)
			}
		}
		v.Erased = s.erasedSubject(subject)
		return
	}
	body, subject, _, _, known := s.state.Record(v.Record)
	if v.KnownHere = known; !known {
		return
	}
	v.Erased, v.Refusal = s.erasedSubject(subject), true
	for _, scope := range consent.SortedScopes(body.Answers) {
		if body.Answers[scope] != consent.DecisionYes {
			continue
		}
		v.Refusal = false
		switch standing := s.state.Standing(subject, scope, now); standing.Status {
		case consent.StatusGiven:
			v.StillGiven = append(v.StillGiven, scope)
		case consent.StatusWithdrawn, consent.StatusRefused:
			v.WithdrawnSince = true
			if standing.Since.After(v.WithdrawnAt) {
				v.WithdrawnAt = standing.Since
			}
		}
	}
}

// erasedSubject tells whether a person was erased.
func (s *Session) erasedSubject(id consent.SubjectID) bool {
	sub, known := s.state.Subject(id)
	return known && sub.Erased
}

// shutOut tells whether the library's list says that a device no longer counts.
func (s *Session) shutOut(id consent.DeviceID) bool {
	return s.enrolment != nil && !s.enrolment.Trust.Counts(id, time.Time{})
}

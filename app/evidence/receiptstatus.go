package evidence

import (
	"slices"
	"time"

	"samtykke/app/consent"
)

// The DPV terms of what can be so for a scope. Only the first two let anything be used.
const (
	dpvGiven     = "dpv:ConsentGiven"
	dpvRenewed   = "dpv:RenewedConsentGiven"
	dpvRefused   = "dpv:ConsentRefused"
	dpvWithdrawn = "dpv:ConsentWithdrawn"
	dpvExpired   = "dpv:ConsentExpired"
	dpvRequested = "dpv:ConsentRequested"
	dpvUnknown   = "dpv:ConsentUnknown"
	// dpvExplicit: an act that was about the consent and nothing else.
	dpvExplicit = "dpv:ExplicitlyExpressedConsent"
)

// termOf says what stands in DPV.
var termOf = map[consent.Status]string{
	consent.StatusGiven: dpvGiven, consent.StatusRefused: dpvRefused, consent.StatusWithdrawn: dpvWithdrawn, consent.StatusExpired: dpvExpired,
	consent.StatusUnanswered: dpvUnknown, consent.StatusAwaitingGuardian: dpvRequested, consent.StatusUnderReview: dpvUnknown,
}

// statuses are what was said to a scope, oldest first: this record, what its signer said later, every withdrawal, and at the end
// what all of it amounts to when that is something else (another guardian is missing, it has expired).
func (b receiptBuilder) statuses(scope consent.Scope) []ReceiptStatus {
	list := []ReceiptStatus{b.decided(consent.EventID(b.Record), b.Body, b.At, scope, slices.ContainsFunc(b.before, func(e consent.HistoryEntry) bool {
		return b.takesOver(e, scope) && e.Record.Answers[scope] == consent.DecisionYes
	}))}
	for _, e := range b.after {
		switch {
		case e.Withdraws(scope):
			list = append(list, ReceiptStatus{Type: []string{dpvWithdrawn}, By: b.signer(e.By), At: documentTime(e.At), Event: urn(e.ID)})
		case b.takesOver(e, scope):
			list = append(list, b.decided(e.ID, *e.Record, e.At, scope, true))
		}
	}
	stands, known := b.Standings[scope]
	term := termOf[stands.Status]
	if last := list[len(list)-1].Type[0]; !known || term == last || (term == dpvGiven && last == dpvRenewed) {
		return list
	}
	closing := ReceiptStatus{Type: []string{term}, Missing: stands.GuardiansMissing}
	switch stands.Status {
	case consent.StatusExpired: // nobody says so: the time does
		closing.At = documentTime(stands.Until)
	case consent.StatusUnanswered:
	default:
		closing.By, closing.At = b.signer(stands.By), documentTime(stands.Since)
	}
	if stands.Record != "" {
		closing.Event = urn(stands.Record)
	}
	return append(list, closing)
}

// decided is what one record said to a scope. Again: the same signer had been asked before.
func (b receiptBuilder) decided(id consent.EventID, body consent.DecidedBody, at time.Time, scope consent.Scope, again bool) ReceiptStatus {
	st := ReceiptStatus{By: b.signer(body.Signer), Method: indication(body), At: documentTime(at), Event: urn(id)}
	switch {
	case body.Answers[scope] != consent.DecisionYes:
		st.Type = []string{dpvRefused}
		return st
	case again:
		st.Type = []string{dpvRenewed, dpvExplicit}
	default:
		st.Type = []string{dpvGiven, dpvExplicit}
	}
	st.Duration = &ReceiptDuration{Type: "dpv:UntilTimeDuration", Value: TypedValue{Value: documentTime(body.Until), Type: "xsd:dateTime"}}
	return st
}

// indication is how it was said, as far as the event tells: who typed a name or spoke is told by the sealed statement alone.
func indication(body consent.DecidedBody) string {
	for _, ref := range body.Evidence {
		if ref.Kind != consent.EvidenceStatement {
			return "smk:signed-" + string(ref.Kind)
		}
	}
	return "smk:signed-statement"
}

package consent

import (
	"cmp"
	"slices"
	"time"
)

// Status is what stands for one subject and scope. Only StatusGiven allows use. The comments name the W3C DPV terms.
type Status string

// The statuses.
const (
	StatusGiven            Status = "given"             // dpv:ConsentGiven, dpv:RenewedConsentGiven
	StatusRefused          Status = "refused"           // dpv:ConsentRefused
	StatusWithdrawn        Status = "withdrawn"         // dpv:ConsentWithdrawn
	StatusExpired          Status = "expired"           // dpv:ConsentExpired
	StatusUnanswered       Status = "unanswered"        // dpv:ConsentUnknown: nobody asked, or nobody answered
	StatusAwaitingGuardian Status = "awaiting-guardian" // dpv:ConsentRequested: another guardian has to answer
	StatusUnderReview      Status = "under-review"      // dpv:ConsentUnknown: signed under a clock or a form we cannot trust
)

// Standing is what a subject's word amounts to for one scope at one time.
type Standing struct {
	Status Status
	// Since is when the answer that decides was given; zero when unanswered.
	Since time.Time
	// Until is when a given consent ends; zero unless given, expired or awaiting a guardian.
	Until time.Time
	// By is who gave the answer that decides.
	By Signer
	// Record is the consent record that decides, "" for a withdrawal or when unanswered.
	Record RecordID
	// GuardiansMissing is how many more guardians must say yes, for StatusAwaitingGuardian.
	GuardiansMissing int
}

// act is one signed decision or one withdrawal, as the fold sees it.
type act struct {
	id       EventID
	device   DeviceID
	at       time.Time
	received time.Time
	by       Signer
	decided  *DecidedBody   // nil for a withdrawal
	scopes   map[Scope]bool // of a withdrawal; nil means all
	erases   bool           // the person was erased: a withdrawal that no later yes re-opens
}

// suspect tells whether the device's clock ran ahead of the library's receipt by more than the tolerance.
func (a *act) suspect() bool {
	return !a.received.IsZero() && a.at.After(a.received.Add(ClockTolerance))
}

// effective is when the act counts from: the device's time, or the library's when the device's cannot be true.
func (a *act) effective() time.Time {
	if a.suspect() {
		return a.received
	}
	return a.at
}

func (a *act) withdraws(s Scope) bool {
	return a.decided == nil && (a.scopes == nil || a.scopes[s])
}

// adult tells whether the person answered for themselves, of age.
func (a *act) adult() bool {
	return a.decided != nil && !a.decided.Minor && a.by.Role == RoleSelf
}

// later orders two decisions on one scope: by effective time, then the no after the yes so that it wins, then by id.
func later(a, b *act, s Scope) int {
	if c := a.effective().Compare(b.effective()); c != 0 {
		return c
	}
	if c := cmp.Compare(restriction(a, s), restriction(b, s)); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

func restriction(a *act, s Scope) int {
	if a.decided.Answers[s] == DecisionYes {
		return 0
	}
	return 1
}

// stand folds a subject's acts into the standing of one scope. The result depends on the set of acts, not on their order.
func stand(acts []*act, s Scope, now time.Time, forms map[FormHash]*Form) Standing {
	var withdrawal, erasure *act
	for _, a := range acts {
		if a.erases && (erasure == nil || compareWithdrawals(a, erasure) < 0) {
			erasure = a
		}
		if a.withdraws(s) && (withdrawal == nil || compareWithdrawals(a, withdrawal) > 0) {
			withdrawal = a
		}
	}
	if erasure != nil { // for good (GDPR art. 17): nobody could be asked what a consent that arrives later was worth
		return Standing{Status: StatusWithdrawn, Since: erasure.at, By: erasure.by}
	}
	var only [1]*act // most people answered once: no need to make room for more
	decisions := only[:0]
	var refusals []*act // from before the withdrawal
	for _, a := range acts {
		if a.decided == nil || a.decided.Answers[s] == "" {
			continue
		}
		// A withdrawal beats every consent up to and including its own moment (GDPR art. 7(3)); a later yes re-opens. It takes
		// back a yes, never a no: one guardian's refusal outlasts what another withdraws and gives again.
		switch {
		case withdrawal == nil || a.effective().After(withdrawal.effective()):
			decisions = append(decisions, a)
		case a.decided.Answers[s] != DecisionYes:
			refusals = append(refusals, a)
		}
	}
	if len(decisions) == 0 {
		if withdrawal != nil {
			return Standing{Status: StatusWithdrawn, Since: withdrawal.at, By: withdrawal.by}
		}
		return Standing{Status: StatusUnanswered}
	}
	if len(decisions) > 1 {
		slices.SortFunc(decisions, func(a, b *act) int { return later(a, b, s) })
	}
	if latest := decisions[len(decisions)-1]; latest.adult() {
		return standAlone(latest, s, now, forms)
	}
	if len(refusals) > 0 {
		decisions = append(refusals, decisions...)
		slices.SortFunc(decisions, func(a, b *act) int { return later(a, b, s) })
	}
	return standMinor(decisions, s, now, forms)
}

func compareWithdrawals(a, b *act) int {
	if c := a.effective().Compare(b.effective()); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// standAlone is the standing of one decision on its own.
func standAlone(a *act, s Scope, now time.Time, forms map[FormHash]*Form) Standing {
	st := Standing{Since: a.at, By: a.by, Record: RecordID(a.id)}
	switch {
	case a.decided.Answers[s] != DecisionYes:
		st.Status = StatusRefused
	case a.suspect(), forms[a.decided.Form] == nil:
		st.Status = StatusUnderReview
	case !now.Before(a.decided.Until):
		st.Status, st.Until = StatusExpired, a.decided.Until
	default:
		st.Status, st.Until = StatusGiven, a.decided.Until
	}
	return st
}

// standMinor is the standing of a child: every guardian's latest word counts, one no among them wins, the child's own no wins
// from the age the form sets, and enough guardians must have said yes.
func standMinor(decisions []*act, s Scope, now time.Time, forms map[FormHash]*Form) Standing {
	latest := map[Signer]*act{}
	for _, a := range decisions { // in order, so that the last one of each signer stays
		latest[a.by] = a
	}
	var no, waiting, expired *act
	var yes []*act
	for _, a := range latest {
		switch alone := standAlone(a, s, now, forms); {
		case a.by.Role == RoleSelf:
			// The child is heard; their no wins from the form's age, or if they were taken to be of age when they said it.
			if alone.Status == StatusRefused && (a.decided.MayRefuse || !a.decided.Minor) {
				no = latestOf(no, a, s)
			}
		case alone.Status == StatusRefused:
			no = latestOf(no, a, s)
		case alone.Status == StatusUnderReview:
			waiting = latestOf(waiting, a, s)
		case alone.Status == StatusExpired:
			expired = latestOf(expired, a, s)
		case alone.Status == StatusGiven:
			yes = append(yes, a)
		}
	}
	if no != nil {
		return Standing{Status: StatusRefused, Since: no.at, By: no.by, Record: RecordID(no.id)}
	}
	if len(yes) == 0 {
		switch {
		case expired != nil:
			return standAlone(expired, s, now, forms)
		case waiting != nil:
			return standAlone(waiting, s, now, forms)
		}
		last := decisions[len(decisions)-1] // the child alone was heard
		return Standing{Status: StatusAwaitingGuardian, Since: last.at, By: last.by, Record: RecordID(last.id),
			GuardiansMissing: required(decisions, s, forms)}
	}
	slices.SortFunc(yes, func(a, b *act) int { return later(a, b, s) })
	last := yes[len(yes)-1]
	st := Standing{Since: last.at, By: last.by, Record: RecordID(last.id), Until: last.decided.Until}
	for _, a := range yes {
		if a.decided.Until.Before(st.Until) {
			st.Until = a.decided.Until
		}
	}
	switch missing := required(yes, s, forms) - len(yes); {
	case missing <= 0:
		st.Status = StatusGiven
	case waiting != nil:
		return standAlone(waiting, s, now, forms)
	case expired != nil:
		return standAlone(expired, s, now, forms)
	default:
		st.Status, st.GuardiansMissing = StatusAwaitingGuardian, missing
	}
	return st
}

func latestOf(a, b *act, s Scope) *act {
	if a == nil || later(a, b, s) < 0 {
		return b
	}
	return a
}

// required is how many guardians the forms of these acts ask for: the strictest counts, unless a guardian answered as the
// only one there is.
func required(acts []*act, s Scope, forms map[FormHash]*Form) int {
	n := 1
	for _, a := range acts {
		if a.decided.SoleGuardian && a.by.Role == RoleGuardian {
			return 1
		}
		if f := forms[a.decided.Form]; f != nil {
			n = max(n, f.MinorPolicy.GuardiansRequired(s.Channel))
		}
	}
	return n
}

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
	StatusUnderReview      Status = "under-review"      // dpv:ConsentUnknown: signed under a clock, on a form or by somebody we cannot trust
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
	moment
	device  DeviceID
	seq     uint64
	lifted  time.Time // when a no or a withdrawal counts from; see settle
	by      Signer
	decided *DecidedBody // of a decision that can be read
	unclear bool         // a decision that cannot be read: it may have been a no
	scopes  []Scope      // of a withdrawal; nil means all
	erases  bool         // the person was erased: a withdrawal that no later yes re-opens
	form    *Form        // that was signed; nil until it is known
	ends    time.Time    // when a yes of this decision ends
}

// daysOfGrace bounds by how much months may differ that are counted in another time zone, to the end of the day, from a month that
// is longer.
const daysOfGrace = 4

// signedOn takes up the form that was signed. A yes never holds for longer than its form says, whatever the record claims.
func (a *act) signedOn(form *Form) {
	a.form, a.ends = form, a.decided.Until
	if form == nil {
		return
	}
	months := form.ValidityMonths
	if a.decided.Minor {
		months = form.MinorValidityMonths
	}
	if last := a.at.AddDate(0, months, daysOfGrace); last.Before(a.ends) {
		a.ends = last
	}
}

// withdraws tells whether it is a withdrawal of a scope. A star stands for every channel or every kind.
func (a *act) withdraws(s Scope) bool {
	if a.decided != nil || a.unclear {
		return false
	}
	return a.scopes == nil || slices.ContainsFunc(a.scopes, func(w Scope) bool { return w.covers(s) })
}

// covers tells whether a scope of a withdrawal reaches another. A star stands for every channel or every kind.
func (s Scope) covers(other Scope) bool {
	return (s.Channel == other.Channel || s.Channel == "*") && (s.Media == other.Media || s.Media == "*")
}

// adult tells whether the person answered for themselves, of age.
func (a *act) adult() bool { return a.by.Role == RoleSelf && !a.decided.Minor }

// mayConsent tells whether whoever answered has a say: the person, or a guardian of a child. Staff only pass on what was said.
func (a *act) mayConsent() bool {
	return a.by.Role == RoleSelf || (a.by.Role == RoleGuardian && a.by.Guardian != "" && a.decided.Minor)
}

// onlyHeard tells whether a child answered who is too young for their own no to win.
func (a *act) onlyHeard() bool {
	return a.by.Role == RoleSelf && a.decided.Minor && !a.decided.MayRefuse
}

// answer is what was said to a scope, "" when nothing.
func (a *act) answer(s Scope) Decision {
	if a.decided == nil {
		return ""
	}
	return a.decided.Answers[s]
}

func (a *act) saysYes(s Scope) bool { return a.answer(s) == DecisionYes }

// asked tells whether the form that was signed, as far as it is known, has the scope.
func (a *act) asked(s Scope) bool {
	return a.form == nil || (slices.Contains(a.form.Media, s.Media) &&
		slices.ContainsFunc(a.form.Channels, func(c FormChannel) bool { return c.Key == s.Channel }))
}

// since is when the answer to a scope counts from.
func (a *act) since(s Scope) time.Time {
	if a.saysYes(s) {
		return a.effective()
	}
	return a.lifted
}

// later orders two decisions on one scope: by effective time, then the no after the yes so that it wins, then by id.
func later(a, b *act, s Scope) int {
	if c := a.since(s).Compare(b.since(s)); c != 0 {
		return c
	}
	switch yes := a.saysYes(s); {
	case yes == b.saysYes(s):
		return cmp.Compare(a.id, b.id)
	case yes:
		return -1
	}
	return 1
}

// question is one scope asked of one person at one time.
type question struct {
	person
	scope Scope
	now   time.Time
	// unclear is the time of the last decision that cannot be read, zero when there is none: what was said up to then waits.
	unclear time.Time
	// rested collects the records that a given consent rests on; nil when nobody wants to know.
	rested *[]RecordID
}

// stand folds a person's acts into the standing of one scope. The result depends on the set of acts, not on their order.
func (p person) stand(scope Scope, now time.Time) Standing {
	if len(p.acts) == 1 && p.acts[0].decided != nil && p.acts[0].adult() { // most people: nothing has to be weighed
		q := question{scope: scope, now: now}
		return q.single(p.acts[0])
	}
	q := question{person: p, scope: scope, now: now}
	return q.stand()
}

func (q *question) stand() Standing {
	withdrawal := q.withdrawal()
	if withdrawal != nil && withdrawal.erases { // for good (GDPR art. 17): nobody could be asked what a later consent was worth
		return Standing{Status: StatusWithdrawn, Since: withdrawal.at, By: withdrawal.by}
	}
	var decisions, refusals []*act // refusals are from before the withdrawal
	var unclear, heard *act
	for _, a := range q.acts {
		// A withdrawal beats every consent up to and including its own moment (GDPR art. 7(3)); a later yes re-opens. It takes
		// back a yes, never a no: one guardian's refusal outlasts what another withdraws and gives again.
		switch answer, after := a.answer(q.scope), withdrawal == nil || a.since(q.scope).After(withdrawal.lifted); {
		case a.unclear:
			if after && (unclear == nil || a.lifted.After(unclear.lifted)) {
				unclear = a
			}
		case answer == "":
		case answer == DecisionYes:
			if after && a.asked(q.scope) {
				decisions = append(decisions, a)
			}
		case a.onlyHeard():
			if after && (heard == nil || later(a, heard, q.scope) > 0) {
				heard = a
			}
		case after:
			decisions = append(decisions, a)
		default:
			refusals = append(refusals, a)
		}
	}
	if unclear != nil {
		q.unclear = unclear.lifted
	}
	if len(decisions) == 0 {
		return q.undecided(withdrawal, unclear, heard)
	}
	q.sort(decisions)
	if latest := decisions[len(decisions)-1]; latest.adult() {
		st := q.alone(latest)
		q.rest(st, latest)
		return st
	}
	if len(refusals) > 0 {
		decisions = append(refusals, decisions...)
		q.sort(decisions)
	}
	return q.standMinor(decisions)
}

// single is the standing of somebody of age who answered once.
func (q *question) single(a *act) Standing {
	if answer := a.answer(q.scope); answer == "" || (answer == DecisionYes && !a.asked(q.scope)) {
		return Standing{Status: StatusUnanswered}
	}
	return q.alone(a)
}

// withdrawal is the last withdrawal of the scope; the first erasure when there is one, since nothing comes after it.
func (q *question) withdrawal() *act {
	var last *act
	for _, a := range q.acts {
		if !a.withdraws(q.scope) {
			continue
		}
		order := 1
		if last != nil {
			order = cmp.Or(a.lifted.Compare(last.lifted), cmp.Compare(a.id, last.id))
		}
		switch {
		case last == nil, a.erases && !last.erases, a.erases && order < 0, !a.erases && !last.erases && order > 0:
			last = a
		}
	}
	return last
}

// undecided is the standing when nobody with a say has answered since the withdrawal.
func (q *question) undecided(withdrawal, unclear, heard *act) Standing {
	switch {
	case withdrawal != nil:
		return Standing{Status: StatusWithdrawn, Since: withdrawal.at, By: withdrawal.by}
	case unclear != nil:
		return Standing{Status: StatusUnderReview, Since: unclear.at}
	case heard != nil:
		return q.awaiting(heard, q.required(heard))
	}
	return Standing{Status: StatusUnanswered}
}

func (q *question) awaiting(a *act, missing int) Standing {
	return Standing{Status: StatusAwaitingGuardian, Since: a.at, By: a.by, Record: RecordID(a.id), GuardiansMissing: missing}
}

func (q *question) sort(decisions []*act) {
	if len(decisions) > 1 {
		slices.SortFunc(decisions, func(a, b *act) int { return later(a, b, q.scope) })
	}
}

// alone is the standing of one decision on its own.
func (q *question) alone(a *act) Standing {
	st := Standing{Since: a.at, By: a.by, Record: RecordID(a.id)}
	switch {
	case !a.saysYes(q.scope):
		st.Status = StatusRefused
	case a.suspect(), a.ahead(q.now), a.form == nil, !a.mayConsent(), !q.unclear.IsZero() && !a.effective().After(q.unclear):
		st.Status = StatusUnderReview
	case !q.now.Before(a.ends):
		st.Status, st.Until = StatusExpired, a.ends
	default:
		st.Status, st.Until = StatusGiven, a.ends
	}
	return st
}

// standMinor is the standing of a child: every guardian's latest word counts, one no among them wins, the child's own no wins
// from the age the form sets, and enough guardians must have said yes.
func (q *question) standMinor(decisions []*act) Standing {
	var no, waiting, expired *act
	var yes []*act
	for i, a := range decisions {
		signer := q.signer(a)
		if slices.ContainsFunc(decisions[i+1:], func(b *act) bool { return q.signer(b) == signer }) {
			continue // said something else since
		}
		switch status := q.alone(a).Status; {
		case status == StatusRefused:
			no = a
		case a.by.Role == RoleSelf: // the child was heard; it takes a guardian to say yes
		case status == StatusUnderReview:
			waiting = a
		case status == StatusExpired:
			expired = a
		default:
			yes = append(yes, a)
		}
	}
	if no != nil {
		return Standing{Status: StatusRefused, Since: no.at, By: no.by, Record: RecordID(no.id)}
	}
	missing := q.required(yes...) - len(yes)
	switch {
	case len(yes) > 0 && missing <= 0:
	case len(yes) > 0 && waiting != nil, len(yes) == 0 && expired == nil && waiting != nil:
		return q.alone(waiting)
	case expired != nil:
		return q.alone(expired)
	case len(yes) == 0: // the child alone was heard
		return q.awaiting(decisions[len(decisions)-1], q.required(decisions...))
	}
	last := yes[len(yes)-1]
	st := q.awaiting(last, missing)
	st.Until = last.ends
	for _, a := range yes {
		if a.ends.Before(st.Until) {
			st.Until = a.ends
		}
	}
	if missing <= 0 {
		st.Status, st.GuardiansMissing = StatusGiven, 0
	}
	q.rest(st, yes...)
	return st
}

// rest notes the records that a given consent rests on.
func (q *question) rest(st Standing, acts ...*act) {
	if q.rested == nil || st.Status != StatusGiven {
		return
	}
	for _, a := range acts {
		*q.rested = append(*q.rested, RecordID(a.id))
	}
}

// required is how many guardians the forms of these acts ask for: the strictest counts, unless a guardian answered as the
// only one there is.
func (q *question) required(acts ...*act) int {
	n := 1
	for _, a := range acts {
		if a.decided.SoleGuardian && a.by.Role == RoleGuardian {
			return 1
		}
		if a.form != nil {
			n = max(n, a.form.MinorPolicy.GuardiansRequired(q.scope.Channel))
		}
	}
	return n
}

package library

import (
	"context"
	"slices"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// linked is the record that a personal link belongs to.
type linked struct {
	id      consent.RecordID
	body    consent.DecidedBody
	subject consent.SubjectID
	at      time.Time
	form    *consent.Form // of the subject's newest record
}

// find looks a link up; the caller holds the lock. ErrLinkUnknown also when the form that was signed has not arrived yet, since
// the page could not say what was asked.
func (l *Library) find(secret evidence.LinkSecret) (linked, error) {
	id, ok := l.state.RecordByLink(secret.Hash())
	if !ok {
		return linked{}, ErrLinkUnknown
	}
	found := linked{id: id}
	found.body, found.subject, _, found.at, ok = l.state.Record(id)
	if !ok {
		return linked{}, ErrLinkUnknown
	}
	newest := found.body.Form
	for _, entry := range l.state.History(found.subject) {
		if entry.Record != nil {
			newest = entry.Record.Form
		}
	}
	if found.form = l.state.Form(newest); found.form == nil {
		return linked{}, ErrLinkUnknown
	}
	return found, nil
}

// Personal is what the holder of a personal link sees; ErrLinkUnknown when there is nothing to show.
func (l *Library) Personal(_ context.Context, secret evidence.LinkSecret) (PersonalView, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	found, err := l.find(secret)
	if err != nil {
		return PersonalView{}, err
	}
	subject, _ := l.state.Subject(found.subject)
	view := PersonalView{Organisation: l.organisation, Form: found.form, Language: found.body.Language, Code: subject.Code,
		SignedAt: found.at, Erased: subject.Erased}
	for _, id := range l.state.AssetsOf(found.subject) {
		if asset, ok := l.state.Asset(id); ok && !asset.Removed {
			view.Assets++
		}
	}
	standings := l.state.Standings(found.subject, found.form, l.now())
	for _, channel := range found.form.Channels {
		row := PersonalRow{Channel: channel.Key}
		for _, media := range found.form.Media {
			scope := consent.Scope{Channel: channel.Key, Media: media}
			row.Cells = append(row.Cells, cellOf(scope, standings[scope]))
		}
		view.Rows = append(view.Rows, row)
	}
	for _, entry := range slices.Backward(l.state.History(found.subject)) {
		view.History = append(view.History, lineOf(entry))
	}
	return view, nil
}

func cellOf(scope consent.Scope, st consent.Standing) PersonalCell {
	cell := PersonalCell{Scope: scope, Status: st.Status, Withdrawable: withdrawable(st.Status)}
	if st.Status == consent.StatusGiven || st.Status == consent.StatusAwaitingGuardian {
		cell.Until = st.Until
	}
	return cell
}

// withdrawable: a yes was said that holds now, or will once something else comes.
func withdrawable(s consent.Status) bool {
	return s == consent.StatusGiven || s == consent.StatusAwaitingGuardian || s == consent.StatusUnderReview
}

func lineOf(entry consent.HistoryEntry) PersonalEvent {
	line := PersonalEvent{At: entry.At, Withdrawal: entry.Record == nil, Scopes: entry.Scopes, By: entry.By}
	if entry.Record != nil {
		for _, d := range entry.Record.Answers {
			if d == consent.DecisionYes {
				line.Yes++
			} else {
				line.No++
			}
		}
	}
	return line
}

// WithdrawByLink withdraws scopes, or everything when none are named, on the word of whoever holds the link (GDPR art. 7(3): as
// easy as giving). It holds from when it returns nil. Withdrawing what is withdrawn already changes nothing.
func (l *Library) WithdrawByLink(ctx context.Context, secret evidence.LinkSecret, scopes []consent.Scope) error {
	l.mu.RLock()
	found, err := l.find(secret)
	if err != nil {
		l.mu.RUnlock()
		return err
	}
	now := l.clock()
	at, open := l.state.AfterAnswers(found.subject, now), l.stillOpen(found, scopes, now)
	l.mu.RUnlock()
	for _, scope := range scopes {
		if !slices.Contains(found.form.Scopes(), scope) && found.body.Answers[scope] == "" {
			return problem.New(problem.Invalid, "withdrawal-scope-unknown",
				"You were never asked about {{.scope}}; nothing was changed; go back to your page and choose again.", "scope", scope.String())
		}
	}
	if !open {
		return nil
	}
	signer := consent.Signer{Role: consent.RoleSelf}
	if found.body.Signer.Role == consent.RoleGuardian {
		signer = found.body.Signer
	}
	return l.append(ctx, at, evidence.Draft{Type: consent.ConsentWithdrawn, Subject: found.subject,
		Body: consent.WithdrawnBody{Scopes: scopes, Signer: signer, Via: "link"}})
}

// stillOpen tells whether any of the scopes is not withdrawn yet.
func (l *Library) stillOpen(found linked, scopes []consent.Scope, now time.Time) bool {
	standings := l.state.Standings(found.subject, found.form, now)
	if len(scopes) == 0 {
		scopes = consent.SortedScopes(standings)
	}
	return slices.ContainsFunc(scopes, func(s consent.Scope) bool { return standings[s].Status != consent.StatusWithdrawn })
}

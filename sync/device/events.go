package device

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// maxBatch bounds the envelopes of one request in bytes, well below wire.MaxJSON.
const maxBatch = wire.MaxJSON / 2

// sendEvents sends the events that wait, in the order of their numbers. The library answers for each; one that it puts aside
// no longer waits but is named by the session's status.
func (r *run) sendEvents(ctx context.Context) error {
	events, err := r.session.WaitingEvents(ctx, wire.MaxEvents)
	if err != nil || len(events) == 0 {
		return err
	}
	status, err := r.session.Status(ctx)
	if err != nil {
		return err
	}
	at := capture.SyncProgress{Step: capture.StepEvents, Total: status.PendingEvents}
	for len(events) > 0 {
		r.tell(at)
		events = batch(events)
		answers, err := r.sendBatch(ctx, events)
		if err != nil {
			return err
		}
		if err := r.session.EventsAnswered(context.WithoutCancel(ctx), events, answers); err != nil {
			return err
		}
		at.Done += len(events)
		at.Total = max(at.Total, at.Done) // people go on registering meanwhile
		if events, err = r.session.WaitingEvents(ctx, wire.MaxEvents); err != nil {
			return err
		}
	}
	r.tell(at)
	return nil
}

// batch is as many of the events as fit one request.
func batch(events []evidence.SignedEvent) []evidence.SignedEvent {
	size := 0
	for i, e := range events {
		if size += len(e.Envelope); size > maxBatch && i > 0 {
			return events[:i]
		}
	}
	return events
}

// sendBatch sends events and reads the answers, one for each, in the order asked. Sending the same events twice is harmless: the
// library knows them by their identifiers.
func (r *run) sendBatch(ctx context.Context, events []evidence.SignedEvent) ([]capture.Answer, error) {
	q, err := asJSON(http.MethodPost, wire.PathEvents, wire.EventsRequest{Events: events})
	if err != nil {
		return nil, err
	}
	response, err := fetch[wire.EventsResponse](ctx, r, q)
	if err != nil {
		return nil, err
	}
	if len(response.Results) != len(events) {
		return nil, errNotOurs
	}
	answers := make([]capture.Answer, len(events))
	accepted := 0
	for i, result := range response.Results {
		e, err := events[i].Open()
		if err != nil {
			return nil, err
		}
		if result.ID != "" && result.ID != e.ID { // a rejected one may not even have been read
			return nil, errNotOurs
		}
		answers[i] = capture.Answer{ID: e.ID}
		switch result.Outcome {
		case wire.Accepted, wire.Duplicate:
			if result.ServerSeq == 0 || result.ReceivedAt.IsZero() {
				return nil, errNotOurs
			}
			answers[i].ServerSeq, answers[i].ReceivedAt = result.ServerSeq, result.ReceivedAt
			if result.Outcome == wire.Accepted {
				accepted++
			}
		case wire.Quarantined, wire.Rejected:
			answers[i].Held = cmp.Or(oneLine(result.Reason), string(result.Outcome))
		default:
			return nil, errNotOurs
		}
	}
	r.report.EventsSent += accepted
	return answers, nil
}

// sendProfiles sends the profiles that wait. One that the library does not take goes on waiting and holds no other up; the first
// such is what the sync ends with.
func (r *run) sendProfiles(ctx context.Context) error {
	profiles, err := r.session.WaitingProfiles(ctx)
	if err != nil || len(profiles) == 0 {
		return err
	}
	r.tell(capture.SyncProgress{Step: capture.StepProfiles, Total: len(profiles)})
	for i, p := range profiles {
		err := r.sendProfile(ctx, p)
		switch {
		case err == nil:
		case aboutItem(err) && statusIs(err, http.StatusGone):
			r.log.Info("profile of an erased person not sent") // the erasure comes down with the changes
		case aboutItem(err):
			r.log.Warn("profile not taken", "problem", problem.Of(err).ID)
			r.held = cmp.Or(r.held, error(problem.Of(err)))
		default:
			return err
		}
		r.tell(capture.SyncProgress{Step: capture.StepProfiles, Done: i + 1, Total: len(profiles)})
	}
	return nil
}

// aboutItem tells whether the library refused one thing rather than the device: the others may go on.
func aboutItem(err error) bool {
	return !errors.Is(err, errNotOurs) && statusIs(err, http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusGone,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
}

// settlings is how often two devices that change the same profile at once are settled before it waits for the next sync.
const settlings = 3

func (r *run) sendProfile(ctx context.Context, p consent.Profile) error {
	for attempt := 0; ; attempt++ {
		q, err := asJSON(http.MethodPut, wire.PathSubjects+url.PathEscape(string(p.Subject))+"/profile", wire.ProfileRequest{Profile: p})
		if err != nil {
			return err
		}
		stored, err := fetch[wire.ProfileRequest](ctx, r, q)
		if err == nil {
			if stored.Profile.Subject != p.Subject || stored.Profile.Revision != p.Revision {
				return errNotOurs
			}
			r.report.ProfilesSent++
			return r.session.ProfileAnswered(context.WithoutCancel(ctx), p)
		}
		if !statusIs(err, http.StatusConflict) || attempt == settlings {
			return err
		}
		theirs, err := theirsIn(err, p.Subject)
		if err != nil {
			return err
		}
		settled, err := r.session.ProfileConflict(ctx, theirs)
		if err != nil {
			return err
		}
		if settled.Revision <= theirs.Revision {
			return nil // forgotten here meanwhile
		}
		p = settled
	}
}

// theirsIn reads what the library has out of its refusal. One that has no profile of the subject yet has revision 0 of it.
func theirsIn(err error, subject consent.SubjectID) (consent.Profile, error) {
	var r *refusal
	errors.As(err, &r)
	var conflict wire.ProfileConflict
	if json.Unmarshal(r.body, &conflict) != nil || conflict.ID == "" {
		return consent.Profile{}, errNotOurs
	}
	theirs := conflict.Current
	if theirs.Subject == "" && theirs.Revision == 0 {
		theirs.Subject = subject
	}
	if theirs.Subject != subject {
		return consent.Profile{}, errNotOurs
	}
	return theirs, nil
}

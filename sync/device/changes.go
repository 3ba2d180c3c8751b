package device

import (
	"context"
	"net/http"
	"strconv"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// takeChanges takes in everything that is new at the library. The list of devices, verified against the pinned key, comes with
// the first page, and again when a page has events of a device that was enrolled since.
func (r *run) takeChanges(ctx context.Context) error {
	taken := 0
	for withTrust := true; ; {
		after, err := r.session.Cursor(ctx)
		if err != nil {
			return err
		}
		page, err := r.page(ctx, after, withTrust)
		if err != nil {
			return err
		}
		in, err := r.incoming(page)
		if err != nil {
			return err
		}
		fresh, err := r.session.TakeIn(ctx, in)
		if err != nil {
			if !withTrust && problem.Of(err).ID == "event-stranger" {
				withTrust = true
				continue
			}
			return err
		}
		r.report.EventsReceived += fresh
		taken += len(page.Changes)
		r.tell(capture.SyncProgress{Step: capture.StepChanges, Done: taken})
		if !page.More {
			return nil
		}
		withTrust = false
	}
}

// page fetches one page and checks that it leads somewhere and comes from our library.
func (r *run) page(ctx context.Context, after uint64, withTrust bool) (wire.ChangesResponse, error) {
	q := request{method: http.MethodGet, path: wire.PathChanges, repeat: true, most: wire.MaxJSON,
		query: map[string]string{"after": strconv.FormatUint(after, 10)}}
	if withTrust {
		q.query["trust"] = "1"
	}
	page, err := fetch[wire.ChangesResponse](ctx, r, q)
	if err != nil {
		return page, err
	}
	if page.Next < after || (page.More && page.Next == after) || len(page.Changes) > wire.MaxChanges {
		return page, errNotOurs
	}
	if !withTrust {
		page.Trust = nil // not asked for, so not to be relied on
		return page, nil
	}
	if page.Trust == nil {
		return page, errNotOurs
	}
	if err := page.Trust.Verify(r.library); err != nil {
		return page, errNotOurs.Because(err)
	}
	return page, nil
}

// incoming turns a page into what a session takes in. A change of a kind that this version does not know is passed over.
func (r *run) incoming(page wire.ChangesResponse) (capture.Incoming, error) {
	in := capture.Incoming{Cursor: page.Next, Trust: page.Trust, Forms: r.understood(page.Forms)}
	for _, c := range page.Changes {
		switch {
		case c.Event != nil:
			if _, err := c.Event.Open(); err != nil || c.Seq == 0 || c.ReceivedAt.IsZero() {
				return in, errNotOurs
			}
			in.Events = append(in.Events, capture.StoredEvent{SignedEvent: *c.Event, ServerSeq: c.Seq, ReceivedAt: c.ReceivedAt})
		case c.Profile != nil:
			if c.Profile.Subject == "" || c.Profile.Revision < 1 {
				return in, errNotOurs
			}
			in.Profiles = append(in.Profiles, *c.Profile)
		}
	}
	return in, nil
}

package device

import (
	"context"
	"net/http"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/sync/wire"

	"github.com/go-resty/resty/v2"
)

// Sync sends what waits and takes in what is new. It can be stopped at any moment and goes on where it was. A file that cannot
// be sent keeps its trouble in words in the queue and holds nothing else up.
func (c *Client) Sync(ctx context.Context, s *capture.Session, progress func(capture.SyncProgress)) (capture.SyncReport, error) {
	enrolment, ok := s.Enrolment()
	if !ok {
		return capture.SyncReport{}, errNotEnrolled
	}
	address, err := secure(enrolment.Address)
	if err != nil {
		return capture.SyncReport{}, err
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return capture.SyncReport{}, errStopped.Because(ctx.Err())
	}
	if progress == nil {
		progress = func(capture.SyncProgress) {}
	}
	r := &run{Client: c, session: s, address: address, library: enrolment.LibraryKey, tell: progress, chunk: firstChunk, longest: wire.UploadChunk}
	err = r.all(ctx)
	if ctx.Err() != nil && err != nil {
		err = errStopped.Because(ctx.Err())
	}
	if status, statusErr := s.Status(context.WithoutCancel(ctx)); statusErr == nil {
		r.report.Pending = status.PendingEvents + status.PendingBlobs
	} else if err == nil {
		err = statusErr
	}
	r.note(err)
	return r.report, err
}

// run is one sync.
type run struct {
	*Client
	session *capture.Session
	address string
	library evidence.PublicKey
	tell    func(capture.SyncProgress)
	token   string
	tokenAt time.Time
	report  capture.SyncReport
	held    error // the first profile that the library would not take
	chunk   int   // bytes that the link has lately carried in a few seconds
	longest int   // bytes that a chunk may have on this way
	spare   [][]byte
}

// all goes through the steps. The changes come first, since they bring the proof that this is our library, and again at the end,
// so that what others did meanwhile, a withdrawal above all, is here when the sync is over.
func (r *run) all(ctx context.Context) error {
	r.tell(capture.SyncProgress{Step: capture.StepConnecting})
	if err := r.signIn(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{r.takeChanges, r.sendEvents, r.sendProfiles, r.sendBlobs, r.sendEvents, r.takeChanges, r.takeDetails} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if r.held != nil {
		return r.held
	}
	return r.session.SyncDone(ctx)
}

func (r *run) note(err error) {
	counts := []any{"events_sent", r.report.EventsSent, "events_received", r.report.EventsReceived, "profiles_sent", r.report.ProfilesSent,
		"blobs_sent", r.report.BlobsSent, "bytes_sent", r.report.BytesSent, "pending", r.report.Pending}
	if err == nil {
		r.log.Info("synced", counts...)
		return
	}
	r.log.Warn("sync ended early", append(counts, "problem", problem.Of(err).ID, "cause", problem.Of(err).Cause)...)
}

// signIn trades a signed nonce for a token.
func (r *run) signIn(ctx context.Context) error {
	claim := wire.TokenClaim{Device: r.session.Device().ID}
	asked, err := asJSON(http.MethodPost, wire.PathToken, wire.TokenRequest{Device: claim.Device})
	if err != nil {
		return err
	}
	resp, err := r.send(ctx, r.address, "", asked)
	if err != nil {
		return err
	}
	nonce, err := read[wire.TokenResponse](resp)
	if err != nil {
		return err
	}
	r.compareClocks(resp.Header().Get("Date"))
	if claim.Nonce = nonce.Nonce; claim.Nonce == "" {
		return errNotOurs
	}
	signature, err := r.session.Sign(evidence.DomainToken, claim)
	if err != nil {
		return err
	}
	asked, err = asJSON(http.MethodPost, wire.PathToken, wire.TokenRequest{Device: claim.Device, Nonce: claim.Nonce, Signature: signature})
	if err != nil {
		return err
	}
	answer, err := ask[wire.TokenResponse](ctx, r.Client, r.address, asked)
	if err != nil {
		return err
	}
	if !isToken(answer.Token) {
		return errNotOurs
	}
	r.token, r.tokenAt = answer.Token, r.now()
	return nil
}

// compareClocks notes by how much this device's clock is off, by the moment at which the library answered (RFC 9110 §6.6.1).
func (r *run) compareClocks(date string) {
	r.report.ClockAhead = 0
	if theirs, err := http.ParseTime(date); err == nil {
		if ahead := r.now().Sub(theirs).Round(time.Second); ahead.Abs() > consent.ClockTolerance {
			r.report.ClockAhead = ahead
		}
	}
}

// isToken tells whether text can stand in a header.
func isToken(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return text != "" && len(text) <= 4096
}

// knock sends a request with the token, and with a new one when that has run out. Lifetimes are measured here, since the
// device's clock may be wrong.
func (r *run) knock(ctx context.Context, q request) (*resty.Response, error) {
	if r.now().Sub(r.tokenAt) > wire.TokenLifetime*3/4 {
		if err := r.signIn(ctx); err != nil {
			return nil, err
		}
	}
	resp, err := r.send(ctx, r.address, r.token, q)
	if err != nil || resp.StatusCode() != http.StatusUnauthorized {
		return resp, err
	}
	if err := r.signIn(ctx); err != nil {
		return nil, err
	}
	return r.send(ctx, r.address, r.token, q)
}

// fetch is knock for an answer in JSON.
func fetch[T any](ctx context.Context, r *run, q request) (answer T, err error) {
	resp, err := r.knock(ctx, q)
	if err != nil {
		return answer, err
	}
	return read[T](resp, r.token)
}

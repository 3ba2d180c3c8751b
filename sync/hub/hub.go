// Package hub is the library's side of the sync protocol (docs/sync.md): it turns HTTP requests into use cases of app/library
// and their answers into the types of sync/wire. It decides nothing about consent.
//
// Every request but the first two of a device's life carries a bearer token, which the device gets by signing a nonce. Neither
// nonces nor tokens are stored: both are sealed words of the hub's own, so any number of hubs with the same key can serve.
//
// Every failure is answered with a wire.Error: one sentence for people, one identifier for programs.
package hub

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// Config is what a hub stands on.
type Config struct {
	Library   *library.Library
	Secret    [32]byte // seals nonces, tokens and staged uploads
	Staging   string   // folder of unfinished uploads, made when it is not there
	PublicURL string   // what personal links begin with
	Logger    *slog.Logger
	Now       func() time.Time
}

type hub struct {
	library   *library.Library
	publicURL string
	log       *slog.Logger
	now       func() time.Time
	words     words
}

// New returns the handler of everything under /v1/. It first removes uploads that nobody has touched for a week.
func New(c Config) (http.Handler, error) {
	h := &hub{library: c.Library, publicURL: c.PublicURL, log: c.Logger, now: c.Now, words: newWords(c.Secret, c.Now)}
	uploads, err := newUploads(h, c)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("POST "+wire.PathEnrol, open(h, maxSmall, h.enrol))
	mux.Handle("POST "+wire.PathToken, open(h, maxSmall, h.token))
	mux.Handle("POST "+wire.PathEvents, h.withDevice(true, h.events))
	mux.Handle("GET "+wire.PathChanges, h.withDevice(false, h.changes))
	mux.Handle("PUT "+wire.PathSubjects+"{id}/profile", h.withDevice(false, h.putProfile))
	mux.Handle("GET "+wire.PathSubjects+"{id}/profile", h.withDevice(false, h.getProfile))
	mux.Handle("POST "+wire.PathBlobsCheck, h.withDevice(false, h.checkBlobs))
	mux.Handle("GET "+wire.PathBlobs+"{sha256}/receipt", h.withDevice(false, h.receipt))
	mux.Handle("POST "+wire.PathDetails, h.withDevice(false, h.details))
	mux.Handle("GET "+wire.PathCheckpoint, h.withDevice(false, h.checkpoint))
	mux.Handle("GET "+wire.PathCheckpoint+"/proof", h.withDevice(false, h.proof))
	mux.Handle(wire.PathUploads, h.withDevice(false, uploads.serve))
	mux.Handle("/v1/uploads", h.withDevice(false, uploads.serve)) // as some clients write it
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, problem.New(problem.NotFound, "endpoint-unknown",
			"The media library has no such endpoint; nothing was changed; the program on the device may be newer or older than the library."))
	})
	return mux, nil
}

// Request bodies in bytes. Events have wire.MaxJSON.
const (
	maxSmall   = 64 << 10 // enrol, token
	maxProfile = 1 << 20
	maxCheck   = 256 << 10 // wire.MaxBlobsCheck hashes
)

type contextKey int

const (
	keyDevice contextKey = iota
	keyAlive
)

// deviceOf is the device whose token the request carries.
func deviceOf(ctx context.Context) consent.DeviceID {
	id, _ := ctx.Value(keyDevice).(consent.DeviceID)
	return id
}

// withDevice lets only enrolled devices through. A revoked one may at most bring events, which the library quarantines.
func (h *hub) withDevice(revokedToo bool, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := h.words.device(r.Header.Get("Authorization"))
		if err == nil {
			var d library.Device
			if d, err = h.library.Device(r.Context(), id); err != nil && revokedToo && !d.Revoked.IsZero() {
				err = nil
			}
		}
		if err != nil {
			h.fail(w, r, err)
			return
		}
		next(w, r.WithContext(context.WithValue(r.Context(), keyDevice, id)))
	})
}

// open decodes the request of an endpoint that needs no token.
func open[T any](h *hub, limit int64, next func(http.ResponseWriter, *http.Request, T)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, ok := decode[T](h, w, r, limit); ok {
			next(w, r, body)
		}
	})
}

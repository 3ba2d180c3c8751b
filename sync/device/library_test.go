package device_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/storage/ledger"
	"samtykke/storage/objects"
	"samtykke/sync/hub"
	"samtykke/sync/wire"
)

// place is a whole library behind a network that tests can make misbehave.
type place struct {
	*httptest.Server
	tb      testing.TB
	keys    ledger.Keys
	ledger  *ledger.Ledger
	objects *objects.Store
	library *library.Library
	hub     http.Handler

	mu       sync.Mutex
	mischief func(w http.ResponseWriter, r *http.Request, hub http.Handler) // nil: none
	asked    map[string]int                                                 // how often each endpoint was asked: "POST /v1/token"
}

// mustServe opens a new library with the embedded storage.
func mustServe(tb testing.TB) *place {
	tb.Helper()
	dir := tb.TempDir()
	p := &place{tb: tb, asked: map[string]int{}}
	var err error
	p.keys, err = ledger.LoadKeys(filepath.Join(dir, "library.key"))
	must(tb, err)
	p.ledger, err = ledger.Open(context.Background(), filepath.Join(dir, "ledger.db"), p.keys)
	must(tb, err)
	p.objects, err = objects.Open(filepath.Join(dir, "objects"))
	must(tb, err)
	quiet := slog.New(slog.DiscardHandler)
	p.library, err = library.Open(context.Background(), library.Config{Ledger: p.ledger, Objects: p.objects, Key: p.keys.Signing, Logger: quiet, Now: time.Now})
	must(tb, err)
	p.Server = httptest.NewUnstartedServer(p)
	p.Server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // broken connections are the point
	p.Start()
	p.hub, err = hub.New(hub.Config{Library: p.library, Secret: p.keys.Derive("hub"), Staging: filepath.Join(dir, "staging"),
		PublicURL: p.URL, Logger: quiet, Now: time.Now})
	must(tb, err)
	tb.Cleanup(func() {
		p.CloseClientConnections()
		p.Close()
		_ = p.ledger.Close()
	})
	return p
}

func (p *place) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked[r.Method+" "+endpoint(r.URL.Path)]++
	mischief := p.mischief
	p.mu.Unlock()
	if mischief == nil {
		p.hub.ServeHTTP(w, r)
		return
	}
	mischief(w, r, p.hub)
}

// endpoint is a path without identifiers.
func endpoint(path string) string {
	for _, prefix := range []string{wire.PathUploads, wire.PathSubjects} {
		if len(path) > len(prefix) && path[:len(prefix)] == prefix {
			return prefix + "…"
		}
	}
	return path
}

// misbehave stands between the devices and the library from now on; nil ends it.
func (p *place) misbehave(mischief func(w http.ResponseWriter, r *http.Request, hub http.Handler)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mischief = mischief
}

// misbehaveAt is misbehave for one endpoint, such as "POST /v1/events".
func (p *place) misbehaveAt(at string, mischief http.HandlerFunc) {
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.Method+" "+endpoint(r.URL.Path) == at {
			mischief(w, r)
			return
		}
		hub.ServeHTTP(w, r)
	})
}

// count is how often an endpoint was asked.
func (p *place) count(at string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[at]
}

func (p *place) invite() string {
	p.tb.Helper()
	secret, err := library.Invite(context.Background(), p.ledger, "", time.Now(), wire.InviteLifetime)
	must(p.tb, err)
	return wire.Invitation{Address: p.URL, Secret: secret}.Code()
}

// verify re-reads everything that the library has.
func (p *place) verify() library.Report {
	p.tb.Helper()
	report, err := library.Verify(context.Background(), p.ledger, p.objects, p.keys.Signing.Public())
	must(p.tb, err)
	if !report.OK() {
		p.tb.Errorf("the library does not verify: %v", report.Problems)
	}
	return report
}

// stored reads an original back from the library.
func (p *place) stored(id consent.AssetID) []byte {
	p.tb.Helper()
	r, err := p.objects.Open(context.Background(), consent.BlobHash(id))
	must(p.tb, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	must(p.tb, err)
	return data
}

// hasAll fails the test unless the library has exactly what the laptops have: every event once and every file, with a receipt
// that verifies for each.
func (p *place) hasAll(laptops ...*laptop) {
	p.tb.Helper()
	events := map[consent.EventID]bool{}
	blobs := map[consent.BlobHash]bool{}
	for _, l := range laptops {
		must(p.tb, l.vault.View(context.Background(), func(tx capture.Tx) error {
			return tx.EachEvent(func(e capture.StoredEvent) error {
				opened, err := e.Open()
				if e.ServerSeq == 0 || e.ReceivedAt.IsZero() {
					p.tb.Errorf("event %s has no place in the library's log", opened.ID)
				}
				events[opened.ID] = true
				return err
			})
		}))
		var transfers []capture.Transfer
		must(p.tb, l.vault.View(context.Background(), func(tx capture.Tx) error {
			return tx.EachTransfer(func(t capture.Transfer) error { transfers = append(transfers, t); return nil })
		}))
		for _, t := range transfers {
			blobs[t.Hash] = true
			if t.State != capture.TransferReceived || t.Receipt == nil || t.Receipt.Verify(p.library.Key(), t.Hash, t.Size) != nil || t.Trouble != "" {
				p.tb.Errorf("transfer %+v is not received", t)
			}
		}
		status, err := l.Status(context.Background())
		must(p.tb, err)
		if status.PendingEvents+status.PendingBlobs != 0 || status.LastSync.IsZero() {
			p.tb.Errorf("status %+v", status)
		}
	}
	if report := p.verify(); report.Events != len(events) || report.Blobs != len(blobs) {
		p.tb.Errorf("the library has %d events and %d files, the laptops %d and %d", report.Events, report.Blobs, len(events), len(blobs))
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

package desktop_test

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
	"samtykke/app/evidence"
	central "samtykke/app/library"
	"samtykke/storage/ledger"
	"samtykke/storage/objects"
	"samtykke/sync/device"
	"samtykke/sync/hub"
	"samtykke/sync/wire"
)

// mediebank is a whole library on this computer, behind a network that a test can cut.
type mediebank struct {
	*httptest.Server
	t      testing.TB
	ledger *ledger.Ledger
	key    evidence.Key

	mu      sync.Mutex
	network func(w http.ResponseWriter, r *http.Request, hub http.Handler) // nil: a good one
}

// joined is a desk in front of a vault that belongs to a real library, with the way to it.
func joined(t *testing.T) (*desk, *mediebank) {
	t.Helper()
	d := seated(t)
	m := serve(t)
	client := device.New(device.Options{RetryWait: time.Nanosecond})
	d.library.enrol, d.library.sync = client.Enrol, client.Sync
	if err := client.Enrol(t.Context(), d.session(), m.invite()); err != nil {
		t.Fatal(err)
	}
	return d, m
}

func serve(t testing.TB) *mediebank {
	t.Helper()
	dir, quiet := t.TempDir(), slog.New(slog.DiscardHandler)
	m := &mediebank{t: t}
	keys := must(ledger.LoadKeys(filepath.Join(dir, "library.key")))
	m.key = keys.Signing
	m.ledger = must(ledger.Open(context.Background(), filepath.Join(dir, "ledger.db"), keys))
	store := must(objects.Open(filepath.Join(dir, "objects")))
	lib := must(central.Open(context.Background(), central.Config{Ledger: m.ledger, Objects: store, Key: keys.Signing, Logger: quiet, Now: time.Now}))
	var h http.Handler
	m.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		network := m.network
		m.mu.Unlock()
		if network == nil {
			h.ServeHTTP(w, r)
			return
		}
		network(w, r, h)
	}))
	m.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	m.Start()
	h = must(hub.New(hub.Config{Library: lib, Secret: keys.Derive("hub"), Staging: filepath.Join(dir, "staging"), PublicURL: m.URL, Logger: quiet, Now: time.Now}))
	t.Cleanup(func() {
		m.CloseClientConnections()
		m.Close()
		_ = m.ledger.Close()
	})
	return m
}

func (m *mediebank) invite() string {
	m.t.Helper()
	return wire.Invitation{Address: m.URL, Secret: must(central.Invite(context.Background(), m.ledger, "", time.Now(), wire.InviteLifetime))}.Code()
}

// through puts a network between the device and the library from now on; nil is a good one.
func (m *mediebank) through(network func(w http.ResponseWriter, r *http.Request, hub http.Handler)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.network = network
}

// gone is a network that leads nowhere.
func gone(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// narrow is a network that carries only the first bytes of an upload and then nothing until it is cut. reached is told.
func narrow(bytes int64, reached chan<- struct{}, cut <-chan struct{}) func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.Method == http.MethodPatch && r.ContentLength > bytes {
			r.Body = &stuck{ReadCloser: r.Body, left: bytes, reached: reached, cut: cut}
		}
		hub.ServeHTTP(w, r)
	}
}

type stuck struct {
	io.ReadCloser
	left int64

	reached chan<- struct{}
	cut     <-chan struct{}
}

func (s *stuck) Read(p []byte) (int, error) {
	if s.left <= 0 {
		s.reached <- struct{}{}
		<-s.cut
		return 0, io.ErrUnexpectedEOF
	}
	n, err := s.ReadCloser.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	return n, err
}

// stand is how the items of the queue stand: how many in each state.
func (d *desk) stand() map[capture.TransferState]int {
	d.Helper()
	counts := map[capture.TransferState]int{}
	for _, i := range must(d.session().Queue(d.Context())) {
		counts[i.State]++
	}
	return counts
}

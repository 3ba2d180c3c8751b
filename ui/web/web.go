package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
)

// Desk is what the pages ask of the library.
type Desk interface {
	// Personal is what the holder of a link may see. A link that no event names is library.ErrLinkUnknown.
	Personal(ctx context.Context, secret evidence.LinkSecret) (library.PersonalView, error)
	// WithdrawByLink withdraws scopes for the subject that the link belongs to; no scopes means everything. When it returns
	// without error the withdrawal is durable and Personal shows it. Withdrawing what does not stand any more
	// changes nothing and is not an error.
	WithdrawByLink(ctx context.Context, secret evidence.LinkSecret, scopes []consent.Scope) error
}

// Option changes how the pages are served.
type Option func(*site)

// WithClock replaces time.Now, which sessions and the limit on lookups go by.
func WithClock(now func() time.Time) Option {
	return func(s *site) { s.now = now }
}

// New serves the pages. The key seals sessions: servers that share it share sessions, and a new one ends them all. It must not be
// used for anything else. The logger gets failures of the desk, never a secret.
func New(desk Desk, key [32]byte, logger *slog.Logger, options ...Option) http.Handler {
	s := &site{desk: desk, logger: logger, now: time.Now, seal: newSealer(key), views: parseViews()}
	for _, option := range options {
		option(s)
	}
	s.lookups = newLimit(lookupsPerMinute, maxRemembered, s.now)
	s.style, s.stylePath = readStyle()

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.front)
	mux.HandleFunc("GET /P/{secret...}", s.openLink)
	mux.HandleFunc("GET /p/{secret...}", s.openLink)
	mux.HandleFunc("GET /my", s.personal)
	mux.HandleFunc("POST /my/withdraw", s.chooseWithdrawal)
	mux.HandleFunc("POST /my/withdraw/confirm", s.withdraw)
	mux.HandleFunc("POST /my/leave", s.leave)
	// Reloading a page that a form led to, or coming back to it later, lands on the answers.
	mux.HandleFunc("GET /my/{rest...}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/my", http.StatusSeeOther)
	})
	mux.HandleFunc("GET "+s.stylePath, s.serveStyle)
	mux.HandleFunc("/", s.missing)
	return guarded(mux)
}

// site is the pages with what they need. It holds no person's data between two requests.
type site struct {
	desk      Desk
	logger    *slog.Logger
	now       func() time.Time
	seal      sealer
	lookups   *limit
	views     views
	style     []byte
	stylePath string // holds the hash of the style, so that browsers may keep it for ever
}

// maxBody bounds what a form may send: every scope of a large form fits many times.
const maxBody = 64 << 10

// guarded gives every answer the headers that keep a page private, and every request a bounded body.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// report logs a failure of the desk, without the secret even if the error names it.
func (s *site) report(r *http.Request, what string, secret evidence.LinkSecret, err error) {
	without := strings.NewReplacer(string(secret), "[link]", strings.ToLower(string(secret)), "[link]", secret.Hash(), "[link hash]")
	s.logger.ErrorContext(r.Context(), "the desk did not answer a page", "asked", what, "error", without.Replace(err.Error()))
}

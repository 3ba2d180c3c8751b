package main

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// logged writes one line per request: no query, no address of a person, no secret. A handler that panics costs its own request
// only.
func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &status{ResponseWriter: w}
		defer func() {
			if wrong := recover(); wrong != nil {
				if err, ok := wrong.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
					log.Error("request panicked", "method", r.Method, "path", redact(r.URL.Path), "panic", wrong)
				}
				panic(http.ErrAbortHandler) // closes the connection without printing anything
			}
			log.Info("request", "method", r.Method, "path", redact(r.URL.Path), "status", seen.code, "ms", time.Since(began).Milliseconds())
		}()
		next.ServeHTTP(seen, r)
	})
}

// redact shortens a path to what a log may know: what stands behind a personal link, an upload or a subject is left out.
func redact(path string) string {
	if lower := strings.ToLower(path); lower == "/p" || strings.HasPrefix(lower, "/p/") {
		return "/P/…"
	}
	for _, keep := range []string{"/v1/uploads/", "/v1/subjects/"} {
		if rest, ok := strings.CutPrefix(path, keep); ok && rest != "" {
			return keep + "…"
		}
	}
	if strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, "/static") || path == "/" || path == "/my" || strings.HasPrefix(path, "/my/") {
		return path
	}
	return "/…" // somebody may have mistyped a personal link
}

// status remembers the status of an answer.
type status struct {
	http.ResponseWriter
	code int
}

// Unwrap lets http.ResponseController through.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *status) WriteHeader(code int) {
	if s.code == 0 && code >= 200 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(p []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(p)
}

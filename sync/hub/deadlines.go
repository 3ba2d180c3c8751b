package hub

import (
	"net/http"
	"sync"
	"time"
)

// whileServing keeps what tusd does to a connection's deadlines from harming the next request on it. tusd sets deadlines from
// goroutines of its own, also when the request is over. And when another request wants the same upload it interrupts this one by
// a deadline that has passed, which makes net/http cancel the context of the whole connection: one whose body had been read to
// the end by then would be used again, and every further request on it would find itself cancelled.
type whileServing struct {
	http.ResponseWriter
	connection *http.ResponseController

	mu       sync.Mutex
	answered bool // the status has been sent
	over     bool // the handler has returned
}

// serveWithin calls next, and takes the deadlines off when it returns.
func serveWithin(w http.ResponseWriter, next func(http.ResponseWriter)) {
	s := &whileServing{ResponseWriter: w, connection: http.NewResponseController(w)}
	defer s.end()
	next(s)
}

func (s *whileServing) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	// A recorder in a test has no connection; a real one that cannot take a deadline is closed already.
	_ = s.connection.SetReadDeadline(time.Time{})
	_ = s.connection.SetWriteDeadline(time.Time{})
}

// WriteHeader notes that it is too late to interrupt the request.
func (s *whileServing) WriteHeader(status int) {
	s.mu.Lock()
	s.answered = true
	s.mu.Unlock()
	s.ResponseWriter.WriteHeader(status)
}

// Write notes that it is too late to interrupt the request.
func (s *whileServing) Write(p []byte) (int, error) {
	s.mu.Lock()
	s.answered = true
	s.mu.Unlock()
	return s.ResponseWriter.Write(p)
}

// SetReadDeadline is called through http.ResponseController. One that has passed interrupts the request: it is the last on its
// connection then.
func (s *whileServing) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	interrupts := !t.IsZero() && !t.After(time.Now())
	if s.over || (interrupts && s.answered) {
		return nil
	}
	if interrupts {
		s.Header().Set("Connection", "close")
	}
	return s.connection.SetReadDeadline(t)
}

// SetWriteDeadline is called through http.ResponseController.
func (s *whileServing) SetWriteDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return nil
	}
	return s.connection.SetWriteDeadline(t)
}

// Unwrap leads http.ResponseController to the rest.
func (s *whileServing) Unwrap() http.ResponseWriter { return s.ResponseWriter }

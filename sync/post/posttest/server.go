// Package posttest has a mail server for tests: a real one, on this machine, that keeps what it takes and refuses what it is told to.
package posttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Taken is a mail that the server took.
type Taken struct {
	From string
	To   []string
	Raw  []byte
	TLS  bool
	User string // who logged in, "" when nobody did
}

// Server is a mail server.
type Server struct {
	Addr string // host and port
	// Roots are whose certificates count with it, when it speaks TLS.
	Roots *x509.CertPool

	mu       sync.Mutex
	answer   func(stage Stage) error
	taken    []Taken
	attempts int
	password string
}

// Stage is where a mail is when the server may refuse it.
type Stage string

// The stages.
const (
	AtFrom Stage = "MAIL"
	AtTo   Stage = "RCPT"
	AtData Stage = "DATA" // the mail has come whole
	AtEnd  Stage = "END"  // the mail is taken, and the answer is on its way
)

// ErrHangUp as an answer closes the connection without one.
var ErrHangUp = errors.New("hang up")

// Refusal is an answer with a code, such as 550 and {5, 1, 1}.
func Refusal(code int, enhanced [3]int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode(enhanced), Message: "nobody like <ola@example.no> is here"}
}

// Options are how the server speaks.
type Options struct {
	TLS      bool   // offer STARTTLS, with a certificate of its own for 127.0.0.1
	Implicit bool   // TLS from the first byte
	Password string // of the user "mediebank", who must log in; "" for nobody
}

// Serve starts a server that ends with the test.
func Serve(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := &Server{password: o.Password}
	server := smtp.NewServer(backend{s})
	server.Domain, server.AllowInsecureAuth = "mail.example.no", true
	server.ReadTimeout, server.WriteTimeout = 10*time.Second, 10*time.Second
	server.ErrorLog = silent{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s.Addr = listener.Addr().String()
	if o.TLS || o.Implicit {
		server.TLSConfig, s.Roots = certified(tb)
	}
	if o.Implicit {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	ended := make(chan struct{})
	go func() { _ = server.Serve(listener); close(ended) }()
	tb.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // the server may not have begun to listen yet, and so not have closed it
		<-ended
	})
	return s
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// Answer says what the server answers from now on; nil takes everything.
func (s *Server) Answer(answer func(Stage) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// Taken are the mails that the server took, in order.
func (s *Server) Taken() []Taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Taken(nil), s.taken...)
}

// Attempts is how often a mail was begun.
func (s *Server) Attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}

// certified makes a certificate for this machine.
func certified(tb testing.TB) (*tls.Config, *x509.CertPool) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost", "mail.example.no"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		tb.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}, roots
}

type backend struct{ server *Server }

func (b backend) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: b.server, conn: c}, nil
}

type session struct {
	server *Server
	conn   *smtp.Conn
	mail   Taken
}

func (s *session) ask(stage Stage) error {
	s.server.mu.Lock()
	answer := s.server.answer
	s.server.mu.Unlock()
	if answer == nil {
		return nil
	}
	err := answer(stage)
	if errors.Is(err, ErrHangUp) {
		_ = s.conn.Conn().Close()
	}
	return err
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "mediebank" || password != s.server.password {
			return smtp.ErrAuthFailed
		}
		s.mail.User = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.server.mu.Lock()
	s.server.attempts++
	s.server.mu.Unlock()
	if s.server.password != "" && s.mail.User == "" {
		return smtp.ErrAuthRequired
	}
	s.mail.From = from
	return s.ask(AtFrom)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return s.ask(AtTo)
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.ask(AtData); err != nil {
		return err
	}
	s.mail.Raw = raw
	_, s.mail.TLS = s.conn.TLSConnectionState()
	s.server.mu.Lock()
	s.server.taken = append(s.server.taken, s.mail)
	s.server.mu.Unlock()
	return s.ask(AtEnd)
}

func (s *session) Reset() { s.mail = Taken{User: s.mail.User} }

func (s *session) Logout() error { return nil }

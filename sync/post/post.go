// Package post hands the library's mails to a mail server, by SMTP (RFC 5321).
//
// The connection is encrypted, with a certificate that is checked, unless the server is on the same machine. What a server says is
// passed on by its codes alone: its words quote addresses.
package post

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	stdmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"samtykke/app/library"
	"samtykke/app/problem"
)

// Config says which server, and as whom.
type Config struct {
	// URL is smtp://[user@]host[:port], which begins in the clear and must turn to TLS (port 587 unless said otherwise), or
	// smtps://…, which is TLS from the first byte (465).
	URL      string
	Password string // of the user in URL
	From     string // the sender's address, such as mediebank@example.no
	// Roots are whose certificates count; nil: those of the system.
	Roots *x509.CertPool
	// Dial connects to the server; nil: as addresses say.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Server is a mail server. It is safe for concurrent use, and keeps no connection.
type Server struct {
	host    string
	from    string
	domain  string // of from
	tls     *tls.Config
	fromTLS bool // from the first byte
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	options []mail.Option
}

// New checks a configuration. It asks no server. Problems: smtp-address-wrong, smtp-password-missing, mail-from-wrong.
func New(c Config) (*Server, error) {
	u, err := url.Parse(c.URL)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, problem.New(problem.Invalid, "smtp-address-wrong",
			"The address of the mail server cannot be used; nothing was started; write it like smtp://mediebank@mail.example.no:587, or smtps:// for TLS from the start, without the password.")
	}
	if _, inside := u.User.Password(); inside {
		return nil, problem.New(problem.Invalid, "smtp-password-inside",
			"The password of the mail server stands in its address, where every user of this machine can read it; nothing was started; put it into the environment as MEDIEBANK_SMTP_PASSWORD, or into a file for --smtp-password-file.")
	}
	if u.User.Username() != "" && c.Password == "" {
		return nil, problem.New(problem.Invalid, "smtp-password-missing",
			"The mail server has a user and no password; nothing was started; put it into the environment as MEDIEBANK_SMTP_PASSWORD, or into a file for --smtp-password-file.")
	}
	from, err := stdmail.ParseAddress(c.From)
	if err != nil || from.Address != c.From {
		return nil, problem.New(problem.Invalid, "mail-from-wrong",
			"The sender of the mails is not an e-mail address; nothing was started; give one with --mail-from, like mediebank@example.no.")
	}
	s := &Server{host: u.Hostname(), from: c.From, domain: c.From[strings.LastIndexByte(c.From, '@')+1:], fromTLS: u.Scheme == "smtps",
		tls: &tls.Config{MinVersion: tls.VersionTLS12, ServerName: u.Hostname(), RootCAs: c.Roots}, dial: c.Dial}
	if s.dial == nil {
		s.dial = new(net.Dialer).DialContext
	}
	s.options, err = s.connection(u, c)
	return s, err
}

// connection are the options of a connection.
func (s *Server) connection(u *url.URL, c Config) ([]mail.Option, error) {
	host := u.Hostname()
	here := host == "localhost" || net.ParseIP(host).IsLoopback()
	port := map[string]int{"smtp": 587, "smtps": 465}[u.Scheme]
	if text := u.Port(); text != "" {
		var err error
		if port, err = strconv.Atoi(text); err != nil {
			return nil, fmt.Errorf("read port: %w", err)
		}
	}
	list := []mail.Option{mail.WithPort(port), mail.WithTimeout(30 * time.Second), mail.WithoutNoop(), mail.WithTLSConfig(s.tls)}
	login := mail.SMTPAuthAutoDiscover
	switch {
	case s.fromTLS:
		list = append(list, mail.WithSSL())
		login = mail.SMTPAuthPlainNoEnc // it is encrypted: the library does not see it, since connect did that
	case here:
		list = append(list, mail.WithTLSPolicy(mail.NoTLS))
		login = mail.SMTPAuthPlainNoEnc
	default:
		list = append(list, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if user := u.User.Username(); user != "" {
		list = append(list, mail.WithSMTPAuth(login), mail.WithUsername(user), mail.WithPassword(c.Password))
	}
	return list, nil
}

// Send implements library.Mailer.
func (s *Server) Send(ctx context.Context, m library.Mail) error {
	msg, err := s.message(m)
	if err != nil {
		return &library.MailRefusal{Code: "553 5.1.3", Permanent: true} // no server would take it
	}
	var open net.Conn
	client, err := mail.NewClient(s.host, append(slices.Clone(s.options), mail.WithDialContextFunc(
		func(dialling context.Context, network, address string) (net.Conn, error) {
			conn, err := s.connect(dialling, network, address)
			open = conn
			if err == nil {
				// The library watches its context while it connects, and no longer.
				context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		}))...)
	if err != nil {
		return errors.New("prepare connection to the mail server")
	}
	defer func() {
		if open != nil {
			_ = open.Close() // whether the server says goodbye changes nothing
		}
	}()
	if err := client.DialWithContext(ctx); err != nil {
		return refusalOf(err, false)
	}
	err = client.Send(msg)
	if msg.IsDelivered() {
		_ = client.Close()
		return nil
	}
	if err == nil {
		err = errors.New("the mail was not delivered")
	}
	return refusalOf(err, true)
}

// connect opens a connection, encrypted when it is to be from the first byte.
func (s *Server) connect(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := s.dial(ctx, network, address)
	if err != nil || !s.fromTLS {
		return conn, err
	}
	secured := tls.Client(conn, s.tls)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secured, nil
}

// refusalOf is an error without the server's words. Only what concerns the recipient or the mail is refused for good: a server that
// does not take this sender may be told to.
func refusalOf(err error, asked bool) error {
	var refused *mail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() == 0 {
		return errors.New("the mail server could not be reached, or broke off")
	}
	code := strings.TrimSpace(strconv.Itoa(refused.ErrorCode()) + " " + refused.EnhancedStatusCode())
	ofMail := refused.Reason == mail.ErrSMTPRcptTo || refused.Reason == mail.ErrSMTPData || refused.Reason == mail.ErrSMTPDataClose
	return &library.MailRefusal{Code: code, Permanent: asked && ofMail && refused.ErrorCode() >= 500}
}

// message is the mail as it travels.
func (s *Server) message(m library.Mail) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.From, s.from); err != nil {
		return nil, err
	}
	if err := msg.To(m.To); err != nil {
		return nil, err
	}
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return nil, err
		}
	}
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain)
	msg.SetDateWithValue(m.At)
	msg.Subject(m.Subject)
	msg.SetGenHeader("Content-Language", m.Language)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notice answers it
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	return msg, msg.AttachReader(m.FileName, bytes.NewReader(m.File), mail.WithFileContentType("application/pdf"))
}

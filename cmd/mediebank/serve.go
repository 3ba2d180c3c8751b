package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/storage/ledger"
	"samtykke/sync/hub"
	"samtykke/ui/web"
)

type serveCommand struct {
	dataFlags
	Listen    string `default:"127.0.0.1:8330" placeholder:"ADDR" help:"Address and port to listen on; port 0 takes a free one."`
	PublicURL string `name:"public-url" placeholder:"URL" help:"Address under which devices and people reach the library."`
	TLSCert   string `name:"tls-cert" placeholder:"FILE" help:"Certificate chain in PEM, to serve HTTPS."`
	TLSKey    string `name:"tls-key" placeholder:"FILE" help:"Key of the certificate in PEM."`
	smtpFlags
}

// Run serves until the call's context ends, then lets requests that are under way finish.
func (s *serveCommand) Run(c *call) (err error) {
	certificate, err := s.certificate()
	if err != nil {
		return err
	}
	if err := errors.Join(s.checkPlain(), s.supported()); err != nil {
		return err
	}
	mailer, err := s.mailer()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	serving, err := ledger.Lock(filepath.Join(s.Data, fileServing), false)
	if err != nil {
		return err
	}
	defer serving.Close()
	storage, err := s.open(c, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, storage.Close()) }()
	listener, err := (&net.ListenConfig{}).Listen(c, "tcp", s.Listen)
	if err != nil {
		return problem.New(problem.Unavailable, "listen-failed",
			"Cannot listen on {{.address}}; nothing was changed; another program may use it, or it is not an address of this machine.", "address", s.Listen).Because(err)
	}
	defer listener.Close()
	scheme := "http"
	if certificate != nil {
		scheme = "https"
		listener = tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*certificate}, NextProtos: []string{"h2", "http/1.1"}})
	}
	listening := scheme + "://" + listener.Addr().String()
	public := orElse(strings.TrimRight(s.PublicURL, "/"), scheme+"://"+reachable(listener.Addr()))
	log := slog.New(slog.NewTextHandler(c.stderr, nil))
	lib, err := library.Open(c, library.Config{Ledger: storage.ledger, Objects: storage.objects, Key: storage.keys.Signing, Logger: log, Now: time.Now})
	if err != nil {
		return err
	}
	handler, err := s.handler(lib, storage, public, log)
	if err != nil {
		return err
	}
	defer sendMail(c, lib, mailer)()
	if err := library.SetPublicURL(c, storage.ledger, public); err != nil {
		return err
	}
	server := &http.Server{Handler: logged(log, handler), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)} // it would log addresses of people
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	if err := c.answer(struct {
		Listening string `json:"listening"`
		PublicURL string `json:"public_url"`
	}{listening, public}, fmt.Sprintf("mediebank is listening on %s\n", listening)); err != nil {
		return err
	}
	select {
	case err := <-done:
		return fmt.Errorf("serve: %w", err)
	case <-c.Done():
	}
	log.Info("stopping")
	patience, cancel := context.WithTimeout(context.WithoutCancel(c), 30*time.Second)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		_ = server.Close() // what is durable is durable; the rest is sent again
	}
	return nil
}

// handler puts the endpoints for devices beside the pages for people.
func (s *serveCommand) handler(lib *library.Library, storage *opened, public string, log *slog.Logger) (http.Handler, error) {
	devices, err := hub.New(hub.Config{Library: lib, Secret: storage.keys.Derive("hub"), Staging: filepath.Join(s.Data, dirStaging),
		PublicURL: public, Logger: log, Now: time.Now})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", devices)
	mux.Handle("/", web.New(lib, storage.keys.Derive("web"), log))
	return mux, nil
}

func (s *serveCommand) certificate() (*tls.Certificate, error) {
	if s.TLSCert == "" && s.TLSKey == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	if err != nil {
		return nil, problem.New(problem.Invalid, "tls-files-wrong",
			"The certificate and its key cannot be used; nothing was started; give both --tls-cert and --tls-key, in PEM, and belonging together.").Because(err)
	}
	return &pair, nil
}

// checkPlain refuses to carry personal data over a network in the clear, and a public address that is none.
func (s *serveCommand) checkPlain() error {
	scheme := ""
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			return problem.New(problem.Invalid, "public-url-wrong",
				"The public address is not one that a browser can open; nothing was started; write it like https://mediebank.example.no.")
		}
		scheme = u.Scheme
	}
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return problem.New(problem.Invalid, "listen-wrong",
			"{{.address}} is not an address to listen on; nothing was started; write it like 127.0.0.1:8330.", "address", s.Listen)
	}
	if s.TLSCert != "" || scheme == "https" || host == "localhost" || net.ParseIP(host).IsLoopback() {
		return nil
	}
	return problem.New(problem.Invalid, "plain-http-refused",
		"Without TLS the library may only listen on this machine itself; nothing was started; give --tls-cert and --tls-key, or an https --public-url if a proxy before it does TLS.")
}

// reachable is the address that others can use: a wildcard becomes the machine's name.
func reachable(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			host = name
		}
	}
	return net.JoinHostPort(host, port)
}

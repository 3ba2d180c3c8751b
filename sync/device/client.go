// Package device is the device's side of the sync protocol (docs/sync.md): it enrols with a library, sends what waits in the
// vault, and takes in what others did. It implements capture.Library.
//
// A field network comes and goes, so nothing here assumes that a request ends. Whatever the library has confirmed is remembered
// durably before the next thing is asked: an event's place in the library's log, a profile's revision, the offset of an upload,
// a storage receipt. Stopping at any moment, by a dead battery too, loses only time. Requests that mean the same when they are
// made twice are tried three times; everything else waits in the vault for the next sync.
//
// The library is known by its key, which is pinned at enrolment. Before anything of this device leaves it, the library has to
// show its list of devices signed with that key, and a file counts as received only with a storage receipt signed with it.
//
// Big files travel as tus 1.0 uploads in chunks of at most wire.UploadChunk; two of them are in memory at a time.
package device

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"

	"samtykke/app/capture"
)

// Options are what a client needs from outside. The zero value is right outside tests.
type Options struct {
	// Transport carries the requests; nil: TLS 1.2 or later, the system's proxies and certificates.
	Transport http.RoundTripper
	Timeouts  Timeouts
	// RetryWait is how long to wait before asking again, the first time; it doubles. 0: one second.
	RetryWait time.Duration
	// Logger gets counts and the identifiers of problems, never personal data or secrets; nil: nobody.
	Logger *slog.Logger
	Now    func() time.Time // nil: time.Now
}

// Timeouts bound how long the library may keep the device waiting. A zero means the default.
type Timeouts struct {
	Connect time.Duration // 10 s
	// Answer bounds one request with all its repetitions: 60 s. Sending a body gets time on top, for a link of slowestLink.
	Answer time.Duration
}

const (
	slowestLink   = 16 << 10 // bytes per second with which a body still gets through
	slowestVerify = 20 << 20 // bytes per second with which a library reads a finished upload again
	retries       = 2
	longestWait   = 10 * time.Second // a library that asks for more is left until the next sync
)

// Client talks to libraries. It is safe for concurrent use; syncs run one after the other.
type Client struct {
	once     *resty.Client // for requests that must not be made twice
	again    *resty.Client // for those that may
	timeouts Timeouts
	log      *slog.Logger
	now      func() time.Time
	turn     chan struct{} // holds one token: whose turn it is to sync
}

var _ capture.Library = (*Client)(nil)

// New makes a client.
func New(o Options) *Client {
	if o.Timeouts.Connect == 0 {
		o.Timeouts.Connect = 10 * time.Second
	}
	if o.Timeouts.Answer == 0 {
		o.Timeouts.Answer = time.Minute
	}
	if o.RetryWait == 0 {
		o.RetryWait = time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = transport(o.Timeouts.Connect)
	}
	c := &Client{timeouts: o.Timeouts, log: o.Logger, now: o.Now, turn: make(chan struct{}, 1)}
	c.once = newResty(o.Transport)
	c.again = newResty(o.Transport).SetRetryCount(retries).SetRetryWaitTime(o.RetryWait).SetRetryMaxWaitTime(longestWait).
		AddRetryCondition(worthRepeating).SetRetryAfter(c.retryAfter)
	return c
}

func transport(connect time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connect, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:    connect,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 64 << 10,
		WriteBufferSize:        256 << 10,
	}
}

func newResty(t http.RoundTripper) *resty.Client {
	return resty.NewWithClient(&http.Client{Transport: t, CheckRedirect: followAtHome}).
		SetLogger(silent{}). // resty would print addresses and errors
		SetHeader("User-Agent", "samtykke")
}

// followAtHome follows a redirect only when the same request goes to the same server: everything else is left as the answer,
// for it is a wireless network's login page rather than a library, and the token is not for it.
func followAtHome(next *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > 3 || next.Method != first.Method || next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// silent drops what resty would print.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

package device

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-resty/resty/v2"

	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// What can go wrong on the way to a library. What the library itself refuses comes with its own sentence and identifier.
var (
	errUnreachable = problem.New(problem.Unavailable, "library-unreachable",
		"The media library cannot be reached; everything is safe on this device; try again where there is a network.")
	errSlow = problem.New(problem.Unavailable, "library-slow",
		"The media library did not answer in time; everything is safe on this device, and the next sync goes on where this one stopped.")
	errNotOurs = problem.New(problem.Damaged, "library-not-ours",
		"What answered is not the media library that this device belongs to: perhaps a network's login page, or a library that was set up anew; nothing was taken in and everything is safe here; check the network, then ask whoever runs the library.")
	errOutOfDate = problem.New(problem.Unavailable, "library-certificate-date",
		"The media library's certificate is not valid at the date and time that this computer shows; nothing was sent and everything is safe here; set the computer's clock, and if it is right, tell whoever runs the library.")
	errRefused = problem.New(problem.Invalid, "library-refused",
		"The media library refused the request without saying why; everything is safe on this device; tell whoever runs the library.")
	errFull = problem.New(problem.Unavailable, "library-full",
		"The media library has no room left; everything is safe on this device; tell whoever runs the library, and sync again later.")
	errInsecure = problem.New(problem.Invalid, "insecure-address",
		"The media library's address begins with http://, so others on the network could read along; nothing was sent; ask for an invitation that begins with https://.")
	errAddress = problem.New(problem.Invalid, "library-address-wrong",
		"The media library's address cannot be used; nothing was sent; ask for a new invitation.")
	errNotEnrolled = problem.New(problem.Invalid, "not-enrolled",
		"This device belongs to no media library yet; everything is safe here; ask for an invitation and use \"device enrol\".")
	errElsewhere = problem.New(problem.Conflict, "enrolled-elsewhere",
		"This device belongs to another media library already, and what it has sent is there; nothing was changed; make a new vault for the new library.")
	errStopped = problem.New(problem.Unavailable, "sync-stopped",
		"The sync was stopped; everything is safe on this device, and the next sync goes on where this one stopped.")

	errFileChanged = problem.New(problem.Damaged, "file-changed",
		"The file is no longer what was imported, so it is not sent; nothing in the library was changed; put the original file back where it was.")
	errFileUnreadable = problem.New(problem.Damaged, "file-unreadable",
		"The file could not be read to its end; what was sent of it is kept; check the disk or card it lies on, then sync again.")
	errArrivedWrong = problem.New(problem.Unavailable, "upload-damaged",
		"The file arrived damaged at the media library twice, and the library threw it away; the file here is whole; sync again, over another network if you can.")
	errRestless = problem.New(problem.Unavailable, "upload-forgotten",
		"The media library forgot the upload again and again; the file is safe here; sync again later, and tell whoever runs the library if it stays so.")
)

// refusal is an answer that is not a success.
type refusal struct {
	status  int
	header  http.Header
	body    []byte
	problem *problem.Problem
}

func (r *refusal) Error() string { return r.problem.Error() }
func (r *refusal) Unwrap() error { return r.problem }

// statusIs tells whether err is an answer with one of these statuses.
func statusIs(err error, statuses ...int) bool {
	var r *refusal
	return errors.As(err, &r) && slices.Contains(statuses, r.status)
}

// refused explains an answer that is not a success. The library's own sentence is passed on, unless it repeats a secret.
func refused(resp *resty.Response, secrets ...string) error {
	r := &refusal{status: resp.StatusCode(), header: resp.Header(), body: resp.Body()}
	var said wire.Error
	own := isJSON(resp) && decode(resp.Body(), &said) == nil && said.Sentence != ""
	switch {
	case own && resp.StatusCode() >= 400:
		r.problem = passOn(said, secrets)
	case resp.StatusCode() == http.StatusInsufficientStorage:
		r.problem = errFull
	case resp.StatusCode() >= 500, resp.StatusCode() == http.StatusTooManyRequests:
		r.problem = errUnreachable
	case resp.Request.Method == http.MethodHead && resp.StatusCode() >= 400, // such an answer has no body to say why
		resp.StatusCode() == http.StatusRequestEntityTooLarge: // a proxy's
		r.problem = errRefused
	default:
		r.problem = errNotOurs
	}
	return r
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)

// longestSentence is how many characters of a library's sentence are passed on.
const longestSentence = 500

// passOn makes a problem of what the library said. Its sentence is a value, never a template.
func passOn(said wire.Error, secrets []string) *problem.Problem {
	kinds := []problem.Kind{problem.Invalid, problem.NotFound, problem.Conflict, problem.Unauthorised, problem.Unavailable, problem.Damaged}
	if !slices.Contains(kinds, said.Kind) {
		said.Kind = problem.Unavailable // a mistake of the library's is not one of ours
	}
	for _, secret := range secrets {
		if secret != "" && strings.Contains(said.ID+" "+said.Sentence+" "+fmt.Sprint(said.Values), secret) {
			return errRefused
		}
	}
	if !identifier.MatchString(said.ID) {
		said.ID = errRefused.ID
	}
	p := problem.New(said.Kind, said.ID, "{{.sentence}}", "sentence", oneLine(said.Sentence))
	for name, value := range said.Values {
		switch v := value.(type) {
		case float64, bool:
			p.Values[name] = v
		case string:
			p.Values[name] = oneLine(v)
		}
	}
	return p
}

// oneLine makes text from outside fit for a terminal.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > longestSentence {
		text = string(runes[:longestSentence]) + "…"
	}
	return strings.TrimSpace(text)
}

// broken explains a request that got no whole answer. asked is the caller's context, without the request's own timeout.
func broken(asked context.Context, err error) error {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err // what is logged needs no address of an upload
	}
	if asked.Err() != nil {
		return errStopped.Because(asked.Err())
	}
	var certificate *tls.CertificateVerificationError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var op *net.OpError
	var network net.Error
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired: // or not valid yet
		return errOutOfDate.Because(err)
	case errors.Is(err, resty.ErrResponseBodyTooLarge), errors.As(err, &certificate), errors.As(err, &record):
		return errNotOurs.Because(err)
	case errors.As(err, &op) && op.Op == "dial":
		return errUnreachable.Because(err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return errSlow.Because(err)
	}
	return errUnreachable.Because(err)
}

package device

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/go-resty/resty/v2"

	"samtykke/app/problem"
)

// request is one request to a library.
type request struct {
	method, path string
	query        map[string]string
	header       map[string]string
	body         []byte
	// repeat: making it twice means the same as making it once.
	repeat bool
	extra  time.Duration // beyond what its size asks for
	most   int           // bytes of the answer; 0: mostAnswer
}

// mostAnswer bounds an answer that is no page of changes and no enrolment, in bytes.
const mostAnswer = 4 << 20

// asJSON is a request with a JSON body.
func asJSON(method, path string, value any) (request, error) {
	body, err := encode(value)
	return request{method: method, path: path, body: body, header: map[string]string{"Content-Type": "application/json"}, repeat: true}, err
}

// encode writes JSON as it is. Go's default would write "<" as "\u003c", and a signed envelope would not be the same bytes.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func decode(body []byte, into any) error { return json.Unmarshal(body, into) }

// send makes a request and returns the answer, whatever its status. An error is a problem.
func (c *Client) send(ctx context.Context, address, token string, q request) (*resty.Response, error) {
	timeout := c.timeouts.Answer + time.Duration(len(q.body))*time.Second/slowestLink + q.extra
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	client := c.once
	if q.repeat {
		client = c.again
	}
	r := client.R().SetContext(bounded).SetHeaders(q.header).SetQueryParams(q.query).SetResponseBodyLimit(cmp.Or(q.most, mostAnswer))
	if token != "" {
		r.SetAuthToken(token)
	}
	switch {
	case q.body != nil && q.repeat:
		r.SetBody(q.body) // resty copies it, so that it can be sent again
	case q.body != nil:
		r.SetBody(bytes.NewReader(q.body)) // the one kind of reader that nobody copies
	}
	resp, err := r.Execute(q.method, address+q.path)
	if err != nil && !errors.Is(err, errLater) {
		return nil, broken(ctx, err)
	}
	return resp, nil
}

// ask makes a request that is answered in JSON.
func ask[T any](ctx context.Context, c *Client, address string, q request, secrets ...string) (answer T, err error) {
	resp, err := c.send(ctx, address, "", q)
	if err != nil {
		return answer, err
	}
	return read[T](resp, secrets...)
}

// read reads a JSON answer.
func read[T any](resp *resty.Response, secrets ...string) (answer T, err error) {
	if !resp.IsSuccess() {
		return answer, refused(resp, secrets...)
	}
	if !isJSON(resp) {
		return answer, errNotOurs
	}
	if err := decode(resp.Body(), &answer); err != nil {
		return answer, errNotOurs // the decoder's error could quote what was answered
	}
	return answer, nil
}

func isJSON(resp *resty.Response) bool {
	kind, _, err := mime.ParseMediaType(resp.Header().Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// worthRepeating is resty's condition for asking again. Adding one replaces resty's own, which repeats after any error.
func worthRepeating(resp *resty.Response, err error) bool {
	if resp == nil {
		return false // it could not even be written
	}
	if err != nil {
		return problem.KindOf(broken(resp.Request.Context(), err)) == problem.Unavailable && resp.Request.Context().Err() == nil
	}
	switch resp.StatusCode() {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusLocked: // a broken connection still holds the upload for a moment
		return true
	}
	return false
}

// errLater ends the repetitions: the library asked for more patience than a sync has. The answer still counts.
var errLater = errors.New("library asks to come back later")

// retryAfter reads the Retry-After header; 0 leaves the wait to resty.
func (c *Client) retryAfter(_ *resty.Client, resp *resty.Response) (time.Duration, error) {
	if resp.RawResponse == nil {
		return 0, nil
	}
	text := resp.Header().Get("Retry-After")
	var wait time.Duration
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = max(at.Sub(c.now()), 0)
	}
	if wait > longestWait {
		return 0, errLater
	}
	return wait, nil
}

package hub

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"syscall"

	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// Problems that only HTTP has.
var (
	errTooLarge = problem.New(problem.Invalid, "request-too-large",
		"The request is larger than the media library takes at once; nothing was stored; send less at a time.")
	errUnreadable = problem.New(problem.Invalid, "request-unreadable",
		"The media library could not read the request; nothing was stored; the program on the device may be newer or older than the library.")
	errFull = problem.New(problem.Unavailable, "library-full",
		"The media library has no room left on its disk; nothing of this was stored and what the device has is safe; tell whoever runs the library, and try again later.")
)

// decode reads a JSON body of at most limit bytes; when it cannot it has answered, and returns false.
func decode[T any](h *hub, w http.ResponseWriter, r *http.Request, limit int64) (body T, ok bool) {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit)).Decode(&body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		h.fail(w, r, errTooLarge)
	case err != nil:
		h.fail(w, r, errUnreadable.Because(err))
	default:
		return body, true
	}
	return body, false
}

// encode writes JSON as it is. Go's default would write "<" as "\u003c", and a signed envelope would not be the same bytes.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return b.Bytes(), err
}

func (h *hub) answer(w http.ResponseWriter, r *http.Request, status int, value any) {
	body, err := encode(value)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client is gone: nobody to tell
	}
}

// fail answers with the problem inside err. What is no problem is a mistake of the program: it is logged whole.
func (h *hub) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, body := h.explain(err)
	h.answer(w, r, status, body)
}

func (h *hub) explain(err error) (int, wire.Error) {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		h.log.Error("disk full", "error", err)
		err = errFull
	}
	p := problem.Of(err)
	if p.Kind == problem.Internal {
		h.log.Error("request failed", "error", err)
	}
	return statusOf(p), wire.Error{Kind: p.Kind, ID: p.ID, Sentence: p.Error(), Values: p.Values}
}

func statusOf(p *problem.Problem) int {
	for is, status := range map[error]int{
		errFull:                  http.StatusInsufficientStorage,
		errTooLarge:              http.StatusRequestEntityTooLarge,
		library.ErrBlobTooLarge:  http.StatusRequestEntityTooLarge,
		errTokenMissing:          http.StatusUnauthorized,
		errTokenStale:            http.StatusUnauthorized,
		errNonceStale:            http.StatusUnauthorized,
		library.ErrSubjectErased: http.StatusGone,
	} {
		if errors.Is(p, is) {
			return status
		}
	}
	switch p.Kind {
	case problem.Invalid:
		return http.StatusBadRequest
	case problem.NotFound:
		return http.StatusNotFound
	case problem.Conflict:
		return http.StatusConflict
	case problem.Unauthorised:
		return http.StatusForbidden
	case problem.Damaged:
		return http.StatusUnprocessableEntity
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

package device

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"

	"samtykke/app/capture"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// A chunk is as long as the link carries in a few seconds, so that little is sent twice and progress shows.
const (
	firstChunk = 1 << 20
	leastChunk = 256 << 10
)

// Bounds of patience with one upload in one sync.
const (
	maxBegins = 3 // once, and twice from zero
	maxStalls = 2 // failed chunks in a row without a byte of progress
)

var (
	errGone    = errors.New("upload is gone")          // the library does not know it any more
	errShorter = errors.New("chunk has to be shorter") // a proxy takes no body as long as this one
)

// upload is one file on its way: a tus 1.0 upload (https://tus.io/protocols/resumable-upload).
type upload struct {
	*run
	t       *capture.Transfer
	from    capture.Original
	file    *ahead // reads from
	count   *counter
	receipt *evidence.StorageReceipt // once the library has given it
}

// upload sends one file and returns its storage receipt, which is not verified yet. t always says how far it has come.
func (r *run) upload(ctx context.Context, t *capture.Transfer, count *counter) (evidence.StorageReceipt, error) {
	from, err := r.session.OpenTransfer(ctx, *t)
	if err != nil {
		if ctx.Err() != nil {
			return evidence.StorageReceipt{}, err
		}
		return evidence.StorageReceipt{}, trouble{err}
	}
	defer from.Close() // it is only read
	if from.Size() != t.Size {
		return evidence.StorageReceipt{}, trouble{errFileChanged}
	}
	u := &upload{run: r, t: t, from: from, count: count, file: &ahead{from: from, size: t.Size, spare: &r.spare}}
	defer u.file.close()
	count.tell(t.Hash, t.Offset)
	mismatches := 0
	for range maxBegins {
		err := u.attempt(ctx)
		switch {
		case err == nil:
			return *u.receipt, nil
		case errors.Is(err, errGone):
			t.Upload, t.Offset = "", 0
		case statusIs(err, http.StatusUnprocessableEntity):
			if err := u.mismatched(ctx, err); err != nil {
				return evidence.StorageReceipt{}, err
			}
			if mismatches++; mismatches == 2 {
				return evidence.StorageReceipt{}, trouble{errArrivedWrong}
			}
		case statusIs(err, http.StatusInsufficientStorage):
			return evidence.StorageReceipt{}, err
		case aboutItem(err):
			t.Upload, t.Offset = "", 0
			return evidence.StorageReceipt{}, trouble{err}
		default:
			return evidence.StorageReceipt{}, err
		}
	}
	return evidence.StorageReceipt{}, trouble{errRestless}
}

// attempt goes on with the upload, or begins it, until there is a receipt.
func (u *upload) attempt(ctx context.Context) error {
	var err error
	if u.t.Upload == "" {
		err = u.begin(ctx)
	} else {
		err = u.locate(ctx)
	}
	for stalls := 0; err == nil && u.receipt == nil; {
		before := u.t.Offset
		if before == u.t.Size {
			return u.collect(ctx)
		}
		if err = u.sendChunk(ctx); err == nil {
			stalls = 0
			continue
		}
		if !isPassing(err) {
			return err
		}
		failed := err
		u.chunk = max(u.chunk/2, leastChunk)
		if err = u.locate(ctx); err != nil {
			return err
		}
		if stalls++; u.t.Offset > before || errors.Is(failed, errShorter) {
			stalls = 0
		}
		if stalls > maxStalls {
			return failed
		}
	}
	return err
}

// isPassing tells whether asking where the upload stands and going on from there may help.
func isPassing(err error) bool {
	return errors.Is(err, errUnreachable) || errors.Is(err, errSlow) || errors.Is(err, errShorter) ||
		statusIs(err, http.StatusConflict, http.StatusLocked, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout)
}

// begin creates the upload and remembers its address before the first byte goes.
func (u *upload) begin(ctx context.Context) error {
	hash, err := hex.DecodeString(string(u.t.Hash))
	if err != nil || len(hash) != sha256.Size {
		return trouble{errFileChanged}
	}
	resp, err := u.knock(ctx, request{method: http.MethodPost, path: wire.PathUploads, extra: u.verification(), header: map[string]string{
		"Tus-Resumable":   "1.0.0",
		"Upload-Length":   strconv.FormatInt(u.t.Size, 10),
		"Upload-Metadata": wire.MetaSHA256 + " " + base64.StdEncoding.EncodeToString([]byte(u.t.Hash)),
	}})
	if err != nil {
		return err
	}
	if u.takeReceipt(resp) { // the library has the bytes already
		return nil
	}
	if resp.StatusCode() != http.StatusCreated {
		return refused(resp, u.token)
	}
	at, ok := uploadAt(resp.Header().Get("Location"))
	if !ok {
		return errNotOurs
	}
	u.t.State, u.t.Upload, u.t.Offset = capture.TransferSending, at, 0
	return u.session.PutTransfer(ctx, *u.t)
}

// uploadAt is the path of an upload from wire.PathUploads on. Whatever host a proxy has put before it, the upload goes to the
// library's own address: the token is for nobody else.
func uploadAt(location string) (string, bool) {
	u, err := url.Parse(location)
	if err != nil {
		return "", false
	}
	path := u.EscapedPath()
	start := strings.LastIndex(path, wire.PathUploads)
	if start < 0 {
		return "", false
	}
	id := path[start+len(wire.PathUploads):]
	if id == "" || len(id) > 512 || strings.ContainsAny(id, "/\\") || id == "." || id == ".." {
		return "", false
	}
	return wire.PathUploads + id, true
}

// locate asks how much of the upload the library has.
func (u *upload) locate(ctx context.Context) error {
	resp, err := u.knock(ctx, request{method: http.MethodHead, path: u.t.Upload, repeat: true, extra: u.verification(),
		header: map[string]string{"Tus-Resumable": "1.0.0"}})
	if err != nil {
		return err
	}
	switch {
	case u.takeReceipt(resp):
		return nil
	case isGone(resp):
		return errGone
	case !resp.IsSuccess():
		return refused(resp, u.token)
	case resp.Header().Get("Tus-Resumable") == "":
		return errNotOurs
	}
	if length := resp.Header().Get("Upload-Length"); length != strconv.FormatInt(u.t.Size, 10) {
		return errGone
	}
	return u.moveTo(resp, 0, u.t.Size)
}

// moveTo takes up the offset that the library answered, which has to lie within bounds.
func (u *upload) moveTo(resp *resty.Response, least, most int64) error {
	offset, err := strconv.ParseInt(resp.Header().Get("Upload-Offset"), 10, 64)
	if err != nil || offset < least || offset > most {
		return errNotOurs
	}
	u.t.Offset = offset
	u.count.tell(u.t.Hash, offset)
	return nil
}

// sendChunk sends the next bytes and remembers how far the library has come.
func (u *upload) sendChunk(ctx context.Context) error {
	bytes, err := u.file.next(u.t.Offset, int64(u.chunk))
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return trouble{errFileChanged.Because(err)}
	}
	if err != nil {
		return trouble{errFileUnreadable.Because(err)}
	}
	length := int64(len(bytes))
	last := u.t.Offset+length == u.t.Size
	q := request{method: http.MethodPatch, path: u.t.Upload, body: bytes, header: map[string]string{
		"Tus-Resumable": "1.0.0",
		"Content-Type":  "application/offset+octet-stream",
		"Upload-Offset": strconv.FormatInt(u.t.Offset, 10),
	}}
	if last {
		q.extra = u.verification()
	}
	started := u.now()
	resp, err := u.knock(ctx, q)
	if err == nil && resp.StatusCode() == http.StatusNoContent {
		u.file.sent(bytes) // after any other answer the connection may still be reading them
	}
	switch {
	case err != nil:
		return err
	case isGone(resp):
		return errGone
	case resp.StatusCode() == http.StatusRequestEntityTooLarge && !isJSON(resp) && length > leastChunk: // a proxy, not the library
		u.longest = max(int(length)/2, leastChunk)
		return errShorter
	case resp.StatusCode() != http.StatusNoContent:
		return refused(resp, u.token)
	}
	before := u.t.Offset
	if err := u.moveTo(resp, before+1, before+length); err != nil {
		return err
	}
	u.report.BytesSent += u.t.Offset - before
	if u.takeReceipt(resp) {
		return nil
	}
	u.pace(u.now().Sub(started))
	u.t.State = capture.TransferSending
	u.t.Fail(nil)
	return u.session.PutTransfer(ctx, *u.t)
}

// pace fits the length of a chunk to the link.
func (u *upload) pace(took time.Duration) {
	switch {
	case took < 2*time.Second:
		u.chunk = min(u.chunk*2, u.longest)
	case took > 15*time.Second:
		u.chunk = max(u.chunk/2, leastChunk)
	}
}

// collect asks for the receipt of an upload that has all its bytes: the answer that carried it was lost.
func (u *upload) collect(ctx context.Context) error {
	resp, err := u.knock(ctx, request{method: http.MethodGet, path: wire.PathBlobs + string(u.t.Hash) + "/receipt", repeat: true, extra: u.verification()})
	if err != nil {
		return err
	}
	receipt, err := read[evidence.StorageReceipt](resp, u.token)
	if statusIs(err, http.StatusNotFound) && problem.Of(err).ID == "blob-missing" {
		return errGone
	}
	if err != nil {
		return err
	}
	u.receipt = &receipt
	return nil
}

// mismatched decides about a file that arrived as another than announced: nil to send it once more from zero. If the file here
// is another too, nothing that is sent can be right.
func (u *upload) mismatched(ctx context.Context, why error) error {
	u.t.State, u.t.Upload, u.t.Offset = capture.TransferWaiting, "", 0
	u.t.Fail(problem.Of(why))
	if err := u.session.PutTransfer(ctx, *u.t); err != nil {
		return err
	}
	sum := sha256.New()
	_, err := io.Copy(sum, capture.Stoppable(ctx, io.NewSectionReader(u.from, 0, u.t.Size)))
	switch {
	case ctx.Err() != nil:
		return errStopped.Because(ctx.Err())
	case err != nil:
		return trouble{errFileUnreadable.Because(err)}
	case hex.EncodeToString(sum.Sum(nil)) != string(u.t.Hash):
		return trouble{errFileChanged}
	}
	return nil
}

// takeReceipt takes up the storage receipt that an answer carries; false when it carries none that can be read.
func (u *upload) takeReceipt(resp *resty.Response) bool {
	raw, err := base64.StdEncoding.DecodeString(resp.Header().Get(wire.HeaderReceipt))
	var receipt evidence.StorageReceipt
	if err != nil || len(raw) == 0 || decode(raw, &receipt) != nil {
		return false
	}
	u.receipt = &receipt
	return true
}

// isGone tells whether the library no longer knows the upload. Why it takes no other is said when the next one is begun.
func isGone(resp *resty.Response) bool {
	return resp.StatusCode() == http.StatusNotFound || resp.StatusCode() == http.StatusGone
}

// verification is how long a library may take to read the whole upload again.
func (u *upload) verification() time.Duration {
	return time.Duration(u.t.Size/slowestVerify) * time.Second
}

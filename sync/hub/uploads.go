package hub

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// uploads is the tus endpoint: tusd moves the bytes into staging, the library decides what may come and what becomes of it.
type uploads struct {
	*hub
	staging *staging
	locker  handler.Locker
	tus     http.Handler
}

var errUploadUnknown = problem.New(problem.NotFound, "upload-unknown",
	"The media library knows no such upload: it is finished, too old or another device's; what the device has is safe; ask which files are missing and begin again.")

func newUploads(h *hub, c Config) (*uploads, error) {
	u := &uploads{hub: h, locker: memorylocker.New()}
	var err error
	if u.staging, err = openStaging(c.Staging, c.Secret, c.Now(), u.refuse); err != nil {
		return nil, err
	}
	composer := handler.NewStoreComposer()
	u.staging.useIn(composer)
	composer.UseLocker(u.locker)
	tus, err := handler.NewHandler(handler.Config{
		StoreComposer:             composer,
		BasePath:                  wire.PathUploads,
		MaxSize:                   wire.MaxUpload,
		DisableDownload:           true,
		Cors:                      &handler.CorsConfig{Disable: true},
		Logger:                    slog.New(slog.NewTextHandler(io.Discard, nil)), // it would log upload addresses
		PreUploadCreateCallback:   u.beforeCreate,
		PreFinishResponseCallback: u.beforeFinish,
	})
	if err != nil {
		return nil, fmt.Errorf("set up uploads: %w", err)
	}
	u.tus = http.StripPrefix("/v1/uploads", tus)
	return u, nil
}

// serve takes a request about uploads.
func (u *uploads) serve(w http.ResponseWriter, r *http.Request) {
	serveWithin(w, func(w http.ResponseWriter) { u.route(w, r) })
}

// route checks whose upload it is before tusd sees the request.
func (u *uploads) route(w http.ResponseWriter, r *http.Request) {
	deadlines := http.NewResponseController(w)
	r = r.WithContext(context.WithValue(r.Context(), keyAlive, func() {
		_ = deadlines.SetWriteDeadline(time.Now().Add(5 * time.Minute)) // tests' recorders have none
	}))
	if id := strings.Trim(strings.TrimPrefix(r.URL.Path, "/v1/uploads"), "/"); id != "" {
		info, err := u.find(r.Context(), id)
		if err != nil {
			u.fail(w, r, err)
			return
		}
		if complete(info) && (r.Method == http.MethodHead || r.Method == http.MethodPatch) {
			u.finishLate(w, r, info)
			return
		}
	}
	sent := r.Body
	u.tus.ServeHTTP(&jsonErrors{ResponseWriter: w, replace: func(status int) []byte { return u.explainStatus(r, status) }, refused: func() {
		_, _ = io.CopyN(io.Discard, sent, 2*wire.UploadChunk) // a client that still sends would lose the answer with the connection
	}}, r)
}

func (u *uploads) find(ctx context.Context, id string) (handler.FileInfo, error) {
	if raw, err := hex.DecodeString(id); err != nil || len(raw) != 16 {
		return handler.FileInfo{}, errUploadUnknown
	}
	upload, err := u.staging.GetUpload(ctx, id)
	if errors.Is(err, handler.ErrNotFound) {
		return handler.FileInfo{}, errUploadUnknown
	}
	if err != nil {
		return handler.FileInfo{}, fmt.Errorf("open upload: %w", err)
	}
	info, err := upload.GetInfo(ctx)
	if err == nil && info.MetaData[metaDevice] != string(deviceOf(ctx)) {
		err = errUploadUnknown
	}
	return info, err
}

func complete(info handler.FileInfo) bool { return !info.SizeIsDeferred && info.Offset == info.Size }

// beforeCreate admits only what the device has declared and the library lacks, and gives the upload its name.
func (u *uploads) beforeCreate(event handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	var none handler.HTTPResponse
	hash := consent.BlobHash(event.Upload.MetaData[wire.MetaSHA256])
	device := deviceOf(event.Context)
	sealed, err := u.library.Expect(event.Context, device, hash, event.Upload.Size)
	if errors.Is(err, library.ErrBlobExists) {
		receipt, receiptErr := u.library.Receipt(event.Context, device, hash)
		if receiptErr != nil {
			return none, handler.FileInfoChanges{}, u.refuse(receiptErr)
		}
		refusal := u.refusal(err)
		refusal.HTTPResponse.Header[wire.HeaderReceipt], err = encodeReceipt(receipt)
		return none, handler.FileInfoChanges{}, errors.Join(err, refusal)
	}
	if err != nil {
		return none, handler.FileInfoChanges{}, u.refuse(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id) // crypto/rand never fails: it ends the program instead
	meta := handler.MetaData{wire.MetaSHA256: string(hash), metaDevice: string(device)}
	if sealed {
		meta[metaSealed] = "1"
	}
	return none, handler.FileInfoChanges{ID: hex.EncodeToString(id), MetaData: meta}, nil
}

// beforeFinish stores the complete upload; only then the device hears that it is done.
func (u *uploads) beforeFinish(event handler.HookEvent) (handler.HTTPResponse, error) {
	receipt, err := u.finish(event.Context, event.Upload)
	if err != nil {
		return handler.HTTPResponse{}, u.refuse(err)
	}
	encoded, err := encodeReceipt(receipt)
	return handler.HTTPResponse{Header: handler.HTTPHeader{wire.HeaderReceipt: encoded}}, err
}

// finish goes on although the device may have hung up: what has arrived is worth storing.
func (u *uploads) finish(ctx context.Context, info handler.FileInfo) (evidence.StorageReceipt, error) {
	alive, _ := ctx.Value(keyAlive).(func())
	alive()
	receipt, err := u.library.Store(context.WithoutCancel(ctx), deviceOf(ctx), consent.BlobHash(info.MetaData[wire.MetaSHA256]),
		info.Size, staged{u.staging, info}, alive)
	if err == nil || errors.Is(err, library.ErrHashMismatch) || errors.Is(err, library.ErrSubjectErased) || errors.Is(err, library.ErrBlobTooLarge) {
		if removeErr := u.staging.remove(info.ID); removeErr != nil {
			u.log.Warn("finished upload not removed", "error", removeErr)
		}
	}
	alive()
	return receipt, err
}

// finishLate stores an upload whose bytes are all here although it was never finished: the server stopped in between, or its
// disk was full.
func (u *uploads) finishLate(w http.ResponseWriter, r *http.Request, info handler.FileInfo) {
	lock, err := u.locker.NewLock(info.ID)
	if err == nil {
		err = lock.Lock(r.Context(), func() {})
	}
	if err != nil {
		u.fail(w, r, err)
		return
	}
	defer func() { _ = lock.Unlock() }()
	var receipt evidence.StorageReceipt
	if _, err = u.find(r.Context(), info.ID); err == nil {
		receipt, err = u.finish(r.Context(), info)
	} else if errors.Is(err, errUploadUnknown) { // another request finished it while this one waited
		receipt, err = u.library.Receipt(r.Context(), deviceOf(r.Context()), consent.BlobHash(info.MetaData[wire.MetaSHA256]))
	}
	if err != nil {
		u.fail(w, r, err)
		return
	}
	encoded, err := encodeReceipt(receipt)
	if err != nil {
		u.fail(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Tus-Resumable", "1.0.0")
	header.Set("Cache-Control", "no-store")
	header.Set("Upload-Offset", strconv.FormatInt(info.Size, 10))
	header.Set(wire.HeaderReceipt, encoded)
	if r.Method == http.MethodHead {
		header.Set("Upload-Length", strconv.FormatInt(info.Size, 10))
		w.WriteHeader(http.StatusOK)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func encodeReceipt(receipt evidence.StorageReceipt) (string, error) {
	raw, err := encode(receipt)
	return base64.StdEncoding.EncodeToString(raw), err
}

// refuse turns an error into one that tusd answers with; tusd's own stay as they are.
func (u *uploads) refuse(err error) error {
	var own handler.Error
	if errors.As(err, &own) {
		return err
	}
	return u.refusal(err)
}

func (u *uploads) refusal(err error) handler.Error {
	status, answer := u.explain(err)
	body, _ := encode(answer) // three strings always encode
	return handler.Error{ErrorCode: answer.ID, Message: answer.Sentence, HTTPResponse: handler.HTTPResponse{StatusCode: status, Body: string(body),
		Header: handler.HTTPHeader{"Content-Type": "application/json; charset=utf-8"}}}
}

// explainStatus is the body for an error that tusd found.
func (u *uploads) explainStatus(r *http.Request, status int) []byte {
	if r.Method == http.MethodHead {
		return nil
	}
	p := problem.New(problem.Invalid, "upload-invalid",
		"The media library does not take this upload request (HTTP status {{.status}}); what arrived before is kept; ask where the upload stands and go on from there.", "status", status)
	switch status {
	case http.StatusNotFound:
		p = errUploadUnknown
	case http.StatusConflict:
		p = problem.New(problem.Conflict, "upload-offset",
			"The upload stands at another place than the device thinks; what arrived is kept; ask where it stands and go on from there.")
	case http.StatusLocked:
		p = problem.New(problem.Conflict, "upload-busy",
			"Another request is writing to this upload; what arrived is kept; wait a moment and ask where it stands.")
	case http.StatusRequestEntityTooLarge:
		p = errTooLarge
	case http.StatusInternalServerError:
		p = problem.New(problem.Internal, "upload-failed",
			"The media library could not write the upload; what arrived before is kept; ask where it stands and try again.")
		u.log.Error("upload failed", "method", r.Method)
	}
	body, _ := encode(wire.Error{Kind: p.Kind, ID: p.ID, Sentence: p.Error(), Values: p.Values}) // three strings always encode
	return body
}

package hub

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
)

// stagingLifetime is how long an upload that nobody goes on with is kept.
const stagingLifetime = 7 * 24 * time.Hour

// staging keeps unfinished uploads in a folder, with tusd's file store. What may hold personal data is encrypted while it lies
// there (AES-256-CTR under a key of the upload's own), since it may lie there for a week; its integrity is checked by its
// SHA-256 when it is complete.
type staging struct {
	files  filestore.FileStore
	secret [32]byte
	failed func(error) error // turns a full disk into an answer
}

// metaSealed marks uploads that are encrypted in staging, metaDevice whose they are. Both are the hub's own.
const (
	metaSealed = "sealed"
	metaDevice = "device"
)

func openStaging(folder string, secret [32]byte, now time.Time, failed func(error) error) (*staging, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make staging folder: %w", err)
	}
	files := filestore.New(folder)
	files.DirModePerm, files.FileModePerm = 0o700, 0o600
	s := &staging{files: files, secret: secret, failed: failed}
	return s, s.removeAbandoned(now.Add(-stagingLifetime))
}

// removeAbandoned deletes uploads that were last written to before a time.
func (s *staging) removeAbandoned(before time.Time) error {
	entries, err := os.ReadDir(s.files.Path)
	if err != nil {
		return fmt.Errorf("read staging folder: %w", err)
	}
	for _, entry := range entries {
		id := strings.TrimSuffix(entry.Name(), ".info")
		if s.touched(id).After(before) {
			continue
		}
		if err := s.remove(id); err != nil {
			return fmt.Errorf("remove abandoned upload: %w", err)
		}
	}
	return nil
}

// touched is when an upload was last written to.
func (s *staging) touched(id string) (latest time.Time) {
	for _, path := range []string{s.path(id), s.path(id) + ".info"} {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(latest) {
			latest = info.ModTime()
		}
	}
	return latest
}

func (s *staging) path(id string) string { return filepath.Join(s.files.Path, id) }

func (s *staging) remove(id string) error {
	var errs []error
	for _, path := range []string{s.path(id), s.path(id) + ".info"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// useIn makes it tusd's store. Concatenation and uploads of unknown length are not offered.
func (s *staging) useIn(composer *handler.StoreComposer) {
	composer.UseCore(s)
	composer.UseTerminater(s)
}

// NewUpload implements handler.DataStore.
func (s *staging) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	upload, err := s.files.NewUpload(ctx, info)
	if err != nil {
		_ = s.remove(info.ID)
		return nil, s.failed(err)
	}
	return s.wrap(ctx, upload)
}

// GetUpload implements handler.DataStore.
func (s *staging) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	upload, err := s.files.GetUpload(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.wrap(ctx, upload)
}

// AsTerminatableUpload implements handler.TerminaterDataStore.
func (s *staging) AsTerminatableUpload(upload handler.Upload) handler.TerminatableUpload {
	return s.files.AsTerminatableUpload(upload.(*stagedUpload).Upload)
}

func (s *staging) wrap(ctx context.Context, upload handler.Upload) (handler.Upload, error) {
	info, err := upload.GetInfo(ctx)
	return &stagedUpload{Upload: upload, staging: s, id: info.ID, sealed: info.MetaData[metaSealed] != ""}, err
}

// stagedUpload is one unfinished upload.
type stagedUpload struct {
	handler.Upload
	staging *staging
	id      string
	sealed  bool
}

// WriteChunk implements handler.Upload.
func (u *stagedUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	if u.sealed {
		src = cipher.StreamReader{S: u.staging.stream(u.id, offset), R: src}
	}
	n, err := u.Upload.WriteChunk(ctx, offset, src)
	if err != nil {
		err = u.staging.failed(err)
	}
	return n, err
}

// stream is the key stream of an upload from an offset on.
func (s *staging) stream(id string, offset int64) cipher.Stream {
	mac := hmac.New(sha256.New, s.secret[:])
	mac.Write([]byte("staging\n" + id))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // only for keys of another length
	}
	iv := make([]byte, aes.BlockSize)
	binary.BigEndian.PutUint64(iv[8:], uint64(offset/aes.BlockSize))
	stream := cipher.NewCTR(block, iv)
	skip := make([]byte, offset%aes.BlockSize)
	stream.XORKeyStream(skip, skip)
	return stream
}

// staged is a complete upload (library.Staged).
type staged struct {
	staging *staging
	info    handler.FileInfo
}

func (s staged) Open() (io.ReadCloser, error) {
	f, err := os.Open(s.staging.path(s.info.ID))
	if err != nil || s.Path() != "" {
		return f, err
	}
	return struct {
		io.Reader
		io.Closer
	}{cipher.StreamReader{S: s.staging.stream(s.info.ID, 0), R: f}, f}, nil
}

func (s staged) Path() string {
	if s.info.MetaData[metaSealed] != "" {
		return ""
	}
	return s.staging.path(s.info.ID)
}

func (s staged) Flush() error {
	f, err := os.OpenFile(s.staging.path(s.info.ID), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// jsonErrors turns tusd's plain-text errors into the hub's, and its addresses into paths. It keeps everything else as it is, and lets http.ResponseController
// through, which tusd needs for its deadlines.
type jsonErrors struct {
	http.ResponseWriter
	replace func(status int) []byte // the body instead, or nil to keep what tusd writes
	refused func()                  // called before an error is answered
	dropped bool
}

func (w *jsonErrors) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *jsonErrors) WriteHeader(status int) {
	// tusd guesses scheme and host, and behind a proxy it guesses wrong: the path alone is right everywhere (RFC 9110 §10.2.2).
	if at, err := url.Parse(w.Header().Get("Location")); err == nil && at.Path != "" {
		w.Header().Set("Location", at.Path)
	}
	if status >= 400 {
		w.refused()
	}
	if status >= 400 && !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		if body := w.replace(status); body != nil {
			w.dropped = true
			w.Header().Del("Content-Length")
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.ResponseWriter.WriteHeader(status)
			_, _ = w.ResponseWriter.Write(body) // the client is gone: nobody to tell
			return
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *jsonErrors) Write(p []byte) (int, error) {
	if w.dropped {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

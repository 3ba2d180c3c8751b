// Package objects keeps the library's files: bytes under the name of their content, sha256/ab/cd/<hex>.
//
// What Put or Adopt has acknowledged survives a power cut: the bytes are flushed before they get their name, and the folder
// that holds the name is flushed after. The name is the SHA-256 of what the file means to the library; a file that is kept
// sealed holds other bytes than its name says, which is why checking them is the business of whoever holds the keys.
//
// Files are written through gocloud.dev/blob. Today that is a folder; a bucket of another kind needs its own way of being
// flushed, so Open refuses what it cannot promise for.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Store is a folder of objects. It is safe for concurrent use, also by several processes.
type Store struct {
	folder string // absolute
	bucket *blob.Bucket
}

// Open opens the store at a folder path or a file:// URL and makes the folder if it is not there.
func Open(location string) (*Store, error) {
	folder, err := folderOf(location)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make object folder: %w", err)
	}
	bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{
		NoTempDir:   true, // beside the file, so that the rename never crosses a mount
		Metadata:    fileblob.MetadataDontWrite,
		DirFileMode: 0o750,
	})
	if err != nil {
		return nil, fmt.Errorf("open object folder: %w", err)
	}
	return &Store{folder: folder, bucket: bucket}, nil
}

// Supported says in words what is wrong with a location that Open would refuse. It touches nothing.
func Supported(location string) error {
	_, err := folderOf(location)
	return err
}

func folderOf(location string) (string, error) {
	refused := problem.New(problem.Invalid, "objects-unsupported",
		"The object store {{.scheme}}:// is not supported; nothing was changed; give a folder, such as /var/lib/mediebank/objects or file:///var/lib/mediebank/objects.")
	folder := location
	if scheme, _, ok := strings.Cut(location, "://"); ok {
		u, err := url.Parse(location)
		if err != nil || scheme != "file" || (u.Host != "" && u.Host != "localhost") {
			refused.Values["scheme"] = scheme
			return "", refused
		}
		folder = filepath.FromSlash(u.Path)
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("find object folder: %w", err)
	}
	return absolute, nil
}

// Close gives back what the store holds open.
func (s *Store) Close() error { return s.bucket.Close() }

// Put stores what r gives under a hash and returns when it is on disk. Putting the same hash again replaces the file with a
// whole one. On any error nothing is left under the name that was not there before.
func (s *Store) Put(ctx context.Context, hash consent.BlobHash, r io.Reader) error {
	key, err := keyOf(hash)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var file *os.File
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: "application/octet-stream", // given, so that nothing is held back for sniffing
		BeforeWrite: func(as func(any) bool) error {
			if !as(&file) {
				return errors.New("object store gives no file to flush")
			}
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("create object: %w", err)
	}
	_, err = io.Copy(w, r)
	if err == nil {
		err = file.Sync() // before Close, which gives the file its name
	}
	if err != nil {
		cancel() // Close of a cancelled writer removes the temporary file
		_ = w.Close()
		return fmt.Errorf("write object: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("name object: %w", err)
	}
	return s.flushFolders(key)
}

// Adopt moves a finished file into the store under a hash, without copying when both are on one disk. The file must not be
// written to any more. When Adopt returns nil the file is gone from path; on an error it may still be there.
func (s *Store) Adopt(ctx context.Context, hash consent.BlobHash, path string) error {
	key, err := keyOf(hash)
	if err != nil {
		return err
	}
	if err := flush(path); err != nil {
		return fmt.Errorf("flush finished file: %w", err)
	}
	target := s.path(key)
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil { //nolint:gosec // as fileblob makes its folders
		return fmt.Errorf("make object folder: %w", err)
	}
	if err := os.Rename(path, target); err == nil {
		return s.flushFolders(key)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open finished file: %w", err)
	}
	defer file.Close()
	if err := s.Put(ctx, hash, file); err != nil {
		return err
	}
	return os.Remove(path)
}

// Open reads an object; the error is fs.ErrNotExist when there is none.
func (s *Store) Open(ctx context.Context, hash consent.BlobHash) (io.ReadCloser, error) {
	key, err := keyOf(hash)
	if err != nil {
		return nil, err
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fmt.Errorf("open object %s: %w", hash, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("open object %s: %w", hash, err)
	}
	return r, nil
}

// Delete removes an object; one that is not there is removed already.
func (s *Store) Delete(ctx context.Context, hash consent.BlobHash) error {
	key, err := keyOf(hash)
	if err != nil {
		return err
	}
	err = s.bucket.Delete(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete object %s: %w", hash, err)
	}
	return flush(filepath.Dir(s.path(key)))
}

// flushFolders makes the name durable: the folder of the file and those above it, which may be new.
func (s *Store) flushFolders(key string) error {
	for dir := filepath.Dir(s.path(key)); ; dir = filepath.Dir(dir) {
		if err := flush(dir); err != nil {
			return fmt.Errorf("flush object folder: %w", err)
		}
		if dir == s.folder || len(dir) <= len(s.folder) {
			return nil
		}
	}
}

func (s *Store) path(key string) string { return filepath.Join(s.folder, filepath.FromSlash(key)) }

// keyOf spreads objects over 65,536 folders. Only a SHA-256 in lower-case hex is a name, so no name climbs out of the folder.
func keyOf(hash consent.BlobHash) (string, error) {
	h := string(hash)
	if len(h) != 64 || strings.Trim(h, "0123456789abcdef") != "" {
		return "", fmt.Errorf("object name %q is not a SHA-256 in hex", h)
	}
	return "sha256/" + h[:2] + "/" + h[2:4] + "/" + h, nil
}

// Package originals keeps the bytes of imported pictures, films and recordings on a device: sealed, whole, and never changed.
//
// Every original is one age file (age-encryption.org/v1) to the vault's own X25519 identity, so that the age tool and the
// recovery key are enough to get everything back without this program. Age seals in chunks of 64 KiB, which lets a picture be
// read at any place without unsealing all of it.
//
// An original is known by the SHA-256 of its bytes, but its file is not named by that: whoever steals a laptop and has the same
// picture from elsewhere would see that it is there. The file's name is the HMAC-SHA-256 of the hash under a key of the vault.
//
//	originals/3f/3fa1…c07e.age      the first two characters are the folder
//	originals/*.partial             begun and not finished; removed at the next opening
package originals

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/disk"
	"samtykke/storage/sealing"
)

// Store keeps originals in one folder. Its methods may be called at the same time.
type Store struct {
	dir      string
	identity *age.X25519Identity
	names    sealing.Key
	buffers  sync.Pool // of *[]byte, one window each: thousands of files would be a lot to collect
}

var _ capture.Originals = (*Store)(nil)

// Open opens the store in a folder, which it makes when it is not there. It removes what an interrupted Put has left and says
// how many files that were. Nobody else may use the folder at the same time.
func Open(dir string, identity *age.X25519Identity, names sealing.Key) (s *Store, leftovers int, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, 0, disk.Explain(fmt.Errorf("make originals: %w", err))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, 0, disk.Explain(fmt.Errorf("list originals: %w", err))
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), disk.Partial) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return nil, leftovers, disk.Explain(fmt.Errorf("remove leftover: %w", err))
		}
		leftovers++
	}
	return &Store{dir: dir, identity: identity, names: names}, leftovers, nil
}

// window is how much of an original is in memory at a time, in bytes. Two are in flight: one is hashed while the other is sealed.
const window = 1 << 20

// Put reads r to its end, seals it, flushes it, reads back from the disk what it has sealed, and files it under the SHA-256 of what it
// read. After an error nothing is filed.
func (s *Store) Put(ctx context.Context, r io.Reader) (consent.AssetID, int64, error) {
	w, err := disk.Begin(filepath.Join(s.dir, "original"))
	if err != nil {
		return "", 0, err
	}
	defer w.Abort()
	hash, size, err := s.seal(ctx, w, r)
	if err != nil {
		return "", 0, fmt.Errorf("seal original: %w", disk.Explain(err))
	}
	path := s.path(hash)
	if s.Whole(ctx, hash) {
		return hash, size, nil // the same bytes are here; what was written just now goes
	}
	if err := s.readBack(ctx, w, hash); err != nil {
		return "", 0, err
	}
	if err := s.makeFolder(filepath.Dir(path)); err != nil {
		return "", 0, err
	}
	if err := w.CommitAs(path); err != nil {
		return "", 0, fmt.Errorf("file original: %w", err)
	}
	return hash, size, nil
}

// readBack flushes what was sealed, reads it from the disk, and compares what it holds with what was to be sealed: a disk that lies,
// memory that flips a bit or a fault of this program shows while the picture is still on its card.
func (s *Store) readBack(ctx context.Context, w *disk.Writer, hash consent.AssetID) error {
	if err := w.Flush(); err != nil {
		return fmt.Errorf("flush original: %w", err)
	}
	info, err := w.File().Stat()
	if err != nil {
		return disk.Explain(fmt.Errorf("read back original: %w", err))
	}
	switch read, err := s.holds(ctx, w.File(), info.Size()); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil, read != hash:
		return problem.New(problem.Damaged, "original-written-wrong",
			"The disk gave back other bytes than were written to it; the picture was not taken in and its file is untouched; put the vault on another disk, then import again.").Because(err)
	}
	return nil
}

// holds is the hash of what a sealed file holds.
func (s *Store) holds(ctx context.Context, file io.ReaderAt, sealed int64) (consent.AssetID, error) {
	plain, size, err := age.DecryptReaderAt(file, sealed, s.identity)
	if err != nil {
		return "", err
	}
	digest, _, err := s.copyHashed(ctx, io.Discard, io.NewSectionReader(plain, 0, size))
	return consent.AssetID(hex.EncodeToString(digest)), err
}

func (s *Store) seal(ctx context.Context, w io.Writer, r io.Reader) (consent.AssetID, int64, error) {
	buffered := bufio.NewWriterSize(w, window)
	sealer, err := age.Encrypt(buffered, s.identity.Recipient())
	if err != nil {
		return "", 0, err
	}
	digest, size, err := s.copyHashed(ctx, sealer, r)
	if err != nil {
		return "", 0, err
	}
	if err := sealer.Close(); err != nil {
		return "", 0, err
	}
	if err := buffered.Flush(); err != nil {
		return "", 0, err
	}
	return consent.AssetID(hex.EncodeToString(digest)), size, nil
}

// copyHashed copies r to w and returns the SHA-256 of what it copied. Hashing runs beside sealing, since on one core the two
// together take about twice as long as either.
func (s *Store) copyHashed(ctx context.Context, w io.Writer, r io.Reader) (digest []byte, size int64, err error) {
	hash := sha256.New()
	toHash, hashed := make(chan []byte), make(chan struct{})
	go func() {
		for b := range toHash {
			hash.Write(b)
			hashed <- struct{}{}
		}
		close(hashed)
	}()
	defer func() {
		close(toHash)
		for range hashed { // until the goroutine has closed it: nothing is left running
		}
		digest = hash.Sum(nil)
	}()
	buffer := s.buffer()
	defer s.buffers.Put(buffer)
	for {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		n, readErr := io.ReadFull(r, *buffer)
		if n > 0 {
			toHash <- (*buffer)[:n]
			_, writeErr := w.Write((*buffer)[:n])
			<-hashed
			if writeErr != nil {
				return nil, 0, writeErr
			}
			size += int64(n)
		}
		switch {
		case errors.Is(readErr, io.EOF), errors.Is(readErr, io.ErrUnexpectedEOF):
			return nil, size, nil
		case readErr != nil:
			return nil, 0, fmt.Errorf("read original: %w", readErr)
		}
	}
}

// buffer is one window of memory, to be given back to buffers.
func (s *Store) buffer() *[]byte {
	if b, ok := s.buffers.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, window)
	return &b
}

// makeFolder makes the two-letter folder and flushes the entry that names it.
func (s *Store) makeFolder(path string) error {
	switch err := os.Mkdir(path, 0o700); {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return disk.Explain(fmt.Errorf("make folder: %w", err))
	}
	return disk.SyncFolder(s.dir)
}

// Whole tells whether an original is here and opens to its end; a file that was changed or cut short is put again.
func (s *Store) Whole(ctx context.Context, hash consent.AssetID) bool {
	f, err := os.Open(s.path(hash))
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	held, err := s.holds(ctx, f, info.Size())
	return err == nil && held == hash
}

// Has tells whether the bytes are here, without reading them.
func (s *Store) Has(hash consent.AssetID) bool {
	info, err := os.Stat(s.path(hash))
	return err == nil && info.Mode().IsRegular()
}

// Remove removes an original for good.
func (s *Store) Remove(hash consent.AssetID) error {
	path := s.path(hash)
	switch err := os.Remove(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return disk.Explain(fmt.Errorf("remove original: %w", err))
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// Open gives random access to the unsealed bytes. It answers with a problem of kind NotFound when they are not here, and of kind
// Damaged when their file is not what was written; a damaged place further in shows when it is read.
func (s *Store) Open(hash consent.AssetID) (capture.Original, error) {
	f, err := os.Open(s.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem.New(problem.NotFound, "original-missing",
			"The original {{.asset}} is not on this device; nothing is lost by that; fetch it from the media library or import it again.",
			"asset", hash.Short())
	}
	if err != nil {
		return nil, disk.Explain(fmt.Errorf("open original: %w", err))
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("measure original: %w", err)
	}
	plain, size, err := age.DecryptReaderAt(f, info.Size(), s.identity)
	if err != nil {
		_ = f.Close()
		return nil, damaged(hash, err)
	}
	return &original{ReaderAt: plain, file: f, size: size, hash: hash}, nil
}

// path is where an original lies; see the package comment for why its name is not its hash.
func (s *Store) path(hash consent.AssetID) string {
	mac := hmac.New(sha256.New, s.names[:])
	mac.Write([]byte(hash))
	name := hex.EncodeToString(mac.Sum(nil))
	return filepath.Join(s.dir, name[:2], name+".age")
}

// original is an opened original.
type original struct {
	io.ReaderAt
	file *os.File
	size int64
	hash consent.AssetID
}

// ReadAt reads unsealed bytes. Bytes that were changed are never handed out.
func (o *original) ReadAt(b []byte, at int64) (int, error) {
	n, err := o.ReaderAt.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, damaged(o.hash, err)
	}
	return n, err
}

// Size is the length in bytes.
func (o *original) Size() int64 { return o.size }

// Close closes the file.
func (o *original) Close() error { return o.file.Close() }

func damaged(hash consent.AssetID, cause error) error {
	return problem.New(problem.Damaged, "original-damaged",
		"The stored original {{.asset}} was changed or cut short on the disk; everything else is safe; import the picture again, or fetch it from the media library.",
		"asset", hash.Short()).Because(cause)
}

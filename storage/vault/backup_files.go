package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"samtykke/app/capture"
	"samtykke/storage/disk"
)

// copyHashing copies one file, flushes it, and says what it is. It reads no more than a megabyte at a time.
func copyHashing(ctx context.Context, from, to string, progress *meter) (entry manifestEntry, err error) {
	in, err := os.Open(from)
	if err != nil {
		return entry, err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return entry, err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return entry, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	sum := sha256.New()
	entry.Bytes, err = io.CopyBuffer(io.MultiWriter(out, sum, progress), capture.Stoppable(ctx, in), make([]byte, 1<<20))
	if err != nil {
		return entry, err
	}
	entry.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return entry, out.Sync()
}

// readFile hands a file on, no more than a megabyte at a time.
func readFile(ctx context.Context, path string, to io.Writer) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	n, err := io.CopyBuffer(to, capture.Stoppable(ctx, f), make([]byte, 1<<20))
	return n, disk.Explain(err)
}

// flushFolders flushes the entries of a folder and of all below it.
func flushFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return disk.SyncFolder(path)
	})
}

// meter counts bytes and tells of them each time a further hundredth is done.
type meter struct {
	done, told atomic.Int64
	step       int64
	mu         sync.Mutex
	tell       func(done int64)
}

func newMeter(total int64, at func(done int64) BackupProgress, tell func(BackupProgress)) *meter {
	m := &meter{step: total/100 + 1}
	if tell != nil {
		m.tell = func(done int64) { tell(at(done)) }
	}
	return m
}

// Write counts.
func (m *meter) Write(b []byte) (int, error) {
	done := m.done.Add(int64(len(b)))
	if m.tell == nil || done/m.step == m.told.Load()/m.step {
		return len(b), nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if done > m.told.Load() {
		m.told.Store(done)
		m.tell(done)
	}
	return len(b), nil
}

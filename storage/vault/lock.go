package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"samtykke/storage/disk"
)

// holder is the content of vault.lock while a program has the vault open. A clean end empties the file, so what the next one
// finds in it tells that the end was not clean. The lock itself is the operating system's and goes with the process.
type holder struct {
	PID     int       `json:"pid"`
	Program string    `json:"program"`
	Since   time.Time `json:"since"`
}

type lock struct {
	file *os.File
	// unclean: the program that had the vault before did not close it.
	unclean bool
}

// lockPatience is how long an opening waits for another program that is about to end.
const lockPatience = time.Second

// acquire takes the vault for this process, or names the one that has it.
func acquire(ctx context.Context, dir string, now time.Time) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, disk.Explain(fmt.Errorf("open lock: %w", err))
	}
	patience := time.NewTimer(lockPatience)
	defer patience.Stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		err := lockHandle(f)
		if err == nil {
			break
		}
		if !errors.Is(err, errLocked) {
			_ = f.Close()
			return nil, disk.Explain(fmt.Errorf("lock vault: %w", err))
		}
		select {
		case <-again.C:
		case <-patience.C:
			h := readHolder(f)
			_ = f.Close()
			return nil, busy(h)
		case <-ctx.Done():
			_ = f.Close()
			return nil, ctx.Err()
		}
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("look at lock: %w", err)
	}
	l := &lock{file: f, unclean: info.Size() > 0}
	if err := l.sign(now); err != nil {
		_ = f.Close()
		return nil, err
	}
	return l, nil
}

// sign writes who holds the vault. A full disk does not keep anybody from reading a vault, so it is let pass here.
func (l *lock) sign(now time.Time) error {
	program := "a program"
	if path, err := os.Executable(); err == nil {
		program = filepath.Base(path)
	}
	raw, err := json.Marshal(holder{PID: os.Getpid(), Program: program, Since: now.UTC().Truncate(time.Second)})
	if err != nil {
		return fmt.Errorf("write lock: %w", err)
	}
	_, err = l.file.WriteAt(append(raw, '\n'), 0)
	if err == nil {
		err = l.file.Truncate(int64(len(raw) + 1))
	}
	if err == nil {
		err = l.file.Sync()
	}
	if err = disk.Explain(err); err != nil && !errors.Is(err, disk.ErrFull) {
		return fmt.Errorf("write lock: %w", err)
	}
	return nil
}

// release gives the vault back. A clean end empties the file.
func (l *lock) release(clean bool) error {
	var err error
	if clean {
		if err = l.file.Truncate(0); err == nil {
			err = l.file.Sync()
		}
	}
	return disk.Explain(errors.Join(err, l.file.Close()))
}

// readHolder reads who holds the vault; the zero holder when that cannot be told.
func readHolder(f *os.File) (h holder) {
	raw, err := io.ReadAll(io.LimitReader(io.NewSectionReader(f, 0, 4096), 4096))
	if err != nil || json.Unmarshal(raw, &h) != nil {
		return holder{}
	}
	return h
}

var errLocked = errors.New("locked by another process")

package ledger

import (
	"fmt"
	"io"
	"os"

	"samtykke/app/problem"
)

// ErrLocked is returned when another process holds a lock.
var ErrLocked = problem.New(problem.Conflict, "library-in-use",
	"Another mediebank is serving this data folder already; nothing was changed; stop that one first, or choose another folder with --data.")

// Lock takes the lock that a file stands for and holds it until closed, or until the process ends in whatever way. With wait it
// waits for another holder, without it ErrLocked comes back.
func Lock(path string, wait bool) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	held, err := tryLock(f, wait)
	if err == nil && !held {
		err = ErrLocked
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

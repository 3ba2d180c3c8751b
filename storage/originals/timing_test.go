package originals_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"os"
	"testing"
	"time"
)

func timed(b *testing.B, fn func() error) (nanoseconds int64) {
	b.Helper()
	began := time.Now()
	if err := fn(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began).Nanoseconds()
}

// copyAndHash is what `cp` and `sha256sum` do, with the flush that a copy needs before it can be relied on.
func copyAndHash(path string, raw []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(raw); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	_, err = io.Copy(sha256.New(), bytes.NewReader(raw))
	return err
}

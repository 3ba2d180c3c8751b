package picture

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"samtykke/app/picture/picturetest"
)

// TestSearchForCardsWaitsForItsTurn: while as many pictures are searched as there are processors, another one takes no memory, and whoever
// asked for it may give up.
func TestSearchForCardsWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	raw := picturetest.JPEG(640, 480, picturetest.Options{})
	r := &countedReads{ReaderAt: bytes.NewReader(raw)}
	file, err := Open(r, int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for range cap(searching) {
		searching <- struct{}{}
		defer func() { <-searching }()
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	r.reads = 0
	_, err = file.FindSlates(ctx, 0, func(string) (string, bool) { return "", false })
	if !errors.Is(err, context.DeadlineExceeded) || r.reads > 0 {
		t.Errorf("%v after %d reads", err, r.reads)
	}
}

// countedReads counts how often it is read.
type countedReads struct {
	io.ReaderAt
	reads int
}

func (c *countedReads) ReadAt(p []byte, at int64) (int, error) {
	c.reads++
	return c.ReaderAt.ReadAt(p, at)
}

package capture

import (
	"bytes"
	"io"
	"testing"
	"testing/synctest"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// TestSearchForCardsWaitsForItsTurn: while an import searches as many pictures as there are processors, another one is not read, and takes
// no memory.
func TestSearchForCardsWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		raw := picturetest.JPEG(640, 480, picturetest.Options{})
		r := &countedReads{ReaderAt: bytes.NewReader(raw)}
		file, err := picture.Open(r, int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		i := &importing{searching: make(chan struct{}, searches())}
		for range searches() {
			i.searching <- struct{}{}
		}
		r.reads = 0
		searched := make(chan struct{})
		go func() { i.lookForSlates(t.Context(), file); close(searched) }()
		synctest.Wait()
		if r.reads > 0 {
			t.Errorf("%d reads out of turn", r.reads)
		}
		<-i.searching
		<-searched
		if r.reads == 0 || len(i.searching) != searches()-1 {
			t.Errorf("%d reads in its turn, and %d places are taken", r.reads, len(i.searching))
		}
	})
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

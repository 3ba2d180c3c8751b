package originals_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"samtykke/app/problem"
)

// scratching is a source during whose reading the disk loses a bit of what was already written.
type scratching struct {
	io.Reader
	dir string
}

func (s *scratching) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	found, globErr := filepath.Glob(filepath.Join(s.dir, "*.partial"))
	if globErr != nil || len(found) != 1 {
		return n, errors.Join(globErr, errors.New("not one unfinished file"))
	}
	f, openErr := os.OpenFile(found[0], os.O_RDWR, 0)
	if openErr != nil {
		return n, openErr
	}
	defer f.Close()
	bit := make([]byte, 1)
	if _, err := f.ReadAt(bit, 500_000); err != nil {
		return n, err
	}
	bit[0] ^= 4
	if _, err := f.WriteAt(bit, 500_000); err != nil {
		return n, err
	}
	return n, err
}

func TestWhatTheDiskGivesBackOtherwiseIsNotFiled(t *testing.T) {
	s, dir, _ := MustOpen(t)
	_, _, err := s.Put(t.Context(), &scratching{Reader: bytes.NewReader(random(3 << 20)), dir: dir})
	if !errors.Is(err, &problem.Problem{ID: "original-written-wrong"}) {
		t.Error(err)
	}
	if found := files(t, dir); len(found) != 0 {
		t.Error("filed all the same:", found)
	}
}

package objects_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/storage/objects"
)

func mustOpen(tb testing.TB, location string) *objects.Store {
	tb.Helper()
	s, err := objects.Open(location)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

func hashOf(b []byte) consent.BlobHash {
	sum := sha256.Sum256(b)
	return consent.BlobHash(hex.EncodeToString(sum[:]))
}

func read(tb testing.TB, s *objects.Store, hash consent.BlobHash) []byte {
	tb.Helper()
	r, err := s.Open(tb.Context(), hash)
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func files(tb testing.TB, dir string) (list []string) {
	tb.Helper()
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	return list
}

func TestObjectIsKeptUnderItsHash(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, "file://"+filepath.ToSlash(dir))
	data := bytes.Repeat([]byte("picture"), 100_000)
	hash := hashOf(data)
	for range 2 { // a second time replaces it with the same
		if err := s.Put(t.Context(), hash, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(read(t, s, hash), data) {
		t.Error("other bytes came back")
	}
	h := string(hash)
	want := filepath.Join(dir, "sha256", h[:2], h[2:4], h)
	if got := files(t, dir); len(got) != 1 || got[0] != want {
		t.Errorf("files %v, want only %s", got, want)
	}
	if err := s.Delete(t.Context(), hash); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), hash); err != nil {
		t.Errorf("deleting again: %v", err)
	}
	if _, err := s.Open(t.Context(), hash); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open after delete: %v", err)
	}
}

func TestAdoptedFileMovesIn(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "staged")
	data := []byte("original")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Adopt(t.Context(), hashOf(data), path); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, s, hashOf(data)), data) {
		t.Error("other bytes came back")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the staged file is still there: %v", err)
	}
}

func TestInterruptedPutLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	broken := errors.New("cable pulled")
	r := io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(broken))
	if err := s.Put(t.Context(), hashOf([]byte("x")), r); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOnlyHashesAreNames(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	for _, name := range []consent.BlobHash{"", "../../etc/passwd", "ABCDEF", consent.BlobHash(bytes.Repeat([]byte("g"), 64))} {
		if err := s.Put(context.Background(), name, bytes.NewReader(nil)); err == nil {
			t.Errorf("%q was taken as a name", name)
		}
	}
}

func TestOtherStoresAreRefusedInWords(t *testing.T) {
	for _, location := range []string{"s3://bucket", "gs://bucket", "file://elsewhere/share"} {
		_, err := objects.Open(location)
		if !errors.Is(err, &problem.Problem{ID: "objects-unsupported"}) {
			t.Errorf("%s: %v", location, err)
		}
	}
}

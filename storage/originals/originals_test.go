package originals_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"filippo.io/age"

	"samtykke/app/problem"
	"samtykke/storage/originals"
	"samtykke/storage/sealing"
)

func MustOpen(tb testing.TB) (*originals.Store, string, *age.X25519Identity) {
	tb.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		tb.Fatal(err)
	}
	dir := filepath.Join(tb.TempDir(), "originals")
	s, leftovers, err := originals.Open(dir, identity, sealing.Key{1})
	if err != nil || leftovers != 0 {
		tb.Fatal(leftovers, err)
	}
	return s, dir, identity
}

func random(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(b)
	return b
}

// files lists everything under a folder.
func files(tb testing.TB, dir string) (paths []string) {
	tb.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return paths
}

func TestWhatIsPutComesBackByteForByte(t *testing.T) {
	s, _, _ := MustOpen(t)
	for _, size := range []int{0, 1, 64<<10 - 1, 64 << 10, 1<<20 + 1, 3<<20 + 17} {
		raw := random(size)
		sum := sha256.Sum256(raw)
		hash, n, err := s.Put(t.Context(), iotest.HalfReader(bytes.NewReader(raw)))
		if err != nil || n != int64(size) || string(hash) != hex.EncodeToString(sum[:]) {
			t.Fatalf("put %d bytes: %s, %d, %v", size, hash, n, err)
		}
		o, err := s.Open(hash)
		if err != nil {
			t.Fatal(err)
		}
		if o.Size() != int64(size) || !s.Has(hash) {
			t.Errorf("size %d, want %d", o.Size(), size)
		}
		got, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size()))
		if err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%d bytes came back as %d others: %v", size, len(got), err)
		}
		for range 20 {
			if size == 0 {
				break
			}
			at := rand.IntN(size)
			part := make([]byte, min(1000, size-at))
			if n, err := o.ReadAt(part, int64(at)); n != len(part) || (err != nil && !errors.Is(err, io.EOF)) || !bytes.Equal(part, raw[at:at+len(part)]) {
				t.Errorf("reading at %d of %d: %d, %v", at, size, n, err)
			}
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFileNamesTellNeitherTheHashNorTheKey(t *testing.T) {
	s, dir, _ := MustOpen(t)
	hash, _, err := s.Put(t.Context(), strings.NewReader("a picture"))
	if err != nil {
		t.Fatal(err)
	}
	found := files(t, dir)
	if len(found) != 1 || strings.Contains(found[0], string(hash)[:8]) || !strings.HasSuffix(found[0], ".age") {
		t.Error(found)
	}
	raw, err := os.ReadFile(found[0])
	if err != nil || bytes.Contains(raw, []byte("a picture")) {
		t.Error("not sealed:", err)
	}
}

func TestAgeAloneOpensAnOriginal(t *testing.T) {
	s, dir, identity := MustOpen(t)
	if _, _, err := s.Put(t.Context(), strings.NewReader("a picture")); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(files(t, dir)[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := age.Decrypt(f, identity)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "a picture" {
		t.Error(got, err)
	}
}

func TestPuttingTheSameBytesAgainIsHarmless(t *testing.T) {
	s, dir, _ := MustOpen(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, _, err := s.Put(t.Context(), bytes.NewReader(random(200_000))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if found := files(t, dir); len(found) != 1 {
		t.Error(found)
	}
}

func TestPuttingAgainMendsADamagedOriginal(t *testing.T) {
	for what, damage := range map[string]func(path string, sealed []byte) error{
		"cut short": func(path string, _ []byte) error { return os.Truncate(path, 100_000) },
		"one bit": func(path string, sealed []byte) error {
			sealed[len(sealed)/2] ^= 1
			return os.WriteFile(path, sealed, 0o600)
		},
	} {
		s, dir, _ := MustOpen(t)
		raw := random(300_000)
		hash, _, err := s.Put(t.Context(), bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		path := files(t, dir)[0]
		sealed, err := os.ReadFile(path)
		if err := errors.Join(err, damage(path, sealed)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Check(t.Context(), s.FileName(hash), io.Discard); problem.KindOf(err) != problem.Damaged {
			t.Fatalf("%s: it opens to its end: %v", what, err)
		}
		if _, _, err := s.Put(t.Context(), bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
		o, err := s.Open(hash)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size())); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%s: not mended: %v", what, err)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFailedPutFilesNothing(t *testing.T) {
	s, dir, _ := MustOpen(t)
	broken := errors.New("card was pulled out")
	_, _, err := s.Put(t.Context(), io.MultiReader(bytes.NewReader(random(2<<20)), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Put(ctx, bytes.NewReader(random(10))); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if found := files(t, dir); len(found) != 0 {
		t.Error(found)
	}
}

func TestLeftoversOfAnInterruptedPutAreRemovedAndCounted(t *testing.T) {
	s, dir, identity := MustOpen(t)
	hash, _, err := s.Put(t.Context(), strings.NewReader("whole"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "original.123.partial"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, leftovers, err := originals.Open(dir, identity, sealing.Key{1})
	if err != nil || leftovers != 1 || !s.Has(hash) || len(files(t, dir)) != 1 {
		t.Error(leftovers, err, files(t, dir))
	}
}

func TestMissingOriginalIsNotFound(t *testing.T) {
	s, _, _ := MustOpen(t)
	_, err := s.Open("0123")
	if problem.KindOf(err) != problem.NotFound || s.Has("0123") {
		t.Error(err)
	}
}

func TestEveryChangedByteOfAnOriginalShows(t *testing.T) {
	s, dir, _ := MustOpen(t)
	raw := random(150_000)
	hash, _, err := s.Put(t.Context(), bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	path := files(t, dir)[0]
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		changed := bytes.Clone(file)
		changed[rand.IntN(len(file))] ^= 1 << rand.IntN(8)
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		o, err := s.Open(hash)
		if err == nil {
			_, err = io.ReadAll(io.NewSectionReader(o, 0, o.Size()))
			_ = o.Close()
		}
		if problem.KindOf(err) != problem.Damaged {
			t.Fatalf("a changed byte went unseen: %v", err)
		}
	}
}

func TestMemoryStaysFlatForLargeOriginals(t *testing.T) {
	s, _, _ := MustOpen(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	hash, _, err := s.Put(t.Context(), io.LimitReader(rand.NewChaCha8([32]byte{}), 64<<20))
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Open(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 8<<20 {
		t.Errorf("64 MiB took %d KiB of memory", allocated>>10)
	}
}

// BenchmarkPut seals and files 24 MB, a raw picture, and compares with copying and hashing the same bytes to the same disk.
func BenchmarkPut(b *testing.B) {
	s, dir, _ := MustOpen(b)
	raw := random(24_000_000)
	var sealed, bare int64
	for i := 0; b.Loop(); i++ {
		copy(raw, []byte{byte(i), byte(i >> 8), byte(i >> 16)})
		sealed += timed(b, func() error {
			_, _, err := s.Put(b.Context(), bytes.NewReader(raw))
			return err
		})
		bare += timed(b, func() error { return copyAndHash(filepath.Join(dir, "bare"), raw) })
	}
	b.ReportMetric(float64(sealed)/float64(bare), "times-copy-and-hash")
	b.ReportMetric(float64(len(raw))*float64(b.N)/float64(sealed)*1000, "MB/s")
}

func TestARemovedOriginalIsGone(t *testing.T) {
	store, dir, _ := MustOpen(t)
	gone, _, err := store.Put(t.Context(), strings.NewReader("a picture"))
	if err != nil {
		t.Fatal(err)
	}
	kept, _, err := store.Put(t.Context(), strings.NewReader("another picture"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // removing what is not here is no error
		if err := store.Remove(gone); err != nil {
			t.Fatal(err)
		}
	}
	if store.Has(gone) || !store.Has(kept) {
		t.Error("the wrong one went")
	}
	_, err = store.Open(gone)
	if problem.KindOf(err) != problem.NotFound {
		t.Error("opened:", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("files %v, %v", files, err)
	}
}

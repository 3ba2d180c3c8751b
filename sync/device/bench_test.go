package device_test

import (
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkUpload sends one new file of 256 MB, which is sealed in the vault or lies where it was imported from, through a whole
// sync, and beside it the same file in one plain PUT to a handler that hashes it and flushes it to the same disk. The two take
// turns, so that they meet the same machine. Budget (design §9): ×plain, the speed of the sync by that of the PUT, is 0.8 or more.
func BenchmarkUpload(b *testing.B) {
	const size = 256 << 20
	data := pictureOf(size, 1)
	for name, reference := range map[string]bool{"referenced": true, "vault": false} {
		b.Run(name, func(b *testing.B) {
			p := mustServe(b)
			l := enrolledLaptop(b, p)
			l.sync()
			put := mustPlain(b)
			b.SetBytes(size)
			var synced, plain time.Duration
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				data[size-1], data[size-2] = byte(i), byte(i>>8)
				path := l.importFile(data, reference)
				started := time.Now()
				put(path, size)
				plain += time.Since(started)
				started = time.Now()
				b.StartTimer()
				if report := l.sync(); report.BytesSent < size {
					b.Fatalf("report %+v", report)
				}
				synced += time.Since(started)
			}
			b.ReportMetric(float64(plain)/float64(synced), "×plain")
		})
	}
}

// mustPlain starts the least that storing a file safely costs: one PUT, a hash and a flush.
func mustPlain(b *testing.B) (put func(path string, size int64)) {
	b.Helper()
	dir := b.TempDir()
	stored := filepath.Join(dir, "stored")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.CreateTemp(dir, "put")
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(io.MultiWriter(f, sum), r.Body); err != nil || f.Sync() != nil || os.Rename(f.Name(), stored) != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_ = sum.Sum(nil)
	}))
	b.Cleanup(s.Close)
	return func(path string, size int64) {
		f, err := os.Open(path)
		must(b, err)
		request, err := http.NewRequest(http.MethodPut, s.URL, f)
		must(b, err)
		request.ContentLength = size
		answer, err := http.DefaultClient.Do(request)
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Fatal(err, answer)
		}
		_ = answer.Body.Close()
	}
}

package device_test

import (
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

// BenchmarkUpload sends one new file of 256 MB, which is sealed in the vault or lies where it was imported from, through a whole
// sync. The plain side is one PUT of such a file to a handler that hashes it and flushes it to the same disk. The budget is 0.8
// of its speed (design §9).
func BenchmarkUpload(b *testing.B) {
	const size = 256 << 20
	data := pictureOf(size, 1)
	fresh := func(i int) []byte { data[size-1], data[size-2] = byte(i), byte(i>>8); return data }
	for name, reference := range map[string]bool{"sync/referenced": true, "sync/vault": false} {
		b.Run(name, func(b *testing.B) {
			p := mustServe(b)
			l := enrolledLaptop(b, p)
			l.sync()
			b.SetBytes(size)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				l.importFile(fresh(i), reference)
				b.StartTimer()
				if report := l.sync(); report.BytesSent < size {
					b.Fatalf("report %+v", report)
				}
			}
		})
	}
	b.Run("plain", func(b *testing.B) {
		dir := b.TempDir()
		path := dir + "/file"
		must(b, os.WriteFile(path, data, 0o600))
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f, err := os.CreateTemp(dir, "put")
			if err != nil {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			defer f.Close()
			sum := sha256.New()
			if _, err := io.Copy(io.MultiWriter(f, sum), r.Body); err != nil || f.Sync() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
			_ = sum.Sum(nil)
		}))
		defer s.Close()
		b.SetBytes(size)
		for b.Loop() {
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
	})
}

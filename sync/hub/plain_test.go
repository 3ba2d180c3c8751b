package hub_test

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

// benchmarkPlainPut is the least that storing a file safely costs: one PUT, a hash and a flush.
func benchmarkPlainPut(b *testing.B, data []byte) {
	dir := b.TempDir()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
	defer server.Close()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		request, err := http.NewRequest("PUT", server.URL, bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Fatal(err, answer)
		}
		_ = answer.Body.Close()
	}
}

package device_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/sync/device"
	"samtykke/sync/wire"
)

const (
	create = "POST " + wire.PathUploads
	patch  = "PATCH " + wire.PathUploads + "…"
	head   = "HEAD " + wire.PathUploads + "…"
)

// cutting lets only the first bytes of a request through and then breaks its connection.
type cutting struct {
	io.ReadCloser
	left int64
	done *atomic.Int64 // counts what came through
}

func (c *cutting) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	c.done.Add(int64(n))
	return n, err
}

// Chunks are cut at random places; every byte that arrived stays, and no byte is sent twice but those of a cut chunk.
func TestCutChunksGoOnWhereTheLibraryStands(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sync()
	data := pictureOf(12<<20, 5)
	l.importFile(data, false)
	random := rand.New(rand.NewPCG(1, 2))
	var through atomic.Int64
	cuts := 0
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.Method != http.MethodPatch {
			hub.ServeHTTP(w, r)
			return
		}
		p.mu.Lock()
		most := r.ContentLength
		if cuts < 12 && random.IntN(3) > 0 {
			cuts++
			most = random.Int64N(r.ContentLength)
		}
		p.mu.Unlock()
		r.Body = &cutting{r.Body, most, &through}
		if most < r.ContentLength {
			lose(hub, r)
		}
		hub.ServeHTTP(w, r)
	})
	for syncs := 0; ; syncs++ {
		_, err := quick().Sync(t.Context(), l.Session, nil)
		if err == nil {
			break
		}
		if wantProblem(t, err, "library-unreachable"); syncs > 20 {
			t.Fatal("it never ends")
		}
	}
	if cuts < 8 {
		t.Errorf("only %d cuts", cuts)
	}
	if !bytes.Equal(p.stored(hashOf(data)), data) {
		t.Error("the library stored other bytes")
	}
	if most := int64(len(data)) + 64<<10; through.Load() > most { // and the small blobs
		t.Errorf("%d bytes went through for %d", through.Load(), len(data))
	}
	p.hasAll(l)
}

// The program is stopped at fifty random moments and started anew each time.
func TestKilledSyncsLoseAndDoubleNothing(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	random := rand.New(rand.NewPCG(7, 8))
	kills := 0
	for round := uint64(0); kills < 50; round++ {
		l.sign(l.person("Kari"), "web:photo")
		data := pictureOf(2<<20, 100+round)
		l.importFile(data, false)
		for {
			ctx, cancel := context.WithCancel(t.Context())
			fatal := int64(random.IntN(14)) // which request it does not survive
			var asked atomic.Int64
			p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
				if asked.Add(1)-1 != fatal {
					hub.ServeHTTP(w, r)
					return
				}
				switch random.IntN(3) {
				case 0: // before it arrives
				case 1: // after the library has done its work
					hub.ServeHTTP(httptest.NewRecorder(), r)
				case 2: // in the middle
					r.Body = &cutting{r.Body, max(r.ContentLength, 0) / 2, new(atomic.Int64)}
					hub.ServeHTTP(httptest.NewRecorder(), r)
				}
				cancel()
				hangUp(w, r)
			})
			_, err := device.New(device.Options{RetryWait: time.Nanosecond}).Sync(ctx, l.Session, nil)
			cancel()
			if err == nil {
				break
			}
			wantProblem(t, err, "sync-stopped")
			kills++
		}
		p.misbehave(nil)
		if !bytes.Equal(p.stored(hashOf(data)), data) {
			t.Fatal("the library stored other bytes")
		}
	}
	p.hasAll(l)
}

func TestForgottenUploadBeginsAgain(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	for i, upload := range []string{strings.Repeat("ab", 16), "nonsense"} {
		data := pictureOf(2<<20, uint64(i)+1)
		l.importFile(data, false)
		begun := l.transfer(hashOf(data))
		begun.State, begun.Upload, begun.Offset = capture.TransferSending, wire.PathUploads+upload, 1<<20
		must(t, l.PutTransfer(t.Context(), begun))
		l.sync()
		p.hasAll(l)
	}
}

func TestUploadThatIsForgottenAgainAndAgainWaitsWithWords(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	data := pictureOf(3<<20, 10)
	l.importFile(data, false)
	l.sign(l.person("Kari"), "web:photo")
	p.misbehaveAt(patch, saying(http.StatusNotFound, wire.Error{Kind: problem.NotFound, ID: "upload-unknown", Sentence: "Unknown."}))
	report := l.sync()
	if left := l.transfer(hashOf(data)); left.Trouble == "" || left.State != capture.TransferWaiting || report.Pending == 0 {
		t.Errorf("transfer %+v, report %+v", left, report)
	}
	p.misbehave(nil)
	l.sync()
	p.hasAll(l)
}

func TestLibraryThatHasTheBytesGivesItsReceiptWithoutThem(t *testing.T) {
	p := mustServe(t)
	a, b := enrolledLaptop(t, p), enrolledLaptop(t, p)
	data := pictureOf(3<<20, 12)
	a.importFile(data, false)
	a.sync()
	b.importFile(data, false)
	if report := b.sync(); report.BytesSent > 64<<10 || report.Pending != 0 {
		t.Errorf("report %+v", report)
	}
	if got := b.transfer(hashOf(data)); got.State != capture.TransferReceived {
		t.Errorf("transfer %+v", got)
	}
	p.hasAll(a, b)
}

// bend changes a byte of what is sent.
type bend struct{ io.ReadCloser }

func (b bend) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		p[0] ^= 1
	}
	return n, err
}

func TestDamageOnTheWayIsSentOnceMoreAndThenLeftWithWords(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sync()
	for _, times := range []int{1, 100} {
		data := pictureOf(2<<20, uint64(20+times))
		l.importFile(data, false)
		before := p.count(create)
		var bent atomic.Int64
		p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
			if r.Method == http.MethodPatch && r.ContentLength > 100_000 && bent.Add(1) <= int64(times) {
				r.Body = bend{r.Body}
			}
			hub.ServeHTTP(w, r)
		})
		report := l.sync()
		switch got := l.transfer(hashOf(data)); {
		case times == 1 && got.State != capture.TransferReceived:
			t.Errorf("once: %+v", got)
		case times > 1 && (got.State != capture.TransferWaiting || !strings.Contains(got.Trouble, "damaged") || report.Pending != 1):
			t.Errorf("always: %+v, report %+v", got, report)
		}
		if got := p.count(create) - before; got > 4 {
			t.Errorf("%d uploads were begun", got)
		}
	}
	p.misbehave(nil)
	l.sync()
	p.hasAll(l)
}

func TestReferencedFileThatIsGoneOrChangedHoldsNothingUp(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	gone, shorter, changed, good := pictureOf(300_000, 31), pictureOf(300_000, 32), pictureOf(300_000, 33), pictureOf(300_000, 34)
	must(t, os.Remove(l.importFile(gone, true)))
	must(t, os.Truncate(l.importFile(shorter, true), 1000))
	changedAt := l.importFile(changed, true)
	must(t, os.WriteFile(changedAt, pictureOf(300_000, 35), 0o600))
	l.importFile(good, true)
	if report := l.sync(); report.Pending != 3 {
		t.Errorf("report %+v", report)
	}
	for _, data := range [][]byte{gone, shorter, changed} {
		if got := l.transfer(hashOf(data)); got.Trouble == "" || got.State != capture.TransferWaiting {
			t.Errorf("transfer %+v", got)
		}
	}
	if got := l.transfer(hashOf(good)); got.State != capture.TransferReceived {
		t.Errorf("the good one: %+v", got)
	}
	must(t, os.WriteFile(changedAt, changed, 0o600))
	if report := l.sync(); report.BlobsSent != 1 || report.Pending != 2 {
		t.Errorf("with the file back: %+v", report)
	}
	p.verify()
}

func TestFullLibraryStopsTheSyncAndKeepsThePlace(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	data := pictureOf(4<<20, 40)
	l.importFile(data, false)
	full := saying(http.StatusInsufficientStorage, wire.Error{Kind: problem.Unavailable, ID: "library-full", Sentence: "No room."})
	for _, at := range []string{create, patch} {
		for _, by := range []http.HandlerFunc{full, answering(http.StatusInsufficientStorage, "text/html", "<h1>507</h1>")} {
			before := p.count(at)
			p.misbehaveAt(at, by)
			_, err := quick().Sync(t.Context(), l.Session, nil)
			wantProblem(t, err, "library-full")
			if got := p.count(at) - before; got != 1 {
				t.Errorf("%s was asked %d times", at, got)
			}
		}
	}
	p.misbehave(nil)
	l.sync()
	p.hasAll(l)
}

func TestProxyThatTakesOnlyShortBodiesIsGivenThem(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	data := pictureOf(5<<20, 45)
	l.importFile(data, false)
	refusals := 0
	p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
		if r.ContentLength > 600<<10 {
			refusals++
			answering(http.StatusRequestEntityTooLarge, "text/html", "<h1>413</h1>")(w, r)
			return
		}
		hub.ServeHTTP(w, r)
	})
	l.sync()
	if refusals > 1 {
		t.Errorf("asked too much %d times", refusals)
	}
	p.hasAll(l)
}

// A receipt that our library did not sign for exactly these bytes is worth nothing, wherever it comes.
func TestFalseReceiptsCountForNothing(t *testing.T) {
	stranger, err := evidence.NewKey(rand.NewChaCha8([32]byte{1}))
	must(t, err)
	data := pictureOf(300_000, 50)
	for name, forge := range map[string]func(evidence.StorageReceipt) evidence.StorageReceipt{
		"another library's": func(r evidence.StorageReceipt) evidence.StorageReceipt {
			forged, err := evidence.SignStorageReceipt(stranger, r)
			must(t, err)
			return forged
		},
		"for another file": func(r evidence.StorageReceipt) evidence.StorageReceipt {
			r.SHA256 = consent.BlobHash(hashOf([]byte("other")))
			return r
		},
		"for another size": func(r evidence.StorageReceipt) evidence.StorageReceipt { r.Size++; return r },
		"unsigned":         func(r evidence.StorageReceipt) evidence.StorageReceipt { r.Signature = nil; return r },
	} {
		p := mustServe(t)
		l := enrolledLaptop(t, p)
		l.sync()
		l.importFile(data, false)
		p.misbehave(func(w http.ResponseWriter, r *http.Request, hub http.Handler) {
			recorded := httptest.NewRecorder()
			hub.ServeHTTP(recorded, r)
			answer := recorded.Result()
			body, err := io.ReadAll(answer.Body)
			must(t, err)
			for key, values := range answer.Header {
				w.Header()[key] = values
			}
			var receipt evidence.StorageReceipt
			if raw, err := base64.StdEncoding.DecodeString(answer.Header.Get(wire.HeaderReceipt)); err == nil && json.Unmarshal(raw, &receipt) == nil {
				raw, err := json.Marshal(forge(receipt))
				must(t, err)
				w.Header().Set(wire.HeaderReceipt, base64.StdEncoding.EncodeToString(raw))
			}
			var check wire.BlobsCheckResponse
			if json.Unmarshal(body, &check) == nil && len(check.Receipts) > 0 {
				for i := range check.Receipts {
					check.Receipts[i] = forge(check.Receipts[i])
				}
				body, err = json.Marshal(check)
				must(t, err)
				w.Header().Del("Content-Length")
			}
			w.WriteHeader(answer.StatusCode)
			_, _ = w.Write(body)
		})
		for range 2 { // on the upload's answer, then on that to the question what is missing
			if _, err := quick().Sync(t.Context(), l.Session, nil); name != "for another file" || !isExists(err) {
				wantProblem(t, err, "library-not-ours")
			}
			transfers, err := l.WaitingTransfers(t.Context())
			must(t, err)
			if len(transfers) == 0 {
				t.Fatalf("%s: taken for a receipt", name)
			}
		}
		p.misbehave(nil)
		l.sync()
		p.hasAll(l)
	}
}

// isExists: the receipt for another file was passed over, so the file was offered once more.
func isExists(err error) bool { return err == nil || problem.Of(err).ID == "blob-exists" }

package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/library"
	"samtykke/sync/wire"
)

// declare says that data is an asset.
func (d *device) declare(data []byte) {
	d.tb.Helper()
	d.happen(evidence.Draft{Type: consent.AssetImported, Asset: consent.AssetID(hashOf(data)),
		Body: consent.ImportedBody{Kind: consent.Photo, Size: int64(len(data)), MIME: "image/jpeg"}})
}

func randomBytes(n int) []byte {
	random := rand.New(rand.NewPCG(uint64(n), 7))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return data
}

func TestUploadedFileIsStoredAndReceipted(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	for _, size := range []int{0, 1, 3 << 20} {
		data := randomBytes(size)
		d.declare(data)
		var check wire.BlobsCheckResponse
		ask := wire.BlobsCheckRequest{Hashes: []consent.BlobHash{hashOf(data), hashOf([]byte("undeclared")), "junk"}}
		d.must(d.do("POST", wire.PathBlobsCheck, ask))(&check)
		if len(check.Missing) != 1 || check.Missing[0] != hashOf(data) || len(check.Receipts) != 0 {
			t.Errorf("before: %+v", check)
		}
		refused(t, http.StatusNotFound, "blob-missing")(d.do("GET", wire.PathBlobs+string(hashOf(data))+"/receipt", nil))
		var receipt evidence.StorageReceipt
		if size == 0 { // nothing to send: creating it finishes it
			created, _ := d.create(hashOf(data), 0)
			receipt = d.receiptIn(created, data)
		} else {
			receipt = d.upload(data)
		}
		d.must(d.do("POST", wire.PathBlobsCheck, ask))(&check)
		if len(check.Missing) != 0 || len(check.Receipts) != 1 || check.Receipts[0].Verify(s.keys.Signing.Public(), hashOf(data), int64(size)) != nil {
			t.Errorf("after: %+v", check)
		}
		var again evidence.StorageReceipt
		d.must(d.do("GET", wire.PathBlobs+string(hashOf(data))+"/receipt", nil))(&again)
		if !again.StoredAt.Equal(receipt.StoredAt) || string(again.Signature) != string(receipt.Signature) {
			t.Errorf("another receipt: %+v, %+v", again, receipt)
		}
		if stored := s.object(hashOf(data)); !bytes.Equal(stored, data) {
			t.Errorf("stored %d bytes of %d", len(stored), size)
		}
		if left := d.staged(); len(left) != 0 {
			t.Errorf("left in staging: %v", left)
		}
		exists, body := d.create(hashOf(data), size)
		refused(t, http.StatusConflict, "blob-exists")(exists.StatusCode, body)
		d.receiptIn(exists, data)
	}
	if r := s.verify(); !r.OK() || r.Blobs != 3 {
		t.Errorf("verify: %+v", r)
	}
}

func (s *server) object(hash consent.BlobHash) []byte {
	s.tb.Helper()
	r, err := s.objects.Open(s.tb.Context(), hash)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		s.tb.Fatal(err)
	}
	return data
}

func TestInterruptedUploadGoesOnWhereItStood(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	random := rand.New(rand.NewPCG(3, 4))
	data := randomBytes(1 << 20)
	proof := randomBytes(300_000)
	d.declare(data)
	subject := consent.SubjectID("5d0e9c5e-1111-4111-8111-000000000002")
	d.happen(evidence.Draft{Type: consent.ConsentWithdrawn, Subject: subject, Body: consent.WithdrawnBody{Via: "device",
		Evidence: []consent.EvidenceRef{{Kind: consent.EvidencePaper, SHA256: hashOf(proof), Size: int64(len(proof))}}}})
	for _, data := range [][]byte{data, proof} { // stored as it is, and sealed
		created, _ := d.create(hashOf(data), len(data))
		location := created.Header.Get("Location")
		var last *reply
		for cuts := 0; last == nil; cuts++ {
			head, _, err := d.tus("HEAD", location, nil, nil)
			if err != nil || head.StatusCode != http.StatusOK {
				t.Fatalf("head: %v %v", err, head)
			}
			offset, err := strconv.Atoi(head.Header.Get("Upload-Offset"))
			if err != nil {
				t.Fatal(err)
			}
			if cuts >= 8 {
				answer, _, err := d.patch(location, offset, bytes.NewReader(data[offset:]))
				if err != nil {
					t.Fatal(err)
				}
				// The server may only now come to the request that was cut before, which then interrupts this one.
				if answer.Header.Get(wire.HeaderReceipt) != "" {
					last = answer
				}
				continue
			}
			part := data[offset : offset+random.IntN(len(data)/10)]
			cable := io.MultiReader(bytes.NewReader(part), iotest.ErrReader(errors.New("cable pulled")))
			if _, _, err := d.patch(location, offset, cable); err == nil {
				t.Fatal("the broken request got an answer")
			}
			if cuts == 4 { // and the server is restarted
				s.stop()
				s = mustServeAt(t, s.dir, nil)
				d.server = s
			}
		}
		d.receiptIn(last, data)
	}
	if r := s.verify(); !r.OK() || r.Blobs != 2 {
		t.Errorf("verify: %+v", r)
	}
}

func TestWrongBytesAreThrownAway(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	data := randomBytes(1000)
	d.declare(data)
	created, _ := d.create(hashOf(data), len(data))
	wrong := bytes.Clone(data)
	wrong[500] ^= 1
	answer, body, err := d.patch(created.Header.Get("Location"), 0, bytes.NewReader(wrong))
	if err != nil {
		t.Fatal(err)
	}
	refused(t, http.StatusUnprocessableEntity, "hash_mismatch")(answer.StatusCode, body)
	if left := d.staged(); len(left) != 0 {
		t.Errorf("left in staging: %v", left)
	}
	if r := s.verify(); r.Blobs != 0 || !r.OK() {
		t.Errorf("verify: %+v", r)
	}
	d.upload(data)
}

func TestUploadsBelongToTheDeviceThatDeclaredThem(t *testing.T) {
	s := mustServe(t)
	d, other := s.enrolled(), s.enrolled()
	data := randomBytes(1000)
	answer, body := d.create(hashOf(data), len(data))
	refused(t, http.StatusNotFound, "blob-undeclared")(answer.StatusCode, body)
	answer, body = d.create("junk", 1)
	refused(t, http.StatusNotFound, "blob-undeclared")(answer.StatusCode, body)
	d.declare(data)
	answer, body = other.create(hashOf(data), len(data))
	refused(t, http.StatusNotFound, "blob-undeclared")(answer.StatusCode, body)
	refused(t, http.StatusNotFound, "blob-undeclared")(other.do("GET", wire.PathBlobs+string(hashOf(data))+"/receipt", nil))
	created, _ := d.create(hashOf(data), len(data))
	location := created.Header.Get("Location")
	if location == "" || location[0] != '/' {
		t.Errorf("location %q", location)
	}
	for _, method := range []string{"PATCH", "DELETE"} {
		answer, body, err := other.tus(method, location, map[string]string{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, http.StatusNotFound, "upload-unknown")(answer.StatusCode, body)
	}
	for _, path := range []string{location + "x", wire.PathUploads + "..%2f..%2flibrary.key", wire.PathUploads + "library"} {
		answer, body, err := d.patch(path, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, http.StatusNotFound, "upload-unknown")(answer.StatusCode, body)
	}
	answer, body, err := d.patch(location, 7, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	refused(t, http.StatusConflict, "upload-offset")(answer.StatusCode, body)
	answer, _, err = d.tus("DELETE", location, nil, nil)
	if err != nil || answer.StatusCode != http.StatusNoContent {
		t.Errorf("delete: %v %v", err, answer)
	}
	if left := d.staged(); len(left) != 0 {
		t.Errorf("left in staging: %v", left)
	}
}

func TestTooLargeUploadsAreRefusedBeforeTheyBegin(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	asset, details := []byte("film"), []byte("details")
	d.happen(evidence.Draft{Type: consent.AssetImported, Asset: consent.AssetID(hashOf(asset)), Body: consent.ImportedBody{Details: hashOf(details)}})
	answer, body := d.create(hashOf(details), 26<<20)
	refused(t, http.StatusRequestEntityTooLarge, "blob-too-large")(answer.StatusCode, body)
	answer, body = d.create(hashOf(asset), wire.MaxUpload+1)
	refused(t, http.StatusRequestEntityTooLarge, "request-too-large")(answer.StatusCode, body)
}

// full is an object store without room.
type full struct{ library.Objects }

func (full) Put(context.Context, consent.BlobHash, io.Reader) error {
	return fmt.Errorf("write object: %w", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC})
}
func (full) Adopt(context.Context, consent.BlobHash, string) error {
	return fmt.Errorf("write object: %w", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC})
}

func TestFullDiskIsSaidAndTheUploadIsFinishedLater(t *testing.T) {
	s := mustServeAt(t, t.TempDir(), func(o library.Objects) library.Objects { return full{o} })
	d := s.enrolled()
	asset, details := randomBytes(1000), randomBytes(500)
	d.happen(evidence.Draft{Type: consent.AssetImported, Asset: consent.AssetID(hashOf(asset)), Body: consent.ImportedBody{Details: hashOf(details)}})
	locations := map[string][]byte{}
	for _, data := range [][]byte{asset, details} {
		created, _ := d.create(hashOf(data), len(data))
		locations[created.Header.Get("Location")] = data
		answer, body, err := d.patch(created.Header.Get("Location"), 0, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		refused(t, http.StatusInsufficientStorage, "library-full")(answer.StatusCode, body)
	}
	if r := s.verify(); r.Blobs != 0 || !r.OK() {
		t.Errorf("something was half stored: %+v", r)
	}
	s.stop()
	s = mustServeAt(t, s.dir, nil) // with room again: every byte is here, only the end is missing
	d.server = s
	method := "HEAD"
	for location, data := range locations {
		answer, body, err := d.tus(method, location, map[string]string{"Upload-Offset": strconv.Itoa(len(data)), "Content-Type": "application/offset+octet-stream"}, nil)
		if err != nil || answer.StatusCode/100 != 2 || answer.Header.Get("Upload-Offset") != strconv.Itoa(len(data)) {
			t.Fatalf("%s: %v %v %s", method, err, answer, body)
		}
		d.receiptIn(answer, data)
		method = "PATCH"
	}
	if r := s.verify(); r.Blobs != 2 || !r.OK() {
		t.Errorf("verify: %+v", r)
	}
}

func TestAbandonedUploadsAreRemovedAfterAWeek(t *testing.T) {
	s := mustServe(t)
	d := s.enrolled()
	data, fresh := randomBytes(1000), randomBytes(1001)
	d.declare(data)
	d.declare(fresh)
	created, _ := d.create(hashOf(data), len(data))
	d.create(hashOf(fresh), len(fresh))
	id := filepath.Base(created.Header.Get("Location"))
	for _, path := range d.staged() {
		at := s.clock.Now().Add(-time.Hour)
		if base := filepath.Base(path); base == id || base == id+".info" {
			at = s.clock.Now().Add(-8 * 24 * time.Hour)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	s.stop()
	d.server = mustServeAt(t, s.dir, nil)
	if left := d.staged(); len(left) != 2 {
		t.Errorf("left in staging: %v", left)
	}
}

// BenchmarkUpload compares an upload with writing the same bytes through a plain handler that hashes and flushes.
func BenchmarkUpload(b *testing.B) {
	const size = 64 << 20
	s := mustServe(b)
	d := s.enrolled()
	data := randomBytes(size)
	b.Run("tus", func(b *testing.B) {
		b.SetBytes(size)
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			copy(data, strconv.Itoa(i)+time.Now().String())
			d.tb = b
			d.declare(data)
			hash := hashOf(data) // a device hashes when it imports, not when it sends
			b.StartTimer()
			created, _ := d.create(hash, size)
			answer, _, err := d.patch(created.Header.Get("Location"), 0, bytes.NewReader(data))
			if err != nil || answer.Header.Get(wire.HeaderReceipt) == "" {
				b.Fatal(err, answer)
			}
		}
	})
	b.Run("plain", func(b *testing.B) { benchmarkPlainPut(b, data) })
}

package device_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/sync/device"
)

// item is how a file stands in the queue.
func (l *laptop) item(id consent.AssetID) capture.QueueItem {
	l.tb.Helper()
	items, err := l.Queue(l.tb.Context())
	must(l.tb, err)
	for _, i := range items {
		if i.Hash == consent.BlobHash(id) {
			return i
		}
	}
	l.tb.Fatalf("%s is not in the queue", id)
	return capture.QueueItem{}
}

func TestEveryFileSaysWhetherItWaitsFailedOrArrived(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	whole, changed := pictureOf(4000, 1), pictureOf(4000, 2)
	l.importFile(whole, false)
	path := l.importFile(changed, true)
	if i := l.item(hashOf(whole)); i.State != capture.TransferWaiting || i.Failed() || i.Name == "" || i.Size != int64(len(whole)) {
		t.Errorf("before the sync: %+v", i)
	}
	must(t, os.WriteFile(path, pictureOf(4000, 3), 0o600))
	l.sync()

	arrived, failed := l.item(hashOf(whole)), l.item(hashOf(changed))
	if arrived.State != capture.TransferReceived || arrived.StoredAt.IsZero() {
		t.Errorf("what arrived: %+v", arrived)
	}
	receipt, err := l.StorageReceipt(t.Context(), arrived.Hash)
	if must(t, err); receipt.Size != arrived.Size || receipt.Verify(p.library.Key(), arrived.Hash, arrived.Size) != nil {
		t.Errorf("its receipt: %+v", receipt)
	}
	if !failed.Failed() || failed.Problem != "file-changed" {
		t.Errorf("what was changed: %+v", failed)
	}
	_, err = l.StorageReceipt(t.Context(), failed.Hash)
	wantProblem(t, err, "receipt-not-here")
	status, err := l.Status(t.Context())
	if must(t, err); status.FailedBlobs != 1 {
		t.Errorf("%d files failed by the status", status.FailedBlobs)
	}

	must(t, os.WriteFile(path, changed, 0o600)) // put back
	must(t, l.TryAgain(t.Context(), failed.Hash))
	if l.item(hashOf(changed)).Failed() {
		t.Error("the trouble is still there after it was forgotten")
	}
	l.sync()
	if i := l.item(hashOf(changed)); i.State != capture.TransferReceived || i.Trouble != "" {
		t.Errorf("after the remedy: %+v", i)
	}
}

func TestAReceiptThatTheLibraryDidNotSignProvesNothing(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	data := pictureOf(4000, 1)
	l.importFile(data, false)
	l.sync()
	forged := l.transfer(hashOf(data))
	forged.Receipt.StoredAt = forged.Receipt.StoredAt.Add(-time.Hour)
	must(t, l.PutTransfer(t.Context(), forged))
	_, err := l.StorageReceipt(t.Context(), forged.Hash)
	wantProblem(t, err, "receipt-not-genuine")
}

func TestASyncTellsWhenTheClockIsWrong(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	for _, ahead := range []time.Duration{0, time.Hour, -time.Hour} {
		client := device.New(device.Options{RetryWait: time.Nanosecond, Now: func() time.Time { return time.Now().Add(ahead) }})
		report, err := client.Sync(t.Context(), l.Session, nil)
		must(t, err)
		if off := report.ClockAhead - ahead; off.Abs() > time.Minute {
			t.Errorf("the clock is %s ahead, the report says %s", ahead, report.ClockAhead)
		}
	}
}

func TestProgressNamesTheFileAndCountsWhatTravelled(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	data := pictureOf(3<<20, 1)
	l.importFile(data, false)
	var within []int64
	var sent int64
	_, err := quick().Sync(t.Context(), l.Session, func(at capture.SyncProgress) {
		if at.Item == consent.BlobHash(hashOf(data)) {
			within = append(within, at.ItemDone)
		}
		sent = max(sent, at.SentBytes)
	})
	must(t, err)
	if len(within) < 2 || within[len(within)-1] != int64(len(data)) {
		t.Errorf("told within the file: %v", within)
	}
	if p.count("PATCH /v1/uploads/…") == 0 || sent < int64(len(data)) {
		t.Errorf("%d bytes counted of %d", sent, len(data))
	}
}

func TestHeldEventsAreListedWithTheReason(t *testing.T) {
	p := mustServe(t)
	l := enrolledLaptop(t, p)
	l.sync()
	p.misbehaveAt("POST /v1/events", func(w http.ResponseWriter, r *http.Request) {
		if err := quarantineAll(w, r); err != nil {
			t.Error(err)
		}
	})
	l.person("Ola Nordmann")
	l.sync()
	held, err := l.HeldEvents(t.Context())
	must(t, err)
	if len(held) != 1 || held[0].Type != consent.SubjectRegistered || held[0].Why != "events 1 to 2 are missing" {
		t.Errorf("held: %+v", held)
	}
}

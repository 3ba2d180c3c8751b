package device

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

// trouble is what keeps one file from being sent while the others go on.
type trouble struct{ error }

func (t trouble) Unwrap() error { return t.error }

// counter is where the sending of files is.
type counter struct {
	r           *run
	items, all  int
	bytes, most int64
}

// tell says where it is: between two files, or within one, of which the library has so many bytes.
func (c *counter) tell(item consent.BlobHash, within int64) {
	c.r.tell(capture.SyncProgress{Step: capture.StepBlobs, Done: c.items, Total: c.all, DoneBytes: c.bytes + within, TotalBytes: c.most,
		SentBytes: c.r.report.BytesSent, Item: item, ItemDone: within})
}

// sendBlobs sends what the library lacks, in the order of the queue. What it has already counts as received by the receipt that
// it answers with.
func (r *run) sendBlobs(ctx context.Context) error {
	waiting, err := r.session.WaitingTransfers(ctx)
	if err != nil || len(waiting) == 0 {
		return err
	}
	count := &counter{r: r, all: len(waiting)}
	for _, t := range waiting {
		count.most += t.Size
	}
	count.tell("", 0)
	receipts, err := r.receipts(ctx, waiting)
	if err != nil {
		return err
	}
	for _, t := range waiting {
		receipt, has := receipts[t.Hash]
		if !has {
			receipt, err = r.upload(ctx, &t, count)
		}
		if err == nil {
			err = r.received(ctx, t, receipt)
		}
		var one trouble
		if errors.As(err, &one) && !errors.Is(err, capture.ErrErased) {
			err = r.leave(ctx, t, one)
		}
		if errors.Is(err, capture.ErrErased) { // here, maybe while it was on its way: nothing more of it is sent
			err = r.session.TransferErased(context.WithoutCancel(ctx), t)
		}
		if err != nil {
			return err
		}
		count.items++
		count.bytes += t.Size
		count.tell("", 0)
	}
	return nil
}

// receipts asks for the storage receipts of what the library has already.
func (r *run) receipts(ctx context.Context, waiting []capture.Transfer) (map[consent.BlobHash]evidence.StorageReceipt, error) {
	receipts := make(map[consent.BlobHash]evidence.StorageReceipt)
	for some := range slices.Chunk(waiting, wire.MaxBlobsCheck) {
		var asked wire.BlobsCheckRequest
		for _, t := range some {
			asked.Hashes = append(asked.Hashes, t.Hash)
		}
		q, err := asJSON(http.MethodPost, wire.PathBlobsCheck, asked)
		if err != nil {
			return nil, err
		}
		answer, err := fetch[wire.BlobsCheckResponse](ctx, r, q)
		if err != nil {
			return nil, err
		}
		if answer.Missing == nil || answer.Receipts == nil {
			return nil, errNotOurs // both lists are always there, be they empty
		}
		for _, receipt := range answer.Receipts {
			receipts[receipt.SHA256] = receipt
		}
	}
	return receipts, nil
}

// received takes up a storage receipt. One that our library did not sign for exactly these bytes ends the sync.
func (r *run) received(ctx context.Context, t capture.Transfer, receipt evidence.StorageReceipt) error {
	if err := receipt.Verify(r.library, t.Hash, t.Size); err != nil {
		return errNotOurs.Because(err)
	}
	if err := r.session.TransferReceived(context.WithoutCancel(ctx), t, receipt); err != nil {
		return err
	}
	r.report.BlobsSent++
	return nil
}

// leave writes down in the queue why a file was not sent.
func (r *run) leave(ctx context.Context, t capture.Transfer, why trouble) error {
	p := problem.Of(why)
	r.log.Warn("file not sent", "class", t.Class, "problem", p.ID)
	if t.Trouble == p.Error() && t.State == capture.TransferWaiting {
		return nil
	}
	t.State = capture.TransferWaiting
	t.Fail(p)
	return r.session.PutTransfer(context.WithoutCancel(ctx), t)
}

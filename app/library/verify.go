package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"

	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// Report is what Verify found. No problems means that nothing was changed, removed or slipped in, and every byte is readable.
type Report struct {
	Events   int // read and checked
	Blobs    int // read and checked, byte for byte
	Problems []string
}

// OK tells whether everything is as it must be.
func (r Report) OK() bool { return len(r.Problems) == 0 }

func (r *Report) add(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// Verify reads the whole library again: every event's signature and chain, the Merkle log and its checkpoint, the quarantine,
// every profile, and every byte of every blob. It works on one picture of the ledger and can run beside a library that serves.
// The error is for what kept it from looking; what it saw is in the report.
func Verify(ctx context.Context, ledger Ledger, objects Objects, key evidence.PublicKey) (Report, error) {
	var report Report
	err := ledger.View(ctx, func(r Reader) error {
		devices, err := report.devices(r, key)
		if err != nil {
			return err
		}
		if err := report.events(r, devices); err != nil {
			return err
		}
		if err := report.checkpoint(r, key); err != nil {
			return err
		}
		if err := report.quarantine(r); err != nil {
			return err
		}
		if err := report.profiles(r); err != nil {
			return err
		}
		return report.blobs(ctx, r, objects)
	})
	return report, err
}

func (r *Report) devices(ledger Reader, key evidence.PublicKey) (map[consent.DeviceID]Device, error) {
	list, err := ledger.Devices()
	devices := make(map[consent.DeviceID]Device, len(list))
	for _, d := range list {
		if err := d.Certificate.Verify(key); err != nil {
			r.add("device %s: the library did not sign its certificate", d.Certificate.Device)
		}
		devices[d.Certificate.Device] = d
	}
	return devices, err
}

// events follows every chain and builds the Merkle log anew beside the stored one.
func (r *Report) events(ledger Reader, devices map[consent.DeviceID]Device) error {
	heads := map[consent.DeviceID]evidence.Head{}
	next := uint64(1)
	err := eachEvent(ledger, func(e LoggedEvent) error {
		r.Events++
		if e.ServerSeq != next {
			r.add("events %d to %d of the log are missing", next, e.ServerSeq-1)
		}
		next = e.ServerSeq + 1
		envelope, err := e.Signed.Open()
		if err == nil {
			err = e.Signed.Verify(devices[envelope.Device].Certificate.PublicKey)
		}
		if err != nil {
			r.add("event %d of the log: %v", e.ServerSeq, err)
		}
		if envelope.ID != e.ID || envelope.Device != e.Device || envelope.Seq != e.Seq {
			r.add("event %d of the log is filed under another identifier than its own", e.ServerSeq)
		}
		if wrong := heads[e.Device].Follows(envelope); wrong != "" && err == nil {
			r.add("%s", wrong)
		}
		heads[e.Device] = evidence.Head{Seq: e.Seq, Hash: e.Signed.Hash()}
		leaf, err := ledger.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(e.ServerSeq)-1)})
		if err != nil || leaf[0] != tlog.RecordHash(e.Signed.Envelope) {
			r.add("event %d does not fit the Merkle log", e.ServerSeq)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for id, d := range devices {
		if got := heads[id]; got != d.Head {
			r.add("device %s: the log ends at event %d, the library acknowledged %d", id, got.Seq, d.Head.Seq)
		}
	}
	return nil
}

// checkpoint compares the log with what the library last signed. Inner hashes are computed from the leaves, not trusted.
func (r *Report) checkpoint(ledger Reader, key evidence.PublicKey) error {
	c, found, err := readCheckpoint(ledger)
	if err != nil {
		return err
	}
	size, err := ledger.LogSize()
	if err != nil {
		return err
	}
	switch {
	case !found && size == 0:
		return nil
	case !found:
		r.add("the library's checkpoint is missing")
		return nil
	case c.Verify(key) != nil:
		r.add("the library did not sign its checkpoint")
	case c.Size != size:
		r.add("the log has %d events, the library signed %d", size, c.Size)
	}
	root, wrong, err := rebuild(ledger)
	if err != nil {
		return err
	}
	if wrong >= 0 {
		r.add("stored hash %d of the Merkle log is wrong", wrong)
	}
	if string(root[:]) != string(c.Root) {
		r.add("the Merkle log has another root than the library signed")
	}
	return nil
}

// rebuild computes the root from the envelopes, and finds the first stored hash that differs (-1: none).
func rebuild(ledger Reader) (root tlog.Hash, wrong int64, err error) {
	wrong = -1
	computed := &edge{hashes: map[int64]tlog.Hash{}}
	n := int64(0)
	err = eachEvent(ledger, func(e LoggedEvent) error {
		added, err := tlog.StoredHashes(n, e.Signed.Envelope, computed)
		if err != nil {
			return err
		}
		first := tlog.StoredHashIndex(0, n)
		indexes := make([]int64, len(added))
		for i := range added {
			indexes[i] = first + int64(i)
			computed.hashes[indexes[i]] = added[i]
		}
		stored, err := ledger.ReadHashes(indexes)
		for i := range added {
			if wrong < 0 && (err != nil || stored[i] != added[i]) {
				wrong = indexes[i]
			}
		}
		n++
		computed.forget(n)
		return nil
	})
	if err != nil {
		return root, wrong, err
	}
	root, err = tlog.TreeHash(n, computed)
	return root, wrong, err
}

// edge keeps only the hashes that a growing tree still needs: one per complete subtree.
type edge struct{ hashes map[int64]tlog.Hash }

func (e *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		h, ok := e.hashes[at]
		if !ok {
			return nil, fmt.Errorf("hash %d was forgotten", at)
		}
		found[i] = h
	}
	return found, nil
}

// forget keeps, after n leaves, the roots of the complete subtrees that make up n.
func (e *edge) forget(n int64) {
	if n%256 != 0 {
		return
	}
	needed := make(map[int64]tlog.Hash, 64)
	for level, start := 62, int64(0); level >= 0; level-- {
		if n&(1<<level) != 0 {
			at := tlog.StoredHashIndex(level, start>>level)
			needed[at] = e.hashes[at]
			start += 1 << level
		}
	}
	e.hashes = needed
}

func (r *Report) quarantine(ledger Reader) error {
	list, err := ledger.Quarantine()
	for _, q := range list {
		r.add("event %s of device %s is in quarantine: %s", q.ID, q.Device, q.Reason)
	}
	return err
}

func (r *Report) profiles(ledger Reader) error {
	for after := consent.SubjectID(""); ; {
		ids, err := ledger.Profiles(after, page)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, _, err := ledger.Profile(id); err != nil {
				r.add("profile of subject %s cannot be opened", id)
			}
			after = id
		}
		if len(ids) < page {
			return nil
		}
	}
}

func (r *Report) blobs(ctx context.Context, ledger Reader, objects Objects) error {
	for after := consent.BlobHash(""); ; {
		blobs, err := ledger.Blobs(after, page)
		if err != nil {
			return err
		}
		for _, b := range blobs {
			if err := ctx.Err(); err != nil {
				return err
			}
			r.Blobs++
			if wrong := checkBlob(ctx, ledger, objects, b); wrong != "" {
				r.add("file %s %s", b.Hash, wrong)
			}
			after = b.Hash
		}
		if len(blobs) < page {
			return nil
		}
	}
}

func checkBlob(ctx context.Context, ledger Reader, objects Objects, b Blob) (wrong string) {
	object, err := objects.Open(ctx, b.Hash)
	if errors.Is(err, fs.ErrNotExist) {
		return "is missing"
	}
	if err != nil {
		return "cannot be read"
	}
	defer object.Close()
	sum := sha256.New()
	var n int64
	if b.Class.Sealed() {
		sealed, err := io.ReadAll(io.LimitReader(object, 2*maxSealed))
		if err != nil {
			return "cannot be read"
		}
		plain, err := ledger.OpenBlob(b, sealed)
		if err != nil {
			return "does not open: its sealed bytes were changed"
		}
		n = int64(len(plain))
		sum.Write(plain)
	} else if n, err = io.Copy(sum, object); err != nil {
		return "cannot be read"
	}
	switch {
	case n != b.Size:
		return fmt.Sprintf("has %d bytes, not %d", n, b.Size)
	case hex.EncodeToString(sum.Sum(nil)) != string(b.Hash):
		return "holds other bytes than were stored"
	}
	return ""
}

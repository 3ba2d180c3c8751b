package library

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"sync"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// maxSealed bounds a blob that is kept sealed, and a form, in bytes: they pass through memory whole.
const maxSealed = 25 << 20

// Problems of an upload.
var (
	ErrBlobUndeclared = problem.New(problem.NotFound, "blob-undeclared",
		"No event of this device names this file, so the media library does not take it or tell about it; send the events first.")
	ErrBlobMissing = problem.New(problem.NotFound, "blob-missing",
		"The media library does not have this file yet; keep it on the device and send it.")
	ErrBlobExists = problem.New(problem.Conflict, "blob-exists",
		"The media library has this file already; nothing needs to be sent; its storage receipt comes with this answer.")
	ErrBlobTooLarge = problem.New(problem.Invalid, "blob-too-large",
		"The file is too large for what it is: signatures, scans and details may have {{.max}} MB; nothing was stored; make it smaller and record it again.", "max", maxSealed>>20)
	// ErrHashMismatch has the identifier that the protocol fixed for it.
	ErrHashMismatch = problem.New(problem.Damaged, "hash_mismatch",
		"The file that arrived is not the one that was announced; it was thrown away and the one on the device is safe; send it again from the start.")
)

// Staged is an upload that has all its bytes.
type Staged interface {
	// Open reads the bytes as they were sent.
	Open() (io.ReadCloser, error)
	// Path is where the bytes lie as they were sent, or "" when they are kept in another form.
	Path() string
	// Flush puts the bytes on disk.
	Flush() error
}

// CheckBlobs sorts hashes into those that the library lacks and the receipts of those it has. Hashes that no event of the device
// names are left out, and so are those of erased people.
func (l *Library) CheckBlobs(ctx context.Context, device consent.DeviceID, hashes []consent.BlobHash) (missing []consent.BlobHash, receipts []evidence.StorageReceipt, err error) {
	err = l.ledger.View(ctx, func(r Reader) error {
		for _, hash := range hashes {
			found, err := lookUp(r, device, hash)
			switch {
			case errors.Is(err, ErrBlobUndeclared), errors.Is(err, ErrSubjectErased):
				continue
			case err != nil:
				return err
			case !found.stored:
				missing = append(missing, hash)
				continue
			}
			receipt, err := l.receipt(found.Blob)
			if err != nil {
				return err
			}
			receipts = append(receipts, receipt)
		}
		return nil
	})
	return missing, receipts, err
}

// Receipt is the storage receipt of a blob that the device has declared; ErrBlobUndeclared, ErrBlobMissing or ErrSubjectErased.
func (l *Library) Receipt(ctx context.Context, device consent.DeviceID, hash consent.BlobHash) (receipt evidence.StorageReceipt, err error) {
	err = l.ledger.View(ctx, func(r Reader) error {
		found, err := lookUp(r, device, hash)
		if err != nil {
			return err
		}
		if !found.stored {
			return ErrBlobMissing
		}
		receipt, err = l.receipt(found.Blob)
		return err
	})
	return receipt, err
}

func (l *Library) receipt(b Blob) (evidence.StorageReceipt, error) {
	r := evidence.StorageReceipt{SHA256: b.Hash, Size: b.Size, StoredAt: b.StoredAt}
	r, err := evidence.SignStorageReceipt(l.key, r)
	if err != nil {
		return r, fmt.Errorf("sign storage receipt: %w", err)
	}
	return r, nil
}

// wanted is a blob that the device has declared: as it is stored, or as it is to be.
type wanted struct {
	Blob
	stored   bool
	subjects []consent.SubjectID // whom a personal one belongs to, the erased left out
}

// lookUp finds a blob that the device has declared; ErrBlobUndeclared, or ErrSubjectErased when nobody is left to keep it for.
func lookUp(r Reader, device consent.DeviceID, hash consent.BlobHash) (w wanted, err error) {
	if !isHash(string(hash)) {
		return w, ErrBlobUndeclared
	}
	declared, err := r.Declarations(hash)
	if err != nil {
		return w, err
	}
	if !slices.ContainsFunc(declared, func(d Declaration) bool { return d.Device == device }) {
		return w, ErrBlobUndeclared
	}
	w.Hash = hash
	for _, d := range declared {
		// What may hold personal data is sealed, whatever else the same bytes are used for.
		if w.Class == "" || (d.Class.Sealed() && !w.Class.Sealed()) || d.Class == ClassEvidence {
			w.Class = d.Class
		}
		if d.Subject == "" {
			continue
		}
		w.Personal = true
		erased, err := r.Erased(d.Subject)
		if err != nil {
			return w, err
		}
		if !erased && !slices.Contains(w.subjects, d.Subject) {
			w.subjects = append(w.subjects, d.Subject)
		}
	}
	if kept, ok, err := r.Blob(hash); ok || err != nil {
		w.Blob, w.stored = kept, ok
		return w, err
	}
	if w.Personal && len(w.subjects) == 0 {
		return w, ErrSubjectErased
	}
	return w, nil
}

// Expect says whether a device may upload a blob of this size, and whether it will be sealed. ErrBlobExists when it is here.
func (l *Library) Expect(ctx context.Context, device consent.DeviceID, hash consent.BlobHash, size int64) (sealed bool, err error) {
	err = l.ledger.View(ctx, func(r Reader) error {
		b, err := lookUp(r, device, hash)
		switch {
		case err != nil:
			return err
		case b.stored:
			return ErrBlobExists
		case b.Class != ClassAsset && size > maxSealed:
			return ErrBlobTooLarge
		}
		sealed = b.Class.Sealed()
		return nil
	})
	return sealed, err
}

// Store checks the bytes of a finished upload against their hash, puts them on disk, names them in the ledger, and only then
// signs the receipt. ErrHashMismatch means that the upload is worth nothing. alive is called now and then while a long file is
// read, so that the connection can be kept open.
func (l *Library) Store(ctx context.Context, device consent.DeviceID, hash consent.BlobHash, size int64, staged Staged, alive func()) (evidence.StorageReceipt, error) {
	defer l.storing.lock(hash)()
	var b wanted
	err := l.ledger.View(ctx, func(r Reader) (err error) {
		b, err = lookUp(r, device, hash)
		return err
	})
	if err != nil {
		return evidence.StorageReceipt{}, err
	}
	if b.stored {
		return l.receipt(b.Blob)
	}
	b.Size, b.StoredAt = size, l.clock()
	if b.Class.Sealed() || staged.Path() == "" {
		err = l.storeWhole(ctx, device, b, staged)
	} else {
		err = l.adopt(ctx, b.Blob, staged, alive)
	}
	if err != nil {
		return evidence.StorageReceipt{}, err
	}
	err = l.ledger.Update(ctx, func(tx Tx) error {
		if err := tx.PutBlob(b.Blob); err != nil {
			return err
		}
		return tx.HastenMail("", hash, l.clock())
	})
	if err != nil {
		return evidence.StorageReceipt{}, fmt.Errorf("name blob: %w", err)
	}
	l.wakeMail()
	if b.Class == ClassForm {
		if err := l.learnForm(ctx, hash); err != nil {
			return evidence.StorageReceipt{}, err
		}
	}
	return l.receipt(b.Blob)
}

// adopt hashes a staged file and moves it into the objects. Disk and processor work side by side.
func (l *Library) adopt(ctx context.Context, b Blob, staged Staged, alive func()) error {
	r, err := staged.Open()
	if err != nil {
		return fmt.Errorf("open upload: %w", err)
	}
	flushed := make(chan error, 1)
	go func() { flushed <- staged.Flush() }()
	sum := sha256.New()
	n, err := io.CopyBuffer(&ticking{sum, alive, 0}, r, make([]byte, 1<<20))
	_ = r.Close()
	if err = errors.Join(err, <-flushed); err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	if n != b.Size || hex.EncodeToString(sum.Sum(nil)) != string(b.Hash) {
		return ErrHashMismatch
	}
	return l.objects.Adopt(ctx, b.Hash, staged.Path())
}

// storeWhole reads a small blob, seals it if its class asks for that, and puts it into the objects.
func (l *Library) storeWhole(ctx context.Context, device consent.DeviceID, b wanted, staged Staged) error {
	r, err := staged.Open()
	if err != nil {
		return fmt.Errorf("open upload: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed+1))
	_ = r.Close()
	if err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	sum := sha256.Sum256(plain)
	switch {
	case len(plain) > maxSealed:
		return ErrBlobTooLarge
	case int64(len(plain)) != b.Size || hex.EncodeToString(sum[:]) != string(b.Hash):
		return ErrHashMismatch
	}
	kept := plain
	if b.Class.Sealed() {
		err := l.ledger.Update(ctx, func(tx Tx) error {
			// Asked again: somebody may have been erased, or added, while the file was on its way.
			if b, err = lookUp(tx, device, b.Hash); err == nil {
				kept, err = tx.SealBlob(b.Hash, b.subjects, plain)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("seal blob: %w", err)
		}
	}
	return l.objects.Put(ctx, b.Hash, bytes.NewReader(kept))
}

// finishErasures removes the objects of erased people that a stop of the server left behind.
func (l *Library) finishErasures(ctx context.Context) error {
	var gone []consent.BlobHash
	err := l.ledger.View(ctx, func(r Reader) (err error) {
		gone, err = r.Unremoved()
		return err
	})
	l.remove(ctx, gone)
	return err
}

// remove deletes the objects of erased people. Their key is gone already, so a failure leaves only noise on the disk; it is
// reported and tried again when the library opens.
func (l *Library) remove(ctx context.Context, gone []consent.BlobHash) {
	for _, hash := range gone {
		err := l.objects.Delete(ctx, hash)
		if err == nil {
			err = l.ledger.Update(ctx, func(tx Tx) error { return tx.Removed(hash) })
		}
		if err != nil {
			l.log.Error("erased file not removed", "blob", hash, "error", err)
		}
	}
}

func isHash(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}

// ticking passes writes on to a hash and says so every 256 MB.
type ticking struct {
	hash.Hash
	alive func()
	since int
}

func (t *ticking) Write(p []byte) (int, error) {
	if t.since += len(p); t.since >= 256<<20 {
		t.since = 0
		t.alive()
	}
	return t.Hash.Write(p)
}

// hashLocks lets one upload of the same bytes finish at a time.
type hashLocks struct{ held sync.Map }

func (h *hashLocks) lock(hash consent.BlobHash) (unlock func()) {
	for {
		done := make(chan struct{})
		other, taken := h.held.LoadOrStore(hash, done)
		if !taken {
			return func() { h.held.Delete(hash); close(done) }
		}
		<-other.(chan struct{})
	}
}

package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/problem"
	"samtykke/storage/disk"
	"samtykke/storage/sealing"
)

// The buckets of vault.db. A name in «» is hidden: the first 16 bytes of HMAC-SHA-256 over its kind and itself, under the names
// key, so that nobody can look up whether a picture they have, or a person whose code they know, is in a stolen vault.
// «subject's key» seals what follows it; everything else is sealed with the values key.
var (
	bucketVault           = []byte("vault")            // "id", "format", "erasing" → what furnish writes
	bucketSettings        = []byte("settings")         // «name» → JSON
	bucketEvents          = []byte("events")           // arrival number u64 → framed event
	bucketEventIDs        = []byte("event_ids")        // event id → arrival number u64
	bucketEventsWaiting   = []byte("events_waiting")   // event's number u64, arrival number u64 → nothing
	bucketSubjects        = []byte("subjects")         // «subject», part, … → see the parts in subjects.go
	bucketProfilesWaiting = []byte("profiles_waiting") // «subject» → nothing
	bucketBlobs           = []byte("blobs")            // class, «hash» → what it is and its bytes, see blobs.go
	bucketTransfers       = []byte("transfers")        // class, «hash» → JSON
	bucketAssetFiles      = []byte("asset_files")      // «hash» → JSON
	bucketPreviews        = []byte("previews")         // in previews.db: «hash» → JPEG, with the previews key

	allBuckets = [][]byte{bucketVault, bucketSettings, bucketEvents, bucketEventIDs, bucketEventsWaiting, bucketSubjects,
		bucketProfilesWaiting, bucketBlobs, bucketTransfers, bucketAssetFiles}

	keyID      = []byte("id")      // the vault's id
	keyFormat  = []byte("format")  // u32
	keyErasing = []byte("erasing") // there while deleted pages still hold what was erased
)

// valueFormat begins the associated data of every value; it would change with the way of sealing, not with a bucket's content.
const valueFormat = 1

// View runs fn on a consistent snapshot; see capture.Store. A long View keeps old pages alive and lets the file grow.
func (v *Vault) View(ctx context.Context, fn func(capture.Tx) error) error {
	return v.using(ctx, func() error {
		return v.db.View(func(b *bbolt.Tx) error { return fn(v.txIn(ctx, b)) })
	})
}

// Update runs fn and commits what it did; see capture.Store. Problems: disk-full, vault-read-only, vault-gone, and whatever fn answers.
func (v *Vault) Update(ctx context.Context, fn func(capture.Tx) error) error {
	return v.using(ctx, func() error {
		if err := v.inPlace(); err != nil {
			return err
		}
		var own error
		forgot := false
		err := v.db.Update(func(b *bbolt.Tx) error {
			t := v.txIn(ctx, b)
			if own = fn(t); own == nil {
				own = ctx.Err()
			}
			forgot = t.forgot
			return own
		})
		switch {
		case own != nil:
			return own
		case err != nil:
			return v.commitFailed(err)
		}
		v.changed.Store(true)
		if forgot {
			v.forgotten.Store(true)
		}
		return nil
	})
}

// inPlace refuses a database that no longer lies where the next opening looks for it, because its folder was moved or deleted, or its disk was
// taken out. The system goes on writing to such a file, and what was acknowledged would be found by nobody (design §3.1).
func (v *Vault) inPlace() error {
	opened, err := v.db.file.Stat()
	if err != nil {
		return disk.Explain(fmt.Errorf("look at %s: %w", databaseFile, err))
	}
	there, err := os.Stat(v.path(databaseFile))
	if err != nil {
		return disk.Explain(fmt.Errorf("look for %s: %w", databaseFile, err))
	}
	if !os.SameFile(opened, there) {
		return disk.ErrGone
	}
	return nil
}

// commitFailed tells a full disk, before which nothing happened, from a disk that failed: then nobody knows what it holds until
// it has been read again, and the vault must not go on.
func (v *Vault) commitFailed(err error) error {
	explained := disk.Explain(fmt.Errorf("commit: %w", err))
	if !errors.Is(explained, disk.ErrFull) {
		v.suspect.Store(true)
		v.db.unsound.Store(true)
	}
	return explained
}

// using runs something that uses the databases.
func (v *Vault) using(ctx context.Context, fn func() error) error {
	v.use.RLock()
	defer v.use.RUnlock()
	switch {
	case v.closed:
		return errClosed
	case v.db.unsound.Load():
		return damaged(databaseFile, errUnsound)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	err := guarded(databaseFile, fn)
	v.db.note(err)
	if problem.KindOf(err) == problem.Damaged {
		v.suspect.Store(true) // the next opening checks everything
	}
	return err
}

// tx is one transaction. It implements capture.Tx.
type tx struct {
	ctx    context.Context
	bolt   *bbolt.Tx
	keys   *keys
	vault  *Vault
	forgot bool // a subject was erased
}

var _ capture.Tx = (*tx)(nil)

func (v *Vault) tx(b *bbolt.Tx) *tx { return v.txIn(context.Background(), b) }

func (v *Vault) txIn(ctx context.Context, b *bbolt.Tx) *tx {
	return &tx{ctx: ctx, bolt: b, keys: v.keys, vault: v}
}

// get opens a value; false when there is none.
func (t *tx) get(bucket, key []byte, with sealing.Key) ([]byte, bool, error) {
	b := t.bolt.Bucket(bucket)
	if b == nil {
		return nil, false, damaged(databaseFile, fmt.Errorf("it lacks the bucket %s", bucket))
	}
	sealed := b.Get(key)
	if sealed == nil {
		return nil, false, nil
	}
	plain, err := openValue(bucket, key, sealed, with)
	return plain, err == nil, err
}

// put seals a value.
func (t *tx) put(bucket, key []byte, with sealing.Key, plain []byte) error {
	if err := t.bolt.Bucket(bucket).Put(key, sealing.Seal(with, place(bucket, key), plain)); err != nil {
		return fmt.Errorf("put into %s: %w", bucket, err)
	}
	return nil
}

func (t *tx) delete(bucket, key []byte) error {
	if err := t.bolt.Bucket(bucket).Delete(key); err != nil {
		return fmt.Errorf("delete from %s: %w", bucket, err)
	}
	return nil
}

func openValue(bucket, key, sealed []byte, with sealing.Key) ([]byte, error) {
	plain, err := sealing.Open(with, place(bucket, key), sealed)
	if err != nil {
		return nil, damaged(databaseFile, fmt.Errorf("value in %s: %w", bucket, err))
	}
	return plain, nil
}

// place is the associated data that binds a value to where it stands.
func place(bucket, key []byte) []byte {
	p := make([]byte, 0, 2+len(bucket)+len(key))
	p = append(p, valueFormat)
	p = append(p, bucket...)
	p = append(p, 0)
	return append(p, key...)
}

// The kinds of hidden names.
const (
	kindSetting = "setting"
	kindSubject = "subject"
	kindHash    = "hash"
)

// hidden is how an identifier stands in the database's keys.
func (k *keys) hidden(kind, name string) []byte {
	mac := hmac.New(sha256.New, k.names[:])
	mac.Write([]byte(kind + "\x00" + name))
	return mac.Sum(nil)[:16]
}

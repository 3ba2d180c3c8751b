package vault

import (
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/storage/disk"
	"samtykke/storage/sealing"
)

// previewsDelay is how long a preview waits for others that come at the same time, to share one flush with them.
const previewsDelay = 2 * time.Millisecond

// Previews keeps small pictures. Puts from several goroutines share their flushes, so an import should put from several.
func (v *Vault) Previews() capture.Previews { return previews{v} }

type previews struct{ vault *Vault }

// PutPreview stores a preview.
func (p previews) PutPreview(id consent.AssetID, jpeg []byte) error {
	return p.using(func(d *database) error {
		name := p.vault.keys.hidden(kindHash, string(id))
		sealed := sealing.Seal(p.vault.keys.previews, place(bucketPreviews, name), jpeg)
		err := d.Batch(func(b *bbolt.Tx) error { return b.Bucket(bucketPreviews).Put(name, sealed) })
		if err != nil {
			return fmt.Errorf("put preview: %w", disk.Explain(err))
		}
		return nil
	})
}

// Preview returns a preview; false when there is none. One that cannot be opened is as good as none: it is made again.
func (p previews) Preview(id consent.AssetID) (jpeg []byte, found bool, err error) {
	err = p.using(func(d *database) error {
		name := p.vault.keys.hidden(kindHash, string(id))
		return d.View(func(b *bbolt.Tx) error {
			sealed := b.Bucket(bucketPreviews).Get(name)
			if sealed == nil {
				return nil
			}
			plain, err := sealing.Open(p.vault.keys.previews, place(bucketPreviews, name), sealed)
			if err != nil {
				p.vault.suspect.Store(true)
				return nil //nolint:nilerr // see above; the next opening checks the file
			}
			jpeg, found = plain, true
			return nil
		})
	})
	return jpeg, found, err
}

// DeletePreview removes a preview. The next Close removes what old pages still hold of it.
func (p previews) DeletePreview(id consent.AssetID) error {
	return p.using(func(d *database) error {
		name := p.vault.keys.hidden(kindHash, string(id))
		err := d.Batch(func(b *bbolt.Tx) error {
			kept := b.Bucket(bucketPreviews)
			if kept.Get(name) == nil {
				return nil
			}
			if _, err := b.CreateBucketIfNotExists(bucketErasing); err != nil {
				return err
			}
			return kept.Delete(name)
		})
		if err != nil {
			return fmt.Errorf("delete preview: %w", disk.Explain(err))
		}
		return nil
	})
}

func (p previews) using(fn func(*database) error) error {
	p.vault.use.RLock()
	defer p.vault.use.RUnlock()
	switch {
	case p.vault.closed:
		return errClosed
	case p.vault.previews.unsound.Load():
		return damaged(previewsFile, errUnsound)
	}
	err := guarded(previewsFile, func() error { return fn(p.vault.previews) })
	if p.vault.previews.note(err); errors.Is(err, errUnsound) {
		p.vault.suspect.Store(true)
	}
	return err
}

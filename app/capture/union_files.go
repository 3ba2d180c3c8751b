package capture

import (
	"context"
	"fmt"
	"slices"

	"samtykke/app/consent"
)

// takeFiles takes over originals, one at a time and never whole in memory, and what is known about them.
func (u *union) takeFiles(ctx context.Context) error {
	s := u.session
	var files []AssetFile
	err := u.other.Store.View(ctx, func(tx Tx) error {
		return tx.EachAssetFile(func(f AssetFile) error { files = append(files, f); return nil })
	})
	if err != nil {
		return err
	}
	elsewhere := 0
	batch := batched[AssetFile]{most: 32, flush: func(files []AssetFile) error {
		return s.change(ctx, func(c *change) error {
			for _, f := range files {
				if err := c.PutAssetFile(f); err != nil {
					return err
				}
				c.then(func() { s.keepFile(f) })
			}
			return nil
		})
	}}
	for i, f := range files {
		u.step(UnionFiles, i, len(files))
		if !u.wanted(f) {
			continue
		}
		if !u.other.Originals.Has(f.Asset) {
			elsewhere++
			continue
		}
		whole, err := u.takeParts(ctx, &f)
		if err != nil {
			return err
		}
		if !whole {
			continue
		}
		if err := batch.add(f); err != nil {
			return err
		}
	}
	if elsewhere > 0 {
		u.done.Problems = append(u.done.Problems, fmt.Sprintf("%d images are in the backup by name only, since their files lie elsewhere; import them here, or make the backup with --with-referenced", elsewhere))
	}
	return batch.end()
}

// takeParts takes over the bytes of a picture and of what came with it, as far as they are there and whole. They lie in the vault then.
// It answers false when the picture itself is not whole.
func (u *union) takeParts(ctx context.Context, f *AssetFile) (bool, error) {
	companions := f.Companions
	f.Companions, f.Path = nil, ""
	for n, part := range append(f.Parts(), companions...) {
		id := consent.AssetID(part.SHA256)
		if n > 0 && !u.other.Originals.Has(id) && !u.session.Originals.Has(id) {
			continue
		}
		switch err := u.takeOriginal(ctx, id); {
		case isDamage(err):
			u.done.Problems = append(u.done.Problems, fmt.Sprintf("image %s is damaged in the backup and was not taken; import it again", id.Short()))
			if n == 0 {
				return false, nil
			}
		case err != nil:
			return false, err
		case n > 0:
			part.Path = ""
			f.Companions = append(f.Companions, part)
		}
	}
	u.session.mu.RLock()
	defer u.session.mu.RUnlock()
	for _, mine := range u.session.files[f.Asset].Companions {
		if !f.hasCompanion(consent.AssetID(mine.SHA256)) {
			f.Companions = append(f.Companions, mine)
		}
	}
	return true, nil
}

// wanted tells whether the bytes of a picture are missing here. What was removed stays removed, and what the library has is not brought
// back when it was let go of here.
func (u *union) wanted(f AssetFile) bool {
	s := u.session
	s.mu.RLock()
	defer s.mu.RUnlock()
	asset, known := s.state.Asset(f.Asset)
	if !known || asset.Removed {
		return false
	}
	mine, here := s.files[f.Asset]
	lacks := func(part CompanionFile) bool {
		id := consent.AssetID(part.SHA256)
		path, known := s.filePath(id)
		return !known && u.other.Originals.Has(id) || known && path == "" && !s.Originals.Has(id)
	}
	return !here || mine.Path == "" && slices.ContainsFunc(f.Parts(), lacks)
}

func (u *union) takeOriginal(ctx context.Context, id consent.AssetID) error {
	s := u.session
	if s.Originals.Has(id) {
		return nil
	}
	size, err := copyOriginal(ctx, s.Originals, u.other.Originals, id)
	if err != nil {
		return err
	}
	u.done.Originals++
	u.done.Bytes += size
	return nil
}

// takeTransfers takes over what the library has been given already, by its signed receipts. What another copy of this device has yet to
// send waits here too; what another device has yet to send does not, since the library takes a file only from the device whose events
// name it.
func (u *union) takeTransfers(ctx context.Context) error {
	s := u.session
	batch := batched[Transfer]{most: 500, flush: func(transfers []Transfer) error {
		return s.change(ctx, func(c *change) error {
			for _, t := range transfers {
				if err := u.takeTransfer(c, t); err != nil {
					return err
				}
			}
			return nil
		})
	}}
	u.step(UnionTransfers, 0, 0)
	err := u.other.Store.View(ctx, func(tx Tx) error { return tx.EachTransfer(batch.add) })
	if err != nil {
		return err
	}
	return batch.end()
}

func (u *union) takeTransfer(c *change, theirs Transfer) error {
	mine, queued, err := c.Transfer(theirs.Hash)
	if err != nil || queued && mine.State == TransferReceived {
		return err
	}
	here, err := c.holds(theirs)
	if err != nil || !here {
		return err
	}
	if theirs.State == TransferReceived && theirs.Receipt != nil && c.session.enrolment != nil &&
		theirs.Receipt.Verify(c.session.enrolment.LibraryKey, theirs.Hash, theirs.Size) == nil {
		return c.PutTransfer(theirs)
	}
	if queued || !u.sameDevice() {
		return nil
	}
	return c.PutTransfer(Transfer{Hash: theirs.Hash, Class: theirs.Class, Size: theirs.Size, State: TransferWaiting})
}

// holds tells whether the bytes of a transfer are on this device.
func (c *change) holds(t Transfer) (bool, error) {
	if t.Class == ClassOriginal {
		_, known := c.session.filePath(consent.AssetID(t.Hash))
		return known, nil
	}
	_, here, err := c.Blob(t.Hash)
	return here, err
}

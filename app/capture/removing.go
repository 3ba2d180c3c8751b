package capture

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Removal takes pictures out of use and off this device.
type Removal struct {
	Assets []consent.AssetID
	Reason string // in somebody's words; kept sealed; "" for none
	// Unsent removes also what exists on this device alone, because the library has not confirmed that it has the bytes.
	Unsent bool
}

// Removed is what a removal did, or would do.
type Removed struct {
	Assets []consent.AssetID
	// Unsent are those whose bytes existed nowhere else.
	Unsent []consent.AssetID
	// Outside are the files that were imported by reference: they lie outside the vault and stay there.
	Outside []string
}

// settingRemoving lists the assets whose files are still to be deleted: their entries go first, so that a crash leaves files that
// nothing names and not names without files.
const settingRemoving = "removing"

// RemovalOf says what removing pictures would do. Nothing is changed.
func (s *Session) RemovalOf(ctx context.Context, assets []consent.AssetID) (Removed, error) {
	var planned Removed
	err := s.Store.View(ctx, func(tx Tx) error {
		s.mu.RLock()
		defer s.mu.RUnlock()
		var err error
		planned, err = s.removalOf(tx, assets)
		return err
	})
	return planned, err
}

func (s *Session) removalOf(tx Transfers, assets []consent.AssetID) (Removed, error) {
	planned := Removed{Assets: []consent.AssetID{}, Unsent: []consent.AssetID{}, Outside: []string{}}
	named := make(map[consent.AssetID]bool, len(assets))
	for _, id := range assets {
		if _, known := s.state.Asset(id); !known {
			return planned, assetUnknown(string(id))
		}
		if named[id] {
			continue
		}
		named[id] = true
		planned.Assets = append(planned.Assets, id)
		file, here := s.files[id]
		unsent := false
		for _, part := range file.Parts() {
			if part.Path != "" {
				planned.Outside = append(planned.Outside, part.Path)
				continue
			}
			t, queued, err := tx.Transfer(part.SHA256)
			if err != nil {
				return planned, err
			}
			unsent = unsent || !queued || t.State != TransferReceived
		}
		if here && unsent {
			planned.Unsent = append(planned.Unsent, id)
		}
	}
	return planned, nil
}

// RemoveImages takes pictures out of use everywhere and deletes their bytes, preview, name and details from this device, without a
// way back: importing the file again does not bring it back. It refuses when the bytes exist nowhere else, unless that is confirmed.
// Removing what is removed already only deletes what is left of it here.
func (s *Session) RemoveImages(ctx context.Context, r Removal) (Removed, error) {
	var done Removed
	err := s.change(ctx, func(c *change) error {
		var err error
		if done, err = s.removalOf(c, r.Assets); err != nil {
			return err
		}
		if len(done.Unsent) > 0 && !r.Unsent {
			return problem.New(problem.Conflict, "removal-unsent",
				"{{.count}} of these images exist on this device alone, for the media library has not confirmed them; nothing was removed; sync first, or confirm with --yes that they may be lost.",
				"count", len(done.Unsent))
		}
		return c.remove(done.Assets, strings.TrimSpace(r.Reason))
	})
	if err != nil {
		return Removed{}, err
	}
	return done, s.finishRemoving(ctx)
}

// remove takes assets out of use and forgets what this device knows about them. Their files go in finishRemoving.
func (c *change) remove(assets []consent.AssetID, reason string) error {
	if len(assets) == 0 {
		return nil
	}
	body := consent.RemovedBody{}
	if reason != "" {
		ref, err := details(c, "", ClassDetails, reason)
		if err != nil {
			return err
		}
		body.Why = ref.SHA256
	}
	named, err := c.detailsOf(assets)
	if err != nil {
		return err
	}
	for _, hash := range named {
		if err := c.DeleteBlob(hash); err != nil {
			return err
		}
		if err := c.DeleteTransfer(hash); err != nil {
			return err
		}
	}
	companions := c.session.onlyCompanions(assets)
	for _, id := range companions {
		if err := c.DeleteTransfer(consent.BlobHash(id)); err != nil {
			return err
		}
	}
	for _, id := range assets {
		if a, _ := c.session.state.Asset(id); !a.Removed {
			if _, err := c.sign(evidence.Draft{Type: consent.AssetRemoved, Asset: id, Body: body}); err != nil {
				return err
			}
		}
		if err := c.DeleteTransfer(consent.BlobHash(id)); err != nil {
			return err
		}
		if err := c.DeleteAssetFile(id); err != nil {
			return err
		}
		c.then(func() { c.session.dropFile(id) })
	}
	var removing []consent.AssetID
	if _, err := c.Setting(settingRemoving, &removing); err != nil {
		return err
	}
	return c.PutSetting(settingRemoving, slices.Concat(removing, assets, companions))
}

// detailsOf lists the details of assets that are here. An asset that two devices imported has two, as has one
// whose raw file came later, and the state knows the first.
func (c *change) detailsOf(assets []consent.AssetID) ([]consent.BlobHash, error) {
	var named []consent.BlobHash
	all := true
	for _, id := range assets {
		a, _ := c.session.state.Asset(id)
		_, here, err := c.Blob(a.Details)
		if err != nil {
			return nil, err
		}
		if file, imported := c.session.files[id]; imported && (!here || len(file.Companions) > 0) {
			all = false // each companion that came later has its own
		}
		named = append(named, a.Details)
	}
	if all {
		return named, nil
	}
	wanted := make(map[consent.AssetID]bool, len(assets))
	for _, id := range assets {
		wanted[id] = true
	}
	return named, c.EachEvent(func(stored StoredEvent) error {
		e, err := stored.Open()
		var body consent.ImportedBody
		if err == nil && e.Type == consent.AssetImported && wanted[e.Asset] && json.Unmarshal(e.Body, &body) == nil {
			named = append(named, body.Details)
		}
		return nil // an event that cannot be read names nothing here; the audit tells of it
	})
}

// finishRemoving deletes the files of removed assets. It is called after every removal and at every opening, so that a stop in
// between leaves nothing for good.
func (s *Session) finishRemoving(ctx context.Context) error {
	var removing []consent.AssetID
	err := s.Store.View(ctx, func(tx Tx) error {
		_, err := tx.Setting(settingRemoving, &removing)
		return err
	})
	if err != nil || len(removing) == 0 {
		return err
	}
	gone := make(map[consent.AssetID]bool, len(removing))
	for _, id := range removing {
		gone[id] = true
		if err := s.deleteFiles(id); err != nil {
			return problem.New(problem.Unavailable, "removal-unfinished",
				"What was removed is out of use, but a file of it could not be deleted yet; everything else is safe; open the vault again when its disk can be written.").Because(err)
		}
	}
	return s.change(ctx, func(c *change) error {
		var now []consent.AssetID
		if _, err := c.Setting(settingRemoving, &now); err != nil {
			return err
		}
		now = slices.DeleteFunc(now, func(id consent.AssetID) bool { return gone[id] })
		if len(now) == 0 {
			return c.DeleteSetting(settingRemoving)
		}
		return c.PutSetting(settingRemoving, now)
	})
}

func (s *Session) deleteFiles(id consent.AssetID) error {
	if err := s.Originals.Remove(id); err != nil {
		return err
	}
	return s.Previews.DeletePreview(id)
}

// isRemoved tells whether an asset was taken out of use.
func (s *Session) isRemoved(id consent.AssetID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, known := s.state.Asset(id)
	return known && a.Removed
}

package vault

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"samtykke/storage/disk"
)

// bucketErasing is in previews.db while pages that were freed still hold removed previews.
var bucketErasing = []byte("erasing")

// OlderCopies lists what the vault's folder holds of how the vault was earlier and what no erasure reaches: databases that were
// damaged and set aside. (Copies from before a change of format go with the next erasure.)
func (v *Vault) OlderCopies() ([]string, error) {
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		return nil, disk.Explain(fmt.Errorf("list vault: %w", err))
	}
	var copies []string
	for _, e := range entries {
		if name := e.Name(); strings.Contains(name, damagedMark) {
			copies = append(copies, v.path(name))
		}
	}
	slices.Sort(copies)
	return copies, nil
}

// shredPreviews writes previews.db anew without what was removed from it, when something was.
func (v *Vault) shredPreviews() error {
	erasing := false
	err := guarded(previewsFile, func() error {
		return v.previews.View(func(b *bbolt.Tx) error {
			erasing = b.Bucket(bucketErasing) != nil
			return nil
		})
	})
	if err != nil || !erasing {
		return err
	}
	if err := v.replace(&v.previews, func(b *bbolt.Tx) error { return b.DeleteBucket(bucketErasing) }); err != nil {
		return err
	}
	v.previews, err = v.openPreviewsFile(v.path(previewsFile))
	return err
}

package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"samtykke/app/consent"
)

// Details hands out what the shoots are called, by the hashes that their events name, to any device of the organisation. Other
// files are not handed out this way, and what has not arrived yet is left out.
func (l *Library) Details(ctx context.Context, hashes []consent.BlobHash) (map[consent.BlobHash][]byte, error) {
	l.mu.RLock()
	ofShoots := map[consent.BlobHash]bool{}
	for _, shoot := range l.state.Shoots() {
		ofShoots[shoot.Details] = true
	}
	l.mu.RUnlock()
	found := map[consent.BlobHash][]byte{}
	err := l.ledger.View(ctx, func(r Reader) error {
		for _, hash := range hashes {
			if !ofShoots[hash] {
				continue
			}
			b, ok, err := r.Blob(hash)
			if err != nil {
				return err
			}
			if !ok || b.Class != ClassDetails {
				continue
			}
			data, err := l.unseal(ctx, r, b)
			if errors.Is(err, fs.ErrNotExist) {
				continue // verify names it
			}
			if err != nil {
				return err
			}
			found[hash] = data
		}
		return nil
	})
	return found, err
}

// unseal reads a sealed blob.
func (l *Library) unseal(ctx context.Context, r Reader, b Blob) ([]byte, error) {
	object, err := l.objects.Open(ctx, b.Hash)
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	defer object.Close()
	sealed, err := io.ReadAll(io.LimitReader(object, 2*maxSealed))
	if err != nil {
		return nil, fmt.Errorf("read blob: %w", err)
	}
	return r.OpenBlob(b, sealed)
}

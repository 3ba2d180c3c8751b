package capture

import (
	"context"
	"errors"
	"io"
	"runtime"

	"samtykke/app/consent"
	"samtykke/app/picture"
	"samtykke/app/problem"
)

// previewMaking keeps the making of previews from taking the machine and its memory: a decoded picture of 60 megapixels takes a quarter
// of a gigabyte.
type previewMaking struct {
	slots chan struct{}
}

func newPreviewMaking() previewMaking {
	return previewMaking{slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
}

// Preview is a small upright JPEG of an asset; false when there is none on this device. Importing keeps the previews that cameras write
// into their files. Any other is made when it is asked for first, which takes a second or two, and kept.
func (s *Session) Preview(ctx context.Context, id consent.AssetID) ([]byte, bool, error) {
	if kept, found, err := s.Previews.Preview(id); found || err != nil {
		return kept, found, err
	}
	file, known := s.fileOf(id)
	if !known || file.Width == 0 { // a recording has nothing to show
		return nil, false, nil
	}
	select {
	case s.making.slots <- struct{}{}:
		defer func() { <-s.making.slots }()
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	if kept, found, err := s.Previews.Preview(id); found || err != nil { // made while this waited
		return kept, found, err
	}
	made, err := s.makePreview(ctx, id)
	switch {
	case isPictureError(err), errors.Is(err, picture.ErrNoPreview), problem.KindOf(err) == problem.NotFound:
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	return made, true, s.Previews.PutPreview(id, made)
}

// makePreview makes a preview from the original, whatever that takes.
func (s *Session) makePreview(ctx context.Context, id consent.AssetID) ([]byte, error) {
	original, err := s.OpenOriginal(id)
	if err != nil {
		return nil, err
	}
	defer original.Close()
	if path, _ := s.pathOf(id); path != "" { // another picture may lie there now
		switch hash, err := hashAll(Stoppable(ctx, io.NewSectionReader(original, 0, original.Size()))); {
		case ctx.Err() != nil: // a film of an hour is read for minutes, and whoever asked has scrolled on
			return nil, ctx.Err()
		case err != nil || hash != id:
			return nil, otherBytes(id)
		}
	}
	return picture.Preview(original, original.Size(), previewSide)
}

// fileOf is what is known of an asset's file here.
func (s *Session) fileOf(id consent.AssetID) (AssetFile, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	file, known := s.files[id]
	return file, known
}

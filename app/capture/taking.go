package capture

import (
	"context"
	"errors"

	"samtykke/app/consent"
	"samtykke/app/picture"
)

// previewSide is the longer side of stored previews in pixels: sharp in a grid, and large enough to recognise people by.
const previewSide = 512

// takeIn takes in one picture with its companions. What the vault could not do, and a card that is gone, end the import; what a file is
// to blame for skips the file. Of a picture that cannot be read the raw file takes the place, so that no exposure is lost.
func (i *importing) takeIn(ctx context.Context, f *candidate) error {
	if f.fail != nil {
		return nil //nolint:nilerr // the file's own failure is listed
	}
	err := i.takePicture(ctx, f)
	for err == nil && f.fail != nil && f.promote() {
		err = i.takePicture(ctx, f)
	}
	if err != nil || f.fail != nil || f.paper != nil {
		return err
	}
	for _, c := range f.companions {
		if err := i.takeCompanion(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// promote puts the raw file in the place of a picture that cannot be read; false when there is none.
func (f *candidate) promote() bool {
	if !isPictureError(f.fail) {
		return false
	}
	for n, c := range f.companions {
		if !rawFormats[c.format] {
			continue
		}
		rest := append(f.companions[:n:n], f.companions[n+1:]...)
		failed := append(f.skipped, skipped(f.path, f.fail))
		order := f.order
		*f = *c
		f.companions, f.skipped, f.order = rest, failed, order
		return true
	}
	return false
}

func (i *importing) takePicture(ctx context.Context, f *candidate) error {
	if f.isSidecar() {
		return i.takeCompanion(ctx, f)
	}
	file, err := i.card.begin(f)
	if err != nil {
		return i.card.failed(f, err)
	}
	defer file.Close()
	opened, err := picture.Open(file, f.size)
	if failure := i.card.judge(f, file, err); failure != nil || f.fail != nil {
		return failure
	}
	f.info = opened.Info()
	f.info.TakenAt = f.takenAt
	if err := i.takeBytes(ctx, f, file); err != nil || f.fail != nil {
		return err
	}
	s := i.session
	if _, made, err := s.Previews.Preview(f.asset); err == nil && !made {
		// Only from the preview inside: decoding the picture takes a hundred times as long, and is done when somebody looks at it.
		if f.preview, err = opened.EmbeddedPreview(previewSide); err != nil {
			f.preview = nil
		}
	}
	if i.in.Slates && f.info.Kind == picture.Photo && !s.isSlated(f.asset) {
		f.slate = i.lookForSlates(ctx, opened)
		if err := ctx.Err(); err != nil {
			f.asset = ""
			return err // the search was cut short: without the card its pictures would be nobody's
		}
		switch len(f.slate.papers) {
		case 0:
		case 1:
			return i.takePaper(ctx, f, file, f.slate.papers[0])
		default:
			return i.refusePapers(f)
		}
	}
	return nil
}

func (i *importing) takeCompanion(ctx context.Context, f *candidate) error {
	file, err := i.card.begin(f)
	if err != nil {
		return i.card.failed(f, err)
	}
	defer file.Close()
	if !f.isSidecar() {
		opened, err := picture.Open(file, f.size)
		if failure := i.card.judge(f, file, err); failure != nil || f.fail != nil {
			return failure
		}
		f.info = opened.Info()
	}
	return i.takeBytes(ctx, f, file)
}

// takeBytes seals a file, or hashes it where it lies. Files that have the size of one that is known are hashed first: importing a card
// again then costs no more than reading it.
func (i *importing) takeBytes(ctx context.Context, f *candidate, file CardFile) error {
	s := i.session
	read := func() *steady { return &steady{ctx: ctx, file: f, from: file} }
	var asset consent.AssetID
	source, err := read(), error(nil)
	known := i.known.sizes[f.size]
	if i.in.Reference || known {
		asset, err = hashAll(source)
	}
	switch {
	case err != nil || i.in.Reference, known && i.known.removed(s, asset):
	case known && i.holds(ctx, asset):
	default:
		source = read()
		asset, _, err = s.Originals.Put(ctx, source)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(source.err, errChanging):
		f.fail = errChanging
		return nil
	case source.err != nil: // the card was pulled out, the disk has a fault: this file's matter
		return i.card.failed(f, source.err)
	case err != nil:
		return err
	}
	i.card.answered(f)
	if i.known.removed(s, asset) { // on purpose: it does not come back with the next import of the same card
		f.fail = errRemoved
		return nil
	}
	f.asset = asset
	return i.lies(ctx, f)
}

// removed tells whether bytes are of a picture that was taken out of use.
func (k *knownFiles) removed(s *Session, asset consent.AssetID) bool {
	if owner, companion := k.owners[consent.BlobHash(asset)]; companion {
		asset = owner
	}
	return s.isRemoved(asset)
}

// holds tells whether the vault has these bytes and every one of them is what it was.
func (i *importing) holds(ctx context.Context, asset consent.AssetID) bool {
	if path, here := i.session.pathOf(asset); !here || path != "" {
		return false
	}
	return i.session.Originals.Whole(ctx, asset)
}

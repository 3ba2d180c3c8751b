package picture

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"io"
)

// File is one opened file whose structure has been read and found whole. It holds a few hundred kilobytes at most and
// reads from the file when asked; the file must stay open as long as that. Its methods may be called at the same time if
// the reader allows that.
type File struct {
	r    io.ReaderAt
	size int64
	metadata
}

// Open reads header and metadata and checks that the file is a whole medium: for JPEG every marker up to the end of the
// image data, for PNG every chunk and its checksum. It reads the file once and holds at most a few hundred kilobytes of
// it. It does not decode pixels, so a fault inside the compressed data that leaves the structure whole is not seen.
//
// size is the file's length in bytes. Errors wrap [ErrUnsupported], [ErrDamaged] or [ErrTooLarge]; an error of r is
// returned as it is.
func Open(r io.ReaderAt, size int64) (file *File, err error) {
	defer recovered(&err)
	f, err := recognise(r, size)
	if err != nil {
		return nil, err
	}
	m, err := f.read(r, size)
	if err != nil {
		return nil, err
	}
	return &File{r: r, size: size, metadata: m}, nil
}

// Info is what the file tells about itself.
func (f *File) Info() Info { return f.info }

// Preview returns an upright sRGB JPEG whose longer side is at most maxSide pixels, without metadata. It is made from a
// preview inside the file when one is large enough and shows the same frame, else from the image itself; it is never
// larger than the image. Of a file whose pixels this package cannot decode it is made from the largest preview inside.
//
// Decoding a large image takes a second and four bytes of memory per pixel; see [File.EmbeddedPreview]. Errors wrap
// [ErrNoPreview] where there is nothing to show, [ErrUnsupported], [ErrDamaged] or, above [MaxPixels], [ErrTooLarge].
func (f *File) Preview(maxSide int) (preview []byte, err error) {
	defer recovered(&err)
	if maxSide <= 0 {
		return nil, fmt.Errorf("preview: longer side of %d pixels asked for", maxSide)
	}
	if p, err := f.smaller(maxSide); err == nil {
		return p.encode(maxSide)
	}
	img, err := f.pixels()
	if err != nil {
		return nil, err
	}
	return shown{img, f.info.Orientation, f.icc}.encode(maxSide)
}

// EmbeddedPreview is [File.Preview] without the slow way: it answers [ErrNoPreview] when the image itself would have to
// be decoded, or nothing can be shown at all.
func (f *File) EmbeddedPreview(maxSide int) (preview []byte, err error) {
	defer recovered(&err)
	if maxSide <= 0 {
		return nil, fmt.Errorf("preview: longer side of %d pixels asked for", maxSide)
	}
	p, err := f.smaller(maxSide)
	if err != nil {
		return nil, err
	}
	return p.encode(maxSide)
}

// encode makes a preview.
func (p shown) encode(maxSide int) ([]byte, error) {
	small := shrink(p.Image, maxSide)
	toSRGB(small, p.icc)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, upright(small, p.orientation), &jpeg.Options{Quality: previewQuality}); err != nil {
		return nil, fmt.Errorf("encode preview: %w", err)
	}
	return out.Bytes(), nil
}

// Inspect is [Open] and [File.Info].
func Inspect(r io.ReaderAt, size int64) (Info, error) {
	f, err := Open(r, size)
	if err != nil {
		return Info{}, err
	}
	return f.Info(), nil
}

// Preview is [Open] and [File.Preview].
func Preview(r io.ReaderAt, size int64, maxSide int) ([]byte, error) {
	f, err := Open(r, size)
	if err != nil {
		return nil, err
	}
	return f.Preview(maxSide)
}

// FindSlates is [Open] and [File.FindSlates], which only ctx ends early.
func FindSlates(ctx context.Context, r io.ReaderAt, size int64, parse func(text string) (string, bool)) (Slates, error) {
	f, err := Open(r, size)
	if err != nil {
		return Slates{}, err
	}
	return f.FindSlates(ctx, 0, parse)
}

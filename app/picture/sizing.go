package picture

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"io"
)

// sizedQuality is the JPEG quality of resized copies: what picture desks ask for.
const sizedQuality = 92

// WriteSized draws the picture anew for w: an upright JPEG in sRGB whose longer side is at most maxSide pixels, with the snapshot and
// who has which rights as its only metadata. It is never enlarged. A picture whose pixels cannot be decoded is drawn from the largest
// preview inside, which may be smaller than asked for: the answer is the longer side of what was drawn, and that of the
// picture itself.
//
// Previews of other pictures are not used, since a preview may show what was cropped or blurred. Errors are those of
// [File.Preview].
func (f *File) WriteSized(w io.Writer, maxSide int, x XMP) (side, whole int, err error) {
	defer recovered(&err)
	if err := x.check(); err != nil {
		return 0, 0, err
	}
	if maxSide <= 0 {
		return 0, 0, fmt.Errorf("resize: longer side of %d pixels asked for", maxSide)
	}
	whole = max(f.info.Width, f.info.Height)
	seen := shown{orientation: f.info.Orientation, icc: f.icc}
	if f.decode != nil {
		seen.Image, err = f.pixels()
	} else {
		seen, err = f.smaller(maxSide)
	}
	if err != nil {
		return 0, whole, err
	}
	small := shrink(seen.Image, maxSide)
	toSRGB(small, seen.icc)
	var drawn bytes.Buffer
	if err := jpeg.Encode(&drawn, upright(small, seen.orientation), &jpeg.Options{Quality: sizedQuality}); err != nil {
		return 0, whole, fmt.Errorf("encode copy: %w", err)
	}
	packet, err := f.sizedPacket(x)
	if err != nil {
		return 0, whole, err
	}
	segments := [][]byte{drawn.Bytes()[:2], newSegment(markerAPP1, append([]byte(signatureXMP), packet...)).raw, drawn.Bytes()[2:]}
	_, err = w.Write(bytes.Join(segments, nil))
	return max(small.Rect.Dx(), small.Rect.Dy()), whole, err
}

// sizedPacket holds the snapshot and, of a JPEG's own packet, credit and rights: sizes, times and regions are of another picture.
func (f *File) sizedPacket(x XMP) ([]byte, error) {
	doc := newXMPDocument()
	if segments, err := readHeader(newJPEGReader(io.NewSectionReader(f.r, 0, f.size))); err == nil {
		var main [][]byte
		for _, s := range segments {
			if s.is(markerAPP1, signatureXMP) {
				main = append(main, s.payload[len(signatureXMP):])
			}
		}
		if own, err := ownXMP(main, segments); err == nil && own != nil { // one that cannot be read adds nothing
			doc = x.publicXMP(own, xmpText)
		}
	}
	p, err := packet(x.apply(doc), packetPadding)
	if err == nil && len(p) > maxPacket {
		err = ErrTooLargeForJPEG
	}
	return p, err
}

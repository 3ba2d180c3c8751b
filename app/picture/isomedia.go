package picture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of ISO base media files. A film of ten hours in fragments of half a second has 150,000 boxes on its top level; the
// boxes that are read into memory, other than pictures, have a few hundred bytes.
const (
	maxBoxes      = 1 << 18
	maxBoxPayload = 1 << 20
)

// Extended types of "uuid" boxes.
const (
	uuidXMP          = "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC" // XMP specification part 3
	uuidC2PA         = "\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81" // C2PA, "Embedding manifests into BMFF"
	uuidCanon        = "\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48"
	uuidCanonPreview = "\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16"
)

// box is one box of an ISO base media file (ISO/IEC 14496-12 §4.2); QuickTime calls it an atom.
type box struct {
	kind string // four characters
	uuid string // sixteen bytes, the extended type of a box of kind "uuid"
	byteRange
	start int64 // where its header begins
}

// cutBox is the error of a box that says to be longer than what it lies in. At the end of a file it is where a recording was
// cut off.
type cutBox struct{ kind string }

func (c cutBox) Error() string { return fmt.Sprintf("%v: the box %q ends early", ErrDamaged, c.kind) }
func (c cutBox) Unwrap() error { return ErrDamaged }

var (
	errTooManyBoxes = damaged("there are more boxes than any camera writes")
	errShortBox     = damaged("a box is shorter than its header")
)

// boxReader reads the boxes of one file. It is our own because it meets what stands on any card: it believes no size, allocates
// only what it was asked to read, and counts the boxes of all its walks together, so that no nesting makes it slow.
type boxReader struct {
	r    io.ReaderAt
	size int64
	left int // boxes that may still be read
}

func newBoxReader(r io.ReaderAt, size int64) *boxReader {
	return &boxReader{r: r, size: size, left: maxBoxes}
}

func (b *boxReader) file() byteRange { return byteRange{0, b.size} }

// each calls visit with the boxes that lie in a range, in order, until one fails. Fewer than eight bytes at the end, and
// zeros, with which QuickTime ends some lists, are passed over.
func (b *boxReader) each(in byteRange, visit func(box) error) error {
	end := in.offset + in.length
	for at := in.offset; end-at >= 8; {
		found, err := b.at(at, end)
		if err != nil || found.kind == "" {
			return err
		}
		if err := visit(found); err != nil {
			return err
		}
		at = found.offset + found.length
	}
	return nil
}

// eachOf is each for the boxes of one kind.
func (b *boxReader) eachOf(in byteRange, kind string, visit func(box) error) error {
	return b.each(in, func(found box) error {
		if found.kind != kind {
			return nil
		}
		return visit(found)
	})
}

// at reads the header of the box at an offset; a box without kind is the end of a list.
func (b *boxReader) at(at, end int64) (box, error) {
	if b.left--; b.left < 0 {
		return box{}, errTooManyBoxes
	}
	var head [32]byte // size, kind, long size, extended type
	n := min(int64(len(head)), end-at)
	if err := b.read(head[:n], at); err != nil {
		return box{}, err
	}
	found := box{kind: string(head[4:8]), start: at}
	size, header := uint64(binary.BigEndian.Uint32(head[:])), int64(8)
	switch {
	case size == 1 && n < 16:
		return box{}, cutBox{found.kind}
	case size == 1:
		size, header = binary.BigEndian.Uint64(head[8:]), 16
	case size == 0 && (end < b.size || found.kind == "\x00\x00\x00\x00"):
		return box{}, nil
	case size == 0: // to the end of the file
		size = uint64(end - at)
	}
	if found.kind == "uuid" && n >= header+16 {
		found.uuid = string(head[header : header+16])
		header += 16
	}
	switch {
	case size > uint64(end-at):
		return box{}, cutBox{found.kind}
	case size < uint64(header):
		return box{}, errShortBox
	}
	found.byteRange = byteRange{at + header, int64(size) - header}
	return found, nil
}

// payload reads the content of a box that is expected to be small.
func (b *boxReader) payload(of byteRange) ([]byte, error) {
	if of.length > maxBoxPayload {
		return nil, fmt.Errorf("%w: metadata of %d bytes", ErrTooLarge, of.length)
	}
	return b.head(of, of.length)
}

// head reads at most the first n bytes.
func (b *boxReader) head(of byteRange, n int64) ([]byte, error) {
	p := make([]byte, min(n, of.length, maxBoxPayload))
	return p, b.read(p, of.offset)
}

func (b *boxReader) read(p []byte, at int64) error {
	if n, err := b.r.ReadAt(p, at); n < len(p) {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return early(err)
	}
	return nil
}

// skip returns the part of a range behind its first n bytes.
func (r byteRange) skip(n int64) byteRange {
	n = min(n, r.length)
	return byteRange{r.offset + n, r.length - n}
}

// readISOMedia reads what is built of boxes: stills and films, told apart by the major brand (ISO/IEC 14496-12 §4.3).
func readISOMedia(r io.ReaderAt, size int64) (metadata, error) {
	b := newBoxReader(r, size)
	brand := ""
	first, err := b.at(0, size)
	switch {
	case errors.As(err, new(cutBox)): // whatever it is, it says so itself below
	case err != nil:
		return metadata{}, err
	case first.kind == "ftyp":
		payload, err := b.head(first.byteRange, 4)
		if err != nil {
			return metadata{}, err
		}
		brand = string(payload)
	}
	switch brand {
	case "crx ":
		return readCR3(b)
	case "avif", "avis":
		return metadata{}, foreign("AVIF", "AVIF image")
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1":
		return readHEIC(b)
	}
	return readMovie(b, brand)
}

// readUUID takes what a "uuid" box may hold of interest to every format.
func (b *boxReader) readUUID(found box, info *Info) {
	switch found.uuid {
	case uuidXMP:
		if packet, err := b.payload(found.byteRange); err == nil {
			readXMP(packet, info)
		}
	case uuidC2PA:
		info.HasC2PA = true
	}
}

// zeroEnded reads a text up to its first zero byte.
func zeroEnded(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	return s
}

package picture

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrNoWriter says that metadata is not written into files of this format. A sidecar can carry it; a public copy cannot be made but as
// a picture drawn anew.
var ErrNoWriter = errors.New("files of this format are not rewritten")

// copier is one format, or one family with the same first bytes, of which copies are made.
type copier struct {
	offset int // where in the file magic stands
	magic  string
	write  func(w io.Writer, r io.ReaderAt, size int64, x XMP) error
}

var copiers = []copier{
	{0, "\xFF\xD8\xFF", func(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
		return WriteJPEG(w, io.NewSectionReader(r, 0, size), x)
	}},
	{0, signaturePNG, publicOnly(copyPNG)},
	{8, "WEBP", publicOnly(copyWebP)},
	{8, "WAVE", publicOnly(copyWAV)},
	{4, "ftyp", publicOnly(copyISO)},
	{4, "moov", publicOnly(copyISO)},
	{4, "mdat", publicOnly(copyISO)},
	{4, "wide", publicOnly(copyISO)},
	{4, "free", publicOnly(copyISO)},
	{4, "skip", publicOnly(copyISO)},
	{0, "ID3", publicOnly(copyMP3)},
	{0, "\xFF\xFB", publicOnly(copyMP3)},
	{0, "\xFF\xFA", publicOnly(copyMP3)},
	{0, "\xFF\xF3", publicOnly(copyMP3)},
	{0, "\xFF\xF2", publicOnly(copyMP3)},
}

// publicOnly leaves the internal metadata of a format to a sidecar: other programs' metadata in the file would have to be moved.
func publicOnly(write func(w io.Writer, r io.ReaderAt, size int64, x XMP) error) func(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
	return func(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
		if !x.public() {
			return ErrNoWriter
		}
		return write(w, r, size, x)
	}
}

// WriteCopy copies a file to w with the snapshot in it. What is seen and heard is copied byte for byte, never encoded again.
// JPEG is written for both profiles, see [WriteJPEG]. With [ProfilePublic] these are, too, and hold only what is listed:
//
//   - PNG: the chunks that the image and its colours need; EXIF as in a JPEG; our XMP as iTXt.
//   - WebP: the same, as chunks of RIFF.
//   - MP4, MOV, M4A: tracks of pictures and of sound with the tables that playing them needs, and the bytes that these
//     name. All else becomes free space of zeros, in place: titles, places, tracks of positions and of subtitles, handlers'
//     names, and what no table refers to. Our XMP follows as a uuid box. Messages that the coding carries inside frames stay, but for
//     those that cameras are known to put a place into: such a film is ErrUnsupported.
//   - WAV: format and sound; other chunks become zeros. Our XMP as the chunk _PMX.
//   - MP3: the frames of sound that are whole for certain; our XMP in an ID3v2 tag.
//
// Errors: [ErrNoWriter], [ErrC2PA] and [ErrTooLargeForJPEG] before anything is written; otherwise they wrap [ErrUnsupported],
// [ErrDamaged] or [ErrTooLarge], and what w received must be thrown away.
func WriteCopy(w io.Writer, r io.ReaderAt, size int64, x XMP) (err error) {
	defer recovered(&err)
	if err := x.check(); err != nil {
		return err
	}
	head := make([]byte, min(size, 12))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return early(err)
	}
	for _, c := range copiers {
		if len(head) > c.offset && bytes.HasPrefix(head[c.offset:], []byte(c.magic)) {
			return c.write(w, r, size, x)
		}
	}
	return ErrNoWriter
}

// publicPacket is the packet of a public copy, with credit and rights of the file's own one, which is nil when there is none.
func (x XMP) publicPacket(own []byte) ([]byte, error) {
	doc, err := parseXMP(own)
	if err != nil { // nothing in it can be told apart
		doc = newXMPDocument()
	}
	return packet(x.apply(doc), 0)
}

// part reads a piece of a file that is held in memory.
func part(r io.ReaderAt, at byteRange, most int64) ([]byte, error) {
	if at.length > most {
		return nil, fmt.Errorf("%w: %d bytes of metadata", ErrTooLarge, at.length)
	}
	data := make([]byte, at.length)
	if n, err := r.ReadAt(data, at.offset); n < len(data) {
		return nil, early(err)
	}
	return data, nil
}

// copyPart streams a piece of a file.
func copyPart(w io.Writer, r io.ReaderAt, at byteRange) error {
	n, err := io.Copy(w, io.NewSectionReader(r, at.offset, at.length))
	if err == nil && n < at.length {
		return cutOff("image data ends early")
	}
	return err
}

// writeZeros writes as many zero bytes.
func writeZeros(w io.Writer, n int64) error {
	_, err := io.CopyN(w, zeros{}, n)
	return err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

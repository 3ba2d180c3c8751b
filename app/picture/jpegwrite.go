package picture

import (
	"bufio"
	"bytes"
	"crypto/md5" //nolint:gosec // the XMP specification names extended packets by it; nothing is secured with it
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/beevik/etree"
)

const (
	// maxJPEGHeader bounds the segments before the image data that are held in memory.
	maxJPEGHeader = 64 << 20
	// maxPacket is the largest packet written, well below the 65,502 bytes that a segment can hold, because other
	// programs grow it in place.
	maxPacket = 60_000
)

// WriteJPEG copies a JPEG file from r to w with the snapshot merged into its XMP packet, creating the packet if there
// is none. Compressed image data is copied byte for byte, and so is every segment that is not XMP; properties that are
// not ours are kept, those of an extended XMP packet too.
//
// With [ProfilePublic] the copy is also cleaned:
//
//   - EXIF loses its position, maker notes (which name faces in some cameras), keywords, and XMP or IPTC embedded in it.
//     Its other fields stay, in place. Where these cannot be found for certain, only the orientation is kept.
//   - APP13 (Photoshop and IPTC-IIM) is dropped whole, because it repeats places, keywords and names. Credit and rights
//     survive if they are in XMP or EXIF, too, as every current program writes them.
//   - An XMP packet that cannot be parsed is dropped rather than passed on.
//   - What follows the image is cut off, with its index in APP2: the sound and video of moving pictures, and previews
//     that carry EXIF of their own.
//
// Free text, that is captions, comments and keywords that are not equal to a removed name, is kept: it is editorial.
//
// Errors: [ErrC2PA] and [ErrTooLargeForJPEG] before anything is written; otherwise they wrap [ErrUnsupported],
// [ErrDamaged] or [ErrTooLarge], and what w received must be thrown away. For ProfileInternal the image data is not
// examined; use [Inspect] first.
func WriteJPEG(w io.Writer, r io.Reader, x XMP) (err error) {
	defer recovered(&err)
	if err := x.check(); err != nil {
		return err
	}
	j := newJPEGReader(r)
	segments, err := readHeader(j)
	if err != nil {
		return err
	}
	packet, err := mergedPacket(segments, x)
	if err != nil {
		return err
	}
	for _, s := range newHeader(segments, packet, x.public()) {
		if _, err := w.Write(s.raw); err != nil {
			return err
		}
	}
	if !x.public() {
		_, err := io.Copy(w, j.br)
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if err := j.copyImage(out); err != nil {
		return err
	}
	return out.Flush()
}

// readHeader reads the segments up to and including the first SOS.
func readHeader(j *jpegReader) ([]jpegSegment, error) {
	if err := j.start(); err != nil {
		return nil, err
	}
	var segments []jpegSegment
	for {
		s, err := j.next()
		if err != nil {
			return nil, err
		}
		if j.pos > maxJPEGHeader {
			return nil, fmt.Errorf("%w: more than %d MB of metadata", ErrTooLarge, maxJPEGHeader>>20)
		}
		segments = append(segments, s)
		if s.marker == markerSOS {
			return segments, nil
		}
	}
}

// mergedPacket reads the file's own XMP and returns the packet that takes its place.
func mergedPacket(segments []jpegSegment, x XMP) ([]byte, error) {
	var main [][]byte
	var seen Info
	for _, s := range segments {
		switch {
		case carriesC2PA(s):
			return nil, ErrC2PA
		case s.is(markerAPP1, signatureXMP):
			readXMP(s.payload, &seen)
			main = append(main, s.payload[len(signatureXMP):])
		}
	}
	if seen.HasC2PA {
		return nil, ErrC2PA
	}
	doc, err := ownXMP(main, segments)
	if err != nil && !x.public() {
		return nil, err
	}
	if err != nil || doc == nil {
		doc = newXMPDocument()
	}
	x.apply(doc)
	for _, padding := range []int{packetPadding, 0} {
		p, err := packet(doc, padding)
		if err != nil {
			return nil, err
		}
		if len(p) <= maxPacket {
			return p, nil
		}
	}
	return nil, ErrTooLargeForJPEG
}

// ownXMP parses and joins the packets of a file; nil without error when there is none.
func ownXMP(main [][]byte, segments []jpegSegment) (*etree.Document, error) {
	var doc *etree.Document
	for _, p := range main {
		next, err := parseXMP(p)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			doc = next
		} else {
			addMissing(doc, next)
		}
	}
	if doc == nil {
		return nil, nil
	}
	guid := ""
	for _, d := range rdfOf(doc).ChildElements() {
		removeProperties(d, func(namespace, name string, texts func() []string) bool {
			if namespace == namespaces["xmpNote"] && name == "HasExtendedXMP" {
				guid = strings.Join(texts(), "")
			}
			return false
		})
	}
	if guid == "" {
		return doc, nil
	}
	extended, err := extendedXMP(segments, guid)
	if err != nil {
		return nil, err
	}
	more, err := parseXMP(extended)
	if err != nil {
		return nil, err
	}
	addMissing(doc, more)
	return doc, nil
}

// extendedXMP joins the portions of the extended packet with the given MD5 (XMP specification part 3, §1.1.3.1): after
// the signature come 32 hexadecimal digits of MD5, the full length, the portion's offset, and the portion.
func extendedXMP(segments []jpegSegment, guid string) ([]byte, error) {
	incomplete := damaged("its extended XMP metadata is incomplete")
	var full []byte
	filled := 0
	for _, s := range segments {
		if !s.is(markerAPP1, signatureExtendedXMP) || len(s.payload) < len(signatureExtendedXMP)+40 {
			continue
		}
		p := s.payload[len(signatureExtendedXMP):]
		if !strings.EqualFold(string(p[:32]), guid) {
			continue
		}
		length, offset, portion := binary.BigEndian.Uint32(p[32:]), binary.BigEndian.Uint32(p[36:]), p[40:]
		if length > maxJPEGHeader {
			return nil, incomplete
		}
		if full == nil {
			full = make([]byte, length)
		}
		if uint64(offset)+uint64(len(portion)) > uint64(len(full)) {
			return nil, incomplete
		}
		filled += copy(full[offset:], portion)
	}
	//nolint:gosec // the XMP specification names extended packets by it; nothing is secured with it
	if sum := md5.Sum(full); filled != len(full) || !strings.EqualFold(hex.EncodeToString(sum[:]), guid) {
		return nil, incomplete
	}
	return full, nil
}

// newHeader returns the segments of the copy, beginning with SOI: the packet stands where the first one stood, or after
// the JFIF and EXIF segments that must come first.
func newHeader(segments []jpegSegment, packet []byte, public bool) []jpegSegment {
	xmp := newSegment(markerAPP1, append([]byte(signatureXMP), packet...))
	header := []jpegSegment{{marker: markerSOI, raw: []byte{0xFF, markerSOI}}}
	hadXMP := false
	for _, s := range segments {
		hadXMP = hadXMP || s.is(markerAPP1, signatureXMP)
	}
	written := false
	for _, s := range segments {
		isXMP := s.is(markerAPP1, signatureXMP)
		leads := s.marker == markerAPP0 || s.is(markerAPP1, signatureEXIF)
		if !written && (isXMP || !hadXMP && !leads) {
			header = append(header, xmp)
			written = true
		}
		switch {
		case isXMP, s.is(markerAPP1, signatureExtendedXMP):
			continue
		case public && (s.marker == markerAPP13 || s.is(markerAPP2, signatureMPF)):
			continue
		case public && s.is(markerAPP1, signatureEXIF):
			tiff, ok := publicEXIF(s.payload[len(signatureEXIF):])
			if !ok {
				tiff = orientationOnly(s.payload[len(signatureEXIF):])
			}
			s = newSegment(markerAPP1, append([]byte(signatureEXIF), tiff...))
		}
		header = append(header, s)
	}
	shiftMPF(segments, header)
	return header
}

func newSegment(marker byte, payload []byte) jpegSegment {
	raw := binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(payload)+2))
	raw = append(raw, payload...)
	return jpegSegment{marker: marker, raw: raw, payload: raw[4:]}
}

// shiftMPF corrects the index of pictures that follow the image. Its offsets count from the index itself, so they change
// only when segments after it did.
func shiftMPF(before, after []jpegSegment) {
	tail := func(segments []jpegSegment) (int, int) {
		for i, s := range segments {
			if s.is(markerAPP2, signatureMPF) {
				n := 0
				for _, later := range segments[i+1:] {
					n += len(later.raw)
				}
				return i, n
			}
		}
		return -1, 0
	}
	_, was := tail(before)
	at, is := tail(after)
	if at < 0 || was == is {
		return
	}
	s := newSegment(markerAPP2, bytes.Clone(after[at].payload))
	t, ok := openTIFF(s.payload[len(signatureMPF):])
	if !ok {
		return
	}
	entries, _ := t.entries(t.first())
	for _, e := range entries {
		if e.tag != tagMPEntry {
			continue
		}
		data, _ := t.value(e)
		for ; len(data) >= 16; data = data[16:] {
			if offset := t.order.Uint32(data[8:]); offset != 0 {
				t.order.PutUint32(data[8:], uint32(int64(offset)+int64(is-was)))
			}
		}
	}
	after[at] = s
}

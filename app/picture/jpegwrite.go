package picture

import (
	"bufio"
	"bytes"
	"crypto/md5" //nolint:gosec // the XMP specification names extended packets by it; nothing is secured with it
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

const (
	// maxJPEGHeader bounds the segments before the image data that are held in memory.
	maxJPEGHeader = 64 << 20
	// maxPacket is the largest packet written, well below the 65,502 bytes that a segment can hold, because other
	// programs grow it in place.
	maxPacket = 60_000
	// copyBuffer is how many bytes of image data are written at once.
	copyBuffer = 512 << 10
)

// WriteJPEG copies a JPEG file from r to w with the snapshot merged into its XMP packet, creating the packet if there
// is none. Compressed image data is copied byte for byte. With [ProfileInternal] so is every segment that is not XMP, and
// properties that are not ours are kept, those of an extended XMP packet too.
//
// With [ProfilePublic] the copy holds only what is listed here; what nobody thought of is not in it:
//
//   - The image data, with the segments needed to decode it and to show its colours right: JFIF, Adobe, and of an ICC profile what
//     its tags name; what is no profile is not passed for one.
//     All other application segments and all comments are dropped: Photoshop and IPTC-IIM, which repeat names and
//     places, further previews, sound.
//   - Of EXIF: camera and lens, exposure, colour, size, orientation and time; Artist and Copyright. These stay in place,
//     and all other bytes become zero: positions, captions, comments, owners, serial numbers, maker notes, and the
//     thumbnail, which shows what an editor cropped or blurred later. Where the fields cannot be found for certain, only
//     the orientation is kept.
//   - Of XMP: credit and rights (dc:creator, dc:rights, photoshop:Credit, tiff:Artist, tiff:Copyright, xmpRights, and of
//     PLUS and Creative Commons what concerns rights), a few technical numbers and times, and what we write. The packet
//     is built anew. One that cannot be parsed adds nothing.
//   - Nothing that follows the image, such as the video of a moving picture.
//
// So the photographer's name stays, in dc:creator and in EXIF Artist: it is the one name that åndsverkloven § 5 gives a
// right to be there. The texts that stay are passed on as they are, whatever somebody wrote into them; so is the name
// inside an ICC profile.
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
		// In pieces of our own: the kernel's copying between files is slow where the two are not at the same place in a page.
		_, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{j.br}, make([]byte, copyBuffer))
		return err
	}
	out := bufio.NewWriterSize(w, copyBuffer)
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
	for _, s := range segments {
		switch {
		case carriesC2PA(s):
			return nil, ErrC2PA
		case s.is(markerAPP1, signatureEXIF) && namesArtist(s.payload[len(signatureEXIF):]):
			x.Creator = ""
		case s.is(markerAPP1, signatureXMP):
			if refersToC2PA(s.payload) {
				return nil, ErrC2PA
			}
			main = append(main, s.payload[len(signatureXMP):])
		}
	}
	doc, err := ownXMP(main, segments)
	if err != nil && !x.public() {
		return nil, err
	}
	if err != nil || doc == nil {
		doc = newXMPDocument()
	}
	doc = x.apply(doc)
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

// namesArtist tells whether an EXIF structure says who made the picture.
func namesArtist(tiff []byte) bool {
	t, ok := openTIFF(tiff)
	if !ok {
		return false
	}
	entries, _ := t.entries(t.first())
	return slices.ContainsFunc(entries, func(e tiffEntry) bool {
		value, readable := t.value(e)
		return e.tag == 0x013B && readable && strings.Trim(string(value), "\x00 ") != ""
	})
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
	written, hadEXIF, hadICC := false, false, false
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
		case public && s.is(markerAPP1, signatureEXIF):
			if hadEXIF {
				continue // readers take the first one, and a long one's continuation cannot be cleaned on its own
			}
			hadEXIF = true
			s = newSegment(markerAPP1, append([]byte(signatureEXIF), cleanEXIF(s.payload[len(signatureEXIF):])...))
		case public && s.is(markerAPP2, signatureICC):
			if !hadICC {
				header = append(header, publicICC(segments)...)
			}
			hadICC = true
			continue
		case public:
			var ok bool
			if s, ok = publicSegment(s); !ok {
				continue
			}
		}
		header = append(header, s)
	}
	shiftMPF(segments, header)
	return header
}

// publicSegment returns what a public copy has in the place of a segment, false when nothing: what is needed to decode
// the image and to show its colours right. EXIF, XMP and ICC segments are cleaned elsewhere.
func publicSegment(s jpegSegment) (jpegSegment, bool) {
	switch {
	case isSOF(s.marker), s.marker >= markerSOS && s.marker <= markerEXP, s.marker == markerDHT, s.marker == markerDAC:
		return s, true
	case s.is(markerAPP0, signatureJFIF) && len(s.payload) >= 14:
		if len(s.payload) > 14 { // a thumbnail that no program reads, or anything
			s = newSegment(markerAPP0, append(bytes.Clone(s.payload[:12]), 0, 0))
		}
		return s, true
	case s.is(markerAPP14, signatureAdobe) && len(s.payload) >= 12:
		if len(s.payload) > 12 {
			s = newSegment(markerAPP14, s.payload[:12])
		}
		return s, true
	}
	return s, false
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

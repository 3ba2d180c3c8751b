package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image/jpeg"
	"io"
	"sort"
	"strings"
)

// JPEG markers (ITU-T T.81 table B.1).
const (
	markerSOF0  = 0xC0
	markerDHT   = 0xC4
	markerJPG   = 0xC8
	markerDAC   = 0xCC
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerDQT   = 0xDB
	markerDNL   = 0xDC
	markerDRI   = 0xDD
	markerEXP   = 0xDF
	markerAPP0  = 0xE0
	markerAPP1  = 0xE1
	markerAPP2  = 0xE2
	markerAPP11 = 0xEB
	markerAPP13 = 0xED
	markerAPP14 = 0xEE
	markerAPP15 = 0xEF
	markerCOM   = 0xFE
)

// Signatures at the start of application segments.
const (
	signatureEXIF        = "Exif\x00\x00"
	signatureXMP         = "http://ns.adobe.com/xap/1.0/\x00"
	signatureExtendedXMP = "http://ns.adobe.com/xmp/extension/\x00"
	signatureICC         = "ICC_PROFILE\x00"
	signatureMPF         = "MPF\x00"
	signatureJFIF        = "JFIF\x00"
	signatureAdobe       = "Adobe"
	signaturePhotoshop   = "Photoshop 3.0\x00"
)

// jpegSegment is one marker segment before the image data.
type jpegSegment struct {
	marker byte
	// raw is the segment as it stands in the file: fill bytes, marker, length and payload.
	raw []byte
	// payload is the part of raw after the length.
	payload []byte
	// offset is where payload begins in the file.
	offset int64
}

func (s jpegSegment) is(marker byte, signature string) bool {
	return s.marker == marker && bytes.HasPrefix(s.payload, []byte(signature))
}

// jpegReader reads a JPEG file from its start, marker by marker.
type jpegReader struct {
	br  *bufio.Reader
	pos int64
}

func newJPEGReader(r io.Reader) *jpegReader {
	return &jpegReader{br: bufio.NewReaderSize(r, 64<<10)}
}

func early(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return cutOff("image data ends early")
	}
	return err
}

// start consumes the SOI marker.
func (j *jpegReader) start() error {
	var soi [2]byte
	if _, err := io.ReadFull(j.br, soi[:]); err != nil {
		return early(err)
	}
	if soi != [2]byte{0xFF, markerSOI} {
		return unsupported("not a JPEG image")
	}
	j.pos = 2
	return nil
}

// next reads one segment. The segment that begins with SOS is the last one; the image data follows it.
func (j *jpegReader) next() (jpegSegment, error) {
	raw := make([]byte, 0, 4)
	for {
		b, err := j.br.ReadByte()
		if err != nil {
			return jpegSegment{}, early(err)
		}
		raw = append(raw, b)
		if len(raw) == 1 && b != 0xFF {
			return jpegSegment{}, damaged("a marker is missing in the header")
		}
		if b != 0xFF {
			break
		}
		if len(raw) > 1<<10 {
			return jpegSegment{}, damaged("a marker is missing in the header")
		}
	}
	marker := raw[len(raw)-1]
	switch {
	case marker == markerEOI:
		return jpegSegment{}, damaged("there is no image data")
	case marker < markerSOF0, marker >= markerRST0 && marker <= markerSOI:
		return jpegSegment{}, damaged("an impossible marker in the header")
	}
	var length [2]byte
	if _, err := io.ReadFull(j.br, length[:]); err != nil {
		return jpegSegment{}, early(err)
	}
	n := int(binary.BigEndian.Uint16(length[:]))
	if n < 2 {
		return jpegSegment{}, damaged("an impossible segment length")
	}
	raw = append(raw, length[:]...)
	start := len(raw)
	raw = append(raw, make([]byte, n-2)...)
	if _, err := io.ReadFull(j.br, raw[start:]); err != nil {
		return jpegSegment{}, early(err)
	}
	seg := jpegSegment{marker: marker, raw: raw, payload: raw[start:], offset: j.pos + int64(start)}
	j.pos += int64(len(raw))
	return seg, nil
}

// copyImage copies the image data that follows the first SOS segment up to and including the EOI marker to w, and
// checks on the way that only markers stand there that may. Comments and application segments between scans, which no
// camera writes, are left out.
func (j *jpegReader) copyImage(w io.Writer) error {
	for {
		if err := j.copyEntropy(w); err != nil {
			return err
		}
		marker, err := j.br.ReadByte()
		for err == nil && marker == 0xFF {
			j.pos++
			if _, err := w.Write([]byte{marker}); err != nil {
				return err
			}
			marker, err = j.br.ReadByte()
		}
		if err != nil {
			return early(err)
		}
		j.pos++
		to := w
		if marker == markerCOM || marker >= markerAPP0 && marker <= markerAPP15 {
			to = io.Discard
		}
		if _, err := to.Write([]byte{0xFF, marker}); err != nil {
			return err
		}
		switch {
		case isEntropy(marker):
			continue
		case marker == markerEOI:
			return nil
		case marker == markerDHT, marker == markerDAC, marker == markerSOS, marker == markerDQT, marker == markerDNL,
			marker == markerDRI, marker == markerCOM, marker >= markerAPP0 && marker <= markerAPP15:
		default:
			return damaged("the image data is broken")
		}
		length, err := j.br.Peek(2)
		if err != nil {
			return early(err)
		}
		n := int64(binary.BigEndian.Uint16(length))
		if n < 2 {
			return damaged("an impossible segment length")
		}
		copied, err := io.CopyN(to, j.br, n)
		j.pos += copied
		if err != nil {
			return early(err)
		}
		if marker != markerSOS {
			if next, err := j.br.Peek(1); err != nil {
				return early(err)
			} else if next[0] != 0xFF {
				return damaged("the image data is broken")
			}
		}
	}
}

// isEntropy tells whether a byte after FF belongs to the entropy-coded data: a stuffed FF, or a restart.
func isEntropy(marker byte) bool { return marker == 0 || marker >= markerRST0 && marker <= markerRST7 }

// copyEntropy copies entropy-coded data up to the next marker and consumes that marker's first byte. It works on all that is
// buffered at a time, because one byte in 256 of such data is FF.
func (j *jpegReader) copyEntropy(w io.Writer) error {
	for {
		if _, err := j.br.Peek(1); err != nil {
			return early(err)
		}
		window, _ := j.br.Peek(j.br.Buffered())
		n, found := 0, false
		for {
			at := bytes.IndexByte(window[n:], 0xFF)
			if at < 0 {
				n = len(window)
				break
			}
			if n += at; n+1 == len(window) || !isEntropy(window[n+1]) {
				found = true
				break
			}
			n += 2
		}
		if n > 0 {
			if _, err := w.Write(window[:n]); err != nil {
				return err
			}
		}
		taken := n
		if found {
			taken++
		}
		if _, err := j.br.Discard(taken); err != nil {
			return err
		}
		j.pos += int64(taken)
		if found {
			return nil
		}
	}
}

// readJPEG gathers the metadata of a JPEG file and checks its structure to the end of the image.
func readJPEG(r io.ReaderAt, size int64) (metadata, error) {
	j := newJPEGReader(io.NewSectionReader(r, 0, size))
	m, err := j.header(size)
	if err != nil {
		return m, err
	}
	if err := checkPixels(m.info.Width, m.info.Height); err != nil {
		return m, err
	}
	m.info.Orientation = max(m.info.Orientation, 1)
	return m, j.copyImage(io.Discard)
}

// header gathers the metadata of a JPEG file of size bytes and stops before the image data. Orientation is 0 when the file has
// none.
func (j *jpegReader) header(size int64) (metadata, error) {
	m := metadata{info: Info{Kind: Photo, Format: "jpeg", MIME: "image/jpeg"}, decode: jpeg.Decode}
	if err := j.start(); err != nil {
		return m, err
	}
	icc := map[byte][]byte{}
	seenEXIF := false
	for {
		seg, err := j.next()
		if err != nil {
			return m, err
		}
		switch {
		case isSOF(seg.marker):
			if len(seg.payload) < 6 {
				return m, damaged("an impossible segment length")
			}
			m.info.Height = int(binary.BigEndian.Uint16(seg.payload[1:]))
			m.info.Width = int(binary.BigEndian.Uint16(seg.payload[3:]))
		case seg.is(markerAPP1, signatureEXIF) && !seenEXIF:
			seenEXIF = true
			if thumbnail, ok := readEXIF(seg.payload[len(signatureEXIF):], &m.info); ok {
				thumbnail.offset += seg.offset + int64(len(signatureEXIF))
				m.previews = append(m.previews, thumbnail)
			}
		case seg.is(markerAPP1, signatureXMP), seg.is(markerAPP1, signatureExtendedXMP):
			readXMP(seg.payload, &m.info)
		case seg.is(markerAPP2, signatureMPF):
			base := seg.offset + int64(len(signatureMPF))
			for _, p := range readMPF(seg.payload[len(signatureMPF):]) {
				m.previews = append(m.previews, byteRange{p.offset + base, p.length})
			}
		case seg.is(markerAPP2, signatureICC) && len(seg.payload) > len(signatureICC)+2 && len(icc) < 64:
			icc[seg.payload[len(signatureICC)]] = seg.payload[len(signatureICC)+2:]
		case seg.is(markerAPP13, signaturePhotoshop):
			readPhotoshop(seg.payload[len(signaturePhotoshop):], &m.info)
		case carriesC2PA(seg):
			m.info.HasC2PA = true
		}
		if seg.marker == markerSOS {
			break
		}
	}
	if m.info.Width == 0 || m.info.Height == 0 {
		return m, damaged("the image has no size")
	}
	for _, n := range sortedKeys(icc) {
		m.icc = append(m.icc, icc[n]...)
	}
	m.previews = within(m.previews, size)
	return m, nil
}

func isSOF(marker byte) bool {
	return marker >= markerSOF0 && marker <= 0xCF && marker != markerDHT && marker != markerJPG && marker != markerDAC
}

// carriesC2PA recognises the JUMBF boxes of a C2PA manifest store (C2PA specification, "Embedding manifests into JPEG").
func carriesC2PA(s jpegSegment) bool {
	return s.is(markerAPP11, "JP") && bytes.Contains(s.payload, []byte("c2pa"))
}

func sortedKeys(m map[byte][]byte) []byte {
	keys := make([]byte, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// within keeps the ranges that lie in the file.
func within(ranges []byteRange, size int64) []byteRange {
	kept := ranges[:0]
	for _, p := range ranges {
		if p.offset > 0 && p.length > 0 && p.offset < size && p.length <= size-p.offset {
			kept = append(kept, p)
		}
	}
	return kept
}

// cameraName joins maker and model without saying the maker twice ("Canon" + "Canon PowerShot" is "Canon PowerShot").
func cameraName(maker, model string) string {
	maker, model = strings.TrimSpace(maker), strings.TrimSpace(model)
	if strings.HasPrefix(strings.ToLower(model), strings.ToLower(maker)) {
		return model
	}
	return strings.TrimSpace(maker + " " + model)
}

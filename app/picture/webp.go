package picture

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"

	"golang.org/x/image/webp"
)

// maxWebPMetadata bounds what is read of one WebP metadata chunk, maxWebPChunks how many there may be: an animation has some for
// each of its pictures.
const (
	maxWebPMetadata = 1 << 20
	maxWebPChunks   = 1 << 16
)

// readWebP gathers the metadata of a WebP file (RFC 9649) and checks that its chunks fill it.
func readWebP(r io.ReaderAt, size int64) (metadata, error) {
	m := metadata{info: Info{Kind: Photo, Format: "webp", MIME: "image/webp", Orientation: 1}}
	m.decode = func(r io.Reader) (image.Image, error) { return webp.Decode(r) }
	head := make([]byte, 12)
	if _, err := r.ReadAt(head, 0); err != nil {
		return m, early(err)
	}
	end := 8 + int64(binary.LittleEndian.Uint32(head[4:]))
	if end > size {
		return m, cutOff("image data ends early")
	}
	hasData := false
	seen := map[string]bool{}
	for at, chunks := int64(12), 0; at+8 <= end; chunks++ {
		if chunks == maxWebPChunks {
			return m, fmt.Errorf("%w: more than %d parts", ErrTooLarge, maxWebPChunks)
		}
		if _, err := r.ReadAt(head[:8], at); err != nil {
			return m, early(err)
		}
		kind, n := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
		if at+8+n > end {
			return m, cutOff("image data ends early")
		}
		if at == 12 {
			if err := m.webpSize(kind, r, n); err != nil {
				return m, err
			}
		}
		again := seen[kind]
		seen[kind] = true
		switch kind {
		case "VP8 ", "VP8L", "ANMF":
			hasData = true
		case "EXIF", "XMP ", "ICCP":
			if again {
				break
			}
			b := make([]byte, min(n, maxWebPMetadata))
			if _, err := r.ReadAt(b, at+8); err != nil && int64(len(b)) < n {
				return m, early(err)
			}
			m.webpMetadata(kind, b)
		case "C2PA":
			m.info.HasC2PA = true
		}
		at += 8 + n + n%2
	}
	if !hasData {
		return m, damaged("there is no image data")
	}
	return m, nil
}

// webpSize reads the size from the first chunk, which is one of three kinds.
func (m *metadata) webpSize(kind string, r io.ReaderAt, n int64) error {
	b := make([]byte, 10)
	if got, err := r.ReadAt(b[:min(n, 10)], 20); got < len(b) {
		if err != nil {
			return early(err)
		}
		if kind != "VP8L" || got < 5 {
			return damaged("the header is broken")
		}
	}
	switch kind {
	case "VP8X":
		m.info.Width = 1 + int(uint32(b[4])|uint32(b[5])<<8|uint32(b[6])<<16)
		m.info.Height = 1 + int(uint32(b[7])|uint32(b[8])<<8|uint32(b[9])<<16)
		const animated = 1 << 1
		if b[0]&animated != 0 {
			m.decode = nil
		}
	case "VP8 ":
		m.info.Width = int(binary.LittleEndian.Uint16(b[6:]) & 0x3FFF)
		m.info.Height = int(binary.LittleEndian.Uint16(b[8:]) & 0x3FFF)
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[1:])
		m.info.Width, m.info.Height = 1+int(bits&0x3FFF), 1+int(bits>>14&0x3FFF)
	default:
		return damaged("the header is broken")
	}
	return checkPixels(m.info.Width, m.info.Height)
}

// webpMetadata reads one metadata chunk.
func (m *metadata) webpMetadata(kind string, b []byte) {
	switch kind {
	case "EXIF":
		if len(b) > len(signatureEXIF) && string(b[:len(signatureEXIF)]) == signatureEXIF { // as some programs copy it from a JPEG
			b = b[len(signatureEXIF):]
		}
		readEXIF(b, &m.info)
	case "XMP ":
		readXMP(b, &m.info)
	case "ICCP":
		m.icc = b
	}
}

package picture

import (
	"encoding/binary"
	"io"
)

// readRAF reads Fujifilm's RAW files: a header of big-endian offsets, a whole JPEG image with the metadata, and the sensor data.
func readRAF(r io.ReaderAt, size int64) (metadata, error) {
	var m metadata
	head := make([]byte, 0x6C)
	if _, err := r.ReadAt(head, 0); err != nil {
		return m, early(err)
	}
	part := func(at int) byteRange {
		return byteRange{int64(binary.BigEndian.Uint32(head[at:])), int64(binary.BigEndian.Uint32(head[at+4:]))}
	}
	jpeg, facts, sensor := part(0x54), part(0x5C), part(0x64)
	for _, p := range []byteRange{jpeg, facts, sensor} {
		if p.offset+p.length > size {
			return m, cutOff("image data ends early")
		}
	}
	inside, err := readJPEG(io.NewSectionReader(r, jpeg.offset, jpeg.length), jpeg.length)
	if err != nil {
		return m, err
	}
	m.info, m.icc = inside.info, inside.icc
	m.info.Format, m.info.MIME = "raf", "image/x-fuji-raf"
	m.previews = append(m.previews, jpeg)
	for _, p := range inside.previews {
		m.previews = append(m.previews, byteRange{p.offset + jpeg.offset, p.length})
	}
	if w, h := rafSize(io.NewSectionReader(r, facts.offset, facts.length)); w > 0 && h > 0 {
		m.setSize(int64(w), int64(h))
		m.sizeOfRendering(r)
	}
	return m, nil
}

// rafSize reads the size of the picture, as the sensor lies, from the fields that describe it; 0 when they do not say.
func rafSize(r io.Reader) (width, height int) {
	const croppedSize = 0x0111
	var count [4]byte
	if _, err := io.ReadFull(r, count[:]); err != nil {
		return 0, 0
	}
	for range min(binary.BigEndian.Uint32(count[:]), 256) {
		var field [4]byte
		if _, err := io.ReadFull(r, field[:]); err != nil {
			return 0, 0
		}
		tag, n := binary.BigEndian.Uint16(field[:]), int64(binary.BigEndian.Uint16(field[2:]))
		if tag != croppedSize || n < 4 {
			if _, err := io.CopyN(io.Discard, r, n); err != nil {
				return 0, 0
			}
			continue
		}
		if _, err := io.ReadFull(r, field[:]); err != nil {
			return 0, 0
		}
		return int(binary.BigEndian.Uint16(field[2:])), int(binary.BigEndian.Uint16(field[:]))
	}
	return 0, 0
}

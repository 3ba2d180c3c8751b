package picture

import "bytes"

// EXIF and TIFF tags that are followed or removed (EXIF 2.32 §4.6, TIFF 6.0, Windows' own).
const (
	tagXMPInTIFF   = 0x02BC
	tagIPTCInTIFF  = 0x83BB
	tagExifIFD     = 0x8769
	tagGPSIFD      = 0x8825
	tagPhotoshop   = 0x8649
	tagMakerNote   = 0x927C
	tagXPKeywords  = 0x9C9E
	tagMPEntry     = 0xB002
	maxDirectories = 8
)

// publicEXIF returns a copy of an EXIF structure without position, maker notes, keywords, and metadata in other
// formats. Nothing moves: a field is taken out of its directory's list, which is followed by as many zero bytes, and the
// bytes it pointed to are overwritten with zeros. It returns false when the structure is not sound enough to be sure.
func publicEXIF(tiff []byte) ([]byte, bool) {
	t, ok := openTIFF(bytes.Clone(tiff))
	if !ok {
		return nil, false
	}
	seen := map[int]bool{}
	for offset := t.first(); offset != 0; offset = t.next(offset) {
		if seen[offset] || len(seen) == maxDirectories {
			return nil, false
		}
		seen[offset] = true
		if !t.clean(offset, 0) {
			return nil, false
		}
	}
	var left Info
	readEXIF(t.data, &left)
	return t.data, !left.HasGPS
}

// clean removes the private fields of one directory and of the EXIF directory it points to.
func (t tiffData) clean(offset, depth int) bool {
	entries, ok := t.entries(offset)
	if !ok || depth > 1 {
		return false
	}
	var private []tiffEntry
	for _, e := range entries {
		switch e.tag {
		case tagExifIFD:
			if !t.clean(t.pointer(e), depth+1) {
				return false
			}
		case tagGPSIFD:
			if !t.blank(t.pointer(e)) {
				return false
			}
			private = append(private, e)
		case tagMakerNote, tagXMPInTIFF, tagIPTCInTIFF, tagPhotoshop, tagXPKeywords:
			value, ok := t.value(e)
			if !ok {
				return false
			}
			clear(value)
			private = append(private, e)
		}
	}
	for i := len(private) - 1; i >= 0; i-- {
		t.remove(offset, private[i])
	}
	return true
}

// blank overwrites a whole directory and the values it points to.
func (t tiffData) blank(offset int) bool {
	entries, ok := t.entries(offset)
	if !ok {
		return false
	}
	for _, e := range entries {
		if value, ok := t.value(e); ok {
			clear(value)
		}
	}
	end := min(len(t.data), offset+2+12*len(entries)+4)
	clear(t.data[offset:end])
	return true
}

// remove takes one field out of a directory: the fields after it and the link to the next directory move up.
func (t tiffData) remove(offset int, e tiffEntry) {
	n := int(t.order.Uint16(t.data[offset:]))
	end := min(len(t.data), offset+2+12*n+4)
	copy(t.data[e.at:end], t.data[e.at+12:end])
	clear(t.data[end-12 : end])
	t.order.PutUint16(t.data[offset:], uint16(n-1))
}

// orientationOnly returns an EXIF structure that says which way up the picture is and nothing else.
func orientationOnly(tiff []byte) []byte {
	info := Info{Orientation: 1}
	readEXIF(tiff, &info)
	return []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(info.Orientation), 0, 0, 0, 0, 0, 0}
}

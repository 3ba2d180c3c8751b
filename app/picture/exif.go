package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/bep/imagemeta"
)

// readEXIF fills info from a TIFF structure as it stands in a JPEG's EXIF segment or a PNG's eXIf chunk. Metadata that
// cannot be read leaves info as it was: a picture with odd metadata is still a picture. It returns where in tiff the
// embedded thumbnail is.
func readEXIF(tiff []byte, info *Info) (thumbnail byteRange, ok bool) {
	defer func() { _ = recover() }()
	values := map[string]any{}
	gps := false
	take := func(tag imagemeta.TagInfo) bool {
		if strings.HasSuffix(tag.Namespace, "GPSInfoIFD") {
			gps = gps || tag.Tag == "GPSLatitude" || tag.Tag == "GPSLongitude"
			return false
		}
		switch tag.Tag {
		case "Orientation", "Make", "Model":
			return tag.Namespace == "IFD0"
		case "ThumbnailOffset", "ThumbnailLength":
			return tag.Namespace == "IFD1"
		case "DateTimeOriginal", "DateTimeDigitized", "CreateDate", "OffsetTimeOriginal", "OffsetTimeDigitized",
			"OffsetTime", "SubsecTimeOriginal", "SubSecTimeOriginal", "LensModel":
			return strings.HasPrefix(tag.Namespace, "IFD0")
		}
		return false
	}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:               bytes.NewReader(tiff),
		ImageFormat:     imagemeta.TIFF,
		Sources:         imagemeta.EXIF,
		ShouldHandleTag: take,
		HandleTag: func(tag imagemeta.TagInfo) error {
			if _, seen := values[tag.Tag]; !seen {
				values[tag.Tag] = tag.Value
			}
			return nil
		},
	})

	if o, ok := number(values["Orientation"]); ok && o >= 1 && o <= 8 {
		info.Orientation = int(o)
	}
	info.Camera = cameraName(text(values["Make"]), text(values["Model"]))
	info.Lens = text(values["LensModel"])
	info.HasGPS = info.HasGPS || gps
	readTime(values, info)

	offset, ok1 := number(values["ThumbnailOffset"])
	length, ok2 := number(values["ThumbnailLength"])
	return byteRange{offset, length}, ok1 && ok2 && offset > 0 && length > 0 && offset+length <= int64(len(tiff))
}

// readTime sets when the picture was taken. The time of the last change (EXIF DateTime) is no substitute and not used.
func readTime(values map[string]any, info *Info) {
	for _, tag := range []struct{ time, offset string }{
		{"DateTimeOriginal", "OffsetTimeOriginal"},
		{"DateTimeDigitized", "OffsetTimeDigitized"},
		{"CreateDate", "OffsetTimeDigitized"},
	} {
		face := text(values[tag.time])
		t, err := time.Parse("2006:01:02 15:04:05", face)
		if err != nil || t.Year() < 1900 {
			continue
		}
		subsec := text(values["SubsecTimeOriginal"]) + text(values["SubSecTimeOriginal"])
		if d, err := time.ParseDuration("0." + subsec + "s"); err == nil && tag.time == "DateTimeOriginal" {
			t = t.Add(d)
		}
		if z, err := time.Parse("-07:00", text(values[tag.offset])); err == nil {
			_, seconds := z.Zone()
			t = t.Add(-time.Duration(seconds) * time.Second).In(time.FixedZone("", seconds))
			info.TakenAtOffsetKnown = true
		}
		info.TakenAt = t
		return
	}
}

// text renders an EXIF value as one line.
func text(v any) string {
	if v == nil {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		s = fmt.Sprint(v)
	}
	s = strings.ToValidUTF8(strings.TrimRight(s, "\x00 "), "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, s))
}

func number(v any) (int64, bool) {
	switch n := v.(type) {
	case uint8:
		return int64(n), true
	case uint16:
		return int64(n), true
	case uint32:
		return int64(n), true
	case int32:
		return int64(n), true
	case int:
		return int64(n), true
	}
	return 0, false
}

// readMPF lists the large thumbnails of a Multi-Picture Format index (CIPA DC-007). Most cameras store a preview of
// about two megapixels there, which saves decoding the whole image. Offsets are relative to the start of mpf.
func readMPF(mpf []byte) []byteRange {
	t, ok := openTIFF(mpf)
	if !ok {
		return nil
	}
	entries, ok := t.entries(t.first())
	if !ok {
		return nil
	}
	var found []byteRange
	for _, e := range entries {
		if e.tag != tagMPEntry {
			continue
		}
		data, ok := t.value(e)
		for ok && len(data) >= 16 && len(found) < 16 {
			attribute := t.order.Uint32(data)
			kind := attribute & 0xFFFFFF
			isJPEG := attribute>>24&7 == 0
			length, offset := t.order.Uint32(data[4:]), t.order.Uint32(data[8:])
			if isJPEG && (kind == 0x010001 || kind == 0x010002) && offset > 0 {
				found = append(found, byteRange{int64(offset), int64(length)})
			}
			data = data[16:]
		}
	}
	return found
}

// tiffData is a TIFF structure (TIFF 6.0 §2) as EXIF and MPF use it.
type tiffData struct {
	data  []byte
	order binary.ByteOrder
}

// tiffEntry is one field of an image file directory.
type tiffEntry struct {
	tag, kind uint16
	count     uint32
	// at is where the twelve bytes of the field begin.
	at int
}

func openTIFF(data []byte) (tiffData, bool) {
	if len(data) < 8 {
		return tiffData{}, false
	}
	t := tiffData{data: data}
	switch string(data[:2]) {
	case "II":
		t.order = binary.LittleEndian
	case "MM":
		t.order = binary.BigEndian
	default:
		return t, false
	}
	return t, t.order.Uint16(data[2:]) == 42
}

func (t tiffData) first() int { return int(t.order.Uint32(t.data[4:])) }

// entries lists the fields of the directory at offset; false when it does not lie within the data.
func (t tiffData) entries(offset int) ([]tiffEntry, bool) {
	if offset < 8 || offset+2 > len(t.data) {
		return nil, false
	}
	n := int(t.order.Uint16(t.data[offset:]))
	if offset+2+12*n > len(t.data) {
		return nil, false
	}
	list := make([]tiffEntry, n)
	for i := range list {
		at := offset + 2 + 12*i
		list[i] = tiffEntry{t.order.Uint16(t.data[at:]), t.order.Uint16(t.data[at+2:]), t.order.Uint32(t.data[at+4:]), at}
	}
	return list, true
}

// next returns the offset of the directory that follows the one at offset; 0 when there is none.
func (t tiffData) next(offset int) int {
	if offset < 8 || offset+2 > len(t.data) {
		return 0
	}
	at := offset + 2 + 12*int(t.order.Uint16(t.data[offset:]))
	if at+4 > len(t.data) {
		return 0
	}
	return int(t.order.Uint32(t.data[at:]))
}

// value returns the bytes of a field, as a window into the data; false when they do not lie within it.
func (t tiffData) value(e tiffEntry) ([]byte, bool) {
	widths := []uint64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}
	width := uint64(1) // UTF-8, kind 129, since EXIF 3.0
	switch {
	case int(e.kind) < len(widths):
		width = widths[e.kind]
	case e.kind != 129:
		return nil, false
	}
	n := width * uint64(e.count)
	if n <= 4 {
		return t.data[e.at+8 : e.at+8+int(n)], true
	}
	from := uint64(t.order.Uint32(t.data[e.at+8:]))
	if from+n > uint64(len(t.data)) {
		return nil, false
	}
	return t.data[from : from+n], true
}

// pointer returns the offset that a field holds.
func (t tiffData) pointer(e tiffEntry) int { return int(t.order.Uint32(t.data[e.at+8:])) }

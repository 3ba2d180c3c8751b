package picture

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// Tags of EXIF 2.32 §4.6, of DNG 1.7, and of what Windows and Adobe add to them.
const (
	tagImageWidth       = 0x0100
	tagImageHeight      = 0x0101
	tagImageDescription = 0x010E
	tagMake             = 0x010F
	tagModel            = 0x0110
	tagXMP              = 0x02BC
	tagIPTC             = 0x83BB
	tagPhotoshop        = 0x8649
	tagGPS              = 0x8825
	tagTimeOriginal     = 0x9003
	tagTimeDigitized    = 0x9004
	tagOffsetOriginal   = 0x9011
	tagOffsetDigitized  = 0x9012
	tagMakerNote        = 0x927C
	tagUserComment      = 0x9286
	tagSubsecOriginal   = 0x9291
	tagXPTitle          = 0x9C9B
	tagXPComment        = 0x9C9C
	tagXPKeywords       = 0x9C9E
	tagXPSubject        = 0x9C9F
	tagBodySerial       = 0xA431
	tagLensModel        = 0xA434
	tagCameraSerial     = 0xC62F
	tagSerialCameraRaw  = 0xFDE9
	tagLensCameraRaw    = 0xFDEA
	tagGPSLatitude      = 0x0002
	tagGPSLongitude     = 0x0004
)

// readEXIF fills info from a TIFF structure as it stands in a JPEG's EXIF segment or a PNG's eXIf chunk. Metadata that
// cannot be read leaves info as it was: a picture with odd metadata is still a picture. It returns where in tiff the
// embedded thumbnail is.
func readEXIF(tiff []byte, info *Info) (thumbnail byteRange, ok bool) {
	t, ok := newTIFFReader(bytes.NewReader(tiff), int64(len(tiff)))
	if !ok || t.magic != 42 {
		return byteRange{}, false
	}
	main, ok := t.directory(t.first)
	if !ok {
		return byteRange{}, false
	}
	t.readFacts(main, info)
	second, ok := t.directory(main.next)
	if !ok {
		return byteRange{}, false
	}
	r := byteRange{t.number(second, tagThumbnailOffset), t.number(second, tagThumbnailLength)}
	return r, r.offset > 0 && r.length > 0 && r.offset+r.length <= int64(len(tiff))
}

// readFacts fills info from the main directory and those it points to, and returns the directory of the exposure and the previews
// that the maker note tells of. Each field is looked for in both, because programs that
// rewrite files put some into the wrong one.
func (t *tiffReader) readFacts(main directory, info *Info) (exposure directory, previews []byteRange) {
	exposure, _ = t.directory(t.number(main, tagExifIFD))
	text := func(tags ...uint16) string {
		for _, tag := range tags {
			for _, d := range []directory{exposure, main} {
				if s := t.text(d, tag); s != "" {
					return s
				}
			}
		}
		return ""
	}
	if o := t.number(main, tagOrientation); o >= 1 && o <= 8 {
		info.Orientation = int(o)
	}
	if camera := cameraName(text(tagMake), text(tagModel)); camera != "" {
		info.Camera = camera
	}
	if lens := text(tagLensModel, tagLensCameraRaw); lens != "" {
		info.Lens = lens
	}
	if serial := text(tagBodySerial, tagCameraSerial, tagSerialCameraRaw); serial != "" {
		info.Serial = serial
	}
	if gps, ok := t.directory(t.number(main, tagGPS)); ok {
		_, latitude := gps.field(tagGPSLatitude)
		_, longitude := gps.field(tagGPSLongitude)
		info.HasGPS = info.HasGPS || latitude || longitude
	}
	readTime(text, info)
	t.readTexts(main, exposure, info)
	return exposure, t.readMakerNote(exposure, info)
}

// readTexts takes what people wrote into the fields of EXIF.
func (t *tiffReader) readTexts(main, exposure directory, info *Info) {
	const limit = 2 * maxTextLength
	description := t.value(main, tagImageDescription, limit)
	description, _, _ = bytes.Cut(description, []byte{0})
	info.addText(latin1(description))
	info.addText(userComment(t.value(exposure, tagUserComment, limit), t.order))
	for _, tag := range []uint16{tagXPTitle, tagXPSubject, tagXPComment, tagXPKeywords} {
		s := utf16Text(t.value(main, tag, limit), binary.LittleEndian)
		if tag != tagXPKeywords {
			info.addText(s)
			continue
		}
		for keyword := range strings.SplitSeq(s, ";") {
			info.addText(keyword)
		}
	}
}

// readTime sets when the picture was taken. The time of the last change (EXIF DateTime) is no substitute and not used.
func readTime(text func(tags ...uint16) string, info *Info) {
	for _, tag := range []struct{ time, offset uint16 }{{tagTimeOriginal, tagOffsetOriginal}, {tagTimeDigitized, tagOffsetDigitized}} {
		t, err := time.Parse("2006:01:02 15:04:05", text(tag.time))
		if err != nil || t.Year() < 1900 {
			continue
		}
		if d, err := time.ParseDuration("0." + text(tagSubsecOriginal) + "s"); err == nil && tag.time == tagTimeOriginal {
			t = t.Add(d)
		}
		info.TakenAtOffsetKnown = false
		if z, err := time.Parse("-07:00", text(tag.offset)); err == nil {
			_, seconds := z.Zone()
			t = t.Add(-time.Duration(seconds) * time.Second).In(time.FixedZone("", seconds))
			info.TakenAtOffsetKnown = true
		}
		info.TakenAt = t
		return
	}
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
	order, ok := byteOrder(data)
	return tiffData{data, order}, ok && order.Uint16(data[2:]) == 42
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

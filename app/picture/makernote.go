package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// Tags of maker notes: where previews are, and the serial number of the body in cameras from before EXIF 2.3, which gave it a
// field of its own.
const (
	tagNikonPreviewIFD     = 0x0011
	tagNikonSerial         = 0x001D
	tagCanonSerial         = 0x000C
	tagOlympusEquipment    = 0x2010
	tagOlympusSettings     = 0x2020
	tagOlympusSerial       = 0x0101 // in the equipment directory
	tagOlympusPreviewStart = 0x0101 // in the settings directory
	tagOlympusPreviewSize  = 0x0102
	tagPentaxPreviewSize   = 0x0003
	tagPentaxPreviewStart  = 0x0004
)

// readMakerNote returns the previews that a maker note tells of, as byte ranges of the structure, and takes the serial number when
// EXIF has none. Notes have no standard: those of Nikon, Canon, Olympus and Pentax are known, by how they begin.
func (t *tiffReader) readMakerNote(exposure directory, info *Info) []byteRange {
	field, ok := exposure.field(tagMakerNote)
	if !ok || field.length() < 18 {
		return nil
	}
	at := t.at(field)
	head, ok := t.read(at, 18)
	if !ok {
		return nil
	}
	starts := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case starts("Nikon\x00\x02"):
		return t.nikonNote(at+10, info)
	case starts("OLYMPUS\x00"):
		return t.olympusNote(at, at+12, noteOrder(head[8:], t.order), info)
	case starts("OM SYSTEM\x00"):
		return t.olympusNote(at, at+16, noteOrder(head[12:], t.order), info)
	case starts("OLYMP\x00"), starts("EPSON\x00"):
		return t.olympusNote(0, at+8, t.order, info)
	case starts("AOC\x00"):
		return t.pentaxNote(0, at+6, noteOrder(head[4:], t.order))
	case starts("PENTAX \x00"):
		return t.pentaxNote(at, at+10, noteOrder(head[8:], t.order))
	case strings.HasPrefix(info.Camera, "Canon"):
		if note, ok := t.directory(at); ok && info.Serial == "" {
			if n := t.number(note, tagCanonSerial); n > 0 {
				info.Serial = fmt.Sprintf("%010d", n)
			}
		}
	}
	return nil
}

// noteOrder is the byte order that a maker note says it has, else the file's.
func noteOrder(mark []byte, file binary.ByteOrder) binary.ByteOrder {
	if order, ok := byteOrder(mark); ok {
		return order
	}
	return file
}

// preview returns a byte range of the file from two fields whose offsets count from base.
func (t *tiffReader) preview(d directory, start, size uint16, base int64) []byteRange {
	r := byteRange{t.number(d, start), t.number(d, size)}
	if r.offset <= 0 || r.length <= 0 {
		return nil
	}
	r.offset += base
	return []byteRange{r}
}

// nikonNote reads a note that is a TIFF structure of its own, at base.
func (t *tiffReader) nikonNote(base int64, info *Info) []byteRange {
	head, ok := t.read(base, 8)
	if !ok {
		return nil
	}
	order := noteOrder(head, t.order)
	n := t.within(base, order)
	note, ok := n.directory(int64(order.Uint32(head[4:])))
	if !ok {
		return nil
	}
	if info.Serial == "" {
		info.Serial = n.text(note, tagNikonSerial)
	}
	below, _ := n.directory(n.number(note, tagNikonPreviewIFD))
	return n.preview(below, tagThumbnailOffset, tagThumbnailLength, base)
}

// olympusNote reads a note whose directory is at a place of the file and whose offsets count from base.
func (t *tiffReader) olympusNote(base, at int64, order binary.ByteOrder, info *Info) []byteRange {
	n := t.within(base, order)
	note, ok := n.directory(at - base)
	if !ok {
		return nil
	}
	below := func(tag uint16) directory {
		field, ok := note.field(tag)
		if !ok {
			return directory{}
		}
		d, _ := n.directory(n.at(field)) // as a pointer in new cameras, as the value itself in old ones: both say where
		return d
	}
	if equipment := below(tagOlympusEquipment); info.Serial == "" {
		info.Serial = n.text(equipment, tagOlympusSerial)
	}
	return n.preview(below(tagOlympusSettings), tagOlympusPreviewStart, tagOlympusPreviewSize, base)
}

// pentaxNote reads a note whose directory is at a place of the file. Its preview counts from the beginning of the file all the same.
func (t *tiffReader) pentaxNote(base, at int64, order binary.ByteOrder) []byteRange {
	n := t.within(base, order)
	note, _ := n.directory(at - base)
	return n.preview(note, tagPentaxPreviewStart, tagPentaxPreviewSize, 0)
}

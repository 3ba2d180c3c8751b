package picture

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"time"
)

// maxID3Frames bounds the entries of one tag that are looked at.
const maxID3Frames = 1024

// id3 reads one tag (ID3v2.2 to 2.4).
type id3 struct {
	r       io.ReaderAt
	in      byteRange // where r stands in the file; of a tag whose bytes are not the file's own, empty
	version byte
	info    *Info

	pictures          []byteRange
	year, day, minute string // of ID3v2.3, which splits the time
}

// readID3 reads the tag at the start of r, which holds the bytes of the file in a range, and returns the pictures in it. What cannot
// be read is passed over: a sound with an odd tag is still a sound.
func readID3(r io.ReaderAt, in byteRange, info *Info) []byteRange {
	head, err := part(r, byteRange{0, 10}, 10)
	if err != nil || string(head[:3]) != "ID3" || head[3] < 2 || head[3] > 4 {
		return nil
	}
	t := id3{r: r, in: in, version: head[3], info: info}
	from, end := int64(10), min(10+syncsafe(head[6:]), in.length)
	const unsynchronised, extended = 0x80, 0x40
	if head[5]&unsynchronised != 0 && t.version < 4 { // a zero stands after every FF of the tag, which moves what follows
		p, err := part(r, byteRange{from, min(end-from, maxBoxPayload)}, maxBoxPayload)
		if err != nil {
			return nil
		}
		p = bytes.ReplaceAll(p, []byte{0xFF, 0}, []byte{0xFF})
		t.r, t.in, from, end = bytes.NewReader(p), byteRange{}, 0, int64(len(p))
	}
	if head[5]&extended != 0 && t.version > 2 {
		p, err := part(t.r, byteRange{from, 4}, 4)
		if err != nil {
			return nil
		}
		if t.version == 4 {
			from += syncsafe(p)
		} else {
			from += 4 + int64(binary.BigEndian.Uint32(p))
		}
	}
	t.frames(from, end)
	return t.pictures
}

// syncsafe reads a number of four times seven bits.
func syncsafe(b []byte) int64 {
	return int64(b[0]&0x7F)<<21 | int64(b[1]&0x7F)<<14 | int64(b[2]&0x7F)<<7 | int64(b[3]&0x7F)
}

func (t *id3) frames(from, end int64) {
	header := int64(10)
	if t.version == 2 {
		header = 6
	}
	for range maxID3Frames {
		if end-from <= header {
			break
		}
		head, err := part(t.r, byteRange{from, header}, header)
		if err != nil || head[0] == 0 { // padding
			break
		}
		name, length, plain := "", int64(0), true
		switch t.version {
		case 2:
			name, length = string(head[:3]), int64(head[3])<<16|int64(head[4])<<8|int64(head[5])
		case 3:
			name, length, plain = string(head[:4]), int64(binary.BigEndian.Uint32(head[4:])), head[9] == 0
		default:
			name, length, plain = string(head[:4]), syncsafe(head[4:]), head[9] == 0
		}
		from += header
		if length > end-from {
			break
		}
		if plain { // neither compressed nor encrypted
			t.frame(name, byteRange{from, length})
		}
		from += length
	}
	if t.info.TakenAt.IsZero() {
		if at, err := time.Parse("2006 0201 1504", t.year+" "+t.day+" "+t.minute); err == nil && at.Year() >= 1900 {
			t.info.TakenAt = at
		}
	}
}

func (t *id3) frame(name string, at byteRange) {
	switch name {
	case "TIT1", "TIT2", "TIT3", "COMM", "TDRC", "TDRL", "TYER", "TDAT", "TIME", "APIC", "PRIV", "GEOB",
		"TT1", "TT2", "TT3", "COM", "PIC", "TYE", "TDA", "TIM":
	default:
		return
	}
	p, err := part(t.r, byteRange{at.offset, min(at.length, maxBoxPayload)}, maxBoxPayload)
	if err != nil || len(p) < 2 {
		return
	}
	switch name {
	case "TIT1", "TIT2", "TIT3", "TT1", "TT2", "TT3":
		for _, s := range strings.Split(id3Text(p[0], p[1:]), "\x00") {
			t.info.addText(s)
		}
	case "COMM", "COM": // its language and what it is about stand before it
		if len(p) > 4 {
			_, text := id3Cut(p[0], p[4:])
			t.info.addText(id3Text(p[0], text))
		}
	case "TDRC", "TDRL":
		if when, known, ok := parseTime(id3Text(p[0], p[1:])); ok && (name == "TDRC" || t.info.TakenAt.IsZero()) {
			t.info.TakenAt, t.info.TakenAtOffsetKnown = when, known
		}
	case "TYER", "TYE":
		t.year = oneLine(id3Text(p[0], p[1:]))
	case "TDAT", "TDA":
		t.day = oneLine(id3Text(p[0], p[1:]))
	case "TIME", "TIM":
		t.minute = oneLine(id3Text(p[0], p[1:]))
	case "APIC", "PIC":
		t.picture(name, p, at)
	case "PRIV":
		if packet, ok := bytes.CutPrefix(p, []byte("XMP\x00")); ok {
			readXMP(packet, t.info)
		}
	case "GEOB":
		t.info.HasC2PA = t.info.HasC2PA || bytes.Contains(p[:min(len(p), 256)], []byte("c2pa"))
	}
}

// picture takes a JPEG inside the tag.
func (t *id3) picture(name string, p []byte, at byteRange) {
	rest := p[1:]
	if name == "PIC" {
		rest = rest[min(3, len(rest)):]
	} else {
		_, rest, _ = bytes.Cut(rest, []byte{0}) // the media type
	}
	if len(rest) < 2 {
		return
	}
	_, picture := id3Cut(p[0], rest[1:])
	if t.in.length > 0 && bytes.HasPrefix(picture, []byte("\xFF\xD8\xFF")) {
		skip := int64(len(p) - len(picture))
		t.pictures = append(t.pictures, byteRange{t.in.offset + at.offset + skip, at.length - skip})
	}
}

const (
	id3UTF16   = 1
	id3UTF16BE = 2
)

// id3Cut parts a text in an encoding from what follows it.
func id3Cut(encoding byte, p []byte) (text, rest []byte) {
	if encoding != id3UTF16 && encoding != id3UTF16BE {
		text, rest, _ = bytes.Cut(p, []byte{0})
		return text, rest
	}
	for i := 0; i+1 < len(p); i += 2 {
		if p[i] == 0 && p[i+1] == 0 {
			return p[:i], p[i+2:]
		}
	}
	return p, nil
}

// id3Text reads a text in one of the encodings of ID3v2; several are parted by zeros.
func id3Text(encoding byte, p []byte) string {
	if encoding != id3UTF16 && encoding != id3UTF16BE {
		return latin1(p)
	}
	order := binary.ByteOrder(binary.BigEndian)
	if bytes.HasPrefix(p, []byte("\xFF\xFE")) {
		order = binary.LittleEndian
	}
	var texts []string
	for len(p) > 0 {
		var text []byte
		text, p = id3Cut(encoding, p)
		texts = append(texts, utf16Text(text, order))
	}
	return strings.Join(texts, "\x00")
}

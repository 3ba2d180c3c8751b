package picture

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// The limits of one TIFF structure. A RAW file of today has a dozen directories and reads some two hundred kilobytes of them; what
// goes beyond the limits is left out, so a hostile structure costs little and an odd one still tells what it can.
const (
	maxTIFFDirectories = 64
	maxTIFFEntries     = 1024
	maxTIFFRead        = 8 << 20
)

// tiffReader reads the directories of a TIFF structure (TIFF 6.0 §2) from a file, or from a part of one, when they are asked for.
// Each directory is read once: pointers that lead in circles end.
type tiffReader struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	// magic is 42, or what a maker of RAW files writes in its place.
	magic uint16
	// first is where the first directory is.
	first int64
	// budget is how many bytes may still be read.
	budget int64
	seen   map[int64]bool
	// err is the first error of r that is not the end of the file: a card that was pulled out.
	err error
}

// directory is one image file directory.
type directory struct {
	entries []tiffField
	// next is where the directory that follows in the chain is; 0 at the end.
	next int64
}

// tiffField is one field of a directory.
type tiffField struct {
	tag, kind uint16
	count     uint32
	// inline holds the value if it fits, else where it is.
	inline [4]byte
}

func newTIFFReader(r io.ReaderAt, size int64) (*tiffReader, bool) {
	t := &tiffReader{r: r, size: size, budget: maxTIFFRead, seen: map[int64]bool{}}
	head, ok := t.read(0, 8)
	if !ok {
		return t, false
	}
	if t.order, ok = byteOrder(head); !ok {
		return t, false
	}
	t.magic, t.first = t.order.Uint16(head[2:]), int64(t.order.Uint32(head[4:]))
	return t, true
}

// byteOrder is the order that the first two bytes of a TIFF structure name.
func byteOrder(head []byte) (binary.ByteOrder, bool) {
	switch string(head[:2]) {
	case "II":
		return binary.LittleEndian, true
	case "MM":
		return binary.BigEndian, true
	}
	return nil, false
}

// within returns a reader of offsets that count from base, in the given order: maker notes have such structures without the
// first eight bytes. It shares the limits.
func (t *tiffReader) within(base int64, order binary.ByteOrder) *tiffReader {
	return &tiffReader{r: io.NewSectionReader(t.r, base, t.size-base), size: t.size - base, order: order, budget: t.budget, seen: map[int64]bool{}}
}

// read returns n bytes at offset; false when they are not all in the file or the limit is reached.
func (t *tiffReader) read(offset, n int64) ([]byte, bool) {
	if offset < 0 || n < 0 || offset > t.size || n > t.size-offset || n > t.budget {
		return nil, false
	}
	t.budget -= n
	b := make([]byte, n)
	if got, err := t.r.ReadAt(b, offset); int64(got) < n {
		if !errors.Is(err, io.EOF) && t.err == nil {
			t.err = err
		}
		return nil, false
	}
	return b, true
}

// directory reads the directory at offset; false when it is not one, was read before or is one too many.
func (t *tiffReader) directory(offset int64) (directory, bool) {
	if offset <= 0 || t.seen[offset] || len(t.seen) >= maxTIFFDirectories {
		return directory{}, false
	}
	t.seen[offset] = true
	head, ok := t.read(offset, 2)
	if !ok {
		return directory{}, false
	}
	n := int64(t.order.Uint16(head))
	if n == 0 || n > maxTIFFEntries {
		return directory{}, false
	}
	body, ok := t.read(offset+2, 12*n)
	if !ok {
		return directory{}, false
	}
	d := directory{entries: make([]tiffField, n)}
	for i := range d.entries {
		b := body[12*i:]
		d.entries[i] = tiffField{t.order.Uint16(b), t.order.Uint16(b[2:]), t.order.Uint32(b[4:]), [4]byte(b[8:12])}
	}
	if link, ok := t.read(offset+2+12*n, 4); ok { // some makers leave it out at the end of what they write
		d.next = int64(t.order.Uint32(link))
	}
	return d, true
}

// field returns the first field with a tag.
func (d directory) field(tag uint16) (tiffField, bool) {
	for _, f := range d.entries {
		if f.tag == tag {
			return f, true
		}
	}
	return tiffField{}, false
}

// width returns how many bytes one value of a kind takes; 0 for a kind that does not exist.
func (f tiffField) width() int64 {
	widths := [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}
	switch {
	case int(f.kind) < len(widths):
		return widths[f.kind]
	case f.kind == 129: // UTF-8, since EXIF 3.0
		return 1
	}
	return 0
}

// length returns how many bytes the whole value takes.
func (f tiffField) length() int64 { return f.width() * int64(f.count) }

// at returns where the value is, when it is not inline.
func (t *tiffReader) at(f tiffField) int64 { return int64(t.order.Uint32(f.inline[:])) }

// value returns the value of the field with a tag, or its first limit bytes; nil when there is none.
func (t *tiffReader) value(d directory, tag uint16, limit int64) []byte {
	f, ok := d.field(tag)
	if !ok {
		return nil
	}
	n := f.length()
	if n <= 4 {
		return f.inline[:n]
	}
	b, _ := t.read(t.at(f), min(n, limit))
	return b
}

// text returns a text as one line; "" when there is none.
func (t *tiffReader) text(d directory, tag uint16) string {
	if f, ok := d.field(tag); !ok || f.kind != 2 && f.kind != 129 && f.kind != 7 && f.kind != 1 {
		return ""
	}
	b := t.value(d, tag, 4<<10)
	s, _, _ := strings.Cut(string(b), "\x00")
	return oneLine(s)
}

// numbers returns whole numbers, limit of them at most; nil when there are none.
func (t *tiffReader) numbers(d directory, tag uint16, limit int64) []int64 {
	f, ok := d.field(tag)
	if !ok {
		return nil
	}
	width := f.width()
	b := t.value(d, tag, limit*width)
	list := make([]int64, 0, int64(len(b))/max(width, 1))
	for ; width > 0 && int64(len(b)) >= width && int64(len(list)) < limit; b = b[width:] {
		switch f.kind {
		case 1, 7:
			list = append(list, int64(b[0]))
		case 3:
			list = append(list, int64(t.order.Uint16(b)))
		case 4, 13:
			list = append(list, int64(t.order.Uint32(b)))
		case 9:
			list = append(list, int64(int32(t.order.Uint32(b))))
		case 5: // DefaultCropSize may be a fraction
			if below := int64(t.order.Uint32(b[4:])); below > 0 {
				list = append(list, int64(t.order.Uint32(b))/below)
			}
		}
	}
	return list
}

// number returns the first of numbers; -1 when there is none.
func (t *tiffReader) number(d directory, tag uint16) int64 {
	if list := t.numbers(d, tag, 1); len(list) > 0 {
		return list[0]
	}
	return -1
}

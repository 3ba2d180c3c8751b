package picturetest

import (
	"encoding/binary"
	"image"
	"image/color"
	"slices"
)

// Byte orders of a TIFF structure.
var (
	intel    byteOrder = binary.LittleEndian
	motorola byteOrder = binary.BigEndian
)

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// tag is one field of a directory. Its value is a string, []byte, uint16, []uint16, uint32, []uint32, rational, octets, tags (a directory
// somewhere else), []tags, data or last (bytes somewhere else, whose place is the value) or counted.
type tag struct {
	id    uint16
	value any
}

type tags []tag

type (
	rational []uint32
	// octets are numbers of one byte, where []byte is of no kind.
	octets []byte
	data   []byte
	// last is data behind all directories, where the sensor's is.
	last []byte
	// counted is a value that is followed, in the file, by what it refers to.
	counted struct {
		value, after []byte
	}
)

// tiffWriter lays out directories one after the other, each followed by what its fields refer to.
type tiffWriter struct {
	order byteOrder
	out   []byte
	// later are the places that shall hold where data is that is written when all directories are.
	later []later
}

type later struct {
	field uint32
	data  []byte
}

func newTIFFWriter(order byteOrder, header []byte) *tiffWriter {
	return &tiffWriter{order: order, out: slices.Clone(header)}
}

// tiffHeader returns the first eight bytes of a structure whose first directory follows them after skip bytes.
func tiffHeader(order byteOrder, magic uint16, skip uint32) []byte {
	mark := "II"
	if order == motorola {
		mark = "MM"
	}
	return order.AppendUint32(order.AppendUint16([]byte(mark), magic), 8+skip)
}

// chain writes directories that are linked to each other and returns where each is.
func (w *tiffWriter) chain(list ...tags) []uint32 {
	var places []uint32
	for i, d := range list {
		at := w.directory(d)
		if i > 0 {
			w.order.PutUint32(w.out[places[i-1]+uint32(2+12*len(list[i-1])):], at)
		}
		places = append(places, at)
	}
	for _, l := range w.later {
		w.align()
		w.order.PutUint32(w.out[l.field:], uint32(len(w.out)))
		w.out = append(w.out, l.data...)
	}
	return places
}

// directory writes one directory and returns where it is.
func (w *tiffWriter) directory(d tags) uint32 {
	d = slices.Clone(d)
	slices.SortStableFunc(d, func(a, b tag) int { return int(a.id) - int(b.id) })
	w.align()
	at := uint32(len(w.out))
	w.out = append(w.out, make([]byte, 2+12*len(d)+4)...)
	w.order.PutUint16(w.out[at:], uint16(len(d)))
	for i, t := range d {
		kind, count, value := w.encode(t)
		place := value
		if len(value) > 4 {
			w.align()
			place = w.order.AppendUint32(nil, uint32(len(w.out)))
			w.out = append(w.out, value...)
		}
		switch v := t.value.(type) {
		case counted:
			w.out = append(w.out, v.after...)
		case last:
			w.later = append(w.later, later{at + uint32(2+12*i+8), v})
		}
		field := w.out[at+2+uint32(12*i):]
		w.order.PutUint16(field, t.id)
		w.order.PutUint16(field[2:], kind)
		w.order.PutUint32(field[4:], count)
		copy(field[8:12], place)
	}
	return at
}

func (w *tiffWriter) align() {
	if len(w.out)%2 == 1 {
		w.out = append(w.out, 0)
	}
}

// encode returns a value as it stands in a field; what it points to is written on the way.
func (w *tiffWriter) encode(t tag) (kind uint16, count uint32, value []byte) {
	switch v := t.value.(type) {
	case string:
		return 2, uint32(len(v) + 1), append([]byte(v), 0)
	case octets:
		return 1, uint32(len(v)), v
	case []byte:
		return 7, uint32(len(v)), v
	case counted:
		return 7, uint32(len(v.value)), v.value
	case uint16:
		return 3, 1, w.order.AppendUint16(nil, v)
	case []uint16:
		for _, n := range v {
			value = w.order.AppendUint16(value, n)
		}
		return 3, uint32(len(v)), value
	case uint32:
		return 4, 1, w.order.AppendUint32(nil, v)
	case []uint32:
		for _, n := range v {
			value = w.order.AppendUint32(value, n)
		}
		return 4, uint32(len(v)), value
	case rational:
		for _, n := range v {
			value = w.order.AppendUint32(value, n)
		}
		return 5, uint32(len(v) / 2), value
	case tags:
		return 4, 1, w.order.AppendUint32(nil, w.directory(v))
	case []tags:
		for _, d := range v {
			value = w.order.AppendUint32(value, w.directory(d))
		}
		return 4, uint32(len(v)), value
	case last:
		return 4, 1, make([]byte, 4)
	case data:
		w.align()
		at := uint32(len(w.out))
		w.out = append(w.out, v...)
		return 4, 1, w.order.AppendUint32(nil, at)
	}
	panic("no TIFF value")
}

// camera returns the fields of the first directory and of the exposure that opts ask for.
func (o Options) camera() (main, exposure tags) {
	for _, t := range []struct {
		id   uint16
		text string
	}{{0x010E, o.Description}, {0x010F, o.Make}, {0x0110, o.Model}} {
		if t.text != "" {
			main = append(main, tag{t.id, t.text})
		}
	}
	if o.Orientation != 0 {
		main = append(main, tag{0x0112, uint16(o.Orientation)})
	}
	if len(o.XMP) > 0 {
		main = append(main, tag{0x02BC, octets(o.XMP)})
	}
	if o.GPS {
		main = append(main, tag{0x8825, tags{{0, octets{2, 3, 0, 0}}, {1, "N"}, {2, rational{58, 1, 58, 1, 30, 1}},
			{3, "E"}, {4, rational{5, 1, 44, 1, 0, 1}}}})
	}
	exposure = tags{{0x9000, []byte("0232")}}
	if !o.TakenAt.IsZero() {
		exposure = append(exposure, tag{0x9003, o.TakenAt.Format("2006:01:02 15:04:05")})
		if !o.NoOffset {
			exposure = append(exposure, tag{0x9011, o.TakenAt.Format("-07:00")})
		}
		if o.TakenAt.Nanosecond() != 0 {
			exposure = append(exposure, tag{0x9291, o.TakenAt.Format(".000")[1:]})
		}
	}
	if o.Serial != "" {
		exposure = append(exposure, tag{0xA431, o.Serial})
	}
	if o.Lens != "" {
		exposure = append(exposure, tag{0xA434, o.Lens})
	}
	return main, exposure
}

// TIFF returns a made TIFF image of width × height stored pixels, uncompressed, in two strips.
func TIFF(width, height int, opts Options) []byte {
	return EncodeTIFF(Scene(width, height, opts.Seed), opts)
}

// EncodeTIFF writes img as an uncompressed TIFF file with the metadata that opts ask for.
func EncodeTIFF(img image.Image, opts Options) []byte {
	w := newTIFFWriter(motorola, tiffHeader(motorola, 42, 0))
	pixels := rgb(img)
	b := img.Bounds()
	rows := (b.Dy() + 1) / 2
	first := 3 * b.Dx() * rows
	w.out = append(w.out, pixels...)
	w.order.PutUint32(w.out[4:], uint32(len(w.out)+len(w.out)%2))
	main, exposure := opts.camera()
	w.chain(append(main, tags{
		{0x0100, uint32(b.Dx())}, {0x0101, uint32(b.Dy())}, {0x0102, []uint16{8, 8, 8}}, {0x0103, uint16(1)}, {0x0106, uint16(2)},
		{0x0111, []uint32{8, uint32(8 + first)}}, {0x0115, uint16(3)}, {0x0116, uint32(rows)},
		{0x0117, []uint32{uint32(first), uint32(len(pixels) - first)}}, {0x011A, rational{72, 1}}, {0x011B, rational{72, 1}},
		{0x0128, uint16(2)}, {0x8769, exposure},
	}...))
	return w.out
}

// rgb returns the pixels as three bytes each.
func rgb(img image.Image) []byte {
	b := img.Bounds()
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			out = append(out, c.R, c.G, c.B)
		}
	}
	return out
}

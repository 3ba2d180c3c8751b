package picturetest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"math/rand/v2"
)

// RAWFormats are the formats that [RAW] writes.
var RAWFormats = []string{"dng", "nef", "cr2", "arw", "orf", "rw2", "pef", "raf", "srw"}

// RAW returns a file laid out as the makers of cameras lay out their RAW files of one format: directories, maker notes and JPEG
// previews are as foreign readers expect them. The sensor data is noise. The picture has width × height stored pixels; its
// full-size preview has them, too, unless opts.PreviewSide says otherwise.
func RAW(format string, width, height int, opts Options) []byte {
	return EncodeRAW(format, Scene(width, height, opts.Seed), opts)
}

// EncodeRAW is RAW with a picture of the caller's.
func EncodeRAW(format string, img image.Image, opts Options) []byte {
	if opts.Make == "" {
		opts.Make = rawMakers[format]
	}
	side := opts.PreviewSide
	if side == 0 {
		side = max(img.Bounds().Dx(), img.Bounds().Dy())
	}
	shows := opts.Preview
	if shows == nil {
		shows = img
	}
	f := rawFile{opts: opts, img: img, width: uint32(img.Bounds().Dx()), height: uint32(img.Bounds().Dy()),
		preview: encodePlain(shrink(shows, side), opts.Quality), thumbnail: encodePlain(shrink(img, 160), 75)}
	f.sensor = make([]byte, 3000)
	rng := rand.New(rand.NewPCG(opts.Seed, 11))
	for i := range f.sensor {
		f.sensor[i] = byte(rng.UintN(256))
	}
	f.main, f.exposure = opts.camera()
	switch format {
	case "dng":
		return f.dng()
	case "nef":
		return f.nef()
	case "cr2":
		return f.cr2()
	case "arw":
		return f.arw()
	case "orf":
		return f.orf()
	case "rw2":
		return f.rw2()
	case "pef":
		return f.pef()
	case "raf":
		return f.raf()
	case "srw":
		return f.srw()
	}
	panic("no RAW format " + format)
}

var rawMakers = map[string]string{"dng": "Leica", "nef": "NIKON CORPORATION", "cr2": "Canon", "arw": "SONY", "orf": "OLYMPUS CORPORATION",
	"rw2": "Panasonic", "pef": "PENTAX", "raf": "FUJIFILM", "srw": "SAMSUNG"}

// border is how many columns and rows a sensor has more than the picture.
const border = 8

// rawFile is what the formats lay out.
type rawFile struct {
	opts                       Options
	img                        image.Image
	width, height              uint32
	preview, thumbnail, sensor []byte
	main, exposure             tags
}

// jpegFields refer to a JPEG image as thumbnails are referred to.
func jpegFields(jpeg []byte) tags {
	return tags{{0x0201, data(jpeg)}, {0x0202, uint32(len(jpeg))}}
}

// strip describes an image in one strip.
func strip(width, height uint32, compression, photometric uint16, content any, length int) tags {
	return tags{{0x0100, width}, {0x0101, height}, {0x0103, compression}, {0x0106, photometric}, {0x0111, content},
		{0x0116, height}, {0x0117, uint32(length)}}
}

// small is an uncompressed picture as some makers put into the first directory.
func (f rawFile) small(side int) tags {
	img := shrink(f.img, side)
	b := img.Bounds()
	return append(strip(uint32(b.Dx()), uint32(b.Dy()), 1, 2, data(rgb(img)), 3*b.Dx()*b.Dy()), tag{0x0102, []uint16{8, 8, 8}}, tag{0x0115, uint16(3)})
}

// raw describes the sensor data.
func (f rawFile) raw(compression uint16) tags {
	return append(strip(f.width+border, f.height+border, compression, 32803, last(f.sensor), len(f.sensor)), tag{0x00FE, uint32(0)},
		tag{0x0102, uint16(14)}, tag{0x0115, uint16(1)}, tag{0x828D, []uint16{2, 2}}, tag{0x828E, octets{0, 1, 1, 2}})
}

// sizeOf returns the size of a JPEG image in pixels.
func sizeOf(file []byte) image.Point {
	config, err := jpeg.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		panic(err) // of our own making
	}
	return image.Pt(config.Width, config.Height)
}

func with(list ...tags) (all tags) {
	for _, t := range list {
		all = append(all, t...)
	}
	return all
}

func (f rawFile) dng() []byte {
	w := newTIFFWriter(intel, tiffHeader(intel, 42, 0))
	p := sizeOf(f.preview)
	preview := append(strip(uint32(p.X), uint32(p.Y), 7, 6, data(f.preview), len(f.preview)), tag{0x00FE, uint32(1)},
		tag{0x0102, []uint16{8, 8, 8}}, tag{0x0115, uint16(3)})
	crop := tags{{0xC61F, []uint32{border / 2, border / 2}}, {0xC620, []uint32{f.width, f.height}}}
	w.chain(with(f.main, f.small(128), tags{{0x00FE, uint32(1)}, {0xC612, octets{1, 4, 0, 0}}, {0xC614, f.opts.Make + " " + f.opts.Model},
		{0x014A, []tags{with(f.raw(7), crop), preview}}, {0x8769, f.exposure}}))
	return w.out
}

func (f rawFile) nef() []byte {
	note := newTIFFWriter(motorola, tiffHeader(motorola, 42, 0))
	medium := encodePlain(shrink(f.img, 320), 75)
	fields := tags{{0x0001, []byte("0211")}, {0x0011, with(jpegFields(medium), tags{{0x0103, uint16(6)}})}}
	if f.opts.Serial != "" {
		fields = append(fields, tag{0x001D, f.opts.Serial})
	}
	note.chain(fields)
	head := append([]byte("Nikon\x00\x02\x10\x00\x00"), note.out...)
	w := newTIFFWriter(motorola, tiffHeader(motorola, 42, 0))
	full := with(jpegFields(f.preview), tags{{0x00FE, uint32(1)}, {0x0103, uint16(6)}, {0x0213, uint16(2)}})
	w.chain(with(f.main, f.small(160), tags{{0x00FE, uint32(1)}, {0x014A, []tags{full, f.raw(34713)}},
		{0x8769, append(f.exposure, tag{0x927C, head})}}))
	return w.out
}

func (f rawFile) cr2() []byte {
	w := newTIFFWriter(intel, append(tiffHeader(intel, 42, 8), 'C', 'R', 2, 0, 0, 0, 0, 0))
	p := sizeOf(f.preview)
	exposure := append(f.exposure, tag{0xA002, f.width}, tag{0xA003, f.height})
	lossless := append([]byte{0xFF, 0xD8, 0xFF, 0xC4, 0, 0x42}, f.sensor...)
	s := shrink(f.img, 384).Bounds()
	places := w.chain(
		with(f.main, strip(uint32(p.X), uint32(p.Y), 6, 6, data(f.preview), len(f.preview)), tags{{0x0102, []uint16{8, 8, 8}}, {0x8769, exposure}}),
		jpegFields(f.thumbnail),
		with(strip(uint32(s.Dx()), uint32(s.Dy()), 1, 2, data(rgb(shrink(f.img, 384))), 3*s.Dx()*s.Dy()), tags{{0x0102, []uint16{8, 8, 8}}, {0x0115, uint16(3)}}),
		tags{{0x0103, uint16(6)}, {0x0111, last(lossless)}, {0x0117, uint32(len(lossless))}, {0xC640, []uint16{1, uint16(f.width), uint16(f.width)}}})
	w.order.PutUint32(w.out[12:], places[3])
	return w.out
}

func (f rawFile) arw() []byte {
	w := newTIFFWriter(intel, tiffHeader(intel, 42, 0))
	crop := tags{{0x74C7, []uint32{border / 2, border / 2}}, {0x74C8, []uint32{f.width, f.height}}}
	w.chain(with(f.main, jpegFields(f.preview), tags{{0x00FE, uint32(1)}, {0x0103, uint16(6)}, {0x014A, with(f.raw(32767), crop)}, {0x8769, f.exposure}}),
		with(jpegFields(f.thumbnail), tags{{0x00FE, uint32(1)}, {0x0103, uint16(6)}}))
	return w.out
}

func (f rawFile) orf() []byte {
	// The preview lies behind the note, and its place counts from the beginning of the note: two passes, the first to learn it.
	note := newTIFFWriter(intel, nil)
	for range 2 {
		settings := tags{{0x0000, []byte("0100")}, {0x0100, uint32(1)}, {0x0101, uint32(len(note.out))}, {0x0102, uint32(len(f.preview))}}
		equipment := tags{{0x0000, []byte("0100")}}
		if f.opts.Serial != "" {
			equipment = append(equipment, tag{0x0101, f.opts.Serial})
		}
		note = newTIFFWriter(intel, []byte("OLYMPUS\x00II\x03\x00"))
		note.chain(tags{{0x2010, equipment}, {0x2020, settings}})
	}
	w := newTIFFWriter(intel, append([]byte("IIRO"), 8, 0, 0, 0))
	exposure := append(withoutTag(f.exposure, 0xA431), tag{0x927C, counted{note.out, f.preview}})
	w.chain(with(f.main, strip(f.width, f.height, 1, 1, last(f.sensor), len(f.sensor)), tags{{0x0102, uint16(16)}, {0x8769, exposure}}))
	return w.out
}

func withoutTag(list tags, id uint16) (rest tags) {
	for _, t := range list {
		if t.id != id {
			rest = append(rest, t)
		}
	}
	return rest
}

func (f rawFile) rw2() []byte {
	const mark = "\x88\xE7\x74\xD8\xF8\x25\x1D\x4D\x94\x7A\x6E\x77\x82\x2B\x5D\x6A"
	w := newTIFFWriter(intel, append(tiffHeader(intel, 0x55, 16), mark...))
	inside := f.opts
	inside.PreviewSide, inside.XMP = 0, nil
	side := f.opts.PreviewSide
	if side == 0 {
		side = int(max(f.width, f.height))
	}
	rendering := Encode(shrink(f.img, side), inside)
	w.chain(with(withoutTag(f.main, 0x8825), tags{{0x0001, []byte("0310")}, {0x0002, uint16(f.width + border)}, {0x0003, uint16(f.height + border)},
		{0x0004, uint16(border / 2)}, {0x0005, uint16(border / 2)}, {0x0006, uint16(f.height + border/2)}, {0x0007, uint16(f.width + border/2)},
		{0x002E, rendering}, {0x0111, uint32(0xFFFFFFFF)}, {0x0117, 2 * f.width * f.height}, {0x0118, last(f.sensor)}}))
	return w.out
}

func (f rawFile) pef() []byte {
	w := newTIFFWriter(motorola, tiffHeader(motorola, 42, 0))
	w.chain(with(f.main, strip(f.width+border, f.height+border, 65535, 32803, last(f.sensor), len(f.sensor)), tags{{0x0102, uint16(14)}, {0x8769, f.exposure}}),
		with(jpegFields(f.thumbnail), tags{{0x0103, uint16(6)}}),
		with(jpegFields(f.preview), tags{{0x0103, uint16(6)}}))
	return w.out
}

func (f rawFile) srw() []byte {
	w := newTIFFWriter(intel, tiffHeader(intel, 42, 0))
	w.chain(with(f.main, tags{{0x00FE, uint32(1)}, {0x014A, with(jpegFields(f.preview), tags{{0x0103, uint16(6)}})}, {0x8769, f.exposure}}),
		f.raw(32770))
	return w.out
}

func (f rawFile) raf() []byte {
	b := binary.BigEndian
	inside := f.opts
	inside.PreviewSide = 0
	side := f.opts.PreviewSide
	if side == 0 {
		side = int(max(f.width, f.height))
	}
	rendering := Encode(shrink(f.img, side), inside)
	const headerSize = 0x94
	out := make([]byte, headerSize)
	copy(out, "FUJIFILMCCD-RAW 0201FF393101")
	copy(out[0x1C:], f.opts.Model)
	copy(out[0x3C:], "0110")
	place := func(at int, content []byte) {
		b.PutUint32(out[at:], uint32(len(out)))
		b.PutUint32(out[at+4:], uint32(len(content)))
		out = append(out, content...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	size := func(to []byte, tag uint16, width, height uint32) []byte {
		to = b.AppendUint16(b.AppendUint16(to, tag), 4)
		return b.AppendUint16(b.AppendUint16(to, uint16(height)), uint16(width))
	}
	facts := size(b.AppendUint32(nil, 3), 0x0100, f.width+border, f.height+border)
	facts = size(facts, 0x0110, border/2, border/2)
	facts = size(facts, 0x0111, f.width, f.height)
	place(0x54, rendering)
	place(0x5C, facts)
	place(0x64, f.sensor)
	return out
}

// Package picturetest makes photographs for tests and demonstrations: scenes that no camera took and nobody appears in,
// with the metadata that cameras write. The same options give the same bytes.
package picturetest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"time"
)

// Options say what a made photograph shows and tells.
type Options struct {
	// Seed varies the scene.
	Seed uint64
	// Quality is the JPEG quality, 90 when zero.
	Quality int
	// Orientation is the EXIF orientation; 0 writes none. The scene is drawn as stored, so that it is upright only
	// after the orientation is applied.
	Orientation int
	// TakenAt is written as EXIF DateTimeOriginal by its own clock; zero writes none.
	TakenAt time.Time
	// NoOffset leaves out the time zone, as older cameras do.
	NoOffset bool
	// Make, Model, Lens and Serial name the camera; empty ones are left out.
	Make, Model, Lens, Serial string
	// Description is what somebody wrote about the picture, as EXIF ImageDescription.
	Description string
	// GPS writes a position.
	GPS bool
	// MakerNote is written as the EXIF maker note.
	MakerNote []byte
	// Thumbnail embeds an EXIF thumbnail of at most 160 pixels.
	Thumbnail bool
	// PreviewSide embeds, after the image, a preview whose longer side is this; 0 embeds none.
	PreviewSide int
	// Preview is what the preview shows when that is not the image itself; for RAW files only.
	Preview image.Image
	// XMP is written as an XMP packet when not empty.
	XMP []byte
	// Segments are further complete JPEG segments, written before the image data.
	Segments [][]byte
}

// JPEG returns a made photograph of width × height stored pixels.
func JPEG(width, height int, opts Options) []byte {
	return Encode(Scene(width, height, opts.Seed), opts)
}

// Scene draws a sky, a ground and a few shapes; its corners are red, green, blue and yellow, clockwise from the upper
// left, so that tests can see how an image was turned.
func Scene(width, height int, seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 7))
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	base := [3]float64{90 + 80*rng.Float64(), 110 + 70*rng.Float64(), 120 + 90*rng.Float64()}
	for y := range height {
		for x := range width {
			light := 0.55 + 0.5*float64(height-y)/float64(height) + 0.1*math.Sin(9*float64(x)/float64(width))
			img.SetRGBA(x, y, color.RGBA{clamp(base[0] * light), clamp(base[1] * light), clamp(base[2] * light), 255})
		}
	}
	for range 14 {
		c := color.RGBA{uint8(rng.UintN(256)), uint8(rng.UintN(256)), uint8(rng.UintN(256)), 255}
		w, h := 1+width/20+rng.IntN(1+width/5), 1+height/20+rng.IntN(1+height/5)
		at := image.Pt(rng.IntN(width), rng.IntN(height))
		shape := image.Rect(at.X, at.Y, at.X+w, at.Y+h).Intersect(img.Bounds())
		round := rng.IntN(2) == 0
		for y := shape.Min.Y; y < shape.Max.Y; y++ {
			for x := shape.Min.X; x < shape.Max.X; x++ {
				dx, dy := 2*float64(x-at.X)/float64(w)-1, 2*float64(y-at.Y)/float64(h)-1
				if !round || dx*dx+dy*dy <= 1 {
					img.SetRGBA(x, y, c)
				}
			}
		}
	}
	w, h := max(1, width/8), max(1, height/8)
	for i, c := range []color.RGBA{{220, 30, 30, 255}, {30, 170, 30, 255}, {30, 30, 220, 255}, {230, 220, 30, 255}} {
		at := []image.Point{{}, {X: width - w}, {X: width - w, Y: height - h}, {Y: height - h}}[i]
		draw.Draw(img, image.Rect(at.X, at.Y, at.X+w, at.Y+h), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return img
}

// Encode writes img as a camera would, with the metadata that opts ask for.
func Encode(img image.Image, opts Options) []byte {
	plain := encodePlain(img, opts.Quality)
	header := []byte{0xFF, 0xD8}
	if tiff := exif(img, opts); tiff != nil {
		header = append(header, Segment(0xE1, "Exif\x00\x00", tiff)...)
	}
	if len(opts.XMP) > 0 {
		header = append(header, Segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00", opts.XMP)...)
	}
	for _, s := range opts.Segments {
		header = append(header, s...)
	}
	body := plain[2:]
	if opts.PreviewSide <= 0 {
		return append(header, body...)
	}
	preview := encodePlain(shrink(img, opts.PreviewSide), opts.Quality)
	index := func(offset int) []byte { return Segment(0xE2, "MPF\x00", mpf(len(plain), offset, len(preview))) }
	// Offsets in the index count from its byte order mark, eight bytes into the segment.
	offset := len(index(0)) - 8 + len(body)
	return append(append(append(header, index(offset)...), body...), preview...)
}

func encodePlain(img image.Image, quality int) []byte {
	if quality == 0 {
		quality = 90
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // only for sizes that JPEG cannot hold
	}
	return out.Bytes()
}

// Segment returns a JPEG marker segment.
func Segment(marker byte, signature string, payload []byte) []byte {
	n := 2 + len(signature) + len(payload)
	s := []byte{0xFF, marker, byte(n >> 8), byte(n)}
	return append(append(s, signature...), payload...)
}

// field is one TIFF field; values longer than four bytes are placed after the directory.
type field struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

var order = binary.BigEndian

func ascii(tag uint16, s string) field {
	return field{tag, 2, uint32(len(s) + 1), append([]byte(s), 0)}
}
func short(tag, v uint16) field       { return field{tag, 3, 1, order.AppendUint16(nil, v)} }
func long(tag uint16, v uint32) field { return field{tag, 4, 1, order.AppendUint32(nil, v)} }
func blob(tag uint16, b []byte) field { return field{tag, 7, uint32(len(b)), b} }
func degrees(tag uint16, d uint32) field {
	b := order.AppendUint32(nil, d)
	for _, v := range []uint32{1, 30, 1, 15, 1} {
		b = order.AppendUint32(b, v)
	}
	return field{tag, 5, 3, b}
}

// directory lays out a directory that begins at offset; fields must be in the order of their tags.
func directory(offset int, next uint32, fields []field) []byte {
	head := order.AppendUint16(nil, uint16(len(fields)))
	data := []byte{}
	after := offset + 2 + 12*len(fields) + 4
	for _, f := range fields {
		head = order.AppendUint16(head, f.tag)
		head = order.AppendUint16(head, f.kind)
		head = order.AppendUint32(head, f.count)
		if len(f.value) <= 4 {
			head = append(head, append(append([]byte{}, f.value...), 0, 0, 0, 0)[:4]...)
			continue
		}
		head = order.AppendUint32(head, uint32(after+len(data)))
		data = append(data, f.value...)
		if len(data)%2 == 1 {
			data = append(data, 0)
		}
	}
	return append(order.AppendUint32(head, next), data...)
}

// exif builds the TIFF structure of an EXIF segment, nil when there is nothing to tell.
func exif(img image.Image, opts Options) []byte {
	var main, sub []field
	if opts.Description != "" {
		main = append(main, ascii(0x010E, opts.Description))
	}
	if opts.Make != "" {
		main = append(main, ascii(0x010F, opts.Make))
	}
	if opts.Model != "" {
		main = append(main, ascii(0x0110, opts.Model))
	}
	if opts.Orientation != 0 {
		main = append(main, short(0x0112, uint16(opts.Orientation)))
	}
	if !opts.TakenAt.IsZero() {
		sub = append(sub, blob(0x9000, []byte("0232")), ascii(0x9003, opts.TakenAt.Format("2006:01:02 15:04:05")))
		if !opts.NoOffset {
			sub = append(sub, ascii(0x9011, opts.TakenAt.Format("-07:00")))
		}
	}
	if opts.MakerNote != nil {
		sub = append(sub, blob(0x927C, opts.MakerNote))
	}
	if opts.Serial != "" {
		sub = append(sub, ascii(0xA431, opts.Serial))
	}
	if opts.Lens != "" {
		sub = append(sub, ascii(0xA434, opts.Lens))
	}
	if len(main)+len(sub) == 0 && !opts.GPS && !opts.Thumbnail {
		return nil
	}
	gps := []field{{0, 1, 4, []byte{2, 3, 0, 0}}, ascii(1, "N"), degrees(2, 58), ascii(3, "E"), degrees(4, 5)}

	// Two passes: the first with zero pointers to learn the sizes, the second with the right ones.
	var subAt, gpsAt, thumbAt uint32
	for pass := 0; ; pass++ {
		fields := append([]field(nil), main...)
		fields = append(fields, long(0x8769, subAt))
		if opts.GPS {
			fields = append(fields, long(0x8825, gpsAt))
		}
		tiff := order.AppendUint32([]byte("MM\x00\x2A"), 8)
		tiff = append(tiff, directory(8, thumbAt, fields)...)
		subAt = uint32(len(tiff))
		tiff = append(tiff, directory(len(tiff), 0, sub)...)
		if opts.GPS {
			gpsAt = uint32(len(tiff))
			tiff = append(tiff, directory(len(tiff), 0, gps)...)
		}
		if opts.Thumbnail {
			thumbAt = uint32(len(tiff))
			small := encodePlain(shrink(img, 160), 75)
			const size = 2 + 12*3 + 4
			tiff = append(tiff, directory(len(tiff), 0, []field{short(0x0103, 6),
				long(0x0201, thumbAt+size), long(0x0202, uint32(len(small)))})...)
			tiff = append(tiff, small...)
		}
		if pass == 1 {
			return tiff
		}
	}
}

// mpf builds a Multi-Picture Format index of the image and one large thumbnail.
func mpf(size, previewOffset, previewSize int) []byte {
	entry := func(attribute uint32, size, offset int) []byte {
		b := order.AppendUint32(nil, attribute)
		b = order.AppendUint32(b, uint32(size))
		b = order.AppendUint32(b, uint32(offset))
		return append(b, 0, 0, 0, 0)
	}
	entries := append(entry(0x20030000, size, 0), entry(0x00010002, previewSize, previewOffset)...)
	fields := []field{blob(0xB000, []byte("0100")), long(0xB001, 2), blob(0xB002, entries)}
	return append(order.AppendUint32([]byte("MM\x00\x2A"), 8), directory(8, 0, fields)...)
}

func shrink(img image.Image, side int) image.Image {
	b := img.Bounds()
	n := max(b.Dx(), b.Dy())
	w, h := max(1, b.Dx()*side/n), max(1, b.Dy()*side/n)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.Set(x, y, img.At(b.Min.X+(2*x+1)*b.Dx()/(2*w), b.Min.Y+(2*y+1)*b.Dy()/(2*h)))
		}
	}
	return out
}

func clamp(v float64) uint8 {
	switch { // min and max, which heed what is no number, would take most of the time that a picture takes
	case v <= 0:
		return 0
	case v >= 255:
		return 255
	}
	return uint8(v)
}

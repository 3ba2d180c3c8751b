package picturetest

import (
	"bytes"
	"encoding/base64"
)

// HEICOptions say how a made HEIC image is seen and what it tells.
type HEICOptions struct {
	// Options are those of its EXIF, and its XMP.
	Options
	// Turns are quarter turns against the clock, Mirrored a reflection about the vertical axis after them.
	Turns    int
	Mirrored bool
	// Grid puts the image together of two such, side by side.
	Grid bool
	// JPEGThumbnail embeds a thumbnail in JPEG.
	JPEGThumbnail bool
	// C2PA adds a box with content credentials.
	C2PA bool
	// Profile is an ICC profile.
	Profile []byte
}

// The coded image that made HEIC files hold: 192 × 144 pixels in HEVC, four quarters in the colours of a [Scene]'s corners. There is no
// encoder in Go; these are the units that x265 wrote: parameters of the video, the sequence and the picture, and the picture.
var codedImage = [4]string{
	"QAEMAf//BAgAAAMAn6gAAAMAADy6AkA=",
	"QgEBBAgAAAMAn6gAAAMAADygGCAkWW6kkyubgQEDAgAAAwACAAADADIQ",
	"RAHBcYMS",
	"KAGvF2dBVubyf/maO/39wy8tQ+enPyt/5BcXs0v9gs/zSEUNx6pNoHrTdiSGm73X7GJnBxpLDuIDyB/GOPwugyrs2KO8P2pxJiy8dmGzOAA4nHHqRwVAKsdl" +
		"C9Af/95N0H9UTQ0YCjHXxFpAP+QbPwRoHcKpacBzDs4CI7oUtO3kgQPiXg==",
}

// The size of the image that made HEIC files hold.
const (
	CodedWidth  = 192
	CodedHeight = 144
)

func coded(n int) []byte {
	b, err := base64.StdEncoding.DecodeString(codedImage[n])
	if err != nil {
		panic(err)
	}
	return b
}

// HEIC returns a made HEIC image: red, green, blue and yellow clockwise from the upper left, before it is turned.
func HEIC(o HEICOptions) []byte {
	const primary, left, right, exif, packet, thumbnail = 1, 2, 3, 4, 5, 6
	picture := append(words(uint32(len(coded(3)))), coded(3)...)
	h := heicItems{file: Box("ftyp", []byte("heic"), words(0), []byte("mif1heic"))}
	h.properties = [][]byte{
		Box("ispe", words(0, CodedWidth, CodedHeight)),
		Box("hvcC", hevcConfiguration()),
		Box("ispe", words(0, 2*CodedWidth, CodedHeight)),
		Box("irot", []byte{byte(o.Turns & 3)}),
		Box("imir", []byte{1}),
		Box("colr", []byte("prof"), o.Profile),
	}
	if !o.Grid {
		h.properties[2] = Box("pixi", words(0), []byte{3, 8, 8, 8})
	}
	var shape []byte
	if o.Turns != 0 {
		shape = append(shape, 4)
	}
	if o.Mirrored {
		shape = append(shape, 5)
	}
	if o.Profile != nil {
		shape = append(shape, 6)
	}
	if o.Grid {
		h.add(primary, "grid", append([]byte{3}, shape...), []byte{0, 0, 0, 1, 2 * CodedWidth >> 8, 2 * CodedWidth & 0xFF, 0, CodedHeight})
		h.add(left, "hvc1", []byte{1, 0x80 | 2}, picture)
		h.add(right, "hvc1", []byte{1, 0x80 | 2}, picture)
		h.refer("dimg", primary, left, right)
	} else {
		h.add(primary, "hvc1", append([]byte{1, 0x80 | 2}, shape...), picture)
	}
	if tiff := o.exif(); tiff != nil {
		h.add(exif, "Exif", nil, append(words(6), append([]byte("Exif\x00\x00"), tiff...)...))
		h.refer("cdsc", exif, primary)
	}
	if len(o.XMP) > 0 {
		h.add(packet, "mime", nil, o.XMP)
		h.refer("cdsc", packet, primary)
	}
	if o.JPEGThumbnail {
		h.add(thumbnail, "jpeg", []byte{1}, encodePlain(Scene(CodedWidth, CodedHeight, 1), 80))
		h.refer("thmb", thumbnail, primary)
	}
	file := h.bytes()
	if o.C2PA {
		file = append(file, Box("uuid", []byte(uuidC2PA), words(0), []byte("manifest\x00"), words(0, 0), []byte("jumb c2pa"))...)
	}
	return file
}

// exif is the TIFF structure with the orientation that a phone writes besides turning the image.
func (o HEICOptions) exif() []byte {
	return exif(Scene(CodedWidth, CodedHeight, 1), o.Options)
}

// hevcConfiguration is the content of an hvcC box (ISO/IEC 14496-15 §8.3.3.1).
func hevcConfiguration() []byte {
	// Profile, tier and level as in the sequence's parameters, without the bytes that keep apart what looks like a start.
	c := []byte("\x01\x04\x08\x00\x00\x00\x9F\xA8\x00\x00\x00\x00\x3C")
	c = append(c, 0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 3)
	for n, kind := range []byte{32, 33, 34} {
		unit := coded(n)
		c = append(append(append(c, 0x80|kind, 0, 1), byte(len(unit)>>8), byte(len(unit))), unit...)
	}
	return c
}

// heicItems is a file that is being put together.
type heicItems struct {
	file       []byte
	properties [][]byte
	items      []heicItem
	references []byte
}

type heicItem struct {
	id         uint16
	kind       string
	properties []byte
	data       []byte
}

func (h *heicItems) add(id uint16, kind string, properties, data []byte) {
	h.items = append(h.items, heicItem{id, kind, properties, data})
}

func (h *heicItems) refer(kind string, from uint16, to ...uint16) {
	content := order.AppendUint16(order.AppendUint16(nil, from), uint16(len(to)))
	for _, id := range to {
		content = order.AppendUint16(content, id)
	}
	h.references = append(h.references, Box(kind, content)...)
}

func (h *heicItems) bytes() []byte {
	var data []byte
	for _, it := range h.items {
		data = append(data, it.data...)
	}
	header := h.header(0)
	return append(append(h.file, h.header(uint32(len(h.file)+len(header)+8))...), Box("mdat", data)...)
}

// header is the box that lists the items, whose data begins at a place in the file.
func (h *heicItems) header(at uint32) []byte {
	count := order.AppendUint16(nil, uint16(len(h.items)))
	var infos, places, associations []byte
	used := uint32(0)
	for _, it := range h.items {
		info := append(order.AppendUint16(words(2<<24), it.id), 0, 0)
		info = append(append(info, it.kind...), 0)
		if it.kind == "mime" {
			info = append(info, "application/rdf+xml\x00"...)
		}
		infos = append(infos, Box("infe", info)...)
		places = append(order.AppendUint16(places, it.id), 0, 0, 0, 1)
		places = append(places, words(at, uint32(len(it.data)))...)
		at += uint32(len(it.data))
		if it.properties != nil {
			used++
			associations = append(append(order.AppendUint16(associations, it.id), byte(len(it.properties))), it.properties...)
		}
	}
	return Box("meta", words(0), handler("pict"), Box("pitm", words(0), []byte{0, 1}), Box("iinf", words(0), count, infos),
		Box("iloc", words(0), []byte{0x44, 0}, count, places), Box("iref", words(0), h.references),
		Box("iprp", Box("ipco", bytes.Join(h.properties, nil)), Box("ipma", words(0, used), associations)))
}

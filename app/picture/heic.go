package picture

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Limits of one file. A phone writes about sixty items, each in one piece; the largest panorama has a thousand tiles.
const (
	maxHEIFItems   = 1 << 12
	maxHEIFExtents = 1 << 14
	// Items may lie on top of each other and share their properties, so that what is read is not bounded by the file's length.
	maxItemProperties = 64
	maxDescriptions   = 16
)

// heif is an image file built of items (HEIF, ISO/IEC 23008-12): coded images, a grid that puts them together, thumbnails, EXIF.
type heif struct {
	boxes      *boxReader
	m          metadata
	primary    uint32
	items      map[uint32]*heifItem
	properties []box
	extents    int
	described  int                  // items that were read for what they say
	codings    map[int64]hevcCoding // by where the configuration is
	data       byteRange            // the "idat" box
	seen       bool                 // the box that lists the items
	end        int64                // of the last whole box: what stands behind it is not the image's
	sequence   bool                 // there is a film of images
}

// heifItem is one item of a file.
type heifItem struct {
	kind, contentType string
	extents           []byteRange
	properties        []int    // numbers in the file's list, from 1, in the order in which they apply
	parts             []uint32 // the items that a grid is made of
	describes, thumbs []uint32 // the items that this one describes, or is a thumbnail of
}

// heifBoxes are those that stand at the top of a file: one that is longer than the file was cut off.
var heifBoxes = map[string]bool{"ftyp": true, "meta": true, "mdat": true, "moov": true, "free": true, "skip": true, "uuid": true}

// readHEIC gathers the metadata of an HEIC image and checks that all its items lie in the file.
//
// Width, height and pixels are those of the picture as it is seen: the file's own turns and reflections are part of the image,
// and what EXIF says about orientation repeats them and does not count (ISO/IEC 23008-12 annex A.2).
func readHEIC(b *boxReader) (metadata, error) {
	h := heif{boxes: b, items: map[uint32]*heifItem{}}
	h.m.info = Info{Kind: Photo, Format: "heic", MIME: "image/heic", Orientation: 1}
	var inside error // a fault within a box, not of what stands behind the last one
	err := b.each(b.file(), func(found box) error {
		switch {
		case found.kind == "meta" && !h.seen:
			h.seen = true
			inside = b.each(found.skip(4), h.meta)
		case found.kind == "moov":
			h.sequence = true
		case found.kind == "uuid":
			b.readUUID(found, &h.m.info)
		}
		h.end = found.offset + found.length
		return inside
	})
	var cut cutBox
	switch {
	case inside == nil && h.seen && errors.As(err, &cut) && !heifBoxes[cut.kind], inside == nil && h.seen && errors.Is(err, errShortBox):
		// What telephones and programs add behind an image is not part of it: all its items lie in the file.
	case errors.As(err, new(cutBox)):
		return h.m, cutOff("image data ends early")
	case err != nil:
		return h.m, err
	case !h.seen && h.sequence:
		return h.m, foreign("HEIF", "HEIF image sequence")
	case !h.seen:
		return h.m, damaged("there is no image data")
	}
	return h.m, h.finish()
}

func (h *heif) meta(b box) error {
	switch b.kind {
	case "pitm":
		p, err := h.table(b, 6)
		if err != nil {
			return err
		}
		p.long = p.version > 0
		h.primary = p.id()
	case "iinf":
		p, err := h.table(b, 6)
		if err != nil {
			return err
		}
		return h.boxes.eachOf(b.skip(int64(6+2*min(p.version, 1))), "infe", h.information)
	case "iloc":
		return h.locations(b)
	case "iref":
		p, err := h.table(b, 4)
		if err != nil {
			return err
		}
		return h.boxes.each(b.skip(4), func(b box) error { return h.references(b, p.version) })
	case "iprp":
		return h.boxes.each(b.byteRange, h.itemProperties)
	case "idat":
		h.data = b.byteRange
	}
	return nil
}

// heifTable takes the fields of a box apart that begins with version and flags.
type heifTable struct {
	fields  // long: item ids have four bytes
	version int
}

func (t *heifTable) id() uint32 {
	if t.long {
		return t.uint32()
	}
	return uint32(t.uint16())
}

func (h *heif) table(b box, least int) (heifTable, error) {
	p, err := h.boxes.payload(b.byteRange)
	if err != nil {
		return heifTable{}, err
	}
	if len(p) < least {
		return heifTable{}, damaged("a box of the header is too short")
	}
	return heifTable{fields{data: p[4:], flags: binary.BigEndian.Uint32(p) & 0xFFFFFF}, int(p[0])}, nil
}

// item returns the item with an id, nil when there are too many.
func (h *heif) item(id uint32) *heifItem {
	it := h.items[id]
	if it == nil && len(h.items) < maxHEIFItems {
		it = &heifItem{}
		h.items[id] = it
	}
	return it
}

// information reads what sort of thing an item is (ISO/IEC 14496-12 §8.11.6).
func (h *heif) information(b box) error {
	p, err := h.table(b, 12)
	if err != nil || p.version < 2 {
		return err
	}
	p.long = p.version > 2
	it := h.item(p.id())
	if it == nil {
		return damaged("there are more items than any camera writes")
	}
	p.skip(2) // protection
	if len(p.data) < 4 {
		return damaged("a box of the header is too short")
	}
	it.kind = string(p.data[:4])
	p.skip(4)
	p.skip(len(zeroEnded(p.data)) + 1) // name
	if it.kind == "mime" {
		it.contentType = zeroEnded(p.data)
	}
	return nil
}

// locations reads where the items are (ISO/IEC 14496-12 §8.11.3).
func (h *heif) locations(b box) error {
	p, err := h.table(b, 8)
	if err != nil {
		return err
	}
	sizes := p.uint16()
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if offsetSize > 8 || lengthSize > 8 || baseSize > 8 || indexSize > 8 {
		return damaged("the list of the items' places is broken")
	}
	p.long = p.version == 2
	for count := p.id(); count > 0 && len(p.data) > 0; count-- {
		it := h.item(p.id())
		if it == nil {
			return damaged("there are more items than any camera writes")
		}
		method := uint16(0)
		if p.version > 0 {
			method = p.uint16() & 15
		}
		elsewhere := p.uint16() != 0
		base := p.number(baseSize)
		for extents := p.uint16(); extents > 0 && len(p.data) > 0; extents-- {
			if h.extents++; h.extents > maxHEIFExtents { // a list of nothing has any length
				return damaged("the items are in more pieces than any camera writes")
			}
			if p.version > 0 {
				p.skip(indexSize)
			}
			from, length := base+p.number(offsetSize), p.number(lengthSize)
			if elsewhere || method > 1 { // in another file, or inside another item: nothing that a camera writes
				continue
			}
			within := h.boxes.file()
			if method == 1 {
				within = h.data
			}
			if from > uint64(within.length) || length > uint64(within.length)-from {
				return cutOff("image data ends early")
			}
			it.extents = append(it.extents, byteRange{within.offset + int64(from), int64(length)})
		}
	}
	return nil
}

// references reads which items belong together (ISO/IEC 14496-12 §8.11.12).
func (h *heif) references(b box, version int) error {
	payload, err := h.boxes.payload(b.byteRange)
	if err != nil {
		return err
	}
	p := heifTable{fields{data: payload, long: version > 0}, version}
	it := h.item(p.id())
	if it == nil {
		return nil
	}
	var to []uint32
	for count := p.uint16(); count > 0 && len(p.data) > 0; count-- {
		to = append(to, p.id())
	}
	switch b.kind {
	case "dimg":
		it.parts = append(it.parts, to...)
	case "cdsc":
		it.describes = append(it.describes, to...)
	case "thmb":
		it.thumbs = append(it.thumbs, to...)
	}
	return nil
}

// itemProperties reads the properties and which item has which (ISO/IEC 23008-12 §9.3).
func (h *heif) itemProperties(b box) error {
	switch b.kind {
	case "ipco":
		return h.boxes.each(b.byteRange, func(b box) error {
			if len(h.properties) >= maxHEIFItems {
				return damaged("there are more properties than any camera writes")
			}
			h.properties = append(h.properties, b)
			return nil
		})
	case "ipma":
		p, err := h.table(b, 8)
		if err != nil {
			return err
		}
		wide := p.flags&1 != 0
		p.long = p.version > 0
		for count := p.uint32(); count > 0 && len(p.data) > 0; count-- {
			it := h.item(p.id())
			for n := p.number(1); n > 0 && len(p.data) > 0; n-- {
				number := int(p.number(1) & 0x7F)
				if wide {
					number = number<<8 | int(p.number(1))
				}
				if it != nil && len(it.properties) < maxItemProperties {
					it.properties = append(it.properties, number)
				}
			}
		}
	}
	return nil
}

// each calls visit with the properties of an item, in the order in which they apply.
func (h *heif) each(it *heifItem, visit func(b box) error) error {
	for _, n := range it.properties {
		if n < 1 || n > len(h.properties) {
			continue
		}
		if err := visit(h.properties[n-1]); err != nil {
			return err
		}
	}
	return nil
}

// finish draws the conclusions once everything was read.
func (h *heif) finish() error {
	main := h.items[h.primary]
	if main == nil || main.kind == "" || len(main.extents) == 0 {
		return damaged("there is no image data")
	}
	coded := main
	if main.kind == "grid" && len(main.parts) > 0 {
		if coded = h.items[main.parts[0]]; coded == nil {
			return damaged("a part of the image is missing")
		}
	}
	switch coded.kind {
	case "hvc1":
	case "av01":
		return foreign("AVIF", "AVIF image")
	default:
		return foreign("HEIF", fmt.Sprintf("HEIF image coded as %q", coded.kind))
	}
	turned, err := h.shape(main)
	if err != nil {
		return err
	}
	if err := checkPixels(h.m.info.Width, h.m.info.Height); err != nil {
		return err
	}
	if h.m.icc = h.profile(main); h.m.icc == nil {
		h.m.icc = h.profile(coded)
	}
	for _, it := range h.items {
		h.description(it, turned)
	}
	h.m.info.Orientation = 1
	h.m.previews = within(h.m.previews, h.boxes.size)
	h.m.decode = h.decode
	return nil
}

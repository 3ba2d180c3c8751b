package picture

import (
	"bytes"
	"errors"
)

// cr3 is a Canon RAW image in an ISO base media file. Canon describes it nowhere; the layout is the one that Laurent Clévy found
// out and ExifTool and LibRaw follow.
type cr3 struct {
	boxes  *boxReader
	m      metadata
	facts  [5][]byte // CMT1 to CMT4: TIFF structures of the main directory, exposure, maker notes, and position
	images []cr3Image
}

// cr3Image is one track: a JPEG of full size, the RAW image in one or two sizes, or data of the moment.
type cr3Image struct {
	film    bool // the handler is "vide"
	count   uint32
	samples byteRange // the first one
}

// readCR3 gathers the metadata of a CR3 file and checks that its images lie in the file. The RAW image itself is not decoded:
// what is shown is one of the JPEGs inside.
func readCR3(b *boxReader) (metadata, error) {
	c := cr3{boxes: b, m: metadata{info: Info{Kind: Photo, Format: "cr3", MIME: "image/x-canon-cr3", Orientation: 1}}}
	err := b.each(b.file(), c.top)
	switch {
	case errors.As(err, new(cutBox)):
		return c.m, cutOff("image data ends early")
	case err != nil:
		return c.m, err
	}
	return c.m, c.finish()
}

func (c *cr3) top(b box) error {
	switch {
	case b.kind == "moov":
		return c.boxes.each(b.byteRange, c.moov)
	case b.uuid == uuidCanonPreview:
		return c.boxes.eachOf(b.skip(8), "PRVW", c.preview)
	case b.kind == "uuid":
		c.boxes.readUUID(b, &c.m.info)
	}
	return nil
}

func (c *cr3) moov(b box) error {
	switch {
	case b.uuid == uuidCanon:
		return c.boxes.each(b.byteRange, c.canon)
	case b.kind == "trak":
		if len(c.images) == maxTracks {
			return damaged("there are more tracks than any camera writes")
		}
		c.images = append(c.images, cr3Image{})
		image := &c.images[len(c.images)-1]
		return c.boxes.eachOf(b.byteRange, "mdia", func(b box) error {
			return c.boxes.each(b.byteRange, func(b box) error { return c.media(image, b) })
		})
	}
	return nil
}

func (c *cr3) canon(b box) error {
	if b.kind == "THMB" {
		return c.preview(b)
	}
	if len(b.kind) == 4 && b.kind[:3] == "CMT" && b.kind[3] >= '1' && b.kind[3] <= '4' {
		p, err := c.boxes.payload(b.byteRange)
		c.facts[b.kind[3]-'0'] = p
		return err
	}
	return nil
}

// preview takes a JPEG that stands behind its size, sixteen bytes, in a box of Canon's.
func (c *cr3) preview(b box) error {
	at := b.skip(16)
	head, err := c.boxes.head(at, 3)
	if err == nil && bytes.Equal(head, []byte("\xFF\xD8\xFF")) {
		c.m.previews = append(c.m.previews, at)
	}
	return err
}

func (c *cr3) media(image *cr3Image, b box) error {
	switch b.kind {
	case "hdlr":
		p, err := c.boxes.head(b.byteRange, 12)
		image.film = len(p) == 12 && string(p[8:]) == "vide"
		return err
	case "minf":
		return c.boxes.eachOf(b.byteRange, "stbl", func(b box) error {
			return c.boxes.each(b.byteRange, func(b box) error { return c.samples(image, b) })
		})
	}
	return nil
}

// samples reads where the first image of a track is, and how long.
func (c *cr3) samples(image *cr3Image, b box) error {
	p, err := c.boxes.head(b.byteRange, 16)
	if err != nil || len(p) < 12 {
		return err
	}
	f := fields{data: p}
	f.skip(4)
	switch b.kind {
	case "stsz":
		length := f.uint32()
		if image.count = f.uint32(); length == 0 {
			length = f.uint32()
		}
		image.samples.length = int64(length)
	case "stco":
		f.skip(4)
		image.samples.offset = int64(f.uint32())
	case "co64":
		f.skip(4)
		image.samples.offset = int64(min(f.number(8), 1<<62))
	}
	return nil
}

func (c *cr3) finish() error {
	info := &c.m.info
	if c.facts[1] == nil {
		return unsupported("Canon RAW image (CR3) without its metadata")
	}
	for _, tiff := range c.facts[1:3] {
		readEXIF(tiff, info)
	}
	info.Width, info.Height = cr3Size(c.facts[1])
	info.HasGPS = info.HasGPS || cr3Position(c.facts[4])
	for _, image := range c.images {
		at := image.samples
		switch {
		case !image.film:
			continue
		case image.count > 1:
			return foreign("CRM", "Canon RAW film (CRM)")
		case at.length > c.boxes.size || at.offset > c.boxes.size-at.length:
			return cutOff("image data ends early")
		}
		if head, err := c.boxes.head(at, 3); err != nil {
			return err
		} else if bytes.Equal(head, []byte("\xFF\xD8\xFF")) {
			c.m.previews = append(c.m.previews, at)
		}
	}
	if info.Width <= 0 || info.Height <= 0 {
		return damaged("the image has no size")
	}
	c.m.previews = within(c.m.previews, c.boxes.size)
	return nil
}

// cr3Size is the size of the image as developed, before it is turned.
func cr3Size(main []byte) (width, height int) {
	t, ok := newTIFFReader(bytes.NewReader(main), int64(len(main)))
	if !ok {
		return 0, 0
	}
	d, _ := t.directory(t.first)
	return int(t.number(d, tagImageWidth)), int(t.number(d, tagImageHeight))
}

// cr3Position tells whether there is a position in a structure whose main directory is EXIF's GPS directory.
func cr3Position(gps []byte) bool {
	t, ok := newTIFFReader(bytes.NewReader(gps), int64(len(gps)))
	if !ok {
		return false
	}
	d, _ := t.directory(t.first)
	_, latitude := d.field(tagGPSLatitude)
	return latitude
}

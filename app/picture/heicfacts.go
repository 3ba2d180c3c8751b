package picture

import "encoding/binary"

// shape takes the size of the image as it is seen, and tells whether it is cropped, turned or mirrored for that.
func (h *heif) shape(it *heifItem) (transformed bool, err error) {
	width, height := uint64(0), uint64(0)
	err = h.each(it, func(b box) error {
		p, err := h.boxes.head(b.byteRange, 32)
		if err != nil {
			return err
		}
		f := fields{data: p}
		switch b.kind {
		case "ispe":
			f.skip(4)
			width, height = f.number(4), f.number(4)
		case "clap":
			transformed = true
			if w, of := f.number(4), f.number(4); of > 0 && w/of <= width {
				width = w / of
			}
			if t, of := f.number(4), f.number(4); of > 0 && t/of <= height {
				height = t / of
			}
		case "irot":
			if turns := f.number(1) & 3; turns != 0 {
				transformed = true
				if turns%2 == 1 {
					width, height = height, width
				}
			}
		case "imir":
			transformed = true
		}
		return nil
	})
	h.m.info.Width, h.m.info.Height = int(width), int(height)
	return transformed, err
}

// profile returns the ICC profile of an item, nil when it has none.
func (h *heif) profile(it *heifItem) (icc []byte) {
	_ = h.each(it, func(b box) error {
		if b.kind != "colr" || icc != nil {
			return nil
		}
		kind, err := h.boxes.head(b.byteRange, 4)
		if err != nil || string(kind) != "prof" && string(kind) != "rICC" {
			return err
		}
		icc, err = h.boxes.payload(b.skip(4))
		return err
	})
	return icc
}

// description takes what an item says about the image, and its JPEG thumbnails. These are not turned with the image, so those of
// a turned one are left out.
func (h *heif) description(it *heifItem, turned bool) {
	if len(it.extents) != 1 {
		return
	}
	at, info := it.extents[0], &h.m.info
	if it.kind == "Exif" || it.kind == "mime" {
		if h.described++; h.described > maxDescriptions {
			return
		}
	}
	switch {
	case it.kind == "Exif" && h.concerns(it.describes):
		p, err := h.boxes.payload(at)
		if err != nil || len(p) < 4 {
			return
		}
		// The first four bytes say how many follow before the TIFF structure.
		skip := uint64(binary.BigEndian.Uint32(p)) + 4
		if skip >= uint64(len(p)) {
			return
		}
		if thumbnail, ok := readEXIF(p[skip:], info); ok && !turned {
			h.m.previews = append(h.m.previews, byteRange{at.offset + int64(skip) + thumbnail.offset, thumbnail.length})
		}
	case it.kind == "mime" && it.contentType == "application/rdf+xml" && h.concerns(it.describes):
		if p, err := h.boxes.payload(at); err == nil {
			readXMP(p, info)
		}
	case it.kind == "jpeg" && len(it.thumbs) > 0 && h.concerns(it.thumbs) && !turned:
		h.m.previews = append(h.m.previews, at)
	}
}

// concerns tells whether a reference leads to the image that is shown; a file without references has only one.
func (h *heif) concerns(items []uint32) bool {
	for _, id := range items {
		if id == h.primary {
			return true
		}
	}
	return len(items) == 0
}

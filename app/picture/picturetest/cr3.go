package picturetest

import "image"

// CR3 returns a made file in the layout of Canon's CR3: EXIF in four boxes, a thumbnail, a preview and a JPEG of full size, and in
// place of the RAW image noise that nobody decodes.
func CR3(width, height int, opts Options) []byte {
	scene := Scene(width, height, opts.Seed)
	full, preview := encodePlain(scene, opts.Quality), encodePlain(shrink(scene, max(width, height)/2), opts.Quality)
	sensor := make([]byte, 2000)
	for i := range sensor {
		sensor[i] = byte(i * i >> 3)
	}
	main, exposure := opts.camera()
	var position tags
	var rest tags
	for _, t := range main {
		if t.id == 0x8825 {
			position = t.value.(tags)
		} else if t.id != 0x02BC {
			rest = append(rest, t)
		}
	}
	rest = append(rest, tag{0x0100, uint16(width)}, tag{0x0101, uint16(height)})
	previewBox := Box("uuid", []byte("\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16"), words(0, 1),
		canonPreview("PRVW", 0, 1, preview, shrink(scene, max(width, height)/2)))
	start := Box("ftyp", []byte("crx "), words(1), []byte("crx isom"))
	var packet []byte
	if len(opts.XMP) > 0 {
		packet = Box("uuid", []byte(uuidXMP), opts.XMP)
	}
	index := func(at uint32) []byte {
		canon := [][]byte{[]byte("\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48"), Box("CNCV", []byte("CanonCR3_001/00.09.00/00.00.00"))}
		for n, d := range []tags{rest, exposure, {}, position} {
			canon = append(canon, Box("CMT"+string(rune('1'+n)), alone(d)))
		}
		canon = append(canon, canonPreview("THMB", 0, 0, encodePlain(shrink(scene, 160), 75), shrink(scene, 160)))
		return Box("moov", Box("uuid", canon...), Box("mvhd", words(0, 0, 0, 1, 1, 1<<16), []byte{1, 0}, make([]byte, 10), matrix(1), make([]byte, 24), words(3)),
			cr3Track(1, scene, "JPEG", at, uint32(len(full))), cr3Track(2, scene, "CMP1", at+uint32(len(full)), uint32(len(sensor))))
	}
	before := len(start) + len(index(0)) + len(packet) + len(previewBox)
	file := append(append(append(start, index(uint32(before+8))...), packet...), previewBox...)
	return append(file, Box("mdat", full, sensor)...)
}

// alone is a TIFF structure of one directory.
func alone(d tags) []byte {
	w := newTIFFWriter(intel, tiffHeader(intel, 42, 0))
	w.chain(d)
	return w.out
}

// canonPreview is a JPEG behind its size.
func canonPreview(kind string, unknown uint32, version uint16, jpeg []byte, img image.Image) []byte {
	head := order.AppendUint16(order.AppendUint16(nil, uint16(img.Bounds().Dx())), uint16(img.Bounds().Dy()))
	if kind == "THMB" {
		return Box(kind, words(unknown), head, words(uint32(len(jpeg))), []byte{0, 1, 0, 0}, jpeg)
	}
	return Box(kind, words(unknown), order.AppendUint16(nil, version), head, order.AppendUint16(nil, 1), words(uint32(len(jpeg))), jpeg)
}

func cr3Track(id uint32, img image.Image, inside string, at, length uint32) []byte {
	width, height := uint32(img.Bounds().Dx()), uint32(img.Bounds().Dy())
	entry := Box("CRAW", words(0, 1, 0, 0, 0, 0, width<<16|height, 72<<16, 72<<16, 0, 1<<16), make([]byte, 30), []byte{0, 24, 0xFF, 0xFF}, Box(inside, words(0)))
	return Box("trak", Box("tkhd", words(7, 0, 0, id, 0, 1, 0, 0, 0, 0), matrix(1), words(width<<16, height<<16)),
		Box("mdia", Box("mdhd", words(0, 0, 0, 1, 1, 0)), handler("vide"), Box("minf", Box("vmhd", words(1, 0, 0)),
			Box("dinf", Box("dref", words(0, 1), Box("url ", words(1)))),
			Box("stbl", Box("stsd", words(0, 1), entry), Box("stts", words(0, 1, 1, 1)), Box("stsc", words(0, 1, 1, 1, 1)),
				Box("stsz", words(0, length, 1)), Box("co64", words(0, 1, 0, at))))))
}

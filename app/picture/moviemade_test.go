package picture_test

import (
	"bytes"
	"encoding/binary"
)

// box is one box of an ISO base media file.
func box(kind string, content ...[]byte) []byte {
	data := bytes.Join(content, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(data))), kind...), data...)
}

func words(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// sampleTables say where the samples of a track lie, each a chunk of its own.
func sampleTables(description []byte, wide bool, offsets, sizes []uint32) []byte {
	count := uint32(len(offsets))
	chunks := box("stco", words(0, count), words(offsets...))
	if wide {
		list := words(0, count)
		for _, o := range offsets {
			list = append(list, words(0, o)...)
		}
		chunks = box("co64", list)
	}
	return box("stbl", box("stsd", words(0, 1), description), box("stts", words(0, 1, count, 512)), box("stsc", words(0, 1, 1, 1, 1)),
		box("stsz", words(0, 0, count), words(sizes...)), chunks, box("sgpd", []byte(secret)), box("udta", []byte(secret)))
}

func track(id uint32, handler, name string, header, tables []byte) []byte {
	about := box("hdlr", words(0, 0), []byte(handler), words(0, 0, 0), []byte(name), []byte{0})
	head := append(words(7, 0, 0, id, 0, 1000), make([]byte, 84-24)...)
	binary.BigEndian.PutUint32(head[40:], 1<<16) // the matrix that leaves a picture as it is
	binary.BigEndian.PutUint32(head[56:], 1<<16)
	binary.BigEndian.PutUint32(head[72:], 1<<30)
	return box("trak", box("tkhd", head), box("meta", []byte(secret)), box("tref", box("cdsc", []byte(secret))),
		box("edts", box("elst", words(0, 1, 1000, 0, 1<<16), []byte(secret))),
		box("mdia", box("mdhd", words(0, 0, 0, 1000, 1000, 0x15C70000), []byte(secret)), about,
			box("minf", header, box("dinf", box("dref", words(0, 1), box("url ", []byte{0, 0, 0, 1}, []byte(secret)))), tables)),
		box("udta", box("\xA9nam", []byte(secretWide))))
}

// picturesCoded describes frames of H.264; the coder's name is a text.
func picturesCoded() []byte {
	entry := make([]byte, 78)
	entry[7] = 1
	copy(entry[12:], secret[:4])
	binary.BigEndian.PutUint16(entry[24:], 32)
	binary.BigEndian.PutUint16(entry[26:], 24)
	copy(entry[42:], "\x0C"+secret)
	return box("avc1", entry, box("avcC", []byte{1, 66, 0, 30, 0xFF, 0xE1, 0, 0, 0, 0}), box("KARI", []byte(secret)), []byte{0, 0, 0, 0})
}

// soundCoded describes sound in QuickTime's version 1, or ISO's.
func soundCoded(version uint16) []byte {
	entry := make([]byte, 28)
	entry[7] = 1
	binary.BigEndian.PutUint16(entry[8:], version)
	copy(entry[12:], secret[:4])
	copy(entry[16:], []byte{0, 2, 0, 16})
	binary.BigEndian.PutUint32(entry[24:], 44100<<16)
	if version == 1 {
		entry = append(entry, words(1, 2, 4, 2)...)
		return box("sowt", entry, box("wave", box("frma", []byte("sowt")), box("KARI", []byte(secret)), words(8, 0)))
	}
	return box("mp4a", entry, box("esds", words(0), []byte{3, 0}), box("KARI", []byte(secret)))
}

// madeMovie is a film of two frames with sound, a track of positions and one of subtitles, and texts in every place.
func madeMovie(brand string, indexFirst bool) made {
	frames, sound := [][]byte{noise('v', 900), noise('w', 700)}, noise('s', 400)
	positions, subtitles := []byte("GPS "+secret+secretWide), []byte(secret)
	between := []byte(secretWide + "between")
	build := func(at uint32) (index, media []byte) {
		media = bytes.Join([][]byte{frames[0], positions, sound, subtitles, frames[1], between}, nil)
		second := at + uint32(len(frames[0]))
		third := second + uint32(len(positions))
		fourth := third + uint32(len(sound))
		fifth := fourth + uint32(len(subtitles))
		version, coded := uint16(0), []uint32{uint32(len(sound))}
		if brand == "qt  " {
			version = 1
		}
		soundTables := sampleTables(soundCoded(version), false, []uint32{third}, coded)
		if brand == "qt  " { // uncoded: samples of one byte in the table, of four in truth
			soundTables = box("stbl", box("stsd", words(0, 1), soundCoded(1)), box("stts", words(0, 1, 100, 1)), box("stsc", words(0, 1, 1, 100, 1)),
				box("stsz", words(0, 1, 100)), box("stco", words(0, 1, third)))
		}
		head := append(words(0, 0, 0, 1000, 1000, 1<<16), make([]byte, 100-24)...)
		index = box("moov", box("mvhd", head, []byte(secret)), box("iods", []byte(secret)),
			track(1, "vide", secret, box("vmhd", words(1, 0, 0), []byte(secret)), sampleTables(picturesCoded(), indexFirst, []uint32{at, fifth}, []uint32{900, 700})),
			track(2, "soun", secret, box("smhd", words(0, 0)), soundTables),
			track(3, "meta", secret, box("gmhd", []byte(secret)), sampleTables(box("gpmd", make([]byte, 8)), false, []uint32{second}, []uint32{uint32(len(positions))})),
			track(4, "sbtl", secret, box("nmhd", words(0)), sampleTables(box("tx3g", make([]byte, 8)), false, []uint32{fourth}, []uint32{uint32(len(subtitles))})),
			box("udta", box("\xA9xyz", []byte("\x00\x0C\x15\xC7+58.97+005.73/"+secret)), box("XMP_", []byte(rightsXMP))), box("meta", words(0), []byte(secret)),
			box("keys", []byte(secretWide)))
		return index, media
	}
	start := bytes.Join([][]byte{box("ftyp", []byte(brand), words(512), []byte(brand+"Kari"+"mp42")), box("wide"), box("uuid", make([]byte, 16), []byte(secret))}, nil)
	file := bytes.Clone(start)
	var index, media []byte
	if indexFirst {
		index, _ = build(0) // as long as the right one
		index, media = build(uint32(len(start) + len(index) + 8))
		file = append(append(file, index...), box("mdat", media)...)
	} else {
		index, media = build(uint32(len(start) + 8))
		file = append(append(append(file, box("mdat", media)...), index...), box("free", []byte(secret))...)
		file = append(file, secret...) // as some cameras put their own data behind everything
	}
	return made{"a-" + brand[:2] + ".mp4", file, [][]byte{frames[0], sound, frames[1]}}
}

// madeSound is a sound in boxes whose last box goes on to the end of the file.
func madeSound() made {
	sound := noise('m', 600)
	build := func(at uint32) []byte {
		head := append(words(0, 0, 0, 1000, 1000, 1<<16), make([]byte, 100-24)...)
		return box("moov", box("mvhd", head),
			track(1, "soun", secret, box("smhd", words(0, 0)), sampleTables(soundCoded(0), false, []uint32{at}, []uint32{600})),
			box("udta", box("meta", words(0), box("ilst", box("\xA9nam", box("data", words(1, 0), []byte(secret)))))))
	}
	start := box("ftyp", []byte("M4A "), words(0), []byte("M4A mp42"))
	index := build(uint32(len(start) + len(build(0)) + 8))
	media := box("mdat", sound)
	clear(media[:4])
	return made{"a.m4a", bytes.Join([][]byte{start, index, media}, nil), [][]byte{sound}}
}

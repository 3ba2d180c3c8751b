package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/png"
	"io"
)

// maxPNGMetadata bounds what is kept of one PNG metadata chunk.
const maxPNGMetadata = 1 << 20

// readPNG gathers the metadata of a PNG file (W3C PNG, third edition) and checks every chunk's checksum.
func readPNG(r io.ReaderAt, size int64) (metadata, error) {
	m := metadata{info: Info{Kind: Photo, Format: "png", MIME: "image/png", Orientation: 1}, decode: png.Decode}
	br := bufio.NewReaderSize(io.NewSectionReader(r, 8, size-8), 64<<10)
	for first, hasData := true, false; ; first = false {
		var head [8]byte
		if _, err := io.ReadFull(br, head[:]); err != nil {
			return m, early(err)
		}
		length, kind := int64(binary.BigEndian.Uint32(head[:])), string(head[4:])
		if first != (kind == "IHDR") || first && length != 13 || length > 1<<31-1 {
			return m, damaged("the header is broken")
		}
		sum := crc32.NewIEEE()
		sum.Write(head[4:])
		var kept bytes.Buffer
		sink := io.Writer(sum)
		if wanted := kind == "IHDR" || kind == "eXIf" || kind == "iTXt"; wanted && length <= maxPNGMetadata {
			sink = io.MultiWriter(sum, &kept)
		}
		if _, err := io.CopyN(sink, br, length); err != nil {
			return m, early(err)
		}
		var crc [4]byte
		if _, err := io.ReadFull(br, crc[:]); err != nil {
			return m, early(err)
		}
		if binary.BigEndian.Uint32(crc[:]) != sum.Sum32() {
			return m, damaged("a checksum does not match")
		}
		switch kind {
		case "IHDR":
			m.info.Width = int(binary.BigEndian.Uint32(kept.Bytes()))
			m.info.Height = int(binary.BigEndian.Uint32(kept.Bytes()[4:]))
			if m.info.Width <= 0 || m.info.Height <= 0 {
				return m, damaged("the image has no size")
			}
		case "IDAT":
			hasData = true
		case "eXIf":
			readEXIF(kept.Bytes(), &m.info)
		case "iTXt":
			if bytes.HasPrefix(kept.Bytes(), []byte("XML:com.adobe.xmp\x00")) {
				readXMP(kept.Bytes(), &m.info)
			}
		case "caBX":
			m.info.HasC2PA = true
		case "IEND":
			if !hasData {
				return m, damaged("there is no image data")
			}
			return m, nil
		}
	}
}

package picture

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image/png"
	"io"
)

// maxPNGMetadata bounds what is kept of one PNG metadata chunk.
const maxPNGMetadata = 1 << 20

// pngWanted are the chunks that are looked into.
var pngWanted = map[string]bool{"IHDR": true, "eXIf": true, "iCCP": true, "iTXt": true, "tEXt": true, "zTXt": true}

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
		if pngWanted[kind] && length <= maxPNGMetadata {
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
			if err := checkPixels(m.info.Width, m.info.Height); err != nil {
				return m, err
			}
			if deep := kept.Bytes()[8] > 8; deep {
				m.decode = atMost(MaxPixels/2, m.info, png.Decode)
			}
		case "IDAT":
			hasData = true
		case "eXIf":
			readEXIF(kept.Bytes(), &m.info)
		case "iTXt", "tEXt", "zTXt":
			keyword, text := pngText(kind, kept.Bytes())
			switch keyword {
			case "XML:com.adobe.xmp":
				readXMP([]byte(text), &m.info)
			case "Title", "Description", "Comment":
				m.info.addText(text)
			}
		case "iCCP":
			if _, profile, ok := bytes.Cut(kept.Bytes(), []byte{0}); ok && len(profile) > 1 {
				m.icc = inflated(profile[1:], maxICC)
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

// pngText returns the keyword and the text of a chunk of one of three kinds (W3C PNG, third edition, §11.3.3).
func pngText(kind string, chunk []byte) (keyword, text string) {
	key, rest, ok := bytes.Cut(chunk, []byte{0})
	switch {
	case !ok || len(rest) == 0:
		return "", ""
	case kind == "tEXt":
		return string(key), latin1(rest)
	case kind == "zTXt":
		return string(key), latin1(inflated(rest[1:], maxXMP))
	case len(rest) < 2:
		return "", ""
	}
	compressed := rest[0] == 1
	parts := bytes.SplitN(rest[2:], []byte{0}, 3) // language, the keyword in it, text
	if len(parts) < 3 {
		return "", ""
	}
	if compressed {
		parts[2] = inflated(parts[2], maxXMP)
	}
	return string(key), string(parts[2])
}

// inflated returns what zlib data holds; nil when it is broken or more than limit bytes.
func inflated(b []byte, limit int64) []byte {
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	defer r.Close()
	out, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil || int64(len(out)) > limit {
		return nil
	}
	return out
}

package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
)

const (
	signaturePNG = "\x89PNG\r\n\x1A\n"
	keywordXMP   = "XML:com.adobe.xmp\x00"
	maxChunks    = 1 << 20
	// maxMetadataChunk bounds a chunk that is held in memory.
	maxMetadataChunk = 32 << 20
)

// pngChunks are the chunks that stay in a public copy (W3C PNG, third edition, §11), with the most bytes they can have: the image,
// its animation, and what its colours and its size on paper depend on. Whatever holds text is missing; eXIf and iCCP are cleaned.
var pngChunks = map[string]int64{
	"IHDR": 13, "PLTE": 3 * 256, "IDAT": 1<<31 - 1, "IEND": 0, "tRNS": 256, "cHRM": 32, "gAMA": 4, "sBIT": 4, "sRGB": 1, "cICP": 4,
	"mDCV": 24, "cLLI": 8, "bKGD": 6, "hIST": 512, "pHYs": 9, "acTL": 8, "fcTL": 26, "fdAT": 1<<31 - 1,
	"eXIf": maxMetadataChunk, "iCCP": maxMetadataChunk,
}

type pngChunk struct {
	kind string
	data byteRange // without length, kind and checksum
}

// listPNG finds the chunks of a file up to its IEND; what follows is not part of the image.
func listPNG(r io.ReaderAt, size int64) ([]pngChunk, error) {
	var list []pngChunk
	for at := int64(len(signaturePNG)); ; {
		head, err := part(r, byteRange{at, 8}, 8)
		if err != nil {
			return nil, err
		}
		c := pngChunk{string(head[4:]), byteRange{at + 8, int64(binary.BigEndian.Uint32(head))}}
		at += 12 + c.data.length
		if len(list) == 0 != (c.kind == "IHDR") || c.kind == "IHDR" && c.data.length != 13 || len(list) == maxChunks {
			return nil, damaged("the header is broken")
		}
		if at > size {
			return nil, cutOff("image data ends early")
		}
		list = append(list, c)
		if c.kind != "IEND" {
			continue
		}
		if !slices.ContainsFunc(list, func(c pngChunk) bool { return c.kind == "IDAT" }) {
			return nil, damaged("there is no image data")
		}
		list[len(list)-1].data.length = 0
		return list, nil
	}
}

// copyPNG writes a public copy.
func copyPNG(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
	chunks, err := listPNG(r, size)
	if err != nil {
		return err
	}
	var own []byte
	for _, c := range chunks {
		switch c.kind {
		case "caBX":
			return ErrC2PA
		case "iTXt":
			text, err := part(r, c.data, maxMetadataChunk)
			if err != nil {
				return err
			}
			if packet := pngXMP(text); own == nil {
				own = packet
			}
		}
	}
	if refersToC2PA(own) {
		return ErrC2PA
	}
	packet, err := x.publicPacket(own)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, signaturePNG); err != nil {
		return err
	}
	for _, c := range chunks {
		most, stays := pngChunks[c.kind]
		if !stays || c.data.length > most {
			continue
		}
		if err := copyChunk(w, r, c); err != nil {
			return err
		}
		if c.kind == "IHDR" {
			if err := writeChunk(w, "iTXt", append([]byte(keywordXMP+"\x00\x00\x00\x00"), packet...)); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyChunk writes one chunk that stays.
func copyChunk(w io.Writer, r io.ReaderAt, c pngChunk) error {
	switch c.kind {
	case "eXIf", "iCCP":
		data, err := part(r, c.data, maxMetadataChunk)
		if err != nil {
			return err
		}
		if c.kind == "eXIf" {
			return writeChunk(w, c.kind, cleanEXIF(data))
		}
		_, packed, found := bytes.Cut(data, []byte{0}) // its name is anybody's text
		if !found || len(packed) == 0 || packed[0] != 0 {
			return nil
		}
		profile := cleanICC(inflated(packed[1:], maxMetadataChunk))
		if profile == nil {
			return nil
		}
		return writeChunk(w, c.kind, deflated([]byte("ICC\x00\x00"), profile))
	}
	sum := crc32.NewIEEE()
	if c.kind == "IEND" {
		return writeChunk(w, c.kind, nil)
	}
	if err := copyPart(io.MultiWriter(w, sumAfter(sum, 4)), r, byteRange{c.data.offset - 8, c.data.length + 8}); err != nil {
		return err
	}
	want, err := part(r, byteRange{c.data.offset + c.data.length, 4}, 4)
	if err != nil {
		return err
	}
	if binary.BigEndian.Uint32(want) != sum.Sum32() {
		return damaged("a checksum does not match")
	}
	_, err = w.Write(want)
	return err
}

// deflated appends data to a chunk, packed.
func deflated(to, data []byte) []byte {
	packed := bytes.NewBuffer(to)
	z := zlib.NewWriter(packed)
	_, _ = z.Write(data) // into memory, which does not fail
	_ = z.Close()
	return packed.Bytes()
}

// sumAfter passes on to w what follows the first n bytes.
func sumAfter(w io.Writer, n int) io.Writer { return &skipping{w, n} }

type skipping struct {
	to   io.Writer
	left int
}

func (s *skipping) Write(p []byte) (int, error) {
	skip := min(s.left, len(p))
	s.left -= skip
	n, err := s.to.Write(p[skip:])
	return skip + n, err
}

func writeChunk(w io.Writer, kind string, data []byte) error {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	chunk = append(append(chunk, kind...), data...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	_, err := w.Write(chunk)
	return err
}

// pngXMP is the packet in an iTXt chunk; nil when it holds another text.
func pngXMP(text []byte) []byte {
	rest, isXMP := bytes.CutPrefix(text, []byte(keywordXMP))
	if !isXMP || len(rest) < 2 {
		return nil
	}
	compressed, rest := rest[0] == 1, rest[2:]
	for range 2 { // the language, and the keyword in it
		if _, after, found := bytes.Cut(rest, []byte{0}); found {
			rest = after
		}
	}
	if !compressed {
		return rest
	}
	inflated, err := zlib.NewReader(bytes.NewReader(rest))
	if err != nil {
		return nil
	}
	packet, err := io.ReadAll(io.LimitReader(inflated, maxSidecar))
	if err != nil {
		return nil
	}
	return packet
}

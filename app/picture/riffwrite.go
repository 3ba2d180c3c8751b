package picture

import (
	"bytes"
	"encoding/binary"
	"io"
)

// riffChunk is one chunk of a RIFF file.
type riffChunk struct {
	id   string
	data byteRange
}

// maxRIFFChunks bounds the chunks of a file: recorders write a dozen, an animation one for each frame.
const maxRIFFChunks = 1 << 16

// riffChunks lists the chunks between two places in a file; a last one that is cut off is an error.
func riffChunks(r io.ReaderAt, from, end int64) ([]riffChunk, error) {
	var list []riffChunk
	for at := from; at+8 <= end; {
		head, err := part(r, byteRange{at, 8}, 8)
		if err != nil {
			return nil, err
		}
		c := riffChunk{string(head[:4]), byteRange{at + 8, int64(binary.LittleEndian.Uint32(head[4:]))}}
		if c.data.offset+c.data.length > end || len(list) == maxRIFFChunks {
			return nil, cutOff("a chunk ends early")
		}
		list = append(list, c)
		at = c.data.offset + c.data.length + c.data.length%2
	}
	return list, nil
}

func riffHead(id string, length int64) []byte {
	return binary.LittleEndian.AppendUint32([]byte(id), uint32(length))
}

// writeRIFF writes a chunk of bytes in memory.
func writeRIFF(w io.Writer, id string, data []byte) error {
	_, err := w.Write(append(append(riffHead(id, int64(len(data))), data...), make([]byte, len(data)%2)...))
	return err
}

// copyRIFF writes a chunk as it stands in a file.
func copyRIFF(w io.Writer, r io.ReaderAt, c riffChunk) error {
	if _, err := w.Write(riffHead(c.id, c.data.length)); err != nil {
		return err
	}
	if err := copyPart(w, r, c.data); err != nil {
		return err
	}
	return writeZeros(w, c.data.length%2)
}

// Flags of a WebP file's VP8X chunk (RFC 9649 §2.7.1).
const (
	webpAnimated = 0x02
	webpXMP      = 0x04
	webpEXIF     = 0x08
	webpAlpha    = 0x10
	webpICC      = 0x20
)

// copyWebP writes a public copy: image, animation and colour profile, cleaned EXIF, our XMP (RFC 9649).
func copyWebP(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
	head, err := part(r, byteRange{0, 12}, 12)
	if err != nil {
		return err
	}
	end := 8 + int64(binary.LittleEndian.Uint32(head[4:]))
	if end > size {
		return cutOff("image data ends early")
	}
	chunks, err := riffChunks(r, 12, end)
	if err != nil {
		return err
	}
	out := webpCopy{r: r}
	for _, c := range chunks {
		if err := out.take(c); err != nil {
			return err
		}
	}
	if len(out.canvas) == 0 || len(out.frames) == 0 {
		return damaged("there is no image data")
	}
	if refersToC2PA(out.xmp) {
		return ErrC2PA
	}
	packet, err := x.publicPacket(out.xmp)
	if err != nil {
		return err
	}
	return out.write(w, packet)
}

// webpCopy gathers what stays of a WebP file.
type webpCopy struct {
	r         io.ReaderAt
	canvas    []byte // of VP8X: width and height, less one, in three bytes each
	flags     byte
	profile   []byte      // ICCP
	animation []byte      // ANIM
	frames    []riffChunk // ALPH, VP8, VP8L, ANMF
	exif, xmp []byte
}

func (c *webpCopy) take(chunk riffChunk) error {
	switch chunk.id {
	case "C2PA":
		return ErrC2PA
	case "VP8X", "ANIM", "EXIF", "XMP ":
		data, err := part(c.r, chunk.data, maxMetadataChunk)
		if err != nil {
			return err
		}
		switch {
		case chunk.id == "VP8X" && len(data) >= 10:
			c.flags |= data[0] & (webpAnimated | webpAlpha)
			c.canvas = data[4:10]
		case chunk.id == "ANIM" && len(data) >= 6:
			c.animation = data[:6]
		case chunk.id == "EXIF" && c.exif == nil:
			c.exif = cleanEXIF(bytes.TrimPrefix(data, []byte(signatureEXIF)))
			c.flags |= webpEXIF
		case chunk.id == "XMP " && c.xmp == nil:
			c.xmp = data
		}
	case "ICCP":
		data, err := part(c.r, chunk.data, maxMetadataChunk)
		if err != nil {
			return err
		}
		if c.profile == nil {
			if c.profile = cleanICC(data); c.profile != nil {
				c.flags |= webpICC
			}
		}
	case "ALPH", "ANMF":
		c.frames = append(c.frames, chunk)
	case "VP8 ", "VP8L":
		c.frames = append(c.frames, chunk)
		if c.canvas == nil {
			return c.measure(chunk)
		}
	}
	return nil
}

// measure learns the size of a file without VP8X from its one frame (RFC 6386 §9.1, RFC 9649 §3.4).
func (c *webpCopy) measure(frame riffChunk) error {
	head, err := part(c.r, byteRange{frame.data.offset, min(10, frame.data.length)}, 10)
	if err != nil {
		return err
	}
	var width, height uint32
	switch {
	case frame.id == "VP8 " && len(head) == 10 && string(head[3:6]) == "\x9D\x01\x2A":
		width, height = uint32(binary.LittleEndian.Uint16(head[6:]))&0x3FFF, uint32(binary.LittleEndian.Uint16(head[8:]))&0x3FFF
	case frame.id == "VP8L" && len(head) >= 5 && head[0] == 0x2F:
		bits := binary.LittleEndian.Uint32(head[1:])
		width, height = bits&0x3FFF+1, bits>>14&0x3FFF+1
		if bits>>28&1 == 1 {
			c.flags |= webpAlpha
		}
	}
	if width == 0 || height == 0 {
		return damaged("the image has no size")
	}
	for _, side := range []uint32{width - 1, height - 1} {
		c.canvas = append(c.canvas, byte(side), byte(side>>8), byte(side>>16))
	}
	return nil
}

func (c *webpCopy) write(w io.Writer, packet []byte) error {
	length := int64(4 + 8 + 10) // "WEBP" and VP8X
	for _, chunk := range c.frames {
		length += 8 + chunk.data.length + chunk.data.length%2
	}
	extended := append([]byte{c.flags | webpXMP, 0, 0, 0}, c.canvas...)
	memory := []struct {
		id   string
		data []byte
	}{{"ICCP", c.profile}, {"ANIM", c.animation}, {"EXIF", c.exif}, {"XMP ", packet}}
	for _, m := range memory {
		if m.data != nil {
			length += 8 + int64(len(m.data)+len(m.data)%2)
		}
	}
	if _, err := w.Write(append(riffHead("RIFF", length), "WEBP"...)); err != nil {
		return err
	}
	if err := writeRIFF(w, "VP8X", extended); err != nil {
		return err
	}
	for _, m := range memory {
		if m.data != nil {
			if err := writeRIFF(w, m.id, m.data); err != nil {
				return err
			}
		}
		if m.id != "ANIM" { // which the frames follow
			continue
		}
		for _, frame := range c.frames {
			if err := c.copyFrame(w, frame); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyFrame writes image data; inside a frame of an animation only that.
func (c *webpCopy) copyFrame(w io.Writer, frame riffChunk) error {
	if frame.id != "ANMF" {
		return copyRIFF(w, c.r, frame)
	}
	const head = 16
	if frame.data.length < head {
		return cutOff("a chunk ends early")
	}
	inner, err := riffChunks(c.r, frame.data.offset+head, frame.data.offset+frame.data.length)
	if err != nil {
		return err
	}
	if _, err := w.Write(riffHead(frame.id, frame.data.length)); err != nil {
		return err
	}
	if err := copyPart(w, c.r, byteRange{frame.data.offset, head}); err != nil {
		return err
	}
	written := int64(head)
	for _, chunk := range inner {
		if chunk.id != "ALPH" && chunk.id != "VP8 " && chunk.id != "VP8L" {
			continue
		}
		if err := copyRIFF(w, c.r, chunk); err != nil {
			return err
		}
		written += 8 + chunk.data.length + chunk.data.length%2
	}
	rest := frame.data.length - written // what was left out, as a chunk of zeros, so that the lengths stay
	if rest >= 8 {
		if _, err := w.Write(riffHead("JUNK", rest-8)); err != nil {
			return err
		}
		rest -= 8
	}
	if rest < 0 {
		return cutOff("a chunk ends early")
	}
	return writeZeros(w, rest+frame.data.length%2)
}

// wavChunks are the chunks that stay in a public copy of a sound, with the most bytes they can mean something in.
var wavChunks = map[string]int64{"fmt ": 40, "fact": 12, "ds64": 28}

// copyWAV writes a public copy of a RIFF, RF64 or BW64 sound (EBU Tech 3306): format and sound. Other chunks before these become
// zeros in place, and our XMP follows as the chunk _PMX.
func copyWAV(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
	head, err := part(r, byteRange{0, 12}, 12)
	if err != nil {
		return err
	}
	long := string(head[:4]) != "RIFF"
	end := min(size, 8+int64(binary.LittleEndian.Uint32(head[4:])))
	if long {
		end = size
	}
	chunks, err := wavList(r, end, long)
	if err != nil {
		return err
	}
	var own []byte
	for _, c := range chunks {
		if c.id == "C2PA" {
			return ErrC2PA
		}
		if c.id == "_PMX" && own == nil {
			if own, err = part(r, c.data, maxMetadataChunk); err != nil {
				return err
			}
		}
	}
	for last := len(chunks) - 1; last >= 0 && chunks[last].id != "data" && wavChunks[chunks[last].id] == 0; last-- {
		chunks = chunks[:last] // what ends a file can go without moving anything
	}
	length := int64(4)
	for _, c := range chunks {
		length += 8 + c.data.length + c.data.length%2
	}
	packet, err := x.publicPacket(own)
	if err != nil {
		return err
	}
	length += 8 + int64(len(packet)+len(packet)%2)
	if !long && length > 1<<32-1 {
		return unsupported("a sound with no room for metadata")
	}
	announced := length
	if long {
		announced = 1<<32 - 1
	}
	if _, err := w.Write(append(riffHead(string(head[:4]), announced), "WAVE"...)); err != nil {
		return err
	}
	for _, c := range chunks {
		if err := copyWAVChunk(w, r, c, length, long); err != nil {
			return err
		}
	}
	return writeRIFF(w, "_PMX", packet)
}

// wavList lists the chunks of a sound. The length of a long one's data stands in ds64, which comes first.
func wavList(r io.ReaderAt, end int64, long bool) ([]riffChunk, error) {
	if !long {
		chunks, err := riffChunks(r, 12, end)
		return chunks, err
	}
	sizes, err := part(r, byteRange{12, 36}, 36)
	if err != nil {
		return nil, err
	}
	if string(sizes[:4]) != "ds64" || binary.LittleEndian.Uint32(sizes[4:]) < 28 {
		return nil, damaged("the header is broken")
	}
	data := int64(binary.LittleEndian.Uint64(sizes[16:]))
	var list []riffChunk
	for at := int64(12); at+8 <= end; {
		head, err := part(r, byteRange{at, 8}, 8)
		if err != nil {
			return nil, err
		}
		c := riffChunk{string(head[:4]), byteRange{at + 8, int64(binary.LittleEndian.Uint32(head[4:]))}}
		if c.id == "data" && c.data.length == 1<<32-1 {
			c.data.length = data
		}
		if c.data.length < 0 || c.data.length > end-c.data.offset || len(list) == maxRIFFChunks {
			return nil, cutOff("a chunk ends early")
		}
		list = append(list, c)
		at = c.data.offset + c.data.length + c.data.length%2
	}
	return list, nil
}

// copyWAVChunk writes one chunk, or zeros in its place.
func copyWAVChunk(w io.Writer, r io.ReaderAt, c riffChunk, whole int64, long bool) error {
	announced := c.data.length
	if long && c.id == "data" {
		announced = 1<<32 - 1
	}
	most, stays := wavChunks[c.id]
	if c.id == "data" {
		if _, err := w.Write(riffHead(c.id, announced)); err != nil {
			return err
		}
		if err := copyPart(w, r, c.data); err != nil {
			return err
		}
		return writeZeros(w, c.data.length%2)
	}
	if !stays {
		if _, err := w.Write(riffHead("JUNK", c.data.length)); err != nil {
			return err
		}
		return writeZeros(w, c.data.length+c.data.length%2)
	}
	data, err := part(r, byteRange{c.data.offset, min(c.data.length, most)}, most)
	if err != nil {
		return err
	}
	if c.id == "ds64" && len(data) == 28 {
		binary.LittleEndian.PutUint64(data, uint64(whole))
		clear(data[24:]) // a table of further long chunks, of which there are none
	}
	if _, err := w.Write(append(riffHead(c.id, c.data.length), data...)); err != nil {
		return err
	}
	return writeZeros(w, c.data.length-int64(len(data))+c.data.length%2)
}

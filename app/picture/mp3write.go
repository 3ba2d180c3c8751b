package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// copyMP3 writes a public copy: the frames of sound, and nothing that stands before, between or after them. Our XMP comes first, as
// a private frame of an ID3v2.3 tag (XMP specification part 3, §2.3.3).
func copyMP3(w io.Writer, r io.ReaderAt, size int64, x XMP) error {
	start, err := afterID3(r, size)
	if err != nil {
		return err
	}
	packet, err := x.publicPacket(nil)
	if err != nil {
		return err
	}
	private := append([]byte("XMP\x00"), packet...)
	frame := binary.BigEndian.AppendUint32([]byte("PRIV"), uint32(len(private)))
	frame = append(append(frame, 0, 0), private...)
	tag := append([]byte("ID3\x03\x00\x00"), byte(len(frame)>>21&0x7F), byte(len(frame)>>14&0x7F), byte(len(frame)>>7&0x7F), byte(len(frame)&0x7F))
	if _, err := w.Write(append(tag, frame...)); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if err := copyFrames(out, bufio.NewReaderSize(io.NewSectionReader(r, start, size-start), 64<<10)); err != nil {
		return err
	}
	return out.Flush()
}

// afterID3 is where the tags at the beginning end.
func afterID3(r io.ReaderAt, size int64) (int64, error) {
	at := int64(0)
	for at+10 <= size {
		head, err := part(r, byteRange{at, 10}, 10)
		if err != nil {
			return 0, err
		}
		if string(head[:3]) != "ID3" {
			break
		}
		at += id3Length(head)
	}
	if at >= size {
		return 0, damaged("there is no sound")
	}
	return at, nil
}

// id3Length is the length of the tag that begins with ten bytes: header, content and, when it has one, footer.
func id3Length(head []byte) int64 {
	length := 10 + syncsafe(head[6:])
	if head[5]&0x10 != 0 {
		length += 10
	}
	return length
}

// findID3 is where in data the first ID3v2 tag begins, -1 when there is no header of one.
func findID3(data []byte) int {
	for at := 0; ; at++ {
		next := bytes.Index(data[at:], []byte("ID3"))
		if next < 0 || len(data) < at+next+10 {
			return -1
		}
		at += next
		head := data[at : at+10]
		if head[3] >= 2 && head[3] <= 4 && head[4] == 0 && head[5]&0x0F == 0 && (head[6]|head[7]|head[8]|head[9])&0x80 == 0 {
			return at
		}
	}
}

// copyFrames writes the frames in a stream that are whole for certain: those that another one, the end, or a tag that ends a file
// follows, and that no tag begins in. Where sounds were joined, or a tag was put between, a frame may be cut off, and what follows in
// its length is anybody's text. Tags of the kind that says its length are passed over in one.
func copyFrames(w io.Writer, r *bufio.Reader) error {
	const tagHead = 10
	frames := 0
	for {
		head, err := r.Peek(tagHead)
		if len(head) < 4 {
			if !errors.Is(err, io.EOF) {
				return err
			}
			break
		}
		length := frameLength(head)
		whole, err := r.Peek(length + tagHead)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		passed := 1 // of what is no frame
		if tag := findID3(whole); tag == 0 {
			passed = int(id3Length(whole))
		} else if tag > 0 && tag < length {
			passed = tag
		} else if length > 0 && len(whole) >= length && endsFrame(whole[length:]) {
			if _, err := w.Write(whole[:length]); err != nil {
				return err
			}
			passed = length
			frames++
		}
		if _, err := r.Discard(passed); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	if frames == 0 {
		return damaged("there is no sound")
	}
	return nil
}

// followsFrame tells whether a frame may end before what comes next: also before the zeros with which some are padded.
func followsFrame(next []byte) bool { return endsFrame(next) || string(next[:3]) == "\x00\x00\x00" }

// endsFrame tells whether a frame ends for certain before what comes next: another one, a tag, or the end.
func endsFrame(next []byte) bool {
	return len(next) < 4 || endsSound(next) || frameLength(next) > 0
}

// Bit rates in kbit/s and sampling rates in Hz of MPEG audio layer III (ISO/IEC 11172-3 §2.4.2.3, 13818-3).
var (
	rates1 = [16]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	rates2 = [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
	hertz  = [3]int{44100, 48000, 32000}
)

// frameLength is the length of the frame that begins with a header of four bytes; 0 when it is none of layer III.
func frameLength(head []byte) int {
	version, layer := head[1]>>3&3, head[1]>>1&3
	rate, sampling, padding := head[2]>>4, head[2]>>2&3, int(head[2]>>1&1)
	if head[0] != 0xFF || head[1]&0xE0 != 0xE0 || version == 1 || layer != 1 || sampling == 3 {
		return 0
	}
	if version == 3 { // MPEG-1
		if rates1[rate] == 0 {
			return 0
		}
		return 144*1000*rates1[rate]/hertz[sampling] + padding
	}
	if rates2[rate] == 0 {
		return 0
	}
	divisor := 2
	if version == 0 { // MPEG-2.5
		divisor = 4
	}
	return 72*1000*rates2[rate]/(hertz[sampling]/divisor) + padding
}

package picture

import (
	"bufio"
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
		at += 10 + int64(head[6]&0x7F)<<21 + int64(head[7]&0x7F)<<14 + int64(head[8]&0x7F)<<7 + int64(head[9]&0x7F)
		if head[5]&0x10 != 0 { // a footer
			at += 10
		}
	}
	if at >= size {
		return 0, damaged("there is no sound")
	}
	return at, nil
}

// copyFrames writes the frames in a stream. A frame counts when it follows one, or when another one, the end, or a tag that ends a
// file follows it.
func copyFrames(w io.Writer, r *bufio.Reader) error {
	frames, inStep := 0, false
	for {
		head, err := r.Peek(4)
		if len(head) < 4 {
			if !errors.Is(err, io.EOF) {
				return err
			}
			break
		}
		length := frameLength(head)
		if length == 0 {
			inStep = false
			if _, err := r.Discard(1); err != nil {
				return err
			}
			continue
		}
		whole, err := r.Peek(length + 4)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(whole) < length { // the last one is cut off
			break
		}
		if !inStep && !followsFrame(whole[length:]) {
			if _, err := r.Discard(1); err != nil {
				return err
			}
			continue
		}
		if _, err := w.Write(whole[:length]); err != nil {
			return err
		}
		if _, err := r.Discard(length); err != nil {
			return err
		}
		frames++
		inStep = true
	}
	if frames == 0 {
		return damaged("there is no sound")
	}
	return nil
}

func followsFrame(next []byte) bool {
	if len(next) < 3 {
		return true
	}
	switch string(next[:3]) {
	case "TAG", "APE", "LYR", "ID3", "3DI", "\x00\x00\x00":
		return true
	}
	return len(next) < 4 || frameLength(next) > 0
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

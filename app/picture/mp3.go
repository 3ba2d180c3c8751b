package picture

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
)

// How much that is no sound may stand before the first frame and between two, and how often.
const (
	maxMP3Gap  = 64 << 10
	maxMP3Gaps = 64
)

// readMP3 gathers what an MPEG layer III sound and its tag tell. Its length stands in its first frame, when the encoder knew it
// (the Xing or VBRI header), else the frames are counted.
func readMP3(r io.ReaderAt, size int64) (metadata, error) {
	m := metadata{info: Info{Kind: Audio, Format: "mp3", MIME: "audio/mpeg", Orientation: 1}}
	m.previews = within(readID3(r, byteRange{0, size}, &m.info), size)
	at, err := afterID3(r, size)
	if err != nil {
		return m, err
	}
	s := mp3Scanner{br: bufio.NewReaderSize(io.NewSectionReader(r, at, size-at), 64<<10)}
	first, err := s.next()
	switch {
	case errors.Is(err, io.EOF):
		return m, damaged("there is no sound")
	case err != nil:
		return m, err
	}
	at += s.passed
	frames, bytes := encoderCount(first)
	if bytes > uint64(size-at) {
		return m, cutOff("the recording was cut off before its end")
	}
	samples, rate := frameSamples(first)
	total := frames * samples
	for frames == 0 && err == nil {
		total += samples
		var frame []byte
		if frame, err = s.next(); err == nil {
			samples, _ = frameSamples(frame)
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return m, err
	}
	m.info.Duration = seconds(total, uint32(rate))
	return m, nil
}

// mp3Scanner reads a stream frame by frame.
type mp3Scanner struct {
	br     *bufio.Reader
	length int   // of the frame that was returned last and is still to be passed
	passed int64 // what stood before the first frame
	gaps   int
	found  bool
}

// next returns the next frame, valid until the call after, or io.EOF behind the last. What is no frame is passed over, within
// limits; a tag at the end ends the stream.
func (s *mp3Scanner) next() ([]byte, error) {
	if _, err := s.br.Discard(s.length); err != nil {
		return nil, err // the last frame may be cut off
	}
	s.length = 0
	for gap := 0; gap < maxMP3Gap; gap++ {
		head, err := s.br.Peek(4)
		if len(head) < 4 {
			return nil, cmp.Or(err, io.EOF)
		}
		if length := frameLength(head); length > 0 {
			whole, err := s.br.Peek(length + 4)
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			if s.found && gap == 0 || len(whole) >= length && followsFrame(whole[length:]) {
				s.length, s.found = length, true
				return whole[:min(length, len(whole))], nil
			}
		}
		if s.found && gap == 0 {
			if s.gaps++; s.gaps > maxMP3Gaps || endsSound(head) {
				return nil, io.EOF
			}
		}
		if _, err := s.br.Discard(1); err != nil {
			return nil, err
		}
		if !s.found {
			s.passed++
		}
	}
	if !s.found {
		return nil, notMedia()
	}
	return nil, damaged("the sound is broken")
}

// endsSound tells whether a tag begins that stands behind the sound.
func endsSound(head []byte) bool {
	switch string(head[:3]) {
	case "TAG", "APE", "LYR", "ID3", "3DI":
		return true
	}
	return false
}

// frameSamples is how many samples a frame holds and how many there are in a second.
func frameSamples(frame []byte) (samples uint64, rate int) {
	rate = hertz[frame[2]>>2&3]
	switch frame[1] >> 3 & 3 {
	case 3: // MPEG-1
		return 1152, rate
	case 2:
		return 576, rate / 2
	}
	return 576, rate / 4
}

// encoderCount reads how many frames and bytes the encoder says there are, 0 when it does not.
func encoderCount(frame []byte) (frames, bytes uint64) {
	const vbri = 4 + 32
	side := 4 + 32 // header and side information of stereo in MPEG-1
	mono := frame[3]>>6 == 3
	switch mpeg1 := frame[1]>>3&3 == 3; {
	case mpeg1 && mono, !mpeg1 && !mono:
		side = 4 + 17
	case mono:
		side = 4 + 9
	}
	if len(frame) >= side+16 && (string(frame[side:side+4]) == "Xing" || string(frame[side:side+4]) == "Info") {
		f := fields{data: frame[side+4:]}
		flags := f.uint32()
		if flags&1 != 0 {
			frames = f.number(4)
		}
		if flags&2 != 0 {
			bytes = f.number(4)
		}
		return frames, bytes
	}
	if len(frame) >= vbri+18 && string(frame[vbri:vbri+4]) == "VBRI" {
		return uint64(binary.BigEndian.Uint32(frame[vbri+14:])), uint64(binary.BigEndian.Uint32(frame[vbri+10:]))
	}
	return 0, 0
}

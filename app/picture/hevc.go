package picture

// eachParameterSet calls visit with the sequence parameter sets of an HEVC configuration (ISO/IEC 14496-15 §8.3.3.1).
func eachParameterSet(arrays []byte, visit func(unit []byte) error) error {
	f := fields{data: arrays}
	for n := f.number(1); n > 0 && len(f.data) > 0; n-- {
		kind := byte(f.number(1) & 0x3F)
		for units := f.uint16(); units > 0 && len(f.data) > 0; units-- {
			length := int(f.uint16())
			if length > len(f.data) {
				return damaged("the coding of the image is broken")
			}
			if kind == nalSPS {
				if err := visit(f.data[:length]); err != nil {
					return err
				}
			}
			f.skip(length)
		}
	}
	return nil
}

// A unit of an HEVC stream begins with two bytes, which name its kind (ITU-T H.265 §7.3.1.2).
const (
	nalSPS    = 33
	nalSlices = 32 // the kinds below are parts of pictures
	// maxSPS is how much of a unit is looked at: sizes stand within the first hundred bytes.
	maxSPS = 256
)

// inspectNAL tells whether a unit begins a picture, or the size that it announces when it is a sequence parameter set.
func inspectNAL(unit []byte) (pixels int64, beginsPicture bool, err error) {
	if len(unit) < 3 {
		return 0, false, nil
	}
	switch kind := unit[0] >> 1 & 0x3F; {
	case kind == nalSPS:
		pixels, err = spsPixels(unit)
		return pixels, false, err
	case kind < nalSlices:
		return 0, unit[2]&0x80 != 0, nil
	}
	return 0, false, nil
}

// spsPixels reads width × height off a sequence parameter set (ITU-T H.265 §7.3.2.2) and refuses more than [MaxPixels].
func spsPixels(unit []byte) (int64, error) {
	if len(unit) < 16 {
		return 0, damaged("the coding of the image is broken")
	}
	b := newBitReader(unit[2:min(len(unit), maxSPS)])
	b.skip(4)
	layers := int(b.bits(3))
	b.skip(1)
	const profile, level = 88, 8
	b.skip(profile + level)
	var present [8][2]bool
	for i := range layers {
		present[i] = [2]bool{b.bits(1) == 1, b.bits(1) == 1}
	}
	if layers > 0 {
		b.skip(2 * (8 - layers))
	}
	for i := range layers {
		if present[i][0] {
			b.skip(profile)
		}
		if present[i][1] {
			b.skip(level)
		}
	}
	b.exponential() // id
	if b.exponential() == 3 {
		b.skip(1)
	}
	width, height := b.exponential(), b.exponential()
	if b.ended || width > 1<<16 || height > 1<<16 {
		return 0, damaged("the coding of the image is broken")
	}
	return int64(width * height), checkPixels(int(width), int(height))
}

// bitReader reads the bits of a unit, without the bytes that keep its content from looking like the start of another.
type bitReader struct {
	data  []byte
	at    int
	ended bool
}

func newBitReader(unit []byte) *bitReader {
	b := &bitReader{data: make([]byte, 0, len(unit))}
	zeros := 0
	for _, c := range unit {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		b.data = append(b.data, c)
	}
	return b
}

func (b *bitReader) skip(n int) { b.at += n }

func (b *bitReader) bits(n int) (v uint64) {
	for range n {
		if b.at/8 >= len(b.data) {
			b.ended = true
			return 0
		}
		v = v<<1 | uint64(b.data[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return v
}

// exponential reads an unsigned number in Exp-Golomb code (ITU-T H.265 §9.2).
func (b *bitReader) exponential() uint64 {
	zeros := 0
	for b.bits(1) == 0 {
		if zeros++; b.ended || zeros > 32 {
			b.ended = true
			return 0
		}
	}
	return 1<<zeros - 1 + b.bits(zeros)
}

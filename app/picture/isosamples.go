package picture

import "encoding/binary"

// isoSamples are the tables that say where the samples of a track lie (ISO/IEC 14496-12 §8.7).
type isoSamples struct {
	sound         bool
	stsd          []byte
	stsc          []byte // rows: first chunk, samples per chunk, description
	stsz          []byte
	stco, co64    []byte
	unknownLayout bool // sizes in a form that is not read
}

func (t *isoSamples) read(track []byte) error {
	var walk func(content []byte) error
	walk = func(content []byte) error {
		return eachBox(content, func(kind string, _, inner []byte) error {
			switch kind {
			case "mdia", "minf", "stbl":
				return walk(inner)
			case "stsd":
				t.stsd = inner
			case "stsc":
				t.stsc = inner
			case "stsz":
				t.stsz = inner
			case "stz2":
				t.unknownLayout = true
			case "stco":
				t.stco = inner
			case "co64":
				t.co64 = inner
			}
			return nil
		})
	}
	return walk(track)
}

// places adds the ranges of the file in which the track's samples lie, one per chunk, joined where they touch.
func (t *isoSamples) places(to []byteRange) ([]byteRange, error) {
	if t.unknownLayout || t.stsd == nil || t.stsc == nil || t.stsz == nil || t.stco == nil && t.co64 == nil {
		return to, unsupported("a track without the usual tables")
	}
	chunks, width, table := rows(t.stco, 4), 4, t.stco
	if t.co64 != nil {
		chunks, width, table = rows(t.co64, 4), 8, t.co64
	}
	if len(table) < 8+chunks*width || len(t.stsc) < 8+12*rows(t.stsc, 4) || len(t.stsz) < 12 {
		return to, cutOff("a table ends early")
	}
	sizes := t.newSizes()
	row := 0
	for chunk := range chunks {
		for row+1 < rows(t.stsc, 4) && binary.BigEndian.Uint32(t.stsc[8+12*(row+1):]) <= uint32(chunk+1) {
			row++
		}
		if row >= rows(t.stsc, 4) {
			return to, cutOff("a table ends early")
		}
		length, ok := sizes.of(binary.BigEndian.Uint32(t.stsc[8+12*row+4:]))
		var offset int64
		if width == 8 {
			offset = int64(binary.BigEndian.Uint64(table[8+8*chunk:]))
		} else {
			offset = int64(binary.BigEndian.Uint32(table[8+4*chunk:]))
		}
		if !ok || offset < 0 || offset > 1<<62 {
			return to, cutOff("a table ends early")
		}
		if last := len(to) - 1; last >= 0 && to[last].offset+to[last].length == offset {
			to[last].length += length
		} else if length > 0 {
			to = append(to, byteRange{offset, length})
		}
	}
	return to, nil
}

// sampleSizes hands out the lengths of a track's samples in order.
type sampleSizes struct {
	table []byte
	next  int
	left  uint32
	// every sample has times/per bytes when the table names one size for all.
	times, per int64
}

// newSizes reads how long samples are. Of sound that is not coded, QuickTime counts samples of one byte whose real length stands in
// the description.
func (t *isoSamples) newSizes() *sampleSizes {
	s := &sampleSizes{table: t.stsz, left: binary.BigEndian.Uint32(t.stsz[8:]), per: 1}
	s.times = int64(binary.BigEndian.Uint32(t.stsz[4:]))
	const entry = 8 + 8 // the first description's fields
	if s.times != 1 || !t.sound || len(t.stsd) < entry+28 {
		return s
	}
	d := t.stsd[entry:]
	version := binary.BigEndian.Uint16(d[8:])
	switch fields := soundFields(d); {
	case version == 1 && fields == 44:
		if per, bytes := binary.BigEndian.Uint32(d[28:]), binary.BigEndian.Uint32(d[36:]); per > 0 && bytes > 0 {
			s.times, s.per = int64(bytes), int64(per)
		}
	case version == 2 && fields == 64:
		if bytes := binary.BigEndian.Uint32(d[56:]); bytes > 0 {
			s.times = int64(bytes)
		}
	case version == 0:
		if bits := int64(binary.BigEndian.Uint16(d[16:])) * int64(binary.BigEndian.Uint16(d[18:])); bits >= 8 {
			s.times = bits / 8
		}
	}
	return s
}

// of is the length of the next n samples together; false when there are not as many.
func (s *sampleSizes) of(n uint32) (int64, bool) {
	if n > s.left {
		return 0, false
	}
	s.left -= n
	if s.times > 0 {
		return int64(n) * s.times / s.per, true
	}
	if s.next+int(n) > (len(s.table)-12)/4 {
		return 0, false
	}
	sum := int64(0)
	for range n {
		sum += int64(binary.BigEndian.Uint32(s.table[12+4*s.next:]))
		s.next++
	}
	return sum, true
}

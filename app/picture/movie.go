package picture

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"time"
)

// movie gathers what a film or a sound in an ISO base media file (MP4, M4A, QuickTime) tells.
type movie struct {
	boxes *boxReader
	brand string // "" in QuickTime from before there were brands
	m     metadata

	header, media bool // a movie header and media data were seen
	timescale     uint32
	duration      uint64 // of the whole, in units of timescale; of a fragmented film 0, or what mehd says
	created       uint64 // seconds since 1904; 0 when unknown
	tracks        []*track
	sampleTimes   map[uint32]uint32 // by track: how long a sample of a fragment lasts when the fragment does not say

	said  movieTimes
	maker struct{ name, model string }
	utc   bool // whoever wrote the file is known to keep the movie header's time in UTC
}

// track is one track of a movie.
type track struct {
	id            uint32
	handler       string // "vide", "soun", …
	codec         string
	timescale     uint32
	duration      uint64
	width, height int
	orientation   int
	ends          uint64 // where the last fragment ends
}

const maxTracks = 64

// readMovie reads a film or a sound and checks that its structure is whole: the table of contents, which a camera writes last,
// is there, and nothing is longer than the file.
//
// The frames themselves are not decoded, so a film has a preview only when it carries one.
func readMovie(b *boxReader, brand string) (metadata, error) {
	f := movie{boxes: b, brand: brand, m: metadata{info: Info{Kind: Video, Orientation: 1}}, sampleTimes: map[uint32]uint32{}}
	err := b.each(b.file(), f.top)
	var cut cutBox
	switch {
	case errors.As(err, &cut) && f.header && f.media && cut.kind != "moof" && cut.kind != "mdat":
		// What some programs add behind a film, and do not count right, is not part of it.
	case errors.As(err, &cut) && !f.header && !f.media && (cut.kind == "free" || cut.kind == "skip" || cut.kind == "wide" || cut.kind == "pnot"):
		return f.m, notMedia() // words of a text that stand where a box would have its kind
	case errors.As(err, &cut):
		return f.m, cutOff("the recording was cut off before its end")
	case err != nil:
		return f.m, err
	case !f.header:
		return f.m, cutOff("the recording was cut off before the camera wrote its table of contents")
	case len(f.tracks) == 0:
		return f.m, damaged("the recording holds neither film nor sound")
	}
	return f.m, f.finish()
}

func (f *movie) top(b box) error {
	switch b.kind {
	case "moov":
		f.header = true
		return f.boxes.each(b.byteRange, f.moov)
	case "mdat":
		f.media = true
	case "moof":
		return f.boxes.each(b.byteRange, f.fragment)
	case "uuid":
		f.boxes.readUUID(b, &f.m.info)
	case "meta":
		f.meta(b)
	}
	return nil
}

func (f *movie) moov(b box) error {
	switch b.kind {
	case "mvhd":
		return f.movieHeader(b)
	case "trak":
		if len(f.tracks) == maxTracks {
			return damaged("there are more tracks than any camera writes")
		}
		t := &track{orientation: 1}
		f.tracks = append(f.tracks, t)
		return f.boxes.each(b.byteRange, func(b box) error { return f.trak(t, b) })
	case "mvex":
		return f.boxes.each(b.byteRange, f.movieExtends)
	case "udta":
		f.userData(b)
	case "meta":
		f.meta(b)
	case "uuid":
		f.boxes.readUUID(b, &f.m.info)
	}
	return nil
}

// fullBox reads a box that begins with version and flags, at least n bytes of it, and returns what follows these two. The fields
// that hold times have eight bytes each in version 1 (ISO/IEC 14496-12 §4.2, §8.2.2).
func (f *movie) fullBox(b box, n int) (fields fields, err error) {
	p, err := f.boxes.head(b.byteRange, 4096)
	if err != nil {
		return fields, err
	}
	if len(p) < 4+n {
		return fields, damaged("a box of the table of contents is too short")
	}
	fields.data, fields.long = p[4:], p[0] == 1
	fields.flags = binary.BigEndian.Uint32(p) & 0xFFFFFF
	return fields, nil
}

// fields takes numbers off a box from its start; what is missing is 0.
type fields struct {
	data  []byte
	long  bool
	flags uint32
}

func (f *fields) skip(n int) { f.data = f.data[min(n, len(f.data)):] }

func (f *fields) uint16() uint16 { return uint16(f.number(2)) }
func (f *fields) uint32() uint32 { return uint32(f.number(4)) }

// time reads a number whose size goes by the box's version.
func (f *fields) time() uint64 {
	if f.long {
		return f.number(8)
	}
	return f.number(4)
}

func (f *fields) number(n int) (v uint64) {
	for i := range n {
		v <<= 8
		if i < len(f.data) {
			v |= uint64(f.data[i])
		}
	}
	f.skip(n)
	return v
}

func (f *movie) movieHeader(b box) error {
	h, err := f.fullBox(b, 16)
	if err != nil {
		return err
	}
	f.created = h.time()
	h.time() // last change
	f.timescale = h.uint32()
	f.duration = knownDuration(h.time(), h.long)
	return nil
}

// knownDuration returns a duration, 0 for the value that says it is not known.
func knownDuration(duration uint64, long bool) uint64 {
	if duration == math.MaxUint64 || !long && duration == math.MaxUint32 {
		return 0
	}
	return duration
}

func (f *movie) trak(t *track, b box) error {
	switch b.kind {
	case "tkhd":
		return f.trackHeader(t, b)
	case "mdia":
		return f.boxes.each(b.byteRange, func(b box) error { return f.mdia(t, b) })
	}
	return nil
}

func (f *movie) trackHeader(t *track, b box) error {
	h, err := f.fullBox(b, 76)
	if err != nil {
		return err
	}
	h.time()
	h.time()
	t.id = h.uint32()
	h.skip(4)
	h.time()
	h.skip(16)
	var matrix [9]int32
	for i := range matrix {
		matrix[i] = int32(h.uint32())
	}
	t.orientation = matrixOrientation(matrix)
	t.width, t.height = int(h.uint32()+1<<15)>>16, int(h.uint32()+1<<15)>>16
	return nil
}

// matrixOrientation tells a quarter turn or a reflection (ISO/IEC 14496-12 §8.3.2: x' = ax + cy, y' = bx + dy) as an EXIF
// orientation; any other matrix is 1.
func matrixOrientation(m [9]int32) int {
	sign := func(v int32) int {
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	switch [4]int{sign(m[0]), sign(m[1]), sign(m[3]), sign(m[4])} {
	case [4]int{-1, 0, 0, 1}:
		return 2
	case [4]int{-1, 0, 0, -1}:
		return 3
	case [4]int{1, 0, 0, -1}:
		return 4
	case [4]int{0, 1, 1, 0}:
		return 5
	case [4]int{0, 1, -1, 0}:
		return 6
	case [4]int{0, -1, -1, 0}:
		return 7
	case [4]int{0, -1, 1, 0}:
		return 8
	}
	return 1
}

func (f *movie) mdia(t *track, b box) error {
	switch b.kind {
	case "mdhd":
		h, err := f.fullBox(b, 16)
		if err != nil {
			return err
		}
		h.time()
		h.time()
		t.timescale = h.uint32()
		t.duration = knownDuration(h.time(), h.long)
	case "hdlr":
		h, err := f.fullBox(b, 8)
		if err != nil {
			return err
		}
		t.handler = string(h.data[4:8])
	case "minf":
		return f.boxes.eachOf(b.byteRange, "stbl", func(b box) error {
			return f.boxes.eachOf(b.byteRange, "stsd", func(b box) error { return f.sampleDescription(t, b) })
		})
	}
	return nil
}

// sampleDescription notes the codec and, for film, the size of the frames as coded, should the track header not say one.
func (f *movie) sampleDescription(t *track, b box) error {
	entries := b.skip(8)
	if entries.length < 8 {
		return nil // a track without samples
	}
	entry, err := f.boxes.at(entries.offset, entries.offset+entries.length)
	if err != nil {
		return err
	}
	t.codec = entry.kind
	if t.handler != "vide" || t.width > 0 && t.height > 0 {
		return nil
	}
	p, err := f.boxes.head(entry.byteRange, 28)
	if err == nil && len(p) == 28 {
		t.width, t.height = int(binary.BigEndian.Uint16(p[24:])), int(binary.BigEndian.Uint16(p[26:]))
	}
	return err
}

// finish draws the conclusions once everything was read.
func (f *movie) finish() error {
	info := &f.m.info
	var film, sound *track
	for _, t := range f.tracks {
		switch {
		case t.handler == "vide" && film == nil:
			film = t
		case t.handler == "soun" && sound == nil:
			sound = t
		case t.codec == "gpmd" || t.codec == "camm": // telemetry of action cameras; nearly always with positions
			info.HasGPS = true
		}
	}
	apple := f.brand == "M4A " || f.brand == "M4B " || f.brand == "M4P "
	switch {
	case film == nil && sound == nil:
		return damaged("the recording holds neither film nor sound")
	case sound != nil && (film == nil || apple): // the film of an M4A file is its chapters' pictures
		info.Kind, info.Format, info.MIME = Audio, "m4a", "audio/mp4"
	default:
		info.Width, info.Height, info.Orientation = film.width, film.height, film.orientation
		info.Format, info.MIME = "mp4", "video/mp4"
		if f.brand == "qt  " || f.brand == "" {
			info.Format, info.MIME = "mov", "video/quicktime"
		}
	}
	info.Duration = f.length()
	info.Camera = cameraName(oneLine(f.maker.name), oneLine(f.maker.model))
	f.said.settle(info, f.created, f.utc)
	f.m.previews = within(f.m.previews, f.boxes.size)
	return nil
}

// length is how long the movie lasts: by its header, else by its longest track; by its fragments when they go on after that.
func (f *movie) length() time.Duration {
	whole := seconds(f.duration, f.timescale)
	var longest, fragments time.Duration
	for _, t := range f.tracks {
		longest = max(longest, seconds(t.duration, t.timescale))
		fragments = max(fragments, seconds(t.ends, t.timescale))
	}
	if whole == 0 {
		whole = longest
	}
	return max(whole, fragments)
}

// seconds converts units of a timescale; what no clock can hold is 0, unknown.
func seconds(units uint64, timescale uint32) time.Duration {
	if timescale == 0 {
		return 0
	}
	high, low := bits.Mul64(units, uint64(time.Second))
	if high >= uint64(timescale) {
		return 0
	}
	d, _ := bits.Div64(high, low, uint64(timescale))
	if d > math.MaxInt64 {
		return 0
	}
	return time.Duration(d)
}

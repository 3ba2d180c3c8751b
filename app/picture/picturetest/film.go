package picturetest

import (
	"bytes"
	"encoding/binary"
	"image"
	"strings"
	"time"
)

// FilmOptions say what a made film or MPEG-4 sound holds and tells.
type FilmOptions struct {
	// Brand is the major brand: "mp42" when empty, "qt  " for QuickTime, "M4A " for a sound; "none" writes no brand, as QuickTime
	// did at first.
	Brand string
	// Duration is how long it lasts, in steps of 100 milliseconds; 2 seconds when zero.
	Duration time.Duration
	// Width and Height are those of the frames, 64 × 48 when zero.
	Width, Height int
	// Orientation is how the frames are to be turned, as in EXIF; 0 is 1.
	Orientation int
	// Created is the time in the film's header.
	Created time.Time
	// CreationDate, Make, Model and Place are written as QuickTime's keys, as phones do.
	CreationDate            time.Time
	Make, Model, Place      string
	Title, Comment, DayText string // as iTunes writes them
	Maker, MakerModel       string // as user data
	// Android writes the key by which Android's recorder is known.
	Android bool
	// Cover is embedded as the cover picture.
	Cover image.Image
	// Canon is embedded as the still that Canon's cameras add; Sony is the XML of Sony's.
	Canon []byte
	Sony  string
	// XMP and C2PA are boxes of their own.
	XMP  []byte
	C2PA bool
	// Fragments writes the film in so many fragments, with no length in its header.
	Fragments int
	// IndexFirst writes the table of contents before the film.
	IndexFirst bool
}

// Box returns a box of an ISO base media file.
func Box(kind string, content ...[]byte) []byte {
	data := bytes.Join(content, nil)
	return append(append(order.AppendUint32(nil, uint32(8+len(data))), kind...), data...)
}

// words are numbers of four bytes.
func words(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = order.AppendUint32(b, v)
	}
	return b
}

const (
	filmScale = 1000 // units in a second
	frameTime = 100  // a frame, in units
	uuidXMP   = "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"
	uuidC2PA  = "\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81"
)

// madeTrack is one track whose samples lie one after the other.
type madeTrack struct {
	handler, format string
	sample          []byte
	count, duration uint32 // samples, units a sample
	at              uint32 // where the samples are
}

// Film returns a made film: frames of JPEG and silence, which any player of QuickTime shows.
func Film(o FilmOptions) []byte {
	if o.Duration == 0 {
		o.Duration = 2 * time.Second
	}
	if o.Width == 0 {
		o.Width, o.Height = 64, 48
	}
	if o.Brand == "" {
		o.Brand = "mp42"
	}
	frames := uint32(o.Duration / (frameTime * time.Millisecond))
	tracks := []*madeTrack{{handler: "soun", format: "sowt", sample: make([]byte, 2*800), count: frames, duration: frameTime}}
	if o.Brand != "M4A " {
		still := encodePlain(Scene(o.Width, o.Height, 3), 60)
		tracks = append([]*madeTrack{{handler: "vide", format: "jpeg", sample: still, count: frames, duration: frameTime}}, tracks...)
	}
	var start []byte
	if o.Brand != "none" {
		start = Box("ftyp", []byte(o.Brand), words(512), []byte(o.Brand+"isom"))
	}
	if o.Fragments > 0 {
		return append(o.fragmented(start, tracks), o.ending()...)
	}
	var media []byte
	place := func(at int) {
		media = nil
		for _, t := range tracks {
			t.at = uint32(at + 8 + len(media))
			media = append(media, bytes.Repeat(t.sample, int(t.count))...)
		}
	}
	place(len(start))
	index := o.index(tracks)
	if o.IndexFirst {
		place(len(start) + len(index))
		start = append(start, o.index(tracks)...)
		return append(append(start, Box("mdat", media)...), o.ending()...)
	}
	return append(append(append(start, Box("mdat", media)...), index...), o.ending()...)
}

// ending are the boxes that stand beside the table of contents.
func (o FilmOptions) ending() (boxes []byte) {
	if len(o.XMP) > 0 {
		boxes = append(boxes, Box("uuid", []byte(uuidXMP), o.XMP)...)
	}
	if o.C2PA {
		boxes = append(boxes, Box("uuid", []byte(uuidC2PA), words(0), []byte("manifest\x00"), words(0, 0), []byte("jumb c2pa"))...)
	}
	if o.Sony != "" {
		boxes = append(boxes, Box("meta", words(0), handler("nrtm"), Box("xml ", words(0), []byte(o.Sony)))...)
	}
	return boxes
}

func handler(kind string) []byte {
	return Box("hdlr", words(0, 0), []byte(kind), words(0, 0, 0), []byte{0})
}

// index returns the table of contents.
func (o FilmOptions) index(tracks []*madeTrack) []byte {
	length := uint32(o.Duration / time.Millisecond)
	content := [][]byte{nil}
	var extends []byte
	for i, t := range tracks {
		id := uint32(i + 1)
		if o.Fragments > 0 {
			extends = append(extends, Box("trex", words(0, id, 1, t.duration, uint32(len(t.sample)), 0))...)
			content = append(content, o.track(id, t, 0))
			continue
		}
		content = append(content, o.track(id, t, length))
	}
	if o.Fragments > 0 {
		length = 0
		content = append(content, Box("mvex", extends))
	}
	created := secondsSince1904(o.Created)
	content[0] = Box("mvhd", words(0, created, created, filmScale, length, 1<<16), []byte{1, 0}, make([]byte, 10), matrix(1), make([]byte, 24),
		words(uint32(len(tracks)+1)))
	return Box("moov", append(content, o.userData(), o.keys())...)
}

func secondsSince1904(t time.Time) uint32 {
	if t.IsZero() {
		return 0
	}
	return uint32(t.Unix() + (66*365+17)*24*60*60)
}

// matrix turns a frame as an EXIF orientation asks.
func matrix(orientation int) []byte {
	turn := map[int][4]int32{0: {1, 0, 0, 1}, 1: {1, 0, 0, 1}, 2: {-1, 0, 0, 1}, 3: {-1, 0, 0, -1}, 4: {1, 0, 0, -1},
		5: {0, 1, 1, 0}, 6: {0, 1, -1, 0}, 7: {0, -1, -1, 0}, 8: {0, -1, 1, 0}}[orientation]
	number := func(v int32) uint32 { return uint32(v << 16) }
	return words(number(turn[0]), number(turn[1]), 0, number(turn[2]), number(turn[3]), 0, 0, 0, 1<<30)
}

func (o FilmOptions) track(id uint32, t *madeTrack, length uint32) []byte {
	created := secondsSince1904(o.Created)
	media, entry := Box("smhd", words(0, 0)), Box(t.format, words(0, 1, 0, 0, 1<<16|16, 0, 8000<<16))
	width, height := uint32(0), uint32(0)
	if t.handler == "vide" {
		width, height = uint32(o.Width)<<16, uint32(o.Height)<<16
		media = Box("vmhd", words(1, 0, 0))
		entry = Box(t.format, words(0, 1, 0, 0, 0, 0, uint32(o.Width)<<16|uint32(o.Height), 72<<16, 72<<16, 0, 1<<16), make([]byte, 30), []byte{0, 24, 0xFF, 0xFF})
	}
	tables := [][]byte{Box("stsd", words(0, 1), entry), Box("stts", words(0, 1, t.count, t.duration)), Box("stsc", words(0, 1, 1, t.count, 1)),
		Box("stsz", words(0, uint32(len(t.sample)), t.count)), Box("stco", words(0, 1, t.at))}
	if length == 0 { // the samples are in fragments
		tables = [][]byte{tables[0], Box("stts", words(0, 0)), Box("stsc", words(0, 0)), Box("stsz", words(0, 0, 0)), Box("stco", words(0, 0))}
	}
	return Box("trak", Box("tkhd", words(7, created, created, id, 0, length, 0, 0, 0, 0), matrix(o.Orientation), words(width, height)),
		Box("mdia", Box("mdhd", words(0, created, created, filmScale, length, 0x55C40000)), handler(t.handler),
			Box("minf", media, Box("dinf", Box("dref", words(0, 1), Box("url ", words(1)))), Box("stbl", tables...))))
}

// fragmented returns a film whose table of contents says only how its fragments begin.
func (o FilmOptions) fragmented(start []byte, tracks []*madeTrack) []byte {
	file := append(start, o.index(tracks)...)
	for n := range o.Fragments {
		var parts, media []byte
		for i, t := range tracks {
			count := t.count / uint32(o.Fragments)
			runs := Box("trun", words(0, count))
			if i%2 == 1 { // a length for each sample, in place of the track's
				list := words(0x100, count)
				for range count {
					list = append(list, words(t.duration)...)
				}
				runs = Box("trun", list)
			}
			parts = append(parts, Box("traf", Box("tfhd", words(0x020000, uint32(i+1))), Box("tfdt", words(0, uint32(n)*count*t.duration)), runs)...)
			media = append(media, bytes.Repeat(t.sample, int(count))...)
		}
		file = append(append(file, Box("moof", Box("mfhd", words(0, uint32(n+1))), parts)...), Box("mdat", media)...)
	}
	return file
}

// userData is what cameras, and iTunes, write.
func (o FilmOptions) userData() []byte {
	international := func(kind, s string) []byte {
		return Box(kind, binary.BigEndian.AppendUint16(nil, uint16(len(s))), []byte{0x55, 0xC4}, []byte(s))
	}
	var boxes, items []byte
	for _, t := range []struct{ kind, text string }{{"\xA9mak", o.Maker}, {"\xA9mod", o.MakerModel}} {
		if t.text != "" {
			boxes = append(boxes, international(t.kind, t.text)...)
		}
	}
	if o.Canon != nil {
		boxes = append(boxes, Box("CNTH", Box("CNDA", o.Canon))...)
	}
	for _, t := range []struct{ kind, text string }{{"\xA9nam", o.Title}, {"\xA9cmt", o.Comment}, {"\xA9day", o.DayText}} {
		if t.text != "" {
			items = append(items, Box(t.kind, Box("data", words(1, 0), []byte(t.text)))...)
		}
	}
	if o.Cover != nil {
		items = append(items, Box("covr", Box("data", words(13, 0), encodePlain(o.Cover, 80)))...)
	}
	if items != nil {
		boxes = append(boxes, Box("meta", words(0), handler("mdir"), Box("ilst", items))...)
	}
	if boxes == nil {
		return nil
	}
	return Box("udta", boxes)
}

// keys is QuickTime's list of named values.
func (o FilmOptions) keys() []byte {
	var names, items []byte
	count := uint32(0)
	for _, k := range []struct{ name, value string }{
		{"com.apple.quicktime.make", o.Make}, {"com.apple.quicktime.model", o.Model}, {"com.apple.quicktime.location.ISO6709", o.Place},
		{"com.apple.quicktime.creationdate", strings.TrimPrefix(o.CreationDate.Format("2006-01-02T15:04:05-0700"), "0001-01-01T00:00:00+0000")},
		{"com.android.version", map[bool]string{true: "15"}[o.Android]},
	} {
		if k.value == "" {
			continue
		}
		count++
		names = append(names, append(append(words(uint32(8+len(k.name))), "mdta"...), k.name...)...)
		items = append(items, Box(string(words(count)), Box("data", words(1, 0), []byte(k.value)))...)
	}
	if count == 0 {
		return nil
	}
	return Box("meta", handler("mdta"), Box("keys", words(0, count), names), Box("ilst", items))
}

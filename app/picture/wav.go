package picture

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"strings"
	"time"
)

// readWAV gathers what a RIFF, RF64 or BW64 sound tells (EBU Tech 3306, and Tech 3285 for what broadcasters' recorders add) and
// checks that its sound is as long as it says.
func readWAV(r io.ReaderAt, size int64) (metadata, error) {
	m := metadata{info: Info{Kind: Audio, Format: "wav", MIME: "audio/wav", Orientation: 1}}
	head, err := part(r, byteRange{0, 12}, 12)
	if err != nil {
		return m, err
	}
	end, long := size, string(head[:4]) != "RIFF"
	if whole := 8 + int64(binary.LittleEndian.Uint32(head[4:])); !long {
		// A recorder writes the length last. One that lost its power leaves 0, or more than there is.
		if whole > size || whole == 8 {
			return m, cutOff("the recording was cut off before its end")
		}
		end = whole
	}
	chunks, err := wavList(r, end, long)
	if err != nil {
		return m, err
	}
	w := wav{r: r, m: &m}
	for _, c := range chunks {
		if err := w.chunk(c); err != nil {
			return m, err
		}
	}
	switch {
	case w.rate == 0 || w.bytesPerSecond == 0:
		return m, damaged("the header is broken")
	case w.sound == nil:
		return m, damaged("there is no sound")
	}
	m.info.Duration = seconds(uint64(w.sound.length), w.bytesPerSecond)
	if w.compressed && w.samples > 0 {
		m.info.Duration = seconds(uint64(w.samples), w.rate)
	}
	m.previews = within(m.previews, size)
	return m, nil
}

// wav is a sound whose chunks are being read.
type wav struct {
	r                             io.ReaderAt
	m                             *metadata
	compressed                    bool
	rate, bytesPerSecond, samples uint32
	sound                         *byteRange
}

func (w *wav) chunk(c riffChunk) error {
	info := &w.m.info
	switch c.id {
	case "fmt ", "fact", "bext", "LIST", "iXML", "_PMX":
	case "data":
		w.sound = &c.data
		return nil
	case "id3 ", "ID3 ":
		w.m.previews = append(w.m.previews, readID3(io.NewSectionReader(w.r, c.data.offset, c.data.length), c.data, info)...)
		return nil
	case "C2PA":
		info.HasC2PA = true
		return nil
	default:
		return nil
	}
	p, err := part(w.r, byteRange{c.data.offset, min(c.data.length, maxBoxPayload)}, maxBoxPayload)
	if err != nil {
		return err
	}
	switch c.id {
	case "fmt ":
		if len(p) < 16 {
			return damaged("the header is broken")
		}
		const pcm, float, extensible = 1, 3, 0xFFFE
		kind := binary.LittleEndian.Uint16(p)
		w.compressed = kind != pcm && kind != float && kind != extensible
		w.rate, w.bytesPerSecond = binary.LittleEndian.Uint32(p[4:]), binary.LittleEndian.Uint32(p[8:])
	case "fact":
		if len(p) >= 4 {
			w.samples = binary.LittleEndian.Uint32(p)
		}
	case "bext":
		readBroadcast(p, info)
	case "LIST":
		readRIFFInfo(p, info)
	case "iXML":
		readIXML(p, info)
	case "_PMX":
		readXMP(p, info)
	}
	return nil
}

// readBroadcast reads the broadcast extension: description, originator, its reference, date and time by the recorder's clock. The
// originator is the device, or the program, that recorded.
func readBroadcast(p []byte, info *Info) {
	const (
		description = 256
		originator  = description + 32
		reference   = originator + 32
		date        = reference + 10
		clock       = date + 8
	)
	if len(p) < clock {
		return
	}
	info.addText(latin1([]byte(zeroEnded(p[:description]))))
	info.Camera = oneLine(latin1([]byte(zeroEnded(p[description:originator]))))
	// The standard leaves the sign between the parts open.
	digits := func(b []byte) string {
		return strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return ' '
			}
			return r
		}, string(b))
	}
	if at, err := time.Parse("2006 01 02 15 04 05", digits(p[reference:date])+" "+digits(p[date:clock])); err == nil && at.Year() >= 1900 {
		info.TakenAt, info.TakenAtOffsetKnown = at, false
	}
}

// readRIFFInfo reads the texts of a LIST chunk of the kind INFO.
func readRIFFInfo(p []byte, info *Info) {
	if !bytes.HasPrefix(p, []byte("INFO")) {
		return
	}
	chunks, err := riffChunks(bytes.NewReader(p), 4, int64(len(p)))
	if err != nil {
		return
	}
	for _, c := range chunks {
		value := latin1([]byte(zeroEnded(p[c.data.offset : c.data.offset+c.data.length])))
		switch c.id {
		case "INAM", "ICMT", "ISBJ", "IKEY":
			info.addText(value)
		case "ICRD":
			if at, known, ok := parseTime(value); ok && info.TakenAt.IsZero() {
				info.TakenAt, info.TakenAtOffsetKnown = at, known
			}
		}
	}
}

// readIXML reads what the person at the recorder noted.
func readIXML(p []byte, info *Info) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimRight(p, "\x00")))
	element := ""
	for range 10_000 {
		token, err := d.Token()
		if err != nil {
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			element = t.Name.Local
		case xml.EndElement:
			element = ""
		case xml.CharData:
			switch element {
			case "PROJECT", "SCENE", "NOTE":
				info.addText(string(t))
			}
		}
	}
}

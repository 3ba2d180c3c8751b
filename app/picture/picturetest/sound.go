package picturetest

import (
	"bytes"
	"encoding/binary"
	"image"
	"time"
	"unicode/utf16"
)

// SoundOptions say what a made recording tells; all of it is silence.
type SoundOptions struct {
	// Duration is how long it lasts; 2 seconds when zero.
	Duration time.Duration
	// RecordedAt is written by the recorder's clock, in whole seconds.
	RecordedAt time.Time
	// Device is who recorded, Description and Title are texts.
	Device, Description, Title string
	// Note is written as the note of an iXML chunk; WAV only.
	Note string
	// Long writes RF64 in place of RIFF; WAV only.
	Long bool
	// Cover is embedded as the cover picture; MP3 only.
	Cover image.Image
	// Counted writes the number of frames into the first one, as encoders of varying rate do; MP3 only.
	Counted bool
	// Old writes the tag as ID3v2.3 in UTF-16, in place of 2.4 in UTF-8; MP3 only.
	Old bool
}

func (o SoundOptions) duration() time.Duration {
	if o.Duration == 0 {
		return 2 * time.Second
	}
	return o.Duration
}

func chunk(id string, content ...[]byte) []byte {
	data := bytes.Join(content, nil)
	c := append(binary.LittleEndian.AppendUint32([]byte(id), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

// WAV returns a made recording of 8,000 samples of two bytes a second.
func WAV(o SoundOptions) []byte {
	const rate = 8000
	var format []byte
	format = binary.LittleEndian.AppendUint16(format, 1)
	format = binary.LittleEndian.AppendUint16(format, 1)
	format = binary.LittleEndian.AppendUint32(format, rate)
	format = binary.LittleEndian.AppendUint32(format, 2*rate)
	format = binary.LittleEndian.AppendUint16(format, 2)
	format = binary.LittleEndian.AppendUint16(format, 16)
	sound := make([]byte, 2*int(o.duration().Seconds()*rate))

	var content []byte
	if o.Device != "" || o.Description != "" || !o.RecordedAt.IsZero() {
		bext := make([]byte, 602)
		copy(bext, o.Description)
		copy(bext[256:288], o.Device)
		if !o.RecordedAt.IsZero() {
			copy(bext[320:], o.RecordedAt.Format("2006-01-0215:04:05"))
		}
		content = append(content, chunk("bext", bext)...)
	}
	content = append(content, chunk("fmt ", format)...)
	if o.Title != "" {
		content = append(content, chunk("LIST", []byte("INFO"), chunk("INAM", []byte(o.Title), []byte{0}))...)
	}
	if o.Note != "" {
		content = append(content, chunk("iXML", []byte(`<?xml version="1.0" encoding="UTF-8"?><BWFXML><NOTE>`+o.Note+`</NOTE></BWFXML>`))...)
	}
	if !o.Long {
		return chunk("RIFF", []byte("WAVE"), content, chunk("data", sound))
	}
	sizes := make([]byte, 28)
	data := chunk("data", sound)
	binary.LittleEndian.PutUint32(data[4:], 1<<32-1)
	whole := append(append(append([]byte("WAVE"), chunk("ds64", sizes)...), content...), data...)
	binary.LittleEndian.PutUint64(whole[12:], uint64(len(whole)))
	binary.LittleEndian.PutUint64(whole[20:], uint64(len(sound)))
	return append(binary.LittleEndian.AppendUint32([]byte("RF64"), 1<<32-1), whole...)
}

// MP3 returns a made sound of MPEG-1 layer III at 44,100 Hz, mono, 128 kbit/s. Its length is that of whole frames.
func MP3(o SoundOptions) []byte {
	const samples, rate, length = 1152, 44100, 417
	frame := make([]byte, length)
	copy(frame, "\xFF\xFB\x90\xC0")
	count := int(o.duration() * rate / samples / time.Second)
	var sound []byte
	if o.Counted {
		first := bytes.Clone(frame)
		copy(first[21:], "Xing")
		copy(first[25:], words(3, uint32(count), uint32((count+1)*length)))
		sound = first
	}
	return append(append(o.tag(), sound...), bytes.Repeat(frame, count)...)
}

// tag returns an ID3 tag, nil when there is nothing to tell.
func (o SoundOptions) tag() []byte {
	version := byte(4)
	if o.Old {
		version = 3
	}
	size := func(n int) []byte {
		if o.Old {
			return words(uint32(n))
		}
		return []byte{byte(n >> 21 & 0x7F), byte(n >> 14 & 0x7F), byte(n >> 7 & 0x7F), byte(n & 0x7F)}
	}
	var frames []byte
	add := func(id string, content ...[]byte) {
		data := bytes.Join(content, nil)
		frames = append(append(append(append(frames, id...), size(len(data))...), 0, 0), data...)
	}
	encoding := []byte{3}
	text := func(s string) []byte {
		if !o.Old {
			return []byte(s)
		}
		encoding[0] = 1
		b := []byte{0xFF, 0xFE}
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	zero := func() []byte { // that ends a text
		if o.Old {
			return []byte{0, 0}
		}
		return []byte{0}
	}
	if o.Title != "" {
		s := text(o.Title)
		add("TIT2", encoding, s)
	}
	if o.Description != "" {
		about, s := text(""), text(o.Description)
		add("COMM", encoding, []byte("nob"), about, zero(), s)
	}
	switch {
	case o.RecordedAt.IsZero():
	case o.Old:
		for _, t := range []struct{ id, layout string }{{"TYER", "2006"}, {"TDAT", "0201"}, {"TIME", "1504"}} {
			add(t.id, []byte{0}, []byte(o.RecordedAt.Format(t.layout)))
		}
	default:
		add("TDRC", encoding, []byte(o.RecordedAt.Format("2006-01-02T15:04:05")))
	}
	if o.Cover != nil {
		add("APIC", []byte{0}, []byte("image/jpeg\x00\x03\x00"), encodePlain(o.Cover, 80))
	}
	if frames == nil {
		return nil
	}
	frames = append(frames, make([]byte, 32)...) // room for changes
	n := len(frames)
	head := []byte{'I', 'D', '3', version, 0, 0, byte(n >> 21 & 0x7F), byte(n >> 14 & 0x7F), byte(n >> 7 & 0x7F), byte(n & 0x7F)}
	return append(head, frames...)
}

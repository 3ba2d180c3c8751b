package picture

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// isoRule says what stays of a box in the index of a public copy.
type isoRule struct {
	// inside are the boxes that may stand in it, by kind; nil for one that holds fields.
	inside map[string]isoRule
	// fields returns how many bytes of a content mean something; the rest becomes zero.
	fields func(content []byte) int
	// clean changes a content in place.
	clean func(m *isoMovie, content []byte) error
}

func fieldsOf(n int) isoRule { return isoRule{fields: func([]byte) int { return n }} }

// versioned boxes are longer in their version 1, where times have 64 bits.
func versioned(v0, v1 int) isoRule {
	return isoRule{fields: func(c []byte) int {
		if len(c) > 0 && c[0] == 1 {
			return v1
		}
		return v0
	}}
}

// table is a box of version and flags, a number of rows, and the rows.
func tableOf(width int) isoRule {
	return isoRule{fields: func(c []byte) int { return 8 + rows(c, 4)*width }}
}

// rows reads a number of rows; more than the content can hold are as many as it holds.
func rows(content []byte, at int) int {
	if len(content) < at+4 {
		return 0
	}
	return int(min(binary.BigEndian.Uint32(content[at:]), uint32(len(content))))
}

// isoTrack are the boxes of a track that stay (ISO/IEC 14496-12 §8, QuickTime File Format), and isoMovieBoxes those of an index.
// Times stay; names, titles, places and references to other tracks do not.
var (
	isoTrack = map[string]isoRule{
		"tkhd": versioned(84, 96),
		"edts": {inside: map[string]isoRule{"elst": {fields: func(c []byte) int {
			if len(c) > 0 && c[0] == 1 {
				return 8 + 20*rows(c, 4)
			}
			return 8 + 12*rows(c, 4)
		}}}},
		"tapt": {inside: map[string]isoRule{"clef": fieldsOf(12), "prof": fieldsOf(12), "enof": fieldsOf(12)}},
		"mdia": {inside: map[string]isoRule{
			"mdhd": versioned(24, 36),
			"hdlr": {clean: (*isoMovie).handler},
			"minf": {inside: map[string]isoRule{
				"vmhd": fieldsOf(12), "smhd": fieldsOf(8),
				"hdlr": {clean: (*isoMovie).handler},
				"dinf": {inside: map[string]isoRule{"dref": {clean: (*isoMovie).references}}},
				"stbl": {inside: map[string]isoRule{
					"stsd": {clean: (*isoMovie).descriptions},
					"stts": tableOf(8), "ctts": tableOf(8), "stss": tableOf(4), "stps": tableOf(4), "stsc": tableOf(12), "stco": tableOf(4), "co64": tableOf(8),
					"cslg": versioned(24, 44),
					"stsz": {fields: func(c []byte) int {
						if len(c) >= 8 && binary.BigEndian.Uint32(c[4:]) != 0 {
							return 12
						}
						return 12 + 4*rows(c, 8)
					}},
				}},
			}},
		}},
	}
	isoMovieBoxes = map[string]isoRule{"mvhd": {clean: (*isoMovie).header}, "trak": {clean: (*isoMovie).track}}
)

// isoMovie cleans the index of a film in place.
type isoMovie struct {
	media   []byteRange // where the sound and pictures that stay lie in the file
	samples isoSamples  // of the track in hand
}

func (m *isoMovie) clean(movie []byte) error { return m.keep(movie, isoMovieBoxes) }

// keep cleans what stands in a box; what is not listed becomes free space.
func (m *isoMovie) keep(content []byte, listed map[string]isoRule) error {
	return eachBox(content, func(kind string, box, inner []byte) error {
		rule, stays := listed[kind]
		switch {
		case kind == "cmov" || kind == "mvex":
			return unsupported("a film whose index is packed or in fragments")
		case !stays:
			blankBox(box, inner)
		case rule.inside != nil:
			return m.keep(inner, rule.inside)
		case rule.clean != nil:
			return rule.clean(m, inner)
		default:
			clear(inner[min(len(inner), rule.fields(inner)):])
		}
		return nil
	})
}

func blankBox(box, content []byte) {
	copy(box[4:], "free")
	clear(content)
}

// header cleans the head of a film: what is reserved, and QuickTime's times of a preview and a selection.
func (m *isoMovie) header(content []byte) error {
	rate := 20
	if len(content) > 0 && content[0] == 1 {
		rate = 32
	}
	if len(content) < rate+80 {
		return cutOff("a box ends early")
	}
	clear(content[rate+6 : rate+16])
	clear(content[rate+52 : rate+76])
	clear(content[rate+80:])
	return nil
}

// track cleans a track of pictures or of sound and notes where its media lie; any other becomes free space.
func (m *isoMovie) track(content []byte) error {
	handler, err := handlerOf(content)
	if err != nil {
		return err
	}
	if handler != "vide" && handler != "soun" {
		box := content // the caller holds the box; its content becomes one free box
		if len(box) >= 8 {
			clear(box)
			binary.BigEndian.PutUint32(box, uint32(len(box)))
			copy(box[4:], "free")
		} else {
			clear(box)
		}
		return nil
	}
	m.samples = isoSamples{sound: handler == "soun"}
	if err := m.samples.read(content); err != nil {
		return err
	}
	if err := m.keep(content, isoTrack); err != nil {
		return err
	}
	m.media, err = m.samples.places(m.media)
	return err
}

// handlerOf is what a track is for.
func handlerOf(track []byte) (string, error) {
	handler := ""
	err := eachBox(track, func(kind string, _, content []byte) error {
		if kind != "mdia" {
			return nil
		}
		return eachBox(content, func(kind string, _, content []byte) error {
			if kind == "hdlr" && len(content) >= 12 {
				handler = string(content[8:12])
			}
			return nil
		})
	})
	return handler, err
}

// handler keeps the kind of a handler and takes its name.
func (m *isoMovie) handler(content []byte) error {
	if len(content) < 12 {
		return cutOff("a box ends early")
	}
	if part := string(content[4:8]); part != "mhlr" && part != "dhlr" {
		clear(content[4:8])
	}
	if strings.Trim(string(content[8:12]), "abcdefghijklmnopqrstuvwxyz ") != "" {
		clear(content[8:12])
	}
	clear(content[12:])
	return nil
}

// references makes sure that the media lie in the file itself, and takes what else the entries hold.
func (m *isoMovie) references(content []byte) error {
	if len(content) < 8 {
		return cutOff("a box ends early")
	}
	return eachBox(content[8:], func(kind string, box, inner []byte) error {
		if len(inner) < 4 || inner[3]&1 == 0 {
			return unsupported("a film whose media lie in other files")
		}
		if kind != "url " && kind != "alis" && kind != "rsrc" {
			copy(box[4:], "url ")
		}
		clear(inner[4:])
		return nil
	})
}

// Codings whose frames hold pictures and sound, and settings of the coder at most; and what describes them.
var (
	isoPictures = isoKinds("avc1 avc2 avc3 avc4 hvc1 hev1 dvh1 dvhe dvav dva1 mp4v s263 h263 ap4h ap4x apch apcn apcs apco av01 vp08 vp09")
	isoSounds   = isoKinds("mp4a alac ac-3 ec-3 Opus fLaC samr sawb ulaw alaw lpcm sowt twos in24 in32 fl32 fl64 NONE") // and "raw "
	isoSettings = isoKinds("avcC hvcC lhvC av1C vpcC dvcC dvvC esds pasp clap fiel gama btrt mdcv clli SmDm CoLL d263 " +
		"chan dac3 dec3 dOps dfLa alac pcmC chnl damr")
)

func isoKinds(list string) map[string]bool {
	m := map[string]bool{}
	for kind := range strings.FieldsSeq(list) {
		m[kind] = true
	}
	return m
}

// descriptions cleans how samples are coded: the name of the coder and its maker go.
func (m *isoMovie) descriptions(content []byte) error {
	if len(content) < 8 {
		return cutOff("a box ends early")
	}
	return eachBox(content[8:], func(kind string, _, entry []byte) error {
		fields := 78
		switch {
		case m.samples.sound && (isoSounds[kind] || kind == "raw "):
			fields = 28
		case !m.samples.sound && isoPictures[kind]:
		default:
			return codingRefused(kind)
		}
		if len(entry) < fields {
			return cutOff("a box ends early")
		}
		if kind == "mp4v" && !isoStreams[streamOf(entry[fields:])] {
			return codingRefused(kind)
		}
		clear(entry[:6])
		clear(entry[12:16]) // the coder's maker
		if !m.samples.sound {
			clear(entry[42:74]) // the coder's name
			return m.settings(entry[fields:])
		}
		return m.settings(entry[soundFields(entry):])
	})
}

// isoStreams are the kinds of pictures that mp4v may stand for (ISO/IEC 14496-1 §7.2.6.6): MPEG-4, H.264, H.265, MPEG-2 and MPEG-1. With
// JPEG, PNG and JPEG 2000 every frame is a file.
var isoStreams = map[byte]bool{0x20: true, 0x21: true, 0x23: true, 0x60: true, 0x61: true, 0x62: true, 0x63: true, 0x64: true, 0x65: true, 0x6A: true}

// streamOf reads which kind of pictures an elementary stream has out of what describes it; 0 when nothing says.
func streamOf(settings []byte) (kind byte) {
	_ = eachBox(bytes.Clone(settings), func(box string, _, content []byte) error {
		if box != "esds" || len(content) < 4 {
			return nil
		}
		const stream, decoder = 3, 4 // tags of descriptors
		if about := descriptor(content[4:], stream); len(about) > 3 && about[2]&0xE0 == 0 {
			if about = descriptor(about[3:], decoder); len(about) > 0 {
				kind = about[0]
			}
		}
		return nil
	})
	return kind
}

// descriptor is the content of the descriptor with which data begins (ISO/IEC 14496-1 §8.3.3); nil when it has another tag or is cut off.
func descriptor(data []byte, tag byte) []byte {
	if len(data) == 0 || data[0] != tag {
		return nil
	}
	length := 0
	for i := 1; i < min(len(data), 5); i++ {
		length = length<<7 | int(data[i]&0x7F)
		if data[i]&0x80 == 0 {
			return data[i+1 : min(len(data), i+1+length)]
		}
	}
	return nil
}

// soundFields is the length of what stands before the boxes in a description of sound. QuickTime's versions 1 and 2 are longer; in
// files of ISO's own a version 1 is not.
func soundFields(entry []byte) int {
	switch version := binary.BigEndian.Uint16(entry[8:]); {
	case version == 1 && len(entry) >= 44 && (len(entry) < 52 || boxesIn(entry[44:])):
		return 44
	case version == 2 && len(entry) >= 64:
		return 64
	}
	return 28
}

func boxesIn(data []byte) bool {
	length := binary.BigEndian.Uint32(data)
	return length >= 8 && uint64(length) <= uint64(len(data))
}

func (m *isoMovie) settings(content []byte) error {
	return eachBox(content, func(kind string, box, inner []byte) error {
		switch {
		case kind == "wave":
			return eachBox(inner, func(kind string, box, inner []byte) error {
				switch {
				case isoSettings[kind], kind == "frma" && len(inner) == 4, kind == "enda" && len(inner) == 2, kind == "\x00\x00\x00\x00":
				case kind == "mp4a":
					clear(inner)
				default:
					blankBox(box, inner)
				}
				return nil
			})
		case isoSettings[kind]:
		case kind == "colr":
			m.colour(box, inner)
		default:
			blankBox(box, inner)
		}
		return nil
	})
}

// colour keeps what colours are in, by number or as a profile (ISO/IEC 14496-12 §12.1.5, QuickTime File Format).
func (m *isoMovie) colour(box, content []byte) {
	if len(content) < 4 {
		blankBox(box, content)
		return
	}
	switch string(content[:4]) {
	case "nclx":
		clear(content[min(len(content), 11):])
	case "nclc":
		clear(content[min(len(content), 10):])
	case "prof", "rICC":
		profile := cleanICC(content[4:])
		if profile == nil {
			blankBox(box, content)
			return
		}
		clear(content[4+copy(content[4:], profile):])
	default:
		blankBox(box, content)
	}
}

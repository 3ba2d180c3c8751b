package picture

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits of [Info.Texts].
const (
	maxTexts      = 64
	maxTextLength = 2000 // bytes, the length of the longest IPTC caption
)

// addText keeps a text that somebody may have written by hand, as one line and once.
func (i *Info) addText(s string) {
	s = oneLine(s)
	if len(s) > maxTextLength {
		s = s[:maxTextLength]
		for len(s) > 0 && !utf8.ValidString(s) { // cut inside a letter
			s = s[:len(s)-1]
		}
	}
	if s != "" && len(i.Texts) < maxTexts && !slices.Contains(i.Texts, s) {
		i.Texts = append(i.Texts, s)
	}
}

// oneLine renders bytes from a file as one line of valid UTF-8 without anything around it.
func oneLine(s string) string {
	s = strings.ToValidUTF8(strings.TrimRight(s, "\x00 "), "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, s))
}

// latin1 reads bytes as UTF-8 when they are, else as ISO 8859-1, which is what programs wrote before.
func latin1(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// utf16Text reads UTF-16 up to its first zero.
func utf16Text(b []byte, order binary.ByteOrder) string {
	var units []uint16
	for ; len(b) >= 2; b = b[2:] {
		u := order.Uint16(b)
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\uFEFF")
}

// userComment reads an EXIF UserComment (EXIF 2.32 §4.6.5): eight bytes name the characters, the rest is the text. Programs
// disagree on the byte order of its UTF-16; a mark decides, else the order in which more of the letters are Latin.
func userComment(b []byte, order binary.ByteOrder) string {
	if len(b) < 8 {
		return ""
	}
	code, b := string(b[:8]), b[8:]
	switch {
	case code == "UNICODE\x00":
		var zero [2]int
		for i, c := range b {
			if c == 0 {
				zero[i%2]++
			}
		}
		switch {
		case bytes.HasPrefix(b, []byte("\xFE\xFF")), !bytes.HasPrefix(b, []byte("\xFF\xFE")) && zero[0] > zero[1]:
			order = binary.BigEndian
		case bytes.HasPrefix(b, []byte("\xFF\xFE")), zero[1] > zero[0]:
			order = binary.LittleEndian
		}
		return utf16Text(b, order)
	case code == "ASCII\x00\x00\x00", strings.Trim(code, "\x00") == "":
		b, _, _ = bytes.Cut(b, []byte{0})
		return latin1(b)
	}
	return "" // JIS
}

// readPhotoshop takes the texts of IPTC-IIM from Photoshop image resources, as JPEG's APP13 and TIFF field 34377 hold them.
func readPhotoshop(resources []byte, info *Info) {
	const iptc = 0x0404
	for len(resources) >= 12 && string(resources[:4]) == "8BIM" {
		id := binary.BigEndian.Uint16(resources[4:])
		name := 1 + int(resources[6])
		name += name % 2
		rest := resources[6:]
		if len(rest) < name+4 {
			return
		}
		n := int64(binary.BigEndian.Uint32(rest[name:]))
		rest = rest[name+4:]
		if n > int64(len(rest)) {
			return
		}
		if id == iptc {
			readIPTC(rest[:n], info)
		}
		resources = rest[min(n+n%2, int64(len(rest))):]
	}
}

// readIPTC takes title, keywords, headline and caption from IPTC-IIM data sets (IIM 4.2).
func readIPTC(data []byte, info *Info) {
	for len(data) >= 5 && data[0] == 0x1C {
		record, set, n := data[1], data[2], int(binary.BigEndian.Uint16(data[3:]))
		if data = data[5:]; n > len(data) { // also where the length has more bytes, which no text of this kind needs
			return
		}
		if record == 2 && (set == 5 || set == 25 || set == 105 || set == 120) {
			info.addText(latin1(data[:n]))
		}
		data = data[n:]
	}
}

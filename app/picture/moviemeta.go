package picture

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"strings"
)

// What a film tells about itself stands in one or several of three places: QuickTime user data ("udta", one box a value), the
// metadata lists of QuickTime and iTunes ("meta" with "keys" and "ilst"), and what makers add. None of it is needed to show the
// film, so whatever cannot be read is passed over.

// maxItems bounds the entries of one metadata list.
const maxItems = 256

// userData reads a QuickTime "udta" box.
func (f *movie) userData(list box) {
	_ = f.boxes.each(list.byteRange, func(b box) error {
		switch b.kind {
		case "meta":
			f.meta(b)
		case "CNTH": // Canon: a whole JPEG file, with the EXIF that the film lacks
			_ = f.boxes.eachOf(b.byteRange, "CNDA", func(b box) error {
				f.thumbnail(b.byteRange)
				return nil
			})
		case "XMP_":
			if packet, err := f.boxes.payload(b.byteRange); err == nil {
				readXMP(packet, &f.m.info)
			}
		case "loci": // 3GPP TS 26.244 §8.5
			f.m.info.HasGPS = true
		default:
			if strings.HasPrefix(b.kind, "\xA9") {
				f.value(b.kind, f.userText(b))
			}
		}
		return nil
	})
}

// userText reads a value of user data: its length, its language, its text, and so on for further languages, of which the first
// one is taken.
func (f *movie) userText(b box) string {
	p, err := f.boxes.head(b.byteRange, 4+maxTextLength)
	if err != nil || len(p) < 4 {
		return ""
	}
	n := int(binary.BigEndian.Uint16(p))
	if n == 0 || 4+n > len(p) {
		n = len(p) - 4
	}
	return latin1(p[4 : 4+n])
}

// thumbnail takes a JPEG file inside the film as its preview, and from its EXIF what the film does not say itself.
func (f *movie) thumbnail(at byteRange) {
	if at.length > maxBoxPayload {
		return
	}
	still, err := readJPEG(io.NewSectionReader(f.boxes.r, at.offset, at.length), at.length)
	if err != nil {
		return
	}
	f.m.previews = append(f.m.previews, at)
	info := &f.m.info
	if f.maker.model == "" {
		f.maker.model = still.info.Camera
	}
	if info.Serial == "" {
		info.Serial = still.info.Serial
	}
	info.Lens = still.info.Lens
	info.HasGPS = info.HasGPS || still.info.HasGPS
	if !still.info.TakenAt.IsZero() {
		f.said.note(saidByStill, still.info.TakenAt, still.info.TakenAtOffsetKnown)
	}
}

// meta reads a metadata box. ISO's begins with version and flags, QuickTime's does not.
func (f *movie) meta(m box) {
	in := m.byteRange
	if p, err := f.boxes.head(in, 8); err == nil && len(p) == 8 && string(p[4:]) != "hdlr" {
		in = in.skip(4)
	}
	var keys []string
	_ = f.boxes.each(in, func(b box) error {
		switch b.kind {
		case "keys":
			keys = f.keys(b)
		case "ilst":
			return f.boxes.each(b.byteRange, func(item box) error {
				f.item(item, keys)
				return nil
			})
		case "xml ":
			if p, err := f.boxes.payload(b.skip(4)); err == nil {
				f.sony(p)
			}
		}
		return nil
	})
}

// keys reads the names of the entries of a QuickTime list.
func (f *movie) keys(b box) (names []string) {
	_ = f.boxes.each(b.skip(8), func(key box) error {
		p, err := f.boxes.head(key.byteRange, 256)
		if len(names) < maxItems {
			names = append(names, string(p))
		}
		return err
	})
	return names
}

// item reads one entry of a metadata list, which is named by its number among the keys, or by its kind.
func (f *movie) item(item box, keys []string) {
	name := item.kind
	if n := binary.BigEndian.Uint32([]byte(item.kind)); n >= 1 && n <= uint32(len(keys)) {
		name = keys[n-1]
	}
	const (
		utf8Data = 1
		jpegData = 13
	)
	_ = f.boxes.eachOf(item.byteRange, "data", func(b box) error {
		p, err := f.boxes.head(b.byteRange, 8+maxTextLength)
		if err != nil || len(p) < 8 {
			return err
		}
		switch kind := binary.BigEndian.Uint32(p) & 0xFFFFFF; {
		case kind == utf8Data:
			f.value(name, latin1(p[8:]))
		case kind == jpegData && name == "covr", name == "covr" && bytes.HasPrefix(p[8:], []byte("\xFF\xD8\xFF")):
			f.m.previews = append(f.m.previews, b.skip(8))
		}
		return nil
	})
}

// value takes one named value, by the names of QuickTime's keys, of iTunes and of user data.
func (f *movie) value(name, value string) {
	if oneLine(value) == "" {
		return
	}
	switch strings.TrimPrefix(name, "com.apple.quicktime.") {
	case "creationdate":
		f.said.text(saidByKey, value)
		f.utc = true
	case "\xA9day", "year":
		f.said.text(saidByDay, value)
	case "make", "\xA9mak", "com.android.manufacturer":
		f.maker.name = value
	case "model", "\xA9mod", "com.android.model":
		f.maker.model = value
	case "com.android.version": // Android's recorder writes UTC
		f.utc = true
	case "location.ISO6709", "\xA9xyz":
		f.m.info.HasGPS = true
	case "title", "displayname", "description", "comment", "information", "keywords",
		"\xA9nam", "\xA9cmt", "\xA9des", "\xA9inf", "\xA9key", "desc", "ldes", "keyw":
		f.m.info.addText(value)
	}
}

// sony reads the "non-real-time metadata" that Sony's cameras write, in XML.
func (f *movie) sony(data []byte) {
	d := xml.NewDecoder(bytes.NewReader(data))
	for range 10_000 {
		token, err := d.Token()
		if err != nil {
			return
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attributes := map[string]string{}
		for _, a := range element.Attr {
			attributes[a.Name.Local] = a.Value
		}
		switch element.Name.Local {
		case "CreationDate":
			f.said.text(saidByMaker, attributes["value"])
		case "Device":
			f.maker.name, f.maker.model = attributes["manufacturer"], attributes["modelName"]
			f.m.info.Serial = oneLine(attributes["serialNo"])
		}
	}
}

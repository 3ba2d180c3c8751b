package picture

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"time"
)

// maxXMP bounds the packet that is looked into: develop settings make some of a few hundred kilobytes. maxXMPDepth bounds how deep
// its elements may lie in each other.
const (
	maxXMP      = 1 << 20
	maxXMPDepth = 64
)

// readXMP takes what Inspect needs from an XMP packet, or from what stands in its place in a file: the packet after a signature, or
// a part of it. It is parsed in full only when it is rewritten.
func readXMP(packet []byte, info *Info) {
	if bytes.Contains(packet, []byte("GPSLatitude")) {
		info.HasGPS = true
	}
	info.HasC2PA = info.HasC2PA || refersToC2PA(packet)
	start := bytes.IndexByte(packet, '<')
	if start < 0 || len(packet)-start > maxXMP {
		return
	}
	readXMPTexts(packet[start:], info)
}

// xmpTexts are the properties that people fill in by hand.
var xmpTexts = map[xml.Name]bool{
	{Space: namespaces["dc"], Local: "title"}:           true,
	{Space: namespaces["dc"], Local: "description"}:     true,
	{Space: namespaces["dc"], Local: "subject"}:         true,
	{Space: namespaces["photoshop"], Local: "Headline"}: true,
}

// xmpTimes are the properties that say when the picture was taken, the best one first.
var xmpTimes = []xml.Name{
	{Space: namespaces["exif"], Local: "DateTimeOriginal"},
	{Space: namespaces["photoshop"], Local: "DateCreated"},
}

var xmpSerial = xml.Name{Space: "http://ns.adobe.com/exif/1.0/aux/", Local: "SerialNumber"}

func wanted(name xml.Name) bool {
	return xmpTexts[name] || slices.Contains(xmpTimes, name) || name == xmpSerial
}

// readXMPTexts walks through a packet, up to where it is no XML any more.
func readXMPTexts(packet []byte, info *Info) {
	times := map[xml.Name]string{}
	property := func(name xml.Name, value string) {
		switch value = strings.TrimSpace(value); {
		case value == "" || !wanted(name):
		case xmpTexts[name]:
			info.addText(value)
		case name == xmpSerial && info.Serial == "":
			info.Serial = oneLine(value)
		default:
			times[name] = value
		}
	}
	decoder := xml.NewDecoder(bytes.NewReader(packet))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var open xml.Name // the property that the walk is in
	var value []byte
	for depth, from := 0, 0; depth <= maxXMPDepth; {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			switch {
			case from > 0:
				value = value[:0]
			case wanted(e.Name):
				open, from, value = e.Name, depth, value[:0]
			case e.Name.Local == "Description":
				for _, a := range e.Attr {
					property(a.Name, a.Value)
				}
			}
		case xml.CharData:
			if from > 0 && len(value) <= maxTextLength {
				value = append(value, e...)
			}
		case xml.EndElement:
			if from > 0 {
				property(open, string(value)) // of an item of a list, or the value itself
				value = value[:0]
			}
			if depth == from {
				from = 0
			}
			depth--
		}
	}
	for _, name := range xmpTimes {
		if info.TakenAt.IsZero() {
			info.TakenAt, info.TakenAtOffsetKnown = xmpTime(times[name])
		}
	}
}

// xmpTime reads a date and time as XMP writes them (ISO 8601); a date alone is no time.
func xmpTime(s string) (at time.Time, offsetKnown bool) {
	if t, err := time.Parse("2006-01-02T15:04:05Z07:00", s); err == nil {
		return t, true
	}
	t, _ := time.Parse("2006-01-02T15:04:05", s)
	return t, false
}

// refersToC2PA tells whether a packet refers to a manifest elsewhere; that manifest seals the bytes all the same.
func refersToC2PA(packet []byte) bool {
	return bytes.Contains(packet, []byte("http://purl.org/dc/terms/")) && bytes.Contains(packet, []byte(":provenance"))
}

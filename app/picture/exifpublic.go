package picture

import (
	"bytes"
	"strings"
)

// EXIF and TIFF tags that are followed (EXIF 2.32 §4.6, CIPA DC-007).
const (
	tagOrientation      = 0x0112
	tagThumbnailOffset  = 0x0201
	tagThumbnailLength  = 0x0202
	tagExifIFD          = 0x8769
	tagInteroperability = 0xA005
	tagMPEntry          = 0xB002
	maxDirectories      = 8
)

// exifValue says what a field may hold in a public copy.
type exifValue uint8

const (
	// exifNumbers: a number, or a few.
	exifNumbers exifValue = iota + 1
	// exifMoment: a text of digits and the signs between the parts of a time.
	exifMoment
	// exifText: any text. Only for names of the equipment and of whoever has rights in the picture.
	exifText
	// exifCode: up to four bytes whose meaning EXIF fixes, such as a version.
	exifCode
	// exifDirectory: where a further directory is.
	exifDirectory
)

// exifTags are the fields that stay in a public copy, by the directory they stand in. The photographer's name and the
// copyright notice are among them on purpose; see [ProfilePublic].
var exifTags = map[exifDirectoryKind]map[uint16]exifValue{
	imageDirectory: {
		0x0100: exifNumbers, 0x0101: exifNumbers, 0x0102: exifNumbers, // ImageWidth, ImageLength, BitsPerSample
		0x0103: exifNumbers, 0x0106: exifNumbers, // Compression, PhotometricInterpretation
		tagOrientation: exifNumbers, 0x0115: exifNumbers, // SamplesPerPixel
		0x011A: exifNumbers, 0x011B: exifNumbers, 0x011C: exifNumbers, // XResolution, YResolution, PlanarConfiguration
		0x0128: exifNumbers, 0x012D: exifNumbers, // ResolutionUnit, TransferFunction
		0x013E: exifNumbers, 0x013F: exifNumbers, // WhitePoint, PrimaryChromaticities
		0x0211: exifNumbers, 0x0212: exifNumbers, 0x0213: exifNumbers, 0x0214: exifNumbers, // YCbCr…, ReferenceBlackWhite
		0x010F: exifText, 0x0110: exifText, // Make, Model
		0x013B: exifText, 0x8298: exifText, // Artist, Copyright
		0x0132:     exifMoment, // DateTime
		tagExifIFD: exifDirectory,
	},
	exposureDirectory: {
		0x829A: exifNumbers, 0x829D: exifNumbers, 0x8822: exifNumbers, // ExposureTime, FNumber, ExposureProgram
		0x8827: exifNumbers, 0x8830: exifNumbers, 0x8831: exifNumbers, // sensitivity, in its several ways
		0x8832: exifNumbers, 0x8833: exifNumbers, 0x8834: exifNumbers, 0x8835: exifNumbers,
		0x9000: exifCode, 0x9101: exifCode, 0xA000: exifCode, // ExifVersion, ComponentsConfiguration, FlashpixVersion
		0xA300: exifCode, 0xA301: exifCode, // FileSource, SceneType
		0x9003: exifMoment, 0x9004: exifMoment, // DateTimeOriginal, DateTimeDigitized
		0x9010: exifMoment, 0x9011: exifMoment, 0x9012: exifMoment, // OffsetTime…
		0x9290: exifMoment, 0x9291: exifMoment, 0x9292: exifMoment, // SubSecTime…
		0x9102: exifNumbers, 0x9201: exifNumbers, 0x9202: exifNumbers, 0x9203: exifNumbers, // CompressedBitsPerPixel, APEX values
		0x9204: exifNumbers, 0x9205: exifNumbers, 0x9206: exifNumbers, // exposure bias, MaxApertureValue, SubjectDistance
		0x9207: exifNumbers, 0x9208: exifNumbers, 0x9209: exifNumbers, 0x920A: exifNumbers, // metering, light, flash, FocalLength
		0xA001: exifNumbers, 0xA002: exifNumbers, 0xA003: exifNumbers, 0xA500: exifNumbers, // ColorSpace, Pixel…Dimension, Gamma
		0xA20E: exifNumbers, 0xA20F: exifNumbers, 0xA210: exifNumbers, // FocalPlane…
		0xA215: exifNumbers, 0xA217: exifNumbers, // ExposureIndex, SensingMethod
		0xA401: exifNumbers, 0xA402: exifNumbers, 0xA403: exifNumbers, 0xA404: exifNumbers, // CustomRendered … DigitalZoomRatio
		0xA405: exifNumbers, 0xA406: exifNumbers, 0xA407: exifNumbers, 0xA408: exifNumbers, // FocalLengthIn35mmFilm … Contrast
		0xA409: exifNumbers, 0xA40A: exifNumbers, 0xA40C: exifNumbers, // Saturation, Sharpness, SubjectDistanceRange
		0xA432: exifNumbers, 0xA433: exifText, 0xA434: exifText, // LensSpecification, LensMake, LensModel
		0xA437:              exifText, // Photographer, since EXIF 3.0
		tagInteroperability: exifDirectory,
	},
	interoperabilityDirectory: {
		0x0001: exifCode, 0x0002: exifCode, // InteroperabilityIndex (R03 means Adobe RGB) and its version
		0x1001: exifNumbers, 0x1002: exifNumbers, // RelatedImageWidth, RelatedImageLength
	},
}

// exifDirectoryKind is what a directory describes; tag numbers have their meaning within it.
type exifDirectoryKind uint8

const (
	imageDirectory exifDirectoryKind = iota
	exposureDirectory
	interoperabilityDirectory
)

// exifCleaner makes the public copy of one EXIF structure, in place.
type exifCleaner struct {
	tiffData
	kinds map[int]exifDirectoryKind // the directories found, by offset
	// found lists their offsets in the order of reading.
	found []int
	// listed and stays mark, byte for byte, what belongs to a directory and what of everything remains.
	listed, stays []bool
}

// publicEXIF returns a copy of an EXIF structure in which only the fields of exifTags are left. Nothing moves: a field is
// taken out of its directory's list, which is followed by as many zero bytes, and every byte that no remaining field
// refers to becomes zero, also those that no field ever referred to. The thumbnail's directory goes with the thumbnail:
// editors leave it behind when they crop or blur a picture, and then it shows what was to be hidden. It returns false when
// the structure is not sound enough to be sure.
func publicEXIF(tiff []byte) ([]byte, bool) {
	t, ok := openTIFF(bytes.Clone(tiff))
	if !ok {
		return nil, false
	}
	c := exifCleaner{tiffData: t, kinds: map[int]exifDirectoryKind{}, listed: make([]bool, len(tiff)), stays: make([]bool, len(tiff))}
	for i := range 8 {
		c.stays[i] = true
	}
	if !c.find(t.first(), imageDirectory) {
		return nil, false
	}
	private := map[int][]tiffEntry{}
	for _, offset := range c.found {
		if private[offset], ok = c.choose(offset); !ok {
			return nil, false
		}
	}
	for i, stays := range c.stays {
		if !stays {
			t.data[i] = 0
		}
	}
	for _, offset := range c.found {
		t.endList(offset)
		for i := len(private[offset]) - 1; i >= 0; i-- {
			t.remove(offset, private[offset][i])
		}
	}
	var left Info
	readEXIF(t.data, &left)
	return t.data, !left.HasGPS
}

// find notes one directory and those it points to. Directories that share bytes are unsound.
func (c *exifCleaner) find(offset int, kind exifDirectoryKind) bool {
	entries, ok := c.entries(offset)
	if !ok || len(c.found) == maxDirectories {
		return false
	}
	c.kinds[offset] = kind
	c.found = append(c.found, offset)
	for i := offset; i < min(len(c.data), offset+2+12*len(entries)+4); i++ {
		if c.listed[i] {
			return false
		}
		c.listed[i], c.stays[i] = true, true
	}
	for _, e := range entries {
		if exifTags[kind][e.tag] != exifDirectory {
			continue
		}
		to := exposureDirectory
		if e.tag == tagInteroperability {
			to = interoperabilityDirectory
		}
		if e.kind != 4 || e.count != 1 || !c.find(c.pointer(e), to) {
			return false
		}
	}
	return true
}

// choose marks the values that stay and returns the fields of a directory that must go. A value that lies in a directory
// is unsound.
func (c *exifCleaner) choose(offset int) (private []tiffEntry, ok bool) {
	entries, _ := c.entries(offset)
	seen := map[uint16]bool{} // TIFF allows each field once; a second one is nothing that readers show
	for _, e := range entries {
		rule := exifTags[c.kinds[offset]][e.tag]
		value, readable := c.value(e)
		again := seen[e.tag]
		seen[e.tag] = true
		if again || !readable || !rule.allows(e, value) {
			private = append(private, e)
			continue
		}
		if len(value) <= 4 {
			continue
		}
		from := c.pointer(e)
		for i := from; i < from+len(value); i++ {
			if c.listed[i] {
				return nil, false
			}
			c.stays[i] = true
		}
	}
	return private, true
}

// allows tells whether a field has the form that the rule asks for.
func (v exifValue) allows(e tiffEntry, value []byte) bool {
	isText := e.kind == 2 || e.kind == 129
	isNumber := e.kind >= 3 && e.kind <= 5 || e.kind >= 8 && e.kind <= 12
	switch v {
	case exifNumbers:
		// The transfer function has three times 256 numbers, nothing else more than six.
		return isNumber && (e.count <= 6 || e.tag == 0x012D && e.count <= 768)
	case exifMoment:
		return e.kind == 2 && strings.Trim(string(value), "0123456789:+-. \x00") == ""
	case exifText:
		return isText
	case exifCode:
		return len(value) <= 4
	case exifDirectory:
		return e.kind == 4 && e.count == 1
	}
	return false
}

// endList makes a directory the last of its list.
func (t tiffData) endList(offset int) {
	at := offset + 2 + 12*int(t.order.Uint16(t.data[offset:]))
	clear(t.data[min(at, len(t.data)):min(at+4, len(t.data))])
}

// remove takes one field out of a directory: the fields after it and the link to the next directory move up.
func (t tiffData) remove(offset int, e tiffEntry) {
	n := int(t.order.Uint16(t.data[offset:]))
	end := min(len(t.data), offset+2+12*n+4)
	copy(t.data[e.at:end], t.data[e.at+12:end])
	clear(t.data[end-12 : end])
	t.order.PutUint16(t.data[offset:], uint16(n-1))
}

// cleanEXIF is what a public copy has in the place of an EXIF structure.
func cleanEXIF(tiff []byte) []byte {
	if cleaned, ok := publicEXIF(tiff); ok {
		return cleaned
	}
	return orientationOnly(tiff)
}

// orientationOnly returns an EXIF structure that says which way up the picture is and nothing else.
func orientationOnly(tiff []byte) []byte {
	info := Info{Orientation: 1}
	readEXIF(tiff, &info)
	return []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(info.Orientation), 0, 0, 0, 0, 0, 0}
}

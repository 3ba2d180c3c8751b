package picture

import (
	"image"
	"image/jpeg"
	"io"
	"strings"
)

// What some makers write in the place of TIFF's 42.
const (
	magicOlympusO  = 0x4F52 // "RO"
	magicOlympusS  = 0x5352 // "RS"
	magicPanasonic = 0x0055
)

// compressionSony marks Sony's compressed sensor data.
const compressionSony = 32767

// Panasonic's tags in the first directory of an RW2 file.
const (
	tagSensorTop      = 0x0004
	tagSensorLeft     = 0x0005
	tagSensorBottom   = 0x0006
	tagSensorRight    = 0x0007
	tagJPEGFromRAW    = 0x002E
	tagRawDataOffset  = 0x0118
	tagJPEGFromRAWNew = 0x0127
)

// Tags of EXIF for the size of the picture that the camera made of the RAW data.
const (
	tagPixelXDimension = 0xA002
	tagPixelYDimension = 0xA003
)

// rawFormats tell whose RAW file one of the TIFF family is, by the maker.
var rawFormats = []struct{ maker, format, mime string }{
	{"NIKON", "nef", "image/x-nikon-nef"},
	{"SONY", "arw", "image/x-sony-arw"},
	{"PENTAX", "pef", "image/x-pentax-pef"},
	{"RICOH", "pef", "image/x-pentax-pef"},
	{"CANON", "cr2", "image/x-canon-cr2"},
	{"SAMSUNG", "srw", "image/x-samsung-srw"},
	{"HASSELBLAD", "3fr", "image/x-hasselblad-3fr"},
}

// isRAW tells whether the image is sensor data: an array of colour filters, or one of the compressions that only RAW files have.
func (i tiffImage) isRAW() bool {
	switch i.photometric {
	case photometricCFA, photometricLinear:
		return true
	}
	switch i.compression {
	case compressionSony, 32769, 32770, 34713, 65000, 65535: // Epson, Samsung, Nikon, Kodak, Pentax
		return true
	}
	return false
}

// format names the file's format and media type.
func (f *tiffFile) format() (name, mime string) {
	switch f.magic {
	case magicOlympusO, magicOlympusS:
		return "orf", "image/x-olympus-orf"
	case magicPanasonic:
		return "rw2", "image/x-panasonic-rw2"
	}
	if _, ok := f.main.field(tagDNGVersion); ok {
		return "dng", "image/x-adobe-dng"
	}
	if mark, _ := f.read(8, 2); string(mark) == "CR" {
		return "cr2", "image/x-canon-cr2"
	}
	raw := false
	for _, img := range f.images {
		raw = raw || img.isRAW()
	}
	if !raw {
		return "tiff", "image/tiff"
	}
	maker := strings.ToUpper(f.text(f.main, tagMake))
	for _, r := range rawFormats {
		if strings.HasPrefix(maker, r.maker) {
			return r.format, r.mime
		}
	}
	return "raw", "image/x-raw"
}

// readRW2 reads Panasonic's RAW files, whose JPEG preview is the value of a field and carries the full EXIF.
func readRW2(r io.ReaderAt, size int64) (metadata, error) {
	f, err := openTIFFFile(r, size)
	if err != nil {
		return metadata{}, err
	}
	m := metadata{info: Info{Kind: Photo}}
	m.info.Format, m.info.MIME = f.format()
	f.exposure, m.previews = f.readFacts(f.main, &m.info)
	if err := f.findPreviews(&m); err != nil {
		return m, err
	}
	if f.number(f.main, tagRawDataOffset) >= size {
		return m, cutOff("image data ends early")
	}
	for _, tag := range []uint16{tagJPEGFromRAW, tagJPEGFromRAWNew} {
		field, ok := f.main.field(tag)
		if !ok || field.length() <= 4 {
			continue
		}
		jpeg := byteRange{f.at(field), field.length()}
		if jpeg.offset+jpeg.length > size {
			return m, cutOff("image data ends early")
		}
		m.previews = append(m.previews, jpeg)
		if inside, err := newJPEGReader(io.NewSectionReader(r, jpeg.offset, jpeg.length)).header(jpeg.length); err == nil {
			m.info.addMissing(inside.info)
		}
	}
	m.info.Orientation = max(m.info.Orientation, 1)
	m.setSize(f.number(f.main, tagSensorRight)-f.number(f.main, tagSensorLeft), f.number(f.main, tagSensorBottom)-f.number(f.main, tagSensorTop))
	m.sizeOfRendering(r)
	return m, f.finish(m)
}

// rawSize sets the size of the picture: that of the largest image in the file, as the maker's fields crop it.
func (f *tiffFile) rawSize(m *metadata) {
	var largest tiffImage
	for _, img := range f.images {
		if img.width > 0 && img.height > 0 && img.width*img.height > largest.width*largest.height {
			largest = img
		}
	}
	m.setSize(largest.width, largest.height)
	for _, tag := range []uint16{tagDefaultCropSize, tagSonyCropSize} {
		crop := f.numbers(largest.directory, tag, 2)
		if len(crop) == 2 && crop[0] > 0 && crop[1] > 0 && crop[0] <= largest.width && crop[1] <= largest.height {
			m.setSize(crop[0], crop[1])
			return
		}
	}
	if m.info.Format == "cr2" { // whose first cameras gave the sensor data no size, and a small preview
		if w, h := f.number(f.exposure, tagPixelXDimension), f.number(f.exposure, tagPixelYDimension); w*h > largest.width*largest.height {
			m.setSize(w, h)
		}
	}
	m.sizeOfRendering(f.r)
}

// sizeOfRendering takes the size of the camera's own full-size JPEG where there is one: the sensor has some columns and rows
// around the picture.
func (m *metadata) sizeOfRendering(r io.ReaderAt) {
	near := func(part, whole int) bool { return part <= whole && part >= whole-whole/10 }
	var best image.Config
	for _, p := range m.previews {
		config, err := jpeg.DecodeConfig(io.NewSectionReader(r, p.offset, p.length))
		if err == nil && config.Width > best.Width && near(config.Width, m.info.Width) && near(config.Height, m.info.Height) {
			best = config
		}
	}
	if best.Width > 0 {
		m.info.Width, m.info.Height = best.Width, best.Height
	}
}

// addMissing takes from the JPEG preview of a RAW file what the file itself does not say.
func (i *Info) addMissing(inside Info) {
	if i.TakenAt.IsZero() {
		i.TakenAt, i.TakenAtOffsetKnown = inside.TakenAt, inside.TakenAtOffsetKnown
	}
	for _, s := range []struct{ to, from *string }{{&i.Camera, &inside.Camera}, {&i.Lens, &inside.Lens}, {&i.Serial, &inside.Serial}} {
		if *s.to == "" {
			*s.to = *s.from
		}
	}
	if i.Orientation == 0 {
		i.Orientation = inside.Orientation
	}
	i.HasGPS = i.HasGPS || inside.HasGPS
	for _, s := range inside.Texts {
		i.addText(s)
	}
}

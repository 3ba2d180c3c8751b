package picture

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"io"
	"math"

	"golang.org/x/image/tiff"
)

// Tags of the directories that describe images (TIFF 6.0 §8 and §15, DNG 1.7, and what Sony adds).
const (
	tagBitsPerSample   = 0x0102
	tagCompression     = 0x0103
	tagPhotometric     = 0x0106
	tagStripOffsets    = 0x0111
	tagStripByteCounts = 0x0117
	tagRowsPerStrip    = 0x0116
	tagTileWidth       = 0x0142
	tagTileLength      = 0x0143
	tagTileOffsets     = 0x0144
	tagTileByteCounts  = 0x0145
	tagSubIFDs         = 0x014A
	tagSonyCropSize    = 0x74C8
	tagICC             = 0x8773
	tagDNGVersion      = 0xC612
	tagDefaultCropSize = 0xC620
)

// Values of Compression and PhotometricInterpretation.
const (
	compressionOldJPEG = 6
	compressionJPEG    = 7
	photometricCFA     = 32803
	photometricLinear  = 34892
)

// maxStrips is of how many strips or tiles of one image the place is checked.
const maxStrips = 1 << 14

// tiffFile is a file of the TIFF family: what its directories say about the images in it.
type tiffFile struct {
	*tiffReader
	main, exposure directory
	images         []tiffImage
}

// tiffImage is one image of a TIFF file: the picture itself, a preview, or a page.
type tiffImage struct {
	directory
	width, height            int64
	compression, photometric int64
}

// readTIFF reads TIFF files and the RAW files that are built like them.
func readTIFF(r io.ReaderAt, size int64) (metadata, error) {
	f, err := openTIFFFile(r, size)
	if err != nil {
		return metadata{}, err
	}
	m := metadata{info: Info{Kind: Photo, Orientation: 1}}
	m.info.Format, m.info.MIME = f.format()
	if max(f.number(f.main, tagExifIFD), f.number(f.main, tagGPS)) >= size {
		return m, cutOff("image data ends early")
	}
	f.exposure, m.previews = f.readFacts(f.main, &m.info)
	for _, d := range []directory{f.main, f.exposure} {
		readXMP(f.value(d, tagXMP, maxXMP), &m.info)
		readIPTC(f.value(d, tagIPTC, 64<<10), &m.info)
		readPhotoshop(f.value(d, tagPhotoshop, 1<<20), &m.info)
	}
	m.icc = f.value(f.main, tagICC, maxICC)
	if err := f.findPreviews(&m); err != nil {
		return m, err
	}
	if m.info.Format == "tiff" {
		m.setSize(f.images[0].width, f.images[0].height)
		if err := checkPixels(int(f.images[0].width), int(f.images[0].height)); err != nil && f.err == nil {
			return m, err
		}
		m.decode = f.decoder(m.info)
	} else {
		f.rawSize(&m)
	}
	return m, f.finish(m)
}

// finish checks what was gathered.
func (f *tiffFile) finish(m metadata) error {
	if f.err == nil && (m.info.Width <= 0 || m.info.Height <= 0) {
		return damaged("the image has no size")
	}
	return f.err
}

// openTIFFFile reads the directories: the chain, and the ones that those point to.
func openTIFFFile(r io.ReaderAt, size int64) (*tiffFile, error) {
	t, ok := newTIFFReader(r, size)
	if !ok {
		return nil, cmp.Or(t.err, damaged("the header is broken"))
	}
	f := &tiffFile{tiffReader: t}
	for next := t.first; next != 0; {
		d, ok := t.directory(next)
		if !ok {
			if len(f.images) == 0 || next >= size {
				return nil, cmp.Or(t.err, cutOff("image data ends early"))
			}
			break // a circle, or more pages than are looked at
		}
		if f.main.entries == nil {
			f.main = d
		}
		f.addImage(d, 2)
		next = d.next
	}
	return f, t.err
}

// addImage notes the image of a directory, and those of the directories below it.
func (f *tiffFile) addImage(d directory, levels int) {
	f.images = append(f.images, tiffImage{d, f.number(d, tagImageWidth), f.number(d, tagImageHeight),
		f.number(d, tagCompression), f.number(d, tagPhotometric)})
	if levels == 0 {
		return
	}
	for _, at := range f.numbers(d, tagSubIFDs, 16) {
		// The first of Sony's cameras wrote there where the data is, so that a failure says nothing.
		if below, ok := f.directory(at); ok {
			f.addImage(below, levels-1)
		}
	}
}

// findPreviews lists the JPEG images of the directories and checks that the data of every image lies in the file.
func (f *tiffFile) findPreviews(m *metadata) error {
	hasData := len(m.previews) > 0
	for _, img := range f.images {
		jpeg := byteRange{f.number(img.directory, tagThumbnailOffset), f.number(img.directory, tagThumbnailLength)}
		if jpeg.offset > 0 && jpeg.length > 0 {
			if jpeg.offset+jpeg.length > f.size {
				return cutOff("image data ends early")
			}
			m.previews = append(m.previews, jpeg)
			hasData = true
		}
		for _, tags := range [][2]uint16{{tagStripOffsets, tagStripByteCounts}, {tagTileOffsets, tagTileByteCounts}} {
			first, parts, err := f.data(img, tags[0], tags[1])
			if err != nil {
				return err
			}
			hasData = hasData || parts > 0
			isJPEG := img.compression == compressionOldJPEG || img.compression == compressionJPEG
			if parts == 1 && first.length > 0 && isJPEG && !img.isRAW() {
				m.previews = append(m.previews, first)
			}
		}
	}
	m.previews = within(m.previews, f.size)
	if !hasData && f.magic != magicPanasonic {
		return damaged("there is no image data")
	}
	return nil
}

// data returns the first strip or tile of an image and how many there are; damaged when one of them is not all in the file.
func (f *tiffFile) data(img tiffImage, offsets, counts uint16) (first byteRange, parts int, err error) {
	from, lengths := f.numbers(img.directory, offsets, maxStrips), f.numbers(img.directory, counts, maxStrips)
	for i, at := range from {
		if at == math.MaxUint32 { // Panasonic: see RawDataOffset
			continue
		}
		r := byteRange{offset: at}
		if i < len(lengths) && f.magic != magicPanasonic { // which counts there what the data would take uncompressed
			r.length = lengths[i]
		}
		if img.compression == compressionSony && img.width > 0 && img.height > 0 {
			r.length = min(r.length, img.width*img.height) // some of its cameras count twelve bits a pixel and write eight
		}
		if r.offset+max(r.length, 1) > f.size {
			return first, parts, cutOff("image data ends early")
		}
		if parts == 0 {
			first = r
		}
		parts++
	}
	return first, parts, nil
}

// setSize sets the size in pixels; sizes beyond all sense count as none.
func (m *metadata) setSize(width, height int64) {
	m.info.Width, m.info.Height = 0, 0
	if width > 0 && height > 0 && width < math.MaxInt32 && height < math.MaxInt32 {
		m.info.Width, m.info.Height = int(width), int(height)
	}
}

// maxPiece is how many pixels a compressed strip or tile may have: it is expanded in one, to up to eight bytes a pixel.
const maxPiece = MaxPixels / 4

// decoder returns how to decode the first page.
func (f *tiffFile) decoder(info Info) func(io.Reader) (image.Image, error) {
	rows := int64(info.Height)
	if n := f.number(f.main, tagRowsPerStrip); n > 0 {
		rows = min(rows, n)
	}
	piece := rows * int64(info.Width)
	if tile := f.number(f.main, tagTileWidth); tile > 0 {
		piece = tile * f.number(f.main, tagTileLength)
	}
	if f.images[0].compression > 1 && piece > maxPiece {
		return func(io.Reader) (image.Image, error) {
			return nil, fmt.Errorf("%w: %d pixels compressed in one piece", ErrTooLarge, piece)
		}
	}
	for _, bits := range f.numbers(f.main, tagBitsPerSample, 8) {
		if bits > 8 {
			return atMost(MaxPixels/2, info, decodeTIFF)
		}
	}
	return decodeTIFF
}

func decodeTIFF(r io.Reader) (image.Image, error) {
	img, err := tiff.Decode(r)
	var unknown tiff.UnsupportedError
	if errors.As(err, &unknown) {
		return nil, unsupported("a TIFF image of a rare kind (" + string(unknown) + ")")
	}
	return img, err
}

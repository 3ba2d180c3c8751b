package picture

import (
	"fmt"
	"image"
	"io"

	"github.com/gen2brain/heic"
)

// heicDecoders is how many HEIC images are decoded at a time, in the whole process: each takes some 13 bytes of memory a pixel,
// 160 MB for twelve megapixels, beside what the importer holds.
const heicDecoders = 2

var heicDecoding = make(chan struct{}, heicDecoders)

// leastHEICWidth is the narrowest image that is decoded: below it the decoder and its Go side disagree on how long a line of colour
// is, and shear the picture.
const leastHEICWidth = 128

// maxNALUnits bounds the pieces that a coded image is in; cameras write one for each slice.
const maxNALUnits = 1 << 14

// decode reads the pixels, upright. The decoder is C compiled to WebAssembly and runs inside the sandbox of its interpreter: what
// a hostile file does there, it does to that sandbox's memory. How much memory that is the decoder believes the file, so
// everything that names a size is checked first.
func (h *heif) decode(r io.Reader) (image.Image, error) {
	// Built without the tag nodynamic, the decoder prefers a libheif of the system, which runs in our own memory.
	if heic.Dynamic() == nil {
		return nil, unsupported("HEIC pixels: this program was built without the tag nodynamic")
	}
	if h.m.info.Width < leastHEICWidth {
		return nil, unsupported("HEIC image of a few pixels")
	}
	if err := h.checkCoded(); err != nil {
		return nil, err
	}
	heicDecoding <- struct{}{}
	defer func() { <-heicDecoding }()
	img, err := heic.Decode(io.LimitReader(r, h.end))
	if err != nil {
		return nil, err
	}
	return detach(img), nil
}

// detach copies the pixels out of the sandbox's memory, which is many times as large and would be kept with them.
func detach(img image.Image) image.Image {
	switch p := img.(type) {
	case *image.YCbCr:
		own := *p
		own.Y, own.Cb, own.Cr = append([]byte(nil), p.Y...), append([]byte(nil), p.Cb...), append([]byte(nil), p.Cr...)
		return &own
	case *image.Gray:
		own := *p
		own.Pix = append([]byte(nil), p.Pix...)
		return &own
	case *image.RGBA:
		own := *p
		own.Pix = append([]byte(nil), p.Pix...)
		return &own
	case *image.NRGBA:
		own := *p
		own.Pix = append([]byte(nil), p.Pix...)
		return &own
	}
	return img
}

// checkCoded checks the sizes of all coded images and grids of the file, which the decoder trusts: together, each as often as it
// is used, they may have no more than three times [MaxPixels], for the image, its alpha channel and what else belongs to it.
func (h *heif) checkCoded() error {
	area := map[uint32]int64{}
	total := int64(0)
	add := func(pixels int64) error {
		if total += pixels; total > 3*MaxPixels {
			return fmt.Errorf("%w: more than %d coded pixels", ErrTooLarge, int64(3*MaxPixels))
		}
		return nil
	}
	units := maxNALUnits
	h.codings = map[int64]hevcCoding{}
	for id, it := range h.items {
		switch it.kind {
		case "hvc1":
			pixels, err := h.codedPixels(it, &units)
			if err != nil {
				return err
			}
			area[id] = pixels
			if err := add(pixels); err != nil {
				return err
			}
		case "av01", "vvc1", "avc1", "j2k1", "unci", "mski", "iovl", "iden": // sizes that are not checked here, should the image refer to it
			return unsupported(fmt.Sprintf("HEIF image with a part coded as %q", it.kind))
		}
	}
	for _, it := range h.items {
		if it.kind != "grid" {
			continue
		}
		width, height, err := h.grid(it)
		if err != nil {
			return err
		}
		if err := checkPixels(width, height); err != nil {
			return err
		}
		for _, part := range it.parts {
			pixels, ok := area[part]
			if !ok {
				return damaged("a part of the image is missing")
			}
			if err := add(pixels); err != nil {
				return err
			}
		}
	}
	return nil
}

// grid reads the size of an image that is put together of others (ISO/IEC 23008-12 §6.6.2.3).
func (h *heif) grid(it *heifItem) (width, height int, err error) {
	if len(it.extents) != 1 {
		return 0, 0, damaged("the grid of the image is broken")
	}
	p, err := h.boxes.head(it.extents[0], 12)
	if err != nil {
		return 0, 0, err
	}
	if len(p) < 8 {
		return 0, 0, damaged("the grid of the image is broken")
	}
	f := fields{data: p}
	f.skip(1)
	size := 2
	if f.number(1)&1 != 0 {
		size = 4
	}
	rows, columns := int(f.number(1))+1, int(f.number(1))+1
	width, height = int(f.number(size)), int(f.number(size))
	if rows*columns != len(it.parts) {
		return 0, 0, damaged("the grid of the image is broken")
	}
	return width, height, nil
}

// hevcCoding is what the configuration of coded images says.
type hevcCoding struct {
	lengthSize int // bytes of the length before each unit
	pixels     int64
}

// coding reads the configuration of a coded image, which thousands may share.
func (h *heif) coding(it *heifItem) (hevcCoding, error) {
	var at box
	_ = h.each(it, func(b box) error {
		if b.kind == "hvcC" {
			at = b
		}
		return nil
	})
	if known, ok := h.codings[at.offset]; ok {
		return known, nil
	}
	p, err := h.boxes.head(at.byteRange, maxBoxPayload)
	if err != nil {
		return hevcCoding{}, err
	}
	if len(p) < 23 {
		return hevcCoding{}, damaged("the coding of the image is broken")
	}
	coding := hevcCoding{lengthSize: int(p[21]&3) + 1}
	err = eachParameterSet(p[22:], func(unit []byte) error {
		n, err := spsPixels(unit)
		coding.pixels = max(coding.pixels, n)
		return err
	})
	if err == nil && coding.pixels == 0 {
		err = damaged("the coding of the image is broken")
	}
	h.codings[at.offset] = coding
	return coding, err
}

// codedPixels checks one HEVC image: the sizes that its configuration and its data name, and that it is one picture.
func (h *heif) codedPixels(it *heifItem, units *int) (int64, error) {
	coding, err := h.coding(it)
	if err != nil {
		return 0, err
	}
	pictures, lengthSize, pixels := 0, coding.lengthSize, coding.pixels
	for _, extent := range it.extents {
		for extent.length > int64(lengthSize) {
			if *units--; *units < 0 {
				return 0, damaged("the image is in more pieces than any camera writes")
			}
			head, err := h.boxes.head(extent, int64(lengthSize)+maxSPS)
			if err != nil {
				return 0, err
			}
			f := fields{data: head}
			length := int64(f.number(lengthSize))
			if length > extent.length-int64(lengthSize) {
				return 0, cutOff("image data ends early")
			}
			unit := f.data[:min(length, int64(len(f.data)))]
			switch n, first, err := inspectNAL(unit); {
			case err != nil:
				return 0, err
			case first:
				pictures++
			default:
				pixels = max(pixels, n)
			}
			extent = extent.skip(int64(lengthSize) + length)
		}
	}
	if pictures > 1 {
		return 0, damaged("there is more than one picture where one should be")
	}
	return pixels, nil
}

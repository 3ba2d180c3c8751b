package picturetest

import (
	"encoding/binary"
	"image"
	"image/color"
)

// WebP returns a made lossless WebP image of width × height stored pixels.
func WebP(width, height int, opts Options) []byte {
	return EncodeWebP(Scene(width, height, opts.Seed), opts)
}

// EncodeWebP writes img as a lossless WebP file (RFC 9649) with the metadata that opts ask for. It compresses nothing: every byte of a
// pixel is a code of eight bits.
func EncodeWebP(img image.Image, opts Options) []byte {
	b := img.Bounds()
	tiff := exif(img, opts)
	const hasEXIF, hasXMP = 1 << 3, 1 << 2
	extended := []byte{0, 0, 0, 0, byte(b.Dx() - 1), byte((b.Dx() - 1) >> 8), 0, byte(b.Dy() - 1), byte((b.Dy() - 1) >> 8), 0}
	body := []byte("WEBP")
	chunk := func(kind string, content []byte) {
		body = binary.LittleEndian.AppendUint32(append(body, kind...), uint32(len(content)))
		body = append(body, content...)
		if len(content)%2 == 1 {
			body = append(body, 0)
		}
	}
	if tiff != nil {
		extended[0] |= hasEXIF
	}
	if len(opts.XMP) > 0 {
		extended[0] |= hasXMP
	}
	if extended[0] != 0 {
		chunk("VP8X", extended)
	}
	chunk("VP8L", lossless(img))
	if tiff != nil {
		chunk("EXIF", tiff)
	}
	if len(opts.XMP) > 0 {
		chunk("XMP ", opts.XMP)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// bits collects bits, the lowest of each byte first.
type bits struct {
	out  []byte
	n    uint
	last uint64
}

func (w *bits) put(value uint64, n uint) {
	w.last |= value << w.n
	for w.n += n; w.n >= 8; w.n -= 8 {
		w.out = append(w.out, byte(w.last))
		w.last >>= 8
	}
}

// lossless encodes a picture without transforms, with the five prefix codes that RFC 9649 §3.7.2 asks for.
func lossless(img image.Image) []byte {
	b := img.Bounds()
	w := &bits{}
	w.put(0x2F, 8)
	w.put(uint64(b.Dx()-1), 14)
	w.put(uint64(b.Dy()-1), 14)
	w.put(0, 1+3+1+1+1) // no alpha, version 0, no transform, no colour cache, one group of codes
	for _, symbols := range []int{256 + 24, 256, 256} {
		// A normal code: twelve lengths of code-length codes, of which those for the lengths 0 and 8 take one bit.
		w.put(0, 1)
		w.put(12-4, 4)
		for _, length := range []int{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8} {
			if length == 0 || length == 8 {
				w.put(1, 3)
			} else {
				w.put(0, 3)
			}
		}
		w.put(0, 1)
		for i := range symbols {
			if i < 256 {
				w.put(1, 1)
			} else {
				w.put(0, 1)
			}
		}
	}
	w.put(0b0101|255<<3, 11) // alpha is always 255: a simple code of one symbol of eight bits
	w.put(0b0001, 4)         // there are no distances: one symbol of one bit
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			for _, v := range []byte{c.G, c.R, c.B} {
				reversed := uint64(0)
				for i := range 8 {
					reversed |= uint64(v>>i&1) << (7 - i)
				}
				w.put(reversed, 8)
			}
		}
	}
	w.put(0, 7)
	return w.out
}

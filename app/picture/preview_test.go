package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// stored returns how a camera that writes the given orientation stores a picture that is upright in img. It is written
// as eight explicit cases, by EXIF's words for where row 0 and column 0 are seen.
func stored(img *image.RGBA, orientation int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			var at image.Point
			switch orientation {
			case 1: // row 0 is the top, column 0 the left side
				at = image.Pt(x, y)
			case 2: // top, right
				at = image.Pt(w-1-x, y)
			case 3: // bottom, right
				at = image.Pt(w-1-x, h-1-y)
			case 4: // bottom, left
				at = image.Pt(x, h-1-y)
			case 5: // left, top
				at = image.Pt(y, x)
			case 6: // right, top
				at = image.Pt(w-1-y, x)
			case 7: // right, bottom
				at = image.Pt(w-1-y, h-1-x)
			case 8: // left, bottom
				at = image.Pt(y, h-1-x)
			}
			out.SetRGBA(x, y, img.RGBAAt(at.X, at.Y))
		}
	}
	return out
}

func preview(tb testing.TB, file []byte, side int) image.Image {
	tb.Helper()
	p, err := picture.Preview(bytes.NewReader(file), int64(len(file)), side)
	if err != nil {
		tb.Fatalf("Preview: %v", err)
	}
	img, err := jpeg.Decode(bytes.NewReader(p))
	if err != nil {
		tb.Fatalf("the preview is no JPEG: %v", err)
	}
	return img
}

// cornerColours names the colours in the corners, clockwise from the upper left.
func cornerColours(img image.Image) string {
	b := img.Bounds()
	in := max(2, b.Dx()/20)
	names := ""
	for _, p := range []image.Point{{b.Min.X + in, b.Min.Y + in}, {b.Max.X - in, b.Min.Y + in},
		{b.Max.X - in, b.Max.Y - in}, {b.Min.X + in, b.Max.Y - in}} {
		c := color.RGBAModel.Convert(img.At(p.X, p.Y)).(color.RGBA)
		switch {
		case c.R > 150 && c.G > 150 && c.B < 120:
			names += "yellow "
		case c.R > 150 && c.G < 100 && c.B < 100:
			names += "red "
		case c.G > 120 && c.R < 100 && c.B < 100:
			names += "green "
		case c.B > 150 && c.R < 100 && c.G < 100:
			names += "blue "
		default:
			names += "? "
		}
	}
	return names
}

func TestPreviewIsUprightInAllEightOrientations(t *testing.T) {
	t.Parallel()
	scene := picturetest.Scene(480, 320, 3)
	for orientation := 1; orientation <= 8; orientation++ {
		for _, previewSide := range []int{0, 300} {
			opts := picturetest.Options{Orientation: orientation, Thumbnail: true, PreviewSide: previewSide}
			img := preview(t, picturetest.Encode(stored(scene, orientation), opts), 240)
			if got := img.Bounds().Size(); got != image.Pt(240, 160) {
				t.Errorf("orientation %d: preview of %v, want 240 × 160", orientation, got)
			}
			if got := cornerColours(img); got != "red green blue yellow " {
				t.Errorf("orientation %d, embedded %d: corners are %s", orientation, previewSide, got)
			}
		}
	}
}

func TestPreviewIsMadeFromTheEmbeddedOneWhenThatIsLargeEnough(t *testing.T) {
	t.Parallel()
	grey := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for i := range grey.Pix {
		grey.Pix[i] = 128
	}
	// The image itself is grey and what it embeds is coloured, so one sees which was used.
	file := picturetest.Encode(grey, picturetest.Options{})
	coloured := picturetest.JPEG(800, 600, picturetest.Options{PreviewSide: 400, Thumbnail: true})
	coloured = replaceImage(t, coloured, file)
	if got := cornerColours(preview(t, coloured, 300)); got != "red green blue yellow " {
		t.Errorf("preview of 300 pixels not made from the embedded 400: %s", got)
	}
	if got := cornerColours(preview(t, coloured, 120)); got != "red green blue yellow " {
		t.Errorf("preview of 120 pixels not made from the thumbnail: %s", got)
	}
	if got := cornerColours(preview(t, coloured, 500)); got != "? ? ? ? " {
		t.Errorf("preview of 500 pixels not made from the image: %s", got)
	}
}

func TestThumbnailWithBlackBarsIsNotUsed(t *testing.T) {
	t.Parallel()
	// A 3:2 picture with a 4:3 thumbnail, as many cameras write it.
	square := picturetest.JPEG(400, 300, picturetest.Options{Thumbnail: true})
	wide := picturetest.JPEG(480, 320, picturetest.Options{})
	if got := preview(t, replaceImage(t, square, wide), 120).Bounds().Size(); got != image.Pt(120, 80) {
		t.Errorf("preview of %v, want 120 × 80", got)
	}
}

// replaceImage returns the application segments and trailer of a with the image of b.
func replaceImage(tb testing.TB, a, b []byte) []byte {
	tb.Helper()
	out := []byte{0xFF, 0xD8}
	for _, s := range header(tb, a) {
		if s.marker >= 0xE0 && s.marker <= 0xEF && !bytes.HasPrefix(s.raw[4:], []byte("MPF\x00")) {
			out = append(out, s.raw...)
		}
	}
	body, trailer := b[2:], afterImage(tb, a)
	if len(trailer) == 0 {
		return append(out, body...)
	}
	index := func(offset int) []byte { return picturetest.Segment(0xE2, "MPF\x00", mpfIndex(offset, len(trailer))) }
	out = append(out, index(len(index(0))-8+len(body))...)
	return append(append(out, body...), trailer...)
}

func mpfIndex(offset, size int) []byte {
	b := []byte{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x02, 0xB0, 7, 0, 16, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0}
	for _, n := range []int{size, offset, 0} {
		b = append(b, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	return b
}

func TestPreviewIsNeverLargerThanTheImage(t *testing.T) {
	t.Parallel()
	if got := preview(t, picturetest.JPEG(60, 40, picturetest.Options{}), 500).Bounds().Size(); got != image.Pt(60, 40) {
		t.Errorf("preview of %v", got)
	}
}

func TestPreviewOfATransparentPNGIsOnWhite(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	r, g, b, _ := preview(t, file.Bytes(), 100).At(50, 50).RGBA()
	if min(r, g, b) < 0xFA00 {
		t.Errorf("pixel is %x %x %x", r, g, b)
	}
}

func TestPreviewConvertsAdobeRGBToSRGB(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{120, 180, 120, 255})
	}
	profile := picturetest.Segment(0xE2, "ICC_PROFILE\x00\x01\x01", adobeRGBProfile())
	file := picturetest.Encode(img, picturetest.Options{Segments: [][]byte{profile}, Quality: 100})
	c := color.RGBAModel.Convert(preview(t, file, 32).At(16, 16)).(color.RGBA)
	// Computed with the matrices of the two specifications: Adobe RGB (120, 180, 120) is sRGB (81, 181, 117).
	if abs(int(c.R)-81) > 4 || abs(int(c.G)-181) > 4 || abs(int(c.B)-117) > 4 {
		t.Errorf("Adobe RGB (120, 180, 120) became %v, want about (81, 181, 117)", c)
	}
}

// adobeRGBProfile is a minimal profile of the Adobe RGB (1998) primaries, adapted to D50, and gamma 563/256.
func adobeRGBProfile() []byte {
	u32 := func(b []byte, n uint32) []byte { return append(b, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)) }
	head := make([]byte, 128)
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[36:], "acsp")
	var data, table []byte
	names := []string{"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"}
	at := 128 + 4 + 12*len(names)
	add := func(name string, content []byte) {
		table = u32(u32(append(table, name...), uint32(at+len(data))), uint32(len(content)))
		data = append(data, content...)
	}
	for i, p := range [][3]uint32{{0x9C18, 0x4FA5, 0x04FC}, {0x348D, 0xA02C, 0x0F95}, {0x2631, 0x102F, 0xBE9C}} {
		b := append([]byte("XYZ "), 0, 0, 0, 0)
		for _, v := range p {
			b = u32(b, v)
		}
		add(names[i], b)
	}
	for _, name := range names[3:] {
		add(name, append([]byte("curv"), 0, 0, 0, 0, 0, 0, 0, 1, 2, 51, 0, 0))
	}
	profile := append(append(u32(head, uint32(len(names))), table...), data...)
	copy(profile, u32(nil, uint32(len(profile))))
	return profile
}

package receipt_test

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"

	"samtykke/app/receipt"
)

func TestSignatureOfAnyKindIsDrawn(t *testing.T) {
	needTool(t, "pdfimages")
	bounds := image.Rect(0, 0, 300, 120)
	diagonal := func(set func(x, y int)) {
		for x := 40; x < 260; x++ {
			set(x, x/3)
		}
	}
	grey16 := image.NewGray16(bounds)
	for i := range grey16.Pix {
		grey16.Pix[i] = 0xFF
	}
	diagonal(func(x, y int) { grey16.Set(x, y, color.Black) })
	paletted := image.NewPaletted(bounds, color.Palette{color.Transparent, color.Black})
	diagonal(func(x, y int) { paletted.SetColorIndex(x, y, 1) })
	deep := image.NewNRGBA64(bounds)
	diagonal(func(x, y int) { deep.Set(x, y, color.NRGBA{0, 0, 80, 255}) })
	// A photograph of a signed sheet is noise to a PNG; the receipt must stay small.
	photograph := image.NewNRGBA(image.Rect(0, 0, 2600, 1900))
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range photograph.Pix {
		photograph.Pix[i] = uint8(120 + noise.IntN(130))
	}
	for name, picture := range map[string]image.Image{
		"16-bit grey": grey16, "palette with transparency": paletted, "64-bit": deep, "photograph": photograph,
	} {
		d := document(t, "nb")
		d.Signature = picture
		pdf := write(t, d)
		if len(pdf) > 150_000 {
			t.Errorf("%s: receipt of %d bytes", name, len(pdf))
		}
		if images := run(t, "pdfimages", "-list", save(t, "receipt.pdf", pdf)); strings.Count(images, "image ") < 3 {
			t.Errorf("%s: want the signature and two codes:\n%s", name, images)
		}
	}
}

func TestHugeSignatureIsRefused(t *testing.T) {
	d := document(t, "nb")
	d.Signature = image.NewUniform(color.Black) // a billion pixels each way
	if err := receipt.Write(&bytes.Buffer{}, d); err == nil || !strings.Contains(err.Error(), "too many pixels") {
		t.Errorf("got %v", err)
	}
}

func TestBlankSignatureIsExplainedNotDrawn(t *testing.T) {
	d := document(t, "nb")
	d.Signature = image.NewNRGBA(image.Rect(0, 0, 200, 80))
	if text := said(t, write(t, d)); !strings.Contains(text, d.Texts("receipt.signature.kept", nil)) {
		t.Error("the reader is not told where the signature is")
	}
}

func FuzzSignatureIsDrawableAndSmall(f *testing.F) {
	f.Add(uint16(24), uint16(9), []byte{0, 0, 0, 255})
	f.Add(uint16(5000), uint16(2), []byte{1})
	f.Add(uint16(0), uint16(3), []byte{})
	f.Fuzz(func(t *testing.T, width, height uint16, pixels []byte) {
		picture := image.NewNRGBA(image.Rect(0, 0, int(width), int(height)%512))
		copy(picture.Pix, pixels)
		size, err := receipt.SignatureSize(picture)
		if err == nil && (size.X < 0 || size.Y < 0 || size.X > 1200) {
			t.Errorf("a picture of %v pixels goes to paper", size)
		}
	})
}

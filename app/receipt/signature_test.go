package receipt_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"samtykke/app/receipt"
)

func encode(tb testing.TB, picture image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

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
		d.Signature = encode(t, picture)
		pdf := write(t, d)
		if len(pdf) > 150_000 {
			t.Errorf("%s: receipt of %d bytes", name, len(pdf))
		}
		if images := run(t, "pdfimages", "-list", save(t, "receipt.pdf", pdf)); strings.Count(images, "image ") < 3 {
			t.Errorf("%s: want the signature and two codes:\n%s", name, images)
		}
	}
}

func TestHugeOrBrokenSignatureIsRefused(t *testing.T) {
	// A header that promises 60000 × 60000 pixels must not be decoded.
	huge := bytes.Clone(encode(t, image.NewGray(image.Rect(0, 0, 1, 1))))
	copy(huge[16:24], []byte{0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60})
	binary.BigEndian.PutUint32(huge[29:33], crc32.ChecksumIEEE(huge[12:29]))
	for name, data := range map[string][]byte{"huge": huge, "cut short": drawnSignature(t)[:500]} {
		d := document(t, "nb")
		d.Signature = data
		if err := receipt.Write(&bytes.Buffer{}, d); err == nil {
			t.Errorf("%s: accepted", name)
		} else if name == "huge" && !strings.Contains(err.Error(), "too many pixels") {
			t.Errorf("huge: refused for another reason: %v", err)
		}
	}
}

func TestBlankSignatureIsExplainedNotDrawn(t *testing.T) {
	d := document(t, "nb")
	d.Signature = encode(t, image.NewNRGBA(image.Rect(0, 0, 200, 80)))
	if text := said(t, write(t, d)); !strings.Contains(text, d.Texts("receipt.signature.kept", nil)) {
		t.Error("the reader is not told where the signature is")
	}
}

func FuzzSignatureIsDrawableOrRefused(f *testing.F) {
	small := image.NewNRGBA(image.Rect(0, 0, 24, 9))
	small.Set(5, 5, color.Black)
	f.Add(encode(f, small))
	f.Add(encode(f, image.NewPaletted(small.Rect, color.Palette{color.Black, color.White})))
	f.Add(encode(f, image.NewGray16(small.Rect)))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		size, err := receipt.SignatureSize(data)
		if err == nil && (size.X < 0 || size.Y < 0 || size.X > 1200) {
			t.Errorf("a picture of %v pixels goes to paper", size)
		}
	})
}

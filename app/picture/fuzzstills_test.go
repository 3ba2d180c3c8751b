package picture_test

import (
	"bytes"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// fuzzStill breaks still images of some formats: whatever comes of it is answered by name and soon.
func fuzzStill(f *testing.F, files ...[]byte) {
	f.Helper()
	for _, file := range files {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		began := time.Now()
		still, err := picture.Open(bytes.NewReader(file), int64(len(file)))
		if !named(err) {
			t.Fatalf("unnamed error %v", err)
		}
		if err != nil {
			return
		}
		info := still.Info()
		if info.Kind == picture.Photo && (info.Width <= 0 || info.Height <= 0) || info.Orientation < 1 || info.Orientation > 8 ||
			len(info.Texts) > 64 || slices.ContainsFunc(info.Texts, func(s string) bool { return len(s) > 2000 || !utf8.ValidString(s) }) {
			t.Fatalf("impossible image %+v", info)
		}
		if _, err := still.EmbeddedPreview(64); !named(err) {
			t.Fatalf("embedded preview: unnamed error %v", err)
		}
		if info.Width*info.Height < 1<<20 { // larger ones are a matter of time, not of soundness
			if _, err := still.Preview(64); !named(err) {
				t.Fatalf("preview: unnamed error %v", err)
			}
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("answered after %v", took)
		}
	})
}

// tiny is a small picture with everything that the makers of the test files write.
func tiny() picturetest.Options {
	opts := rawCamera()
	opts.Quality, opts.XMP = 30, []byte(foreignXMP)
	return opts
}

func FuzzTIFF(f *testing.F) {
	files := [][]byte{picturetest.TIFF(16, 12, tiny())}
	for _, format := range picturetest.RAWFormats {
		if format != "raf" {
			files = append(files, picturetest.RAW(format, 16, 12, tiny()))
		}
	}
	fuzzStill(f, files...)
}

func FuzzRAF(f *testing.F) { fuzzStill(f, picturetest.RAW("raf", 16, 12, tiny())) }

func FuzzWebP(f *testing.F) {
	fuzzStill(f, picturetest.WebP(16, 12, tiny()), picturetest.WebP(16, 12, picturetest.Options{}))
}

func FuzzPNG(f *testing.F) {
	fuzzStill(f, pngWith(f, "iTXt", append([]byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"), foreignXMP...)), pngWith(f, "tEXt", []byte("Title\x00a")))
}

func FuzzJPEG(f *testing.F) {
	opts := tiny()
	opts.Thumbnail, opts.PreviewSide = true, 14
	opts.Segments = [][]byte{picturetest.Segment(0xED, "Photoshop 3.0\x00", []byte("8BIM\x04\x04\x00\x00\x00\x00\x00\x06\x1C\x02\x78\x00\x01a"))}
	fuzzStill(f, picturetest.JPEG(16, 12, opts))
}

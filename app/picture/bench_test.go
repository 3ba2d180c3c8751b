package picture_test

import (
	"bytes"
	"io"
	"testing"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// BenchmarkOpen measures reading a file of twelve megapixels as an import does, beside reading its bytes and nothing else.
func BenchmarkOpen(b *testing.B) {
	opts := camera()
	opts.PreviewSide = 1620
	jpeg := picturetest.JPEG(4000, 3000, opts)
	files := map[string][]byte{"jpeg": jpeg, "nef": picturetest.RAW("nef", 4000, 3000, rawCamera()), "webp": picturetest.WebP(1000, 750, opts)}
	for name, shown := range files {
		file := shown
		if name == "jpeg" {
			file = noisy(shown)
		}
		b.Run(name+"/open", func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if _, err := picture.Open(bytes.NewReader(file), int64(len(file))); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/read", func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if _, err := io.Copy(io.Discard, struct{ io.Reader }{bytes.NewReader(file)}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/preview", func(b *testing.B) {
			f, err := picture.Open(bytes.NewReader(shown), int64(len(shown)))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := f.Preview(512); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// noisy fills the image data of a made JPEG, which compresses too well, with what a camera's looks like to who reads only its
// structure: any bytes, each FF followed by zero.
func noisy(file []byte) []byte {
	at := bytes.LastIndex(file[:len(file)/2], []byte{0xFF, 0xDA})
	at += 2 + int(file[at+2])<<8 + int(file[at+3])
	const size = 6 << 20
	out := bytes.Clone(file[:at])
	for state := uint32(1); len(out) < at+size; {
		state = state*1664525 + 1013904223
		out = append(out, byte(state>>24))
		if out[len(out)-1] == 0xFF {
			out = append(out, 0)
		}
	}
	return append(out, 0xFF, 0xD9)
}

package picture_test

import (
	"bytes"
	"image/jpeg"
	"testing"
	"time"

	"samtykke/app/picture"
	"samtykke/app/picture/picturetest"
)

// BenchmarkEmbeddedPreview makes the preview of a camera's JPEG from the two megapixels inside, beside only decoding these.
func BenchmarkEmbeddedPreview(b *testing.B) {
	file := picturetest.JPEG(3240, 2160, picturetest.Options{PreviewSide: 1620})
	inside := picturetest.JPEG(1620, 1080, picturetest.Options{})
	opened, err := picture.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		b.Fatal(err)
	}
	var decoding time.Duration
	for b.Loop() {
		if _, err := opened.EmbeddedPreview(512); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		began := time.Now()
		if _, err := jpeg.Decode(bytes.NewReader(inside)); err != nil {
			b.Fatal(err)
		}
		decoding += time.Since(began)
		b.StartTimer()
	}
	b.ReportMetric(b.Elapsed().Seconds()/decoding.Seconds(), "times-decoding")
}

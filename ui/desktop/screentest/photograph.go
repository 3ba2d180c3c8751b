package screentest

import (
	"errors"
	"image/png"
	"os"
	"testing"

	"fyne.io/fyne/v2"
)

// Photograph writes what a canvas shows into a PNG file. It is quick rather than small: there are thousands.
func Photograph(t testing.TB, canvas fyne.Canvas, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	quick := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := errors.Join(quick.Encode(f, canvas.Capture()), f.Close()); err != nil {
		t.Fatal(err)
	}
}

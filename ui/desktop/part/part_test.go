package part_test

import (
	"bytes"
	"image"
	"image/draw"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
)

// start gives the test an application under our theme. It comes before the first part is built, as in the
// program: a part takes its colours when it is first drawn.
func start(t testing.TB) {
	t.Helper()
	const ours = "started"
	if app := fyne.CurrentApp(); app == nil || !app.Preferences().Bool(ours) {
		app = test.NewTempApp(t)
		app.Preferences().SetBool(ours, true)
		app.Settings().SetTheme(look.New(look.Light))
	}
}

// open shows an object in a window of its own, without the window's padding.
func open(t testing.TB, o fyne.CanvasObject, width, height float32) fyne.Window {
	t.Helper()
	start(t)
	w := test.NewWindow(o)
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	return w
}

// equal compares two pictures.
func equal(a, b image.Image) bool {
	return a.Bounds() == b.Bounds() && bytes.Equal(pixels(a).Pix, pixels(b).Pix)
}

func pixels(i image.Image) *image.RGBA {
	out := image.NewRGBA(i.Bounds())
	draw.Draw(out, out.Rect, i, i.Bounds().Min, draw.Src)
	return out
}

// rasterOf finds the raster that a pad draws on.
func rasterOf(t testing.TB, pad *part.SignaturePad) *canvas.Raster {
	t.Helper()
	for _, o := range test.WidgetRenderer(pad).Objects() {
		if r, ok := o.(*canvas.Raster); ok {
			return r
		}
	}
	t.Fatal("the pad has no raster")
	return nil
}

// key presses a key on whatever has the focus.
func key(w fyne.Window, name fyne.KeyName) {
	if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
	}
}

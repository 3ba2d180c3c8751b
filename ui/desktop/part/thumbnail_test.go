package part_test

import (
	"context"
	"fmt"
	"image"
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

func TestThumbnailShowsAPlaceholderThenItsPicture(t *testing.T) {
	start(t)
	d := &desk{}
	started := make(chan struct{})
	l := part.NewLoader(func(ctx context.Context, key string, edge int) (image.Image, error) {
		<-started
		return paint(ctx, key, edge)
	}, 1, 1<<24, d.do)
	defer l.Close()
	cell := part.NewThumbnail(l, 180)
	w := open(t, cell, 180, 160)
	cell.Set(part.Thumb{Key: "7", Name: "IMG_0007.JPG", Codes: "K7Q2", Mark: part.MarkYes, Word: "may be used"})
	placeholder := w.Canvas().Capture()
	if cell.Loaded() {
		t.Fatal("a picture came before it was made")
	}
	close(started)
	for d.frame() == 0 { // the only wish
	}
	if !cell.Loaded() || equal(placeholder, w.Canvas().Capture()) {
		t.Error("the picture does not show")
	}
	if said := cell.AccessibilityLabel(); said != "IMG_0007.JPG, may be used, K7Q2" {
		t.Error(said)
	}
}

func TestReusedCellNeverShowsThePictureOfBefore(t *testing.T) {
	start(t)
	d := &desk{}
	l := part.NewLoader(paint, 1, 1<<24, d.do)
	defer l.Close()
	cell := part.NewThumbnail(l, 180)
	open(t, cell, 180, 160)
	cell.Set(part.Thumb{Key: "first"})
	for d.frame() == 0 {
	}
	cell.Set(part.Thumb{Key: "second"})
	if cell.Loaded() {
		t.Error("the first picture stands for the second")
	}
	cell.Set(part.Thumb{Key: "first"}) // from memory, at once
	if !cell.Loaded() {
		t.Error("a picture in memory is not shown at once")
	}
	d.frame()
	cell.Set(part.Thumb{Key: "first", Selected: true})
	if !cell.Loaded() {
		t.Error("selecting a picture loses it")
	}
}

func TestBrokenPictureSaysSo(t *testing.T) {
	start(t)
	d := &desk{}
	l := part.NewLoader(paint, 1, 1<<24, d.do)
	defer l.Close()
	cell := part.NewThumbnail(l, 180)
	w := open(t, cell, 180, 160)
	cell.Set(part.Thumb{Key: "broken", Broken: "Cannot be shown"})
	waiting := w.Canvas().Capture()
	for d.frame() == 0 {
	}
	if cell.Loaded() || equal(waiting, w.Canvas().Capture()) {
		t.Error("a picture that cannot be shown looks like one that will come")
	}
}

func TestGridOfPicturesLoadsOnlyWhatCanBeSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{}
		l := part.NewLoader(paint, 2, 1<<26, d.do)
		defer l.Close()
		wished := map[int]bool{}
		grid := widget.NewGridWrap(func() int { return 50_000 },
			func() fyne.CanvasObject { return part.NewThumbnail(l, 180) },
			func(i int, o fyne.CanvasObject) { wished[i] = true; o.(*part.Thumbnail).Set(thumb(i)) })
		open(t, grid, 900, 600)
		synctest.Wait()
		d.frame()
		if len(wished) == 0 || len(wished) > 40 {
			t.Errorf("%d pictures for a window of twenty", len(wished))
		}
	})
}

// BenchmarkGridScroll turns the wheel over 50,000 thumbnails, most of which are in memory, without
// painting.
func BenchmarkGridScroll(b *testing.B) {
	start(b)
	small := image.NewRGBA(image.Rect(0, 0, 8, 6))
	l := part.NewLoader(func(context.Context, string, int) (image.Image, error) { return small, nil }, 1, 1<<26, func(f func()) {})
	defer l.Close()
	grid := widget.NewGridWrap(func() int { return 50_000 },
		func() fyne.CanvasObject { return part.NewThumbnail(l, 160) },
		func(i int, o fyne.CanvasObject) {
			o.(*part.Thumbnail).Set(part.Thumb{Key: fmt.Sprint(i), Codes: "K7Q2 · 3F8H", Mark: part.MarkYes})
		})
	w := open(b, grid, 1300, 900)
	down, i := float32(-140), 0
	for b.Loop() {
		if i++; i%4000 == 0 {
			down = -down
		}
		test.Scroll(w.Canvas(), fyne.NewPos(100, 300), 0, down)
	}
}

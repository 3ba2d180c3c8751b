package part_test

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

func TestSecondQuickPressOpensAPicture(t *testing.T) {
	g, w := pictures(t, 10)
	opened := -1
	g.OnOpened = func(index int) { opened = index }
	test.TapCanvas(w.Canvas(), at(0, 1))
	test.TapCanvas(w.Canvas(), at(0, 2)) // another one: two presses, but not on the same
	if opened != -1 {
		t.Errorf("one press opened %d", opened)
	}
	test.TapCanvas(w.Canvas(), at(0, 2))
	if opened != 2 {
		t.Errorf("opened %d", opened)
	}
}

func TestLargeLookShowsTheThumbnailUntilItsOwnPictureHasCome(t *testing.T) {
	start(t)
	calls := make(chan func(), 10)
	l := part.NewLoader(paint, 1, 1<<24, func(f func()) { calls <- f })
	t.Cleanup(l.Close)
	g := part.NewThumbnailGrid(l, 180, func() int { return 10 }, thumb)
	look := part.NewLargeLook(g)
	open(t, look, 600, 400)
	if _, ready := l.Any(thumb(3).Key); ready {
		t.Fatal("the picture is in memory before anybody asked for it")
	}
	l.Load(thumb(3).Key, 192, func(image.Image, error) {})
	(<-calls)() // the thumbnail has come
	look.Set(thumb(3))
	if small, _ := l.Any(thumb(3).Key); small == nil {
		t.Error("nothing stands for the picture")
	}
	if look.Shown() != thumb(3).Key || look.AccessibilityLabel() == "" {
		t.Errorf("shows %q", look.Shown())
	}
	closed := false
	look.OnClosed = func() { closed = true }
	look.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if g.Cursor() != 9 {
		t.Errorf("End leads to %d", g.Cursor())
	}
	look.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	look.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if g.Cursor() != 8 || !closed {
		t.Errorf("at %d, closed %v", g.Cursor(), closed)
	}
}

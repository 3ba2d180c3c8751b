package part_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/part"
)

// newPad gives a pad in a window, and a clock that goes ten milliseconds per look.
func newPad(t testing.TB) (*part.SignaturePad, fyne.Window) {
	start(t)
	pad := part.NewSignaturePad("Sign here")
	now := time.Unix(0, 0)
	pad.Now = func() time.Time { now = now.Add(10 * time.Millisecond); return now }
	w := open(t, pad, 600, 240)
	return pad, w
}

// write draws a line of points as the mouse driver reports it.
func write(pad *part.SignaturePad, points ...fyne.Position) {
	at := func(p fyne.Position) fyne.PointEvent { return fyne.PointEvent{Position: p} }
	pad.MouseDown(&desktop.MouseEvent{PointEvent: at(points[0]), Button: desktop.MouseButtonPrimary})
	for i, p := range points[1:] {
		pad.Dragged(&fyne.DragEvent{PointEvent: at(p), Dragged: fyne.NewDelta(p.X-points[i].X, p.Y-points[i].Y)})
	}
	pad.MouseUp(&desktop.MouseEvent{PointEvent: at(points[len(points)-1]), Button: desktop.MouseButtonPrimary})
	if len(points) > 1 {
		pad.DragEnd()
	} else {
		pad.Tapped(&fyne.PointEvent{Position: points[0]})
	}
}

// flourish is a curl of n points across the pad.
func flourish(n int) []fyne.Position {
	points := make([]fyne.Position, n)
	for i := range points {
		f := float64(i) / float64(n)
		points[i] = fyne.NewPos(float32(40+500*f+30*math.Sin(40*f)), float32(120+70*math.Cos(33*f)))
	}
	return points
}

func TestStrokesKeepPositionsAndTimes(t *testing.T) {
	pad, _ := newPad(t)
	changes := 0
	pad.OnChanged = func() { changes++ }
	write(pad, fyne.NewPos(10, 20), fyne.NewPos(30, 40), fyne.NewPos(30.1, 40.1), fyne.NewPos(50, 20))
	write(pad, fyne.NewPos(70, 30)) // the dot on an i

	strokes := pad.Strokes()
	if len(strokes) != 2 || len(strokes[0]) != 3 || len(strokes[1]) != 1 {
		t.Fatalf("strokes are %v, want three points and a dot", strokes)
	}
	if p := strokes[0][1]; p.X != 30 || p.Y != 40 {
		t.Errorf("second point is %v", p)
	}
	last := int64(-1)
	for _, stroke := range strokes {
		for _, p := range stroke {
			if p.Millis <= last {
				t.Errorf("time does not go on: %d after %d", p.Millis, last)
			}
			last = p.Millis
		}
	}
	if changes != 2 {
		t.Errorf("OnChanged came %d times, want once per stroke", changes)
	}
	strokes[0][0].X = 999
	if pad.Strokes()[0][0].X == 999 {
		t.Error("a caller can change the strokes")
	}
}

func TestPadIsDrawnOnByDragAndTapWithoutAMouse(t *testing.T) {
	pad, w := newPad(t)
	test.Drag(w.Canvas(), fyne.NewPos(100, 100), 40, 10)
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, 100))
	strokes := pad.Strokes()
	if len(strokes) != 2 || len(strokes[0]) != 2 || len(strokes[1]) != 1 {
		t.Fatalf("strokes are %v", strokes)
	}
}

func TestUndoAndClearTakeBack(t *testing.T) {
	pad, w := newPad(t)
	blank := w.Canvas().Capture()
	write(pad, fyne.NewPos(10, 10), fyne.NewPos(200, 100))
	one := w.Canvas().Capture()
	write(pad, fyne.NewPos(10, 100), fyne.NewPos(200, 10))
	pad.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	if len(pad.Strokes()) != 1 || !equal(one, w.Canvas().Capture()) {
		t.Error("taking back a stroke does not leave the first one as it was")
	}
	pad.TypedShortcut(&fyne.ShortcutUndo{})
	if !pad.Empty() || !equal(blank, w.Canvas().Capture()) {
		t.Error("taking back the only stroke does not leave an empty pad")
	}
	write(pad, fyne.NewPos(10, 10), fyne.NewPos(200, 100))
	pad.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if !pad.Empty() || pad.SVG() != nil {
		t.Error("Delete does not clear the pad")
	}
	if _, err := pad.PNG(100, 50); !errors.Is(err, part.ErrNothingDrawn) {
		t.Errorf("PNG of an empty pad: %v", err)
	}
}

func TestDrawingStepByStepEqualsDrawingAtOnce(t *testing.T) {
	points := flourish(300)
	stepwise, w := newPad(t)
	at := func(p fyne.Position) fyne.PointEvent { return fyne.PointEvent{Position: p} }
	stepwise.MouseDown(&desktop.MouseEvent{PointEvent: at(points[0]), Button: desktop.MouseButtonPrimary})
	for _, p := range points[1:] {
		stepwise.Dragged(&fyne.DragEvent{PointEvent: at(p)})
		w.Canvas().Capture()
	}
	stepwise.MouseUp(&desktop.MouseEvent{})
	stepwise.DragEnd()
	once, w2 := newPad(t)
	write(once, points...)
	if !equal(w.Canvas().Capture(), w2.Canvas().Capture()) {
		t.Error("the picture depends on how often it was shown while drawing")
	}
}

func TestResizingThePadKeepsTheSignature(t *testing.T) {
	pad, w := newPad(t)
	write(pad, flourish(100)...)
	before, svg := pad.Strokes(), pad.SVG()
	w.Resize(fyne.NewSize(300, 240))
	if !bytes.Equal(svg, pad.SVG()) {
		t.Error("the signature changed with the window")
	}
	write(pad, fyne.NewPos(150, 120)) // the middle of the pad stays the middle of the sheet
	after := pad.Strokes()
	dot := after[len(before)][0]
	if math.Abs(float64(dot.X-300)) > 1 || math.Abs(float64(dot.Y-120)) > 1 {
		t.Errorf("a dot in the middle lands at %v", dot)
	}
}

func TestPNGShowsTheInkWhereItWasDrawn(t *testing.T) {
	pad, _ := newPad(t)
	write(pad, fyne.NewPos(100, 120), fyne.NewPos(300, 120), fyne.NewPos(500, 120))
	data, err := pad.PNG(1200, 480)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if picture.Bounds().Size() != image.Pt(1200, 480) {
		t.Fatalf("picture is %v", picture.Bounds())
	}
	if r, _, _, _ := picture.At(600, 240).RGBA(); r > 0x6000 {
		t.Error("no ink on the line")
	}
	if r, _, _, a := picture.At(600, 100).RGBA(); r != 0xFFFF || a != 0xFFFF {
		t.Error("the paper is not white")
	}
	for _, size := range [][2]int{{0, 10}, {10, -1}, {1 << 20, 1 << 20}} {
		if _, err := pad.PNG(size[0], size[1]); err == nil {
			t.Errorf("a picture of %v was promised", size)
		}
	}
}

func TestSVGIsOnePathPerStroke(t *testing.T) {
	pad, _ := newPad(t)
	write(pad, fyne.NewPos(10, 20), fyne.NewPos(30, 40), fyne.NewPos(50, 20))
	write(pad, fyne.NewPos(70, 30))
	svg := string(pad.SVG())
	if err := xml.Unmarshal([]byte(svg), new(struct{ XMLName xml.Name })); err != nil {
		t.Fatalf("%v in %s", err, svg)
	}
	if n := strings.Count(svg, "<path "); n != 2 {
		t.Errorf("%d paths, want 2: %s", n, svg)
	}
	if !strings.Contains(svg, `d="M 10 20 Q 30 40 40 30 Q 45 25 50 20"`) {
		t.Errorf("the curve is not that of the pen: %s", svg)
	}
}

func TestPadNamesItself(t *testing.T) {
	pad, _ := newPad(t)
	pad.Drawn = "Signed"
	if pad.AccessibilityLabel() != "Sign here" {
		t.Error(pad.AccessibilityLabel())
	}
	write(pad, fyne.NewPos(10, 20), fyne.NewPos(30, 40))
	if pad.AccessibilityLabel() != "Signed" {
		t.Error(pad.AccessibilityLabel())
	}
}

// BenchmarkSignatureMovement is one movement of the pen on a pad that holds a long stroke already, with
// the frame that shows it.
func BenchmarkSignatureMovement(b *testing.B) {
	pad, w := newPad(b)
	points := flourish(5000)
	pad.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: points[0]}, Button: desktop.MouseButtonPrimary})
	for _, p := range points[1:] {
		pad.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}})
	}
	w.Canvas().Capture()
	raster := rasterOf(b, pad)
	i := 0
	for b.Loop() {
		i++
		p := fyne.NewPos(float32(100+i%400), float32(100+i%37))
		pad.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}})
		raster.Generator(1200, 480)
	}
}

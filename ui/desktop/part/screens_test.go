package part_test

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

func TestToastGoesByItselfAndBlocksNothing(t *testing.T) {
	start(t)
	pressed := 0
	below := part.NewButton("Below", func() { pressed++ })
	toasts := part.NewToasts(container.NewStack(below))
	var wait time.Duration
	var end func()
	toasts.After = func(d time.Duration, f func()) func() bool {
		wait, end = d, f
		return func() bool { return true }
	}
	w := open(t, toasts.Content(), 600, 300)
	least := toasts.Content().MinSize()
	toasts.Show(part.MarkYes, "Ola Nordmann is saved on this laptop.")
	if toasts.Shown() != "Ola Nordmann is saved on this laptop." || wait < 5*time.Second {
		t.Errorf("shows %q for %v", toasts.Shown(), wait)
	}
	if toasts.Content().MinSize() != least || w.Canvas().Overlays().Top() != nil {
		t.Error("a toast takes room or the keyboard")
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 20))
	if pressed != 1 {
		t.Error("what is below cannot be pressed")
	}
	end()
	if toasts.Shown() != "" {
		t.Error("the toast stays")
	}
}

func TestNextToastTakesThePlaceOfTheLast(t *testing.T) {
	start(t)
	stopped := 0
	toasts := part.NewToasts(widget.NewLabel(""))
	toasts.After = func(time.Duration, func()) func() bool { return func() bool { stopped++; return true } }
	open(t, toasts.Content(), 600, 300)
	undone := false
	toasts.Show(part.MarkYes, "first")
	toasts.ShowAction(part.MarkNone, "second", "Undo", func() { undone = true })
	if toasts.Shown() != "second" || stopped != 1 {
		t.Errorf("shows %q, %d timers stopped", toasts.Shown(), stopped)
	}
	for _, o := range inside(toasts.Content()) {
		if b, ok := o.(*part.Button); ok {
			test.Tap(b)
		}
	}
	if !undone || toasts.Shown() != "" {
		t.Error("the action of the toast does nothing")
	}
}

func TestBottomLineTellsBothStatesAtEveryWidth(t *testing.T) {
	start(t)
	tapped := 0
	line := part.NewTwoStateLine(func() { tapped++ })
	line.Set(part.TwoStates{Saved: "Saved on this laptop: 42", Received: "Received by the library: 30", Trouble: "3 could not be sent", Connection: "Offline"})
	w := open(t, container.NewBorder(nil, line, nil, nil), 900, 200)
	if said := line.AccessibilityLabel(); said != "Saved on this laptop: 42. Received by the library: 30. 3 could not be sent. Offline" {
		t.Error(said)
	}
	wide := line.MinSize()
	w.Resize(fyne.NewSize(340, 200))
	w.Content().Refresh()
	if narrow := line.MinSize(); narrow.Height < 2*wide.Height*0.8 || narrow.Width > 340 {
		t.Errorf("needs %v in a narrow window, %v in a wide one: something is cut", narrow, wide)
	}
	test.Tap(line)
	w.Canvas().Focus(line)
	key(w, fyne.KeyReturn)
	if tapped != 2 {
		t.Errorf("pressed %d times", tapped)
	}
}

func TestQRModulesAreWholePixelsAndDarkOnWhite(t *testing.T) {
	start(t)
	code := image.NewGray(image.Rect(0, 0, 21, 21))
	for y := range 21 {
		for x := range 21 {
			if (x+y)%2 == 0 {
				code.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	w := open(t, part.NewQRImage(code, 100, "receipt"), 250, 250)
	picture := pixels(w.Canvas().Capture())
	shades := map[color.RGBA]bool{}
	changes := 0
	for x := range 250 {
		shades[picture.RGBAAt(x, 125)] = true
		if x > 0 && picture.RGBAAt(x, 125) != picture.RGBAAt(x-1, 125) {
			changes++
		}
	}
	if len(shades) != 2 || changes < 20 || changes > 22 {
		t.Errorf("%d shades and %d edges along 21 modules: blurred or stretched", len(shades), changes)
	}
	if picture.RGBAAt(0, 0) != (color.RGBA{255, 255, 255, 255}) {
		t.Error("the margin is not white")
	}
}

func TestStepsAndMeterSayWhatTheyShow(t *testing.T) {
	start(t)
	steps, meter := part.NewSteps(3), part.NewMeter()
	w := open(t, container.NewVBox(steps, meter), 400, 100)
	steps.Set(1, 3, "Step 2 of 3")
	meter.Set(1, "Weak")
	before := w.Canvas().Capture()
	steps.Set(2, 3, "Step 3 of 3")
	meter.Set(9, "Strong")
	if equal(before, w.Canvas().Capture()) {
		t.Error("nothing moved")
	}
	if steps.AccessibilityLabel() != "Step 3 of 3" || meter.AccessibilityLabel() != "Strong" {
		t.Error("what shows is not said")
	}
	steps.Set(7, 0, "") // no steps at all must not harm
	steps.Set(-1, 2, "")
	w.Canvas().Capture()
}

func TestEmptyStateSaysWhatToDoFirst(t *testing.T) {
	start(t)
	begun := false
	empty := part.EmptyState(nil, "Nobody is registered yet", "Register the first person.", part.NewPrimaryButton("New person", func() { begun = true }))
	w := open(t, empty, 600, 400)
	w.Canvas().FocusNext()
	key(w, fyne.KeyReturn)
	if !begun {
		t.Error("the first key does not begin")
	}
}

func TestWhatIsInContainersCanBeReachedByScreenReaders(t *testing.T) {
	// Fyne's bridge walks *fyne.Container only.
	card := part.Card("Organisation", part.Stack(part.Field("Name", part.NewButton("Choose", nil), "Why we ask"), part.Note("a note")))
	var said []string
	for _, o := range inside(card) {
		if a, ok := o.(fyne.Accessible); ok && a.AccessibilityRole() != fyne.AccessibleRoleContainer {
			said = append(said, a.AccessibilityLabel())
		}
	}
	if got := strings.Join(said, "|"); got != "Organisation|Name|Choose|Why we ask|a note" {
		t.Errorf("reached: %s", got)
	}
}

// inside gives an object and all in its containers.
func inside(o fyne.CanvasObject) []fyne.CanvasObject {
	found := []fyne.CanvasObject{o}
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			found = append(found, inside(child)...)
		}
	}
	return found
}

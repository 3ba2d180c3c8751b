package screentest_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

// fixed gives its objects a size and a place, whatever they need.
type fixed struct {
	at   fyne.Position
	size fyne.Size
}

func (f fixed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(10, 10) }

func (f fixed) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	for _, o := range objects {
		o.Move(f.at)
		o.Resize(f.size)
	}
}

func always(string) bool { return true }

func TestWhatIsCutIsFoundAndNothingElse(t *testing.T) {
	test.NewTempApp(t)
	ellipsis := widget.NewLabel("a long name that has no room")
	ellipsis.Truncation = fyne.TextTruncateEllipsis
	wrapped := widget.NewLabel(strings.Repeat("many words ", 20))
	wrapped.Wrapping = fyne.TextWrapWord
	choice := part.NewSelect([]string{"to be asked again"}, nil)
	hidden := widget.NewLabel("nobody sees this")
	hidden.Hide()
	tall := container.NewVBox()
	for range 40 {
		tall.Add(widget.NewLabel("below"))
	}
	for name, c := range map[string]struct {
		content fyne.CanvasObject
		size    fyne.Size
		cut     string
	}{
		"a label with room":              {widget.NewLabel("short"), fyne.NewSize(300, 60), ""},
		"a label that is shortened":      {container.New(fixed{size: fyne.NewSize(60, 40)}, ellipsis), fyne.NewSize(300, 60), "is shortened"},
		"a button that is too narrow":    {container.New(fixed{size: fyne.NewSize(30, 40)}, part.NewButton("Withdraw everything", nil)), fyne.NewSize(300, 60), "wide"},
		"a choice with room":             {container.New(fixed{size: fyne.NewSize(200, 40)}, part.NewSelect([]string{"Everybody"}, nil)), fyne.NewSize(300, 60), ""},
		"a choice that is shortened":     {container.New(fixed{size: fyne.NewSize(120, 40)}, choice), fyne.NewSize(300, 60), "is shortened"},
		"wrapped text that is too high":  {container.New(fixed{size: fyne.NewSize(120, 40)}, wrapped), fyne.NewSize(300, 60), "high"},
		"a label that leaves the window": {container.New(fixed{at: fyne.NewPos(280, 0), size: fyne.NewSize(60, 40)}, widget.NewLabel("far")), fyne.NewSize(300, 60), "across"},
		"a label below the window":       {container.New(fixed{at: fyne.NewPos(0, 50), size: fyne.NewSize(60, 40)}, widget.NewLabel("low")), fyne.NewSize(300, 60), "down"},
		"what can be scrolled to":        {container.NewVScroll(tall), fyne.NewSize(300, 60), ""},
		"what is hidden":                 {container.New(fixed{at: fyne.NewPos(900, 0)}, hidden), fyne.NewSize(300, 60), ""},
		"a word inside of a widget": {container.New(fixed{size: fyne.NewSize(20, 30)}, part.NewStatusMark(part.MarkYes, "Signed by both")),
			fyne.NewSize(300, 60), "Signed by both"},
		"one of several": {container.New(layout.NewHBoxLayout(), widget.NewLabel("one"), widget.NewLabel(strings.Repeat("two ", 40))), fyne.NewSize(300, 60), "across"},
	} {
		t.Run(name, func(t *testing.T) {
			c.content.Resize(c.size)
			cut := screentest.Cut(c.content, c.size, always)
			if c.cut == "" && len(cut) > 0 || c.cut != "" && (len(cut) != 1 || !strings.Contains(cut[0], c.cut)) {
				t.Errorf("cut is %q, want %q", cut, c.cut)
			}
		})
	}
	ellipsis.Resize(fyne.NewSize(60, 40))
	if cut := screentest.Cut(ellipsis, fyne.NewSize(300, 60), func(string) bool { return false }); len(cut) > 0 {
		t.Errorf("what may be shortened is said to be cut: %q", cut)
	}
}

func TestLengthenedTextsAreAThirdLongerAndComeBack(t *testing.T) {
	test.NewTempApp(t)
	label, button := widget.NewLabel("Who may appear in this picture"), part.NewButton("Hand over for signing", nil)
	w := test.NewTempWindow(t, container.NewVBox(label, button))
	before := []string{label.Text, button.Text()}
	restore := screentest.Lengthen(w)
	for i, now := range []string{label.Text, button.Text()} {
		if grown := float64(len(now)) / float64(len(before[i])); grown < 1.2 || grown > 1.35 {
			t.Errorf("%q has become %q: %.2f of its length", before[i], now, grown)
		}
	}
	restore()
	if now := []string{label.Text, button.Text()}; !slices.Equal(now, before) {
		t.Errorf("left is %q", now)
	}
}

package screentest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

func same(text string) string { return text }

func TestAnOutlineTellsWhatIsInSightInTheOrderOfReading(t *testing.T) {
	test.NewTempApp(t)
	name, kind, agrees := part.NewEntry("Ola Nordmann"), part.NewSelect([]string{"Everybody"}, nil), part.NewCheck("Show only these", nil)
	agrees.Checked = true
	save, hidden := part.NewPrimaryButton("Save", nil), widget.NewLabel("nobody sees this")
	save.Disable()
	hidden.Hide()
	far := container.NewVScroll(container.NewVBox(widget.NewLabel("first"), widget.NewLabel("7CA3-PQEM"), widget.NewLabel("below the edge")))
	far.SetMinSize(fyne.NewSize(200, 70))
	content := container.NewVBox(widget.NewLabel("Name"), name, kind, agrees, hidden, save, far)
	size := fyne.NewSize(300, content.MinSize().Height)
	content.Resize(size)
	got := screentest.Outline(content, size, func(text string) string { return strings.ReplaceAll(text, "7CA3-PQEM", "CODE") })
	var said []string
	for line := range strings.Lines(got) {
		said = append(said, strings.TrimSpace(line[9:]))
	}
	want := []string{"label   Name", "field   … Ola Nordmann", "choice  Everybody", "check   ✓ Show only these", "button  (Save)", "label   first", "label   CODE"}
	if strings.Join(said, "\n") != strings.Join(want, "\n") {
		t.Errorf("the outline is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestAnOutlineSeesWhatMovesAndNotWhatRoundingDoes(t *testing.T) {
	test.NewTempApp(t)
	at := func(x float32) string {
		label := widget.NewLabel("here")
		content := container.New(fixed{at: fyne.NewPos(x, 16), size: fyne.NewSize(60, 40)}, label)
		content.Resize(fyne.NewSize(300, 100))
		return screentest.Outline(content, fyne.NewSize(300, 100), same)
	}
	if at(40) != at(41) {
		t.Error("a unit more changes the outline")
	}
	if at(40) == at(56) {
		t.Error("what has moved is not seen")
	}
}

func TestAnOutlineThatDiffersFromItsFileFails(t *testing.T) {
	t.Setenv("SAMTYKKE_UPDATE", "")
	file := filepath.Join(t.TempDir(), "screen.txt")
	if err := os.WriteFile(file, []byte("a\nb\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for got, fails := range map[string]bool{"a\nb\n": false, "a\n": true, "a\nc\n": true, "b\na\n": true, "a\nb\nb\n": true} {
		seen := &failure{TB: t}
		screentest.SameOutline(seen, file, got)
		if seen.failed != fails {
			t.Errorf("%q fails: %t", got, seen.failed)
		}
	}
	seen := &failure{TB: t}
	if screentest.SameOutline(seen, file+"x", "a"); !seen.failed {
		t.Error("a missing file does not fail")
	}
}

// failure notes that a test would have failed.
type failure struct {
	testing.TB
	failed bool
}

func (f *failure) Errorf(string, ...any) { f.failed = true }
func (f *failure) Helper()               {}

package screentest

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"samtykke/ui/desktop/part"
)

// grain is to how many of Fyne's units an outline rounds: fonts that differ by a unit give the same outline.
const grain = 8

// Outline reads a screen of a size as its text: a line for everything that says something, with its place, what it is and what it says,
// in the order of reading. What is out of sight is left out. A thing that is switched off is in brackets. steady replaces in a text what
// differs from one run to the next, such as codes and times.
func Outline(content fyne.CanvasObject, size fyne.Size, steady func(text string) string) string {
	o := &outline{steady: steady}
	o.read(content, fyne.NewPos(0, 0), room{right: size.Width, bottom: size.Height})
	return o.lines.String()
}

type outline struct {
	steady func(string) string
	lines  strings.Builder
}

func (o *outline) read(object fyne.CanvasObject, at fyne.Position, within room) {
	if object == nil || !object.Visible() {
		return
	}
	at = at.Add(object.Position())
	size := object.Size()
	inside := room{max(within.left, at.X), max(within.top, at.Y), min(within.right, at.X+size.Width), min(within.bottom, at.Y+size.Height)}
	role, says := spoken(object)
	if says != "" && inside.right-inside.left > grain/2 && inside.bottom-inside.top > grain/2 {
		text := o.steady(strings.ReplaceAll(says, "\n", " / "))
		if off, can := object.(fyne.Disableable); can && off.Disabled() {
			text = "(" + text + ")"
		}
		fmt.Fprintf(&o.lines, "%4d %4d  %-6s  %s\n", rounded(at.X), rounded(at.Y), role, text)
	}
	switch object := object.(type) {
	case *container.Scroll:
		o.read(object.Content, at, inside)
	case *fyne.Container:
		for _, child := range object.Objects {
			o.read(child, at, within)
		}
	case fyne.Widget:
		if says != "" {
			return // its inner parts are what it draws that with
		}
		for _, child := range test.WidgetRenderer(object).Objects() {
			o.read(child, at, inside)
		}
	}
}

// spoken is what an object is and what it says; nothing for one that only holds others.
func spoken(object fyne.CanvasObject) (role, says string) {
	switch o := object.(type) {
	case *fyne.Container:
		return "", ""
	case *part.Entry:
		if says = o.Text; says == "" {
			says = "… " + o.PlaceHolder
		} else if o.Password {
			says = "•"
		}
		return "field", says
	case *part.Select:
		return "choice", o.Selected
	case *part.Check:
		if o.Checked {
			return "check", "✓ " + o.Text
		}
		return "check", "□ " + o.Text
	case *widget.Label:
		return "label", o.Text
	case *canvas.Text:
		return "text", o.Text
	case fyne.Accessible:
		if role = string(o.AccessibilityRole()); role == string(fyne.AccessibleRoleText) {
			role = "said"
		}
		return role, o.AccessibilityLabel()
	}
	return "text", text(object)
}

func rounded(x float32) int { return int(math.Round(float64(x)/grain)) * grain }

// SameOutline holds what a screen reads as to a file beside the test. With SAMTYKKE_UPDATE=1 it writes the file instead: look at the
// difference before you keep it.
func SameOutline(t testing.TB, file, got string) {
	t.Helper()
	if os.Getenv("SAMTYKKE_UPDATE") == "1" {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is missing; SAMTYKKE_UPDATE=1 writes it", file)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if difference := differing(strings.Split(string(want), "\n"), strings.Split(got, "\n")); difference != "" {
		t.Errorf("the screen is another than in %s; SAMTYKKE_UPDATE=1 renews it:\n%s", file, difference)
	}
}

// differing lists the lines that only one of two screens has.
func differing(want, got []string) string {
	var b strings.Builder
	only := func(sign string, lines, others []string) {
		left := map[string]int{}
		for _, line := range others {
			left[line]++
		}
		for _, line := range lines {
			if left[line]--; left[line] < 0 {
				fmt.Fprintf(&b, "%s %s\n", sign, line)
			}
		}
	}
	only("-", want, got)
	only("+", got, want)
	if b.Len() == 0 && strings.Join(want, "\n") != strings.Join(got, "\n") {
		return "the same lines in another order"
	}
	return b.String()
}

package part_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

var norwegian = []string{"qwertyuiopå", "asdfghjkløæ", "zxcvbnm"}

// typist is an entry and the keyboard below it.
type typist struct {
	*testing.T
	keys   *part.Keyboard
	entry  *part.Entry
	window fyne.Window
}

func newTypist(t *testing.T, purpose part.Purpose) *typist {
	start(t)
	k := &typist{T: t, keys: part.NewKeyboard(), entry: part.NewEntry("")}
	k.keys.Words = part.KeyboardWords{Shift: "Capital letters", Erase: "Erase", Space: "Space", Hide: "Hide", Signs: "Signs", Letters: "Letters"}
	k.window = open(t, container.NewBorder(k.entry, nil, nil, nil, k.keys.Content()), 1000, 400)
	k.keys.For(k.entry, purpose, norwegian, "Next")
	return k
}

// names are the keys that show, by their names.
func (k *typist) names() []string {
	var names []string
	for _, o := range screentest.Visible(k.keys.Content()) {
		if _, ok := o.(fyne.Tappable); ok {
			names = append(names, o.(fyne.Accessible).AccessibilityLabel())
		}
	}
	return names
}

// tap touches keys by their names; a word that is no key is touched letter by letter.
func (k *typist) tap(names ...string) {
	k.Helper()
	for _, name := range names {
		found := false
		for _, o := range screentest.Visible(k.keys.Content()) {
			key, ok := o.(fyne.Tappable)
			if ok && o.(fyne.Accessible).AccessibilityLabel() == name {
				test.Tap(key)
				found = true
				break
			}
		}
		if !found {
			k.Fatalf("there is no key %q among %q", name, k.names())
		}
	}
}

func TestKeyboardWritesANameWithCapitalLetters(t *testing.T) {
	k := newTypist(t, part.TypeName)
	k.tap("O", "l", "a", "Space", "N", "o", "r", "d", "Erase", "-", "Å", "s")
	if k.entry.Text != "Ola Nor-Ås" {
		t.Errorf("wrote %q", k.entry.Text)
	}
	if k.window.Canvas().Focused() != fyne.Focusable(k.entry) {
		t.Error("the field does not have the focus any more")
	}
}

func TestKeyboardHasWhatTheFieldNeeds(t *testing.T) {
	for purpose, want := range map[part.Purpose]struct{ with, without string }{
		part.TypeNumber: {"0 1 9 Next Erase", "a + Space"},
		part.TypePhone:  {"0 1 9 + Next", "a Space"},
		part.TypeMail:   {"a å @ . - _", "Space"},
		part.TypeText:   {"a Space - .", "A"},
	} {
		names := newTypist(t, purpose).names()
		for _, key := range strings.Fields(want.with) {
			if !slices.Contains(names, key) {
				t.Errorf("purpose %d lacks %q: %q", purpose, key, names)
			}
		}
		for _, key := range strings.Fields(want.without) {
			if slices.Contains(names, key) {
				t.Errorf("purpose %d has %q", purpose, key)
			}
		}
	}
}

func TestKeyboardHasDigitsAndSignsBehindAKey(t *testing.T) {
	k := newTypist(t, part.TypeText)
	k.tap("a", "Signs", "1", "+", "Letters", "b", "Capital letters", "C", "d")
	if k.entry.Text != "a1+bCd" {
		t.Errorf("wrote %q", k.entry.Text)
	}
}

// What comes from the keyboard on the screen is not mistaken for a real one.
func TestOnlyRealKeysAreReportedAsKeys(t *testing.T) {
	k := newTypist(t, part.TypeText)
	keys, next, hidden := 0, 0, 0
	k.entry.OnKey = func() { keys++ }
	k.keys.OnNext, k.keys.OnHidden = func() { next++ }, func() { hidden++ }
	k.tap("a", "b", "Erase", "Next", "Hide")
	if keys != 0 || next != 1 || hidden != 1 {
		t.Errorf("%d keys, %d × Next, %d × Hide", keys, next, hidden)
	}
	k.window.Canvas().Focus(k.entry)
	test.Type(k.entry, "c")
	if keys == 0 || k.entry.Text != "ac" {
		t.Errorf("%d keys, %q", keys, k.entry.Text)
	}
}

func TestKeysAreAsLargeAsAFingerAndNeverWidenTheWindow(t *testing.T) {
	k := newTypist(t, part.TypeName)
	fyne.CurrentApp().Settings().SetTheme(look.Large(look.New(look.Light)))
	defer fyne.CurrentApp().Settings().SetTheme(look.New(look.Light))
	k.keys.For(k.entry, part.TypeName, norwegian, "Next")
	least := k.keys.Content().MinSize()
	if least.Width > 0 || least.Height < 4*56+5*8 {
		t.Errorf("needs %v", least)
	}
	k.keys.Content().Resize(fyne.NewSize(683, least.Height))
	for _, o := range screentest.Visible(k.keys.Content()) {
		if _, ok := o.(fyne.Tappable); !ok {
			continue
		}
		at, size := o.Position(), o.Size()
		if size.Height < 56 || size.Width < 48 || at.X < 0 || at.X+size.Width > 683 {
			t.Errorf("%q stands at %v and is %v", o.(fyne.Accessible).AccessibilityLabel(), at, size)
		}
	}
}

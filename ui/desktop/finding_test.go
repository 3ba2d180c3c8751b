package desktop_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"samtykke/ui/desktop/part"
)

// typed is what a keyboard sends for letters: to what has the focus, or else to the window.
func (d *desk) typed(text string) {
	canvas := d.window.Fyne().Canvas()
	for _, r := range text {
		if focused := canvas.Focused(); focused != nil {
			focused.TypedRune(r)
			continue
		}
		d.letter(r)
	}
}

func TestWhatIsTypedRightAfterControlFStandsInFind(t *testing.T) {
	d := seated(t)
	d.register("Nina Nordmann")
	d.window.Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierShortcutDefault})
	d.typed("nina") // before the window has done anything else; N alone registers somebody
	if got := d.entries()[0].Text; got != "nina" {
		t.Errorf("Find holds %q", got)
	}
	d.settle()
	if d.says("Save and sign") {
		t.Error("a letter that was meant for Find has opened another screen")
	}
}

func TestControlFAgainLooksForSomebodyElse(t *testing.T) {
	d := seated(t)
	for _, name := range []string{"nina", "ola"} {
		d.window.Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierShortcutDefault})
		d.typed(name)
		d.settle()
		if got := d.entries()[0].Text; got != name {
			t.Errorf("Find holds %q, not %q", got, name)
		}
	}
}

// A key can bring its letter after it: the space that presses a button is not typed into the field that then opens.
func TestTheSpaceThatOpensAFieldIsNotTypedIntoItAndWhatFollowsIs(t *testing.T) {
	d := seated(t)
	d.press("New person")
	d.typed(" ola")
	d.settle()
	if field, ok := d.window.Fyne().Canvas().Focused().(*part.Entry); !ok || field.Text != "ola" {
		t.Errorf("%+v has the focus, not the name with what was typed", field)
	}
}

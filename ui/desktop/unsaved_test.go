package desktop_test

import (
	"testing"

	"fyne.io/fyne/v2"
)

const unsaved = "This is not saved yet."

func TestWhatIsWrittenAboutAPersonIsNotThrownAwayByOneKeyOrPress(t *testing.T) {
	d := seated(t)
	d.register("Ola Nordmann")
	d.see("1 registered")
	ways := map[string]func(){
		"N":      func() { d.letter('n') },
		"Escape": func() { d.key(fyne.KeyEscape) },
		"a row":  func() { d.choose(0) },
	}
	for way, press := range ways {
		d.letter('n')
		d.see("Do not photograph")
		d.enter(1, "Kari Nordmann")
		press()
		d.see(unsaved)
		if d.entries()[1].Text != "Kari Nordmann" {
			t.Fatalf("%s has thrown away what was written", way)
		}
		d.enter(1, "Kari Normann") // goes on, and is warned again
		d.until("the warning counts anew", func() bool { return d.entries()[1].Text == "Kari Normann" })
		press()
		if d.entries()[1].Text != "Kari Normann" {
			t.Fatalf("%s has thrown away what was written after the warning", way)
		}
		d.until("the name has the focus", func() bool { return d.window.Fyne().Canvas().Focused() == d.entries()[1] })
		press()
		d.until(way+" twice to be rid of it", func() bool { return !d.says(unsaved) })
		d.key(fyne.KeyEscape)
		d.until("the pane is gone", func() bool { return !d.says("Close") })
	}
}

func TestACorrectionIsNotThrownAwayByAnotherRow(t *testing.T) {
	d := seated(t)
	d.register("Ola Nordmann")
	d.register("Kari Nordmann")
	d.see("2 registered")
	d.choose(0)
	d.press("Correct")
	d.choose(1) // nothing has been changed: the other one shows
	d.press("Correct")
	d.enter(1, "Kari Normann")
	d.choose(0)
	d.see(unsaved)
	d.press("Save")
	d.see("Kari Normann has been corrected.")
	d.until("it is saved", func() bool { return len(d.rows()) == 2 && !d.says(unsaved) })
}

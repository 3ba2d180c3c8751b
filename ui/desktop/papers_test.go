package desktop_test

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/receipt"
	"samtykke/ui/desktop/part"
)

// paper is a scan of a signed sheet of the shoot, as far as a program looks at it.
func (d *desk) paper(serial string, code consent.Code) capture.SignedPaper {
	d.Helper()
	return d.sheet(capture.PaperCode{Serial: serial, Code: code})
}

// sheet takes in a scan of a side of a sheet, which is of the shoot and the form in use.
func (d *desk) sheet(payload capture.PaperCode) capture.SignedPaper {
	d.Helper()
	form := must(d.session().FormInUse("default"))
	payload.Shoot, payload.Form, payload.Language = d.session().Shoots()[0].ID, string(form.Hash)[:10], "nb"
	var out bytes.Buffer
	if err := png.Encode(&out, must(receipt.QR(payload.String(), 400))); err != nil {
		d.Fatal(err)
	}
	paper, _, err := d.session().AddPaper(d.Context(), capture.PaperFile{Name: "sheet-" + payload.Serial + ".png", Data: out.Bytes()})
	if err != nil {
		d.Fatal(err)
	}
	return paper
}

// tickAll presses the answer to a whole row for every row of the grid.
func (d *desk) tickAll(word string) {
	d.Helper()
	for _, o := range d.shown() {
		if b, ok := o.(*part.Button); ok && b.Text() == word {
			test.Tap(b)
		}
	}
}

func TestSignedPaperIsReadBesideItsPhotographAndConfirmed(t *testing.T) {
	d := seated(t)
	kari := d.register("Kari Nordmann")
	d.paper("7KQ2M9", kari.Code)
	d.register("Per Eksempel") // so that the board is read again
	d.press("1 signed paper to read")
	d.see("Signed papers: 1 of 1")
	d.see("Kari Nordmann")
	d.see("Sheet 7KQ2M9")
	photos := 0
	for _, o := range d.shown() {
		if i, ok := o.(*canvas.Image); ok && i.Image != nil && i.Image.Bounds().Dx() >= 400 {
			photos++
		}
	}
	if photos != 1 {
		t.Errorf("%d photographs of the paper show", photos)
	}
	d.press("This is what it says")
	d.see("Silence is not a yes")
	d.tickAll("Nei til alle")
	d.press("This is what it says")
	d.see("Read and confirmed")
	for scope, s := range must(d.session().Standings(kari.ID)) {
		if s.Status != consent.StatusRefused {
			t.Errorf("%s is %s", scope, s.Status)
		}
	}
	list := must(d.session().Papers(d.Context(), ""))
	if len(list) != 1 || list[0].State() != capture.PaperConfirmed || list[0].Subject != kari.ID {
		t.Errorf("%+v", list)
	}
}

func TestBackOfASheetIsShownAndNotAnswered(t *testing.T) {
	d := seated(t)
	d.paper("7KQ2M9", "")
	d.sheet(capture.PaperCode{Serial: "7KQ2M9", Back: true})
	d.register("Per Eksempel")
	d.press("1 signed paper to read")
	d.see("This is what it says")
	d.press("Next")
	d.see("The back of the sheet.")
	if d.says("This is what it says") {
		t.Error("a back can be confirmed")
	}
}

func TestWhoeverIsNotRegisteredIsRegisteredWithTheirPaper(t *testing.T) {
	d := seated(t)
	d.paper("7KQ2M9", "")
	d.register("Per Eksempel")
	d.press("1 signed paper to read")
	d.see("Whose paper is it?")
	d.enter(0, "Ola Nordmann")
	d.press("Register “Ola Nordmann”")
	d.see("Somebody new")
	d.tickAll("Ja til alle")
	d.press("This is what it says")
	d.see("Read and confirmed")
	people := d.session().People("")
	if !slices.ContainsFunc(people, func(p capture.Person) bool { return p.Profile.Name == "Ola Nordmann" }) {
		t.Errorf("%+v", people)
	}
}

func TestPaperIsDiscardedInTwoPresses(t *testing.T) {
	d := seated(t)
	d.paper("7KQ2M9", "")
	d.paper("7KQ2MA", "")
	d.register("Per Eksempel")
	d.press("2 signed papers to read")
	d.press("Discard …")
	d.press("Keep it")
	d.press("Discard …")
	d.press("Delete the paper")
	d.see("Signed papers: 1 of 1")
	if left := must(d.session().Papers(d.Context(), "")); len(left) != 1 || left[0].Serial != "7KQ2MA" {
		t.Errorf("%+v", left)
	}
	d.press("Back")
	d.see("1 registered")
}

func TestCardsAndFormsAreSavedAsPDF(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.see("1 registered")
	d.choose(0)
	d.see("History")
	d.press("Cards and forms")
	d.see("QR cards")
	pressAll := func(word string) {
		t.Helper()
		for _, o := range d.shown() {
			if b, ok := o.(*part.Button); ok && b.Text() == word {
				test.Tap(b)
			}
		}
	}
	pressAll("Save as PDF")
	d.until("cards and forms are saved", func() bool { return len(d.receipts()) == 2 })
	for _, file := range d.receipts() {
		if raw := must(os.ReadFile(file)); !bytes.HasPrefix(raw, []byte("%PDF-")) || strings.Contains(filepath.Base(file), string(person.Code)) {
			t.Errorf("%s is no sheet", file)
		}
	}
	d.enter(1, "many") // blank cards
	d.press("Open or print")
	d.see("is not a number of blank cards")
}

package desktop_test

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// dropFile drops a file that holds something.
func (d *desk) dropFile(name string, content []byte) string {
	d.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		d.Fatal(err)
	}
	d.drop(path)
	return path
}

func (d *desk) drop(path string) { d.window.Drop([]fyne.URI{storage.NewFileURI(path)}) }

func TestAReceiptThatIsDroppedIsVerifiedAndSaidInWords(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	receipt := must(d.session().WriteReceipt(t.Context(), consent.RecordID(must(d.session().History(person.ID))[0].ID), "en"))
	d.press("Sync")
	d.dropFile("receipt.pdf", receipt)
	d.see("The receipt is genuine and unchanged: a consent of " + string(person.Code))
	d.see("It still stands.")
	d.press("Show the person")
	d.see("Kari Nordmann")

	d.dropFile("changed.pdf", append(receipt, []byte("\n% more")...))
	d.until("it to be distrusted", func() bool { return d.says("changed") && !d.says("genuine") })
}

func TestADocumentThatIsNoReceiptIsSaidToBeNone(t *testing.T) {
	d := seated(t)
	d.dropFile("letter.pdf", []byte("%PDF-1.7\nnothing"))
	d.see("letter.pdf is no receipt from Samtykke")
	d.see("It is a signed paper")
}

func TestAListThatIsDroppedAnywhereIsShownOnTheBoard(t *testing.T) {
	d := seated(t)
	d.press("Settings")
	d.dropFile("class.csv", []byte("Name,Phone\nOla Nordmann,+47 900 00 000\n"))
	d.see("Who may appear in")
	d.see("Import 1 person")
}

func TestAFormThatIsDroppedAnywhereIsReadInTheSettings(t *testing.T) {
	d := seated(t)
	d.press("People")
	d.dropFile("form.json", []byte("{}"))
	d.see("form")
	d.until("what is wrong with it", func() bool { return !d.says("Nobody is registered yet") && d.says("Choose") })
}

func TestABackupThatIsDroppedIsShownInSync(t *testing.T) {
	d := seated(t)
	dir := filepath.Join(d.folder, "copy")
	for _, name := range []string{"manifest.json", "vault.json"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.drop(dir)
	d.see(dir)
	d.see("Passphrase")
}

func TestWhatCannotBeTakenIsSaid(t *testing.T) {
	d := seated(t)
	d.dropFile("letter.docx", []byte("x"))
	d.see("letter.docx cannot be used here")
	d.drop(filepath.Join(d.folder, "gone.jpg"))
	d.see("gone.jpg is not there any more")
}

// Design §3.12: what is not used is said, and a pipe, from which one could read for ever, is not read at all.
func TestOfManyThingsThatAreDroppedTheRestIsSaidNotToBeUsed(t *testing.T) {
	d := seated(t)
	var files []fyne.URI
	for _, name := range []string{"list.csv", "letter.docx", "one.jpg", "two.jpg"} {
		path := filepath.Join(d.folder, name)
		if err := os.WriteFile(path, []byte("name,phone\nOla Nordmann,912 34 567\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, storage.NewFileURI(path))
	}
	d.window.Drop(files)
	d.see("What else you dropped was not used")
	d.see("1 new person")
	if len(d.session().Images(capture.ImageFilter{})) > 0 {
		t.Error("the pictures were imported all the same")
	}
}

func TestAPictureThatIsCalledAListRegistersNobody(t *testing.T) {
	d := seated(t)
	d.dropFile("list.csv", picture(4000))
	d.see("is not a list in text")
	if len(d.session().Find(capture.Search{})) > 0 {
		t.Error("somebody was registered from a picture")
	}
}

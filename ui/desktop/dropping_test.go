package desktop_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
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

func (d *desk) drop(paths ...string) {
	files := make([]fyne.URI, len(paths))
	for i, path := range paths {
		files[i] = storage.NewFileURI(path)
	}
	d.window.Drop(files)
}

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
	var paths []string
	for _, name := range []string{"list.csv", "letter.docx", "one.jpg", "two.jpg"} {
		path := filepath.Join(d.folder, name)
		if err := os.WriteFile(path, []byte("name,phone\nOla Nordmann,912 34 567\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	d.drop(paths...)
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

func TestBesideAReceiptTheRestOfADropIsSaidNotToBeUsed(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	receipt := filepath.Join(d.folder, "receipt.pdf")
	data := must(d.session().WriteReceipt(t.Context(), consent.RecordID(must(d.session().History(person.ID))[0].ID), "en"))
	if err := os.WriteFile(receipt, data, 0o600); err != nil {
		t.Fatal(err)
	}
	d.drop(receipt, filepath.Join(d.folder, "gone.jpg"))
	d.see("It still stands. Samtykke takes one matter at a time.")
}

func TestBesideAFormTheRestOfADropIsSaidNotToBeUsed(t *testing.T) {
	d := seated(t)
	form := filepath.Join(d.folder, "form.json")
	if err := os.WriteFile(form, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.drop(form, filepath.Join(d.folder, "gone.jpg"))
	d.see("This form cannot be published yet")
	d.see("What else you dropped was not used")
}

func TestASpreadsheetIsSaidToBeNoListYet(t *testing.T) {
	d := seated(t)
	d.dropFile("class.xlsx", []byte("PK\x03\x04"))
	d.see("This is a spreadsheet")
	if len(d.session().Find(capture.Search{})) > 0 {
		t.Error("somebody was registered from a spreadsheet")
	}
}

// A camera that the system shows like a folder has addresses of its own, and so has a picture on a page of the web.
func TestWhatIsOnNoDiskIsSaidToBeElsewhere(t *testing.T) {
	d := seated(t)
	for _, address := range []string{"gphoto2://Nordlys_N1/store/NLY_0009.JPG", "https://www.example.no/one.jpg"} {
		d.drop(address)
		d.see(filepath.Base(address) + " is not on a disk that Samtykke can read")
	}
	d.drop("file:" + filepath.Join(d.folder, "gone.jpg")) // a file after all
	d.see("gone.jpg is not there any more")
}

func TestBeforeTheVaultIsOpenADropTakesNothingAndSaysWhy(t *testing.T) {
	d := seated(t)
	d.window.LockNow()
	d.see("Passphrase")
	d.dropFile("class.csv", []byte("Name\nOla Nordmann\n"))
	d.see("Unlock the vault first")
	d.enter(0, passphrase)
	d.press("Unlock")
	d.see("Nobody is registered yet")
	if d.says("Import 1 person") {
		t.Error("what was dropped on the locked window came back")
	}

	first := sit(t)
	first.open()
	first.dropFile("class.csv", []byte("Name\nOla Nordmann\n"))
	first.see("Finish here first")
}

// A new recovery key is shown once. Whoever drops something on it has not written it down.
func TestADropDoesNotTakeANewRecoveryKeyAway(t *testing.T) {
	d := seated(t)
	d.setting("Passphrase and recovery")
	d.press("Make a new key")
	d.enter(0, passphrase)
	d.press("Make the new key")
	d.see("The old key no longer works")
	d.dropFile("class.csv", []byte("Name\nOla Nordmann\n"))
	d.see("Finish here first")
	d.see("The old key no longer works")
}

func TestADropLeavesAPageThatEscLeaves(t *testing.T) {
	d := seated(t)
	d.key(fyne.KeyF1)
	d.see("Keyboard shortcuts")
	d.dropFile("class.csv", []byte("Name\nOla Nordmann\n"))
	d.see("Import 1 person")
}

func TestSeveralFilesThatAreDroppedOnThePageAreChosenWhereManyMayBe(t *testing.T) {
	a := ask(t, part.Choice{Endings: []string{".csv"}}, "lists/", "a.csv", "b.csv", "c.txt")
	lists, one, two, other := filepath.Join(a.dir, "lists"), filepath.Join(a.dir, "a.csv"), filepath.Join(a.dir, "b.csv"), filepath.Join(a.dir, "c.txt")
	a.drop(one, two)
	a.see("Only one can be chosen here")
	a.drop("gphoto2://Nordlys_N1/a.csv")
	a.see("a.csv is not on a disk")
	a.key(fyne.KeyEscape)

	a.again(part.Choice{Endings: []string{".csv"}, Many: true})
	a.drop(one, lists)
	a.see("lists is a folder")
	a.drop(one, other)
	a.see("Its name must end in .csv")
	if len(a.chosen) > 0 {
		t.Errorf("chosen: %q", a.chosen)
	}
	a.drop(one, two)
	a.back()
	if !slices.Equal(a.chosen, []string{one, two}) {
		t.Errorf("chosen: %q", a.chosen)
	}
}

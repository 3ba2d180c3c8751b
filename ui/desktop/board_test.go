package desktop_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/ui/desktop/part"
)

func TestPersonIsRegisteredAndCorrectedByKeyboard(t *testing.T) {
	d := seated(t)
	d.letter('n')
	d.see("Do not photograph")
	name := d.entries()[1] // the first is Find
	d.until("the name has the focus", func() bool { return d.window.Fyne().Canvas().Focused() == name })
	test.Type(name, "Ola Nordmann")
	d.enter(2, "123")
	name.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("not one that can be called")
	d.enter(2, "90 12 34 56")
	d.press("+ Add a guardian")
	d.press("Save")
	d.see("Ola Nordmann is saved on this laptop.")
	d.see("90 12 34 56")
	people := d.session().People("")
	if len(people) != 1 || people[0].Profile.Phone != "+4790123456" || len(people[0].Profile.Guardians) != 0 {
		t.Fatalf("registered: %+v", people)
	}
	d.see("1 registered")
	d.see("Saved on this laptop: 0 consents, 0 images")

	d.press("Correct")
	d.enter(1, "Ola Normann")
	d.press("Save")
	d.see("Ola Normann has been corrected.")
	if got := d.session().People("")[0].Profile.Name; got != "Ola Normann" {
		t.Errorf("the name is %q", got)
	}
	d.key(fyne.KeyEscape)
	if d.says("History") {
		t.Error("Escape does not close the pane")
	}
}

func TestPersonShowsClassAndNotes(t *testing.T) {
	d := seated(t)
	shoot := d.session().Shoots()[0].ID
	must(d.session().Register(d.Context(), capture.Registration{Shoot: shoot, Name: "Kari Nordmann", Group: "4B", Notes: "rød genser"}))
	d.see("1 registered")
	d.choose(0)
	d.see("4B")
	d.see("rød genser")
}

func TestQRCardTellsTheCodeAndNothingElse(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.see("Kari Nordmann")
	d.choose(0)
	d.see("History")
	d.letter('q')
	d.until("the card", func() bool { return strings.Contains(d.window.Fyne().Title(), string(person.Code)) })
	if d.says("Kari") || strings.Contains(d.window.Fyne().Title(), "Kari") {
		t.Error("the card names the person")
	}
	d.key(fyne.KeyEscape)
	d.see("Kari Nordmann")
}

func TestFilterShowsWhoMayAppear(t *testing.T) {
	d := seated(t)
	yes, no := d.register("Ja Jensen"), d.register("Nei Nilsen")
	d.sign(yes.ID, consent.DecisionYes)
	d.sign(no.ID, consent.DecisionNo)
	d.see("1 signed")
	d.see("1 said no")
	d.see("1 of 2")
	d.tick("Show only these")
	d.until("only one to show", func() bool { return d.says("Ja Jensen") && !d.says("Nei Nilsen") })
	d.tick("Show only these")
	d.see("Nei Nilsen")
	d.enter(0, "nilsen")
	d.until("only who was searched", func() bool { return !d.says("Ja Jensen") && d.says("Nei Nilsen") })
	d.enter(0, "nobody like this")
	d.see("Nobody matches")
}

func TestReceiptIsWrittenWithoutANameInItsFileName(t *testing.T) {
	d, person := chosen(t)
	d.see("Kari Nordmann said yes to everything")
	d.press("Save")
	d.see("The receipt is in")
	files := d.receipts()
	if len(files) != 1 || strings.Contains(files[0], "Kari") || !strings.Contains(files[0], string(person.Code)) {
		t.Fatalf("receipts: %v", files)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) {
		t.Errorf("the receipt is no PDF: %v", err)
	}
	if _, err := d.session().Verify(raw); err != nil {
		t.Errorf("the receipt does not verify: %v", err)
	}
}

func TestWithdrawalTakesTwoPressesAndSaysWhatItAffects(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	d.photograph(person.ID, 3)
	d.see("1 signed")
	d.choose(0)
	d.press("Withdraw consent …")
	d.see("This affects 3 pictures")
	d.press("Keep it")
	d.press("Withdraw consent …")
	d.see("This affects 3 pictures")
	d.press("Withdraw consent")
	d.see("Withdrawn. It affects 3 pictures.")
	d.see("withdrew everything")
	if d.says("Copies of the pictures lie in") {
		t.Error("it speaks of copies, but nothing was exported")
	}
	standings := must(d.session().Standings(person.ID))
	for scope, s := range standings {
		if s.Status != consent.StatusWithdrawn {
			t.Errorf("%s is %s", scope, s.Status)
		}
	}
}

func TestWithdrawalNamesTheFoldersThatHoldCopies(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	d.photograph(person.ID, 1)
	shoot := d.session().Shoots()[0].ID
	if err := d.session().SetPeople(d.Context(), 1, d.session().Images(capture.ImageFilter{Shoot: shoot})[0].ID); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "desk")
	if report := must(d.session().Export(d.Context(), capture.Export{Channel: "web", Out: out}, "en")); report.Exported != 1 {
		t.Fatalf("exported: %+v", report)
	}
	d.see("1 signed")
	d.choose(0)
	d.press("Withdraw consent …")
	d.see("This affects 1 picture")
	d.press("Withdraw consent")
	d.see("Copies of the pictures lie in " + out)
}

func TestShootsAreMadeAndChanged(t *testing.T) {
	d := seated(t)
	d.register("Ola Nordmann")
	d.see("1 registered")
	d.press("Change shoot")
	d.see("New shoot")
	d.enter(0, "Harbour day")
	d.press("Make the shoot")
	d.see("Harbour day")
	d.see("0 registered")
	d.press("Change shoot")
	d.until("both shoots", func() bool { return d.says("Harbour day") && d.says("Opening of Storhaug school") })
	d.key(fyne.KeyEscape)
	d.see("0 registered")
}

func TestThousandsOfPeopleShowAsSoonAsTheyAreRead(t *testing.T) {
	if testing.Short() {
		t.Skip("registers 500 people, which -short leaves out")
	}
	d := seated(t)
	for i := range 500 {
		d.register(fmt.Sprintf("Person %03d", i))
	}
	d.see("500 registered")
	rows := 0
	for _, text := range d.texts() {
		if strings.Contains(text, ", Person ") {
			rows++
		}
	}
	if rows == 0 || rows > 60 {
		t.Errorf("%d rows are drawn for 500 people", rows)
	}
}

// register registers somebody behind the window's back, as a sync does.
func (d *desk) register(name string) capture.Person {
	return must(d.session().Register(d.Context(), capture.Registration{Shoot: d.session().Shoots()[0].ID, Name: name, Born: "1980"}))
}

// sign records a consent with one answer to everything.
func (d *desk) sign(id consent.SubjectID, answer consent.Decision) {
	answers := map[consent.Scope]consent.Decision{}
	for _, scope := range must(d.session().CurrentForm("default")).Scopes() {
		answers[scope] = answer
	}
	must(d.session().RecordConsent(d.Context(), capture.Signing{Subject: id, Shoot: d.session().Shoots()[0].ID, Form: "default", Language: "nb",
		Answers: answers, Method: capture.Typed, TypedName: "signed"}))
}

// photograph imports so many pictures and links them to a person.
func (d *desk) photograph(id consent.SubjectID, count int) {
	folder := d.TempDir()
	for i := range count {
		jpeg := picturetest.Encode(picturetest.Scene(64, 48, uint64(i+1)), picturetest.Options{})
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("IMG_%d.jpg", i)), jpeg, 0o600); err != nil {
			d.Fatal(err)
		}
	}
	shoot := d.session().Shoots()[0].ID
	must(d.session().Import(d.Context(), capture.Import{Shoot: shoot, Paths: []string{folder}}))
	for _, image := range d.session().Images(capture.ImageFilter{Shoot: shoot}) {
		if err := d.session().Link(d.Context(), id, image.ID); err != nil {
			d.Fatal(err)
		}
	}
}

// choose selects a row of the list that shows.
func (d *desk) choose(row int) {
	d.Helper()
	for _, o := range d.shown() {
		if l, ok := o.(*part.RowList); ok {
			l.Select(row)
			return
		}
	}
	d.Fatal("no list shows")
}

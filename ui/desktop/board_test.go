package desktop_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/picture/picturetest"
	"samtykke/assets"
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
	d.see("901 23 456")
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
	d.press("Withdraw …")
	d.see("This affects 3 pictures")
	d.press("Keep it")
	d.press("Withdraw …")
	if d.pressable("Withdraw consent") != nil {
		t.Error("a double click withdraws before anybody has read what that affects")
	}
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
	d.press("Withdraw …")
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

func TestACounterShowsThoseAloneAndPressedAgainEverybody(t *testing.T) {
	d := seated(t)
	yes, no := d.register("Ja Jensen"), d.register("Nei Nilsen")
	d.register("Vente Vik")
	d.sign(yes.ID, consent.DecisionYes)
	d.sign(no.ID, consent.DecisionNo)
	d.see("1 said no")
	waiting := d.counter("1 waiting")
	if waiting.Holds() || !d.counter("3 registered").Holds() {
		t.Error("before anything is pressed not everybody is asked for")
	}
	test.Tap(waiting)
	d.until("only who waits", func() bool { return d.says("Vente Vik") && !d.says("Ja Jensen") && !d.says("Nei Nilsen") })
	if !strings.Contains(waiting.AccessibilityLabel(), "only these are shown") || d.counter("3 registered").Holds() {
		t.Error("it is not told that only those show")
	}
	d.window.Fyne().Canvas().Focus(waiting)
	waiting.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	d.until("everybody", func() bool { return d.says("Ja Jensen") && d.says("Nei Nilsen") && d.says("Vente Vik") })
	test.Tap(d.counter("1 said no"))
	d.until("only who said no", func() bool { return !d.says("Vente Vik") && d.says("Nei Nilsen") })
	d.key(fyne.KeyEscape)
	d.see("Vente Vik")
}

func TestFindAndFiltersHoldTogetherAndTheSumsAreTrue(t *testing.T) {
	d := seated(t)
	for _, r := range []capture.Registration{{Name: "Ola Hansen", Group: "4B"}, {Name: "Ola Olsen", Group: "5A"}, {Name: "Kari Hansen", Group: "4B"}} {
		r.Shoot, r.Born = d.session().Shoots()[0].ID, "1980"
		p := must(d.session().Register(d.Context(), r))
		if r.Name != "Kari Hansen" {
			d.sign(p.ID, consent.DecisionYes)
		}
	}
	d.see("3 registered")
	d.see("2 of 3")
	d.pick("4B")
	d.see("2 registered")
	d.see("1 signed")
	d.see("1 waiting")
	d.see("1 of 2")
	if d.says("Ola Olsen") {
		t.Error("somebody of another group shows")
	}
	d.enter(0, "hansen")
	d.tick("Show only these")
	d.until("the one whom all is true of", func() bool { return d.says("Ola Hansen") && !d.says("Kari Hansen") && !d.says("Ola Olsen") })
	d.see("2 registered") // Find changes no count
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("History")
	d.until("the keys go on in the list", func() bool { return d.window.Fyne().Canvas().Focused() != d.entries()[0] })
	d.key(fyne.KeyEscape) // the pane
	d.key(fyne.KeyEscape) // what is looked for
	if d.entries()[0].Text != "" {
		t.Error("Escape does not clear Find")
	}
	d.tick("Show only these")
	d.see("Kari Hansen")
	d.pick("All groups")
	d.see("Ola Olsen")
}

func TestWhoIsNotToBePhotographedIsNamedWhateverIsLookedFor(t *testing.T) {
	d := seated(t)
	d.register("Ola Nordmann")
	must(d.session().Register(d.Context(), capture.Registration{Shoot: d.session().Shoots()[0].ID, Name: "red jacket", Avoid: true}))
	d.see("2 registered")
	d.enter(0, "nordmann")
	d.until("only who was looked for", func() bool { return d.says("Ola Nordmann") && len(d.rows()) == 1 })
	d.see("1 no photo: red jacket")
	d.enter(0, "")
	for _, o := range d.shown() {
		if strip, ok := o.(*part.Strip); ok {
			test.Tap(strip)
		}
	}
	d.until("only the red jacket", func() bool { return len(d.rows()) == 1 && strings.Contains(d.rows()[0], "red jacket") })
}

func TestAListIsSeenBeforeItIsImported(t *testing.T) {
	d := seated(t)
	known := must(d.session().Register(d.Context(), capture.Registration{Shoot: d.session().Shoots()[0].ID, Name: "Kari Nordmann", Phone: "41234567"}))
	d.see("1 registered")
	list := filepath.Join(d.folder, "4b.csv")
	const rows = "navn;tlf;klasse;foresatt 1;skostørrelse\nOla Hansen;91234567;4B;Anne Hansen;38\nPer Vik;12;4B;;\nKari Normann;41234567;4B;;\n"
	if err := os.WriteFile(list, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	d.press("Import a list …")
	d.see("0 files")
	d.key(fyne.KeyEscape)
	d.window.Drop([]fyne.URI{storage.NewFileURI(list)})
	d.see("2 new people")
	d.see("1 is much like somebody here or in the list")
	d.see("1 row has a mistake and is left out")
	d.see("navn: name · tlf: phone · klasse: group · foresatt 1: guardian 1, name")
	d.see("Passed over: skostørrelse")
	d.see("Line 3, tlf: ")
	d.see("Line 4 is like " + string(known.Code) + " Kari Nordmann")
	if got := len(d.session().People("")); got != 1 {
		t.Fatalf("%d people are there before anything was imported", got)
	}
	d.press("Import 2 people")
	d.see("2 people registered")
	d.see("3 registered")
	if got := len(d.session().People("")); got != 3 {
		t.Errorf("%d people are there", got)
	}
	d.press("Done")
	d.pick("4B")
	d.see("2 registered")
	d.window.Drop([]fyne.URI{storage.NewFileURI(list)}) // again
	d.see("2 are here already, unchanged")
	for _, b := range d.buttons("Import 0 people") {
		if !b.Disabled() {
			t.Error("nothing can be imported")
		}
	}
}

func TestAListThatIsNoneSaysSoAndRegistersNobody(t *testing.T) {
	d := seated(t)
	list := filepath.Join(d.folder, "list.csv")
	if err := os.WriteFile(list, []byte("navn;personnummer\nOla;01010012345\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.window.Drop([]fyne.URI{storage.NewFileURI(list)})
	d.see("such numbers are never read here")
	if len(d.session().People("")) != 0 {
		t.Error("somebody is registered")
	}
}

func TestAShootIsEditedBesideItsPeopleAndAsksTheFormThatIsChosen(t *testing.T) {
	d := seated(t)
	d.staffForm()
	d.register("Ola Nordmann")
	d.see("1 registered")
	d.press("Edit")
	d.see("Edit the shoot")
	d.enter(1, "Opening day")
	d.enter(2, "Sandnes")
	d.pick(d.formTitle("staff"))
	d.press("Save")
	d.see("The shoot is changed.")
	d.see("Sandnes")
	now := d.session().Shoots()[0]
	if now.Title != "Opening day" || now.Place != "Sandnes" || now.FormKey() != "staff" || now.Date != "2026-11-22" {
		t.Errorf("the shoot is %+v", now)
	}
	d.until("no column for what is not asked", func() bool { return !d.says("Advertising") })
	for _, o := range d.shown() {
		if s, ok := o.(*part.Select); ok && slices.Contains(s.Options, "Advertising and campaigns") {
			t.Error("a channel can be chosen that the form does not ask for")
		}
	}
	d.press("Edit")
	d.enter(1, "")
	d.press("Save")
	d.see("The shoot has no title")
}

func TestManyShootsAreFoundByAnyOfTheirWords(t *testing.T) {
	d := seated(t)
	for i := range 9 {
		must(d.session().AddShoot(d.Context(), capture.ShootDetails{Title: fmt.Sprintf("Class %dA", i), Place: "Åsen school", Date: "2026-11-20"}))
	}
	d.press("Change shoot")
	d.see("Class 3A")
	if rows := d.rows(); len(rows) < 2 || !strings.Contains(rows[0], "Class 8A") {
		t.Errorf("the newest is not first: %v", rows)
	}
	d.enter(0, "asen 3a")
	d.until("the one", func() bool { return len(d.rows()) == 1 && strings.Contains(d.rows()[0], "Class 3A") })
	d.choose(0)
	d.press("Edit")
	d.enter(1, "Class 3B")
	d.press("Save")
	d.see("The shoot is changed.")
	d.enter(0, "3b")
	d.until("by its new title", func() bool { return len(d.rows()) == 1 && strings.Contains(d.rows()[0], "Class 3B") })
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("0 registered")
	if !strings.Contains(d.window.Fyne().Title(), "Class 3B") {
		t.Errorf("the window is of %s", d.window.Fyne().Title())
	}
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

// counter is the board's counter that says so.
func (d *desk) counter(text string) *part.Counter {
	d.Helper()
	var found *part.Counter
	d.until("the counter "+text, func() bool {
		for _, o := range d.shown() {
			if c, ok := o.(*part.Counter); ok && c.Text() == text {
				found = c
			}
		}
		return found != nil
	})
	return found
}

// rows are what the rows of the list say that shows.
func (d *desk) rows() []string {
	var rows []string
	for _, o := range d.shown() {
		l, ok := o.(*part.RowList)
		if !ok {
			continue
		}
		for i := range l.Length() {
			cells := make([]part.Cell, 32)
			l.Row(i, cells)
			text := ""
			for _, c := range cells {
				text += c.Text + " "
			}
			rows = append(rows, text)
		}
	}
	return rows
}

// staffForm publishes a second form, which does not ask for advertising.
func (d *desk) staffForm() {
	form := must(consent.ParseForm(assets.DefaultForm()))
	form.Key, form.Version = "staff", "1"
	form.Channels = slices.DeleteFunc(form.Channels, func(c consent.FormChannel) bool { return c.Key == "ads" })
	delete(form.MinorPolicy.GuardiansFor, "ads")
	for _, text := range form.Texts {
		delete(text.Channels, "ads")
	}
	must(d.session().PublishForm(d.Context(), must(form.Canonical())))
}

// formTitle is what a list calls a form.
func (d *desk) formTitle(key string) string {
	return must(d.session().CurrentForm(key)).Texts["en"].Title + " (" + key + ")"
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

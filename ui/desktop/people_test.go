package desktop_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// buttons are those with a word that show, in the order of reading.
func (d *desk) buttons(word string) []*part.Button {
	var found []*part.Button
	for _, o := range d.shown() {
		if b, ok := o.(*part.Button); ok && b.Text() == word {
			found = append(found, b)
		}
	}
	return found
}

// pick chooses an option of the select that shows and has it.
func (d *desk) pick(option string) {
	d.Helper()
	var found *part.Select
	d.until("to choose "+option, func() bool {
		for _, o := range d.shown() {
			if s, ok := o.(*part.Select); ok && slices.Contains(s.Options, option) {
				found = s
			}
		}
		return found != nil
	})
	found.SetSelected(option)
}

// among sits before everybody in the vault with one person there, who said yes to everything and is chosen.
func among(t *testing.T) (*desk, capture.Person) {
	t.Helper()
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.sign(person.ID, consent.DecisionYes)
	d.press("People")
	d.see("1 person")
	d.choose(0)
	d.see("Open or print")
	return d, person
}

func TestPeopleAreFoundByAnyPartOfNamePhoneOrCode(t *testing.T) {
	d := seated(t)
	shoot := d.session().Shoots()[0].ID
	kari := must(d.session().Register(d.Context(), capture.Registration{Shoot: shoot, Name: "Kari Nordmann", Phone: "90123456"}))
	d.register("Per Hansen")
	d.press("People")
	d.see("2 people")
	for _, text := range []string{"mann", "123 45", string(kari.Code)[:4]} {
		d.enter(0, text)
		d.until("only Kari for "+text, func() bool { return d.says("1 found") && d.says("Kari Nordmann") && !d.says("Per Hansen") })
	}
	d.enter(0, "nobody like this")
	d.see("Nobody matches")
	d.key(fyne.KeyEscape)
	d.see("2 people")
}

func TestWhoeverIsRegisteredMeanwhileIsListed(t *testing.T) {
	d, _ := among(t)
	d.enter(0, "ola")
	d.see("Nobody matches")
	d.register("Ola Hansen") // as a sync does
	d.see("1 found")
	d.enter(0, "")
	d.see("2 people")
}

func TestHistoryTellsWhatHappenedInPlainWords(t *testing.T) {
	d, person := among(t)
	d.photograph(person.ID, 2)
	phone, avoid := "90123456", true
	must(d.session().Amend(d.Context(), person.ID, capture.Amendment{Phone: &phone}))
	must(d.session().Withdraw(d.Context(), capture.Withdrawal{Subject: person.ID, Scopes: []consent.Scope{{Channel: "web", Media: consent.Photo}}}))
	must(d.session().Amend(d.Context(), person.ID, capture.Amendment{Avoid: &avoid}))
	d.press("History")
	d.see("Registered")
	for _, sentence := range []string{"Kari Nordmann said yes to everything", "Linked to 2 pictures.", "The details were corrected.",
		"withdrew: Our websites (Pictures)", "Is not to be photographed.", "Just now"} {
		d.see(sentence)
	}
}

func TestOneKindInOneChannelIsWithdrawnAlone(t *testing.T) {
	d, person := among(t)
	d.photograph(person.ID, 14)
	d.press("Withdraw …")
	d.see("This affects 14 pictures")
	d.see("and 2 more")
	pictures := 0
	for _, o := range d.shown() {
		if _, ok := o.(*part.Still); ok {
			pictures++
		}
	}
	if pictures != 12 {
		t.Errorf("%d pictures show, want the first dozen", pictures)
	}
	d.pick("Our websites")
	d.pick("Video")
	d.see("No pictures here are affected.")
	d.press("Withdraw consent")
	d.see("Withdrawn. No pictures here are affected.")
	for scope, standing := range must(d.session().Standings(person.ID)) {
		want := consent.StatusGiven
		if scope == (consent.Scope{Channel: "web", Media: consent.Video}) {
			want = consent.StatusWithdrawn
		}
		if standing.Status != want {
			t.Errorf("%s is %s", scope, standing.Status)
		}
	}
}

func TestWithdrawalNamesTheCopiesThatLeftBeforeItIsDone(t *testing.T) {
	d, person := among(t)
	d.photograph(person.ID, 1)
	shoot := d.session().Shoots()[0].ID
	if err := d.session().SetPeople(d.Context(), 1, d.session().Images(capture.ImageFilter{Shoot: shoot})[0].ID); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "desk")
	must(d.session().Export(d.Context(), capture.Export{Channel: "web", Out: out}, "en"))
	d.press("Withdraw …")
	d.see("IMG_0.jpg · Our websites")
	d.see(out)
	d.press("Keep it")
	d.see("Open or print")
	if history := must(d.session().History(person.ID)); len(history) != 1 {
		t.Errorf("looking has withdrawn: %+v", history)
	}
}

func TestAnswersGivenByPhoneAreRecordedWithANote(t *testing.T) {
	d := seated(t)
	person := d.register("Kari Nordmann")
	d.press("People")
	d.see("1 person")
	d.choose(0)
	d.press("Said aloud …")
	d.see("How it was said")
	d.press("Save")
	d.see("Some questions have no answer")
	for _, yes := range d.buttons("No to all") {
		yes.Tapped(nil)
	}
	d.press("Save")
	d.see("A consent given aloud needs a note")
	d.enter(1, "She rang me on 22 November, I know her voice.")
	d.press("Save")
	d.see("Saved. The note is the proof of the answers.")
	d.see("Kari Nordmann said no to everything.")
	d.see("Said aloud, and noted: She rang me on 22 November")
	for scope, standing := range must(d.session().Standings(person.ID)) {
		if standing.Status != consent.StatusRefused {
			t.Errorf("%s is %s", scope, standing.Status)
		}
	}
}

func TestErasureShowsWhatStaysAndTakesTwoPressesAndAReason(t *testing.T) {
	d, person := among(t)
	d.photograph(person.ID, 2)
	d.press("More")
	d.press("Erase …")
	d.see("2 pictures can then no longer be used")
	d.see("Backups and copies of this vault")
	if d.pressable("Erase Kari Nordmann") != nil {
		t.Error("it can be done without a reason")
	}
	d.press("Keep the person")
	d.see("Kari Nordmann")
	d.press("More")
	d.press("Erase …")
	d.pick("The person asks for it")
	d.press("Erase Kari Nordmann")
	d.see(string(person.Code) + " is erased.")
	erased := must(d.session().Person(person.ID))
	if !erased.Erased || erased.Known {
		t.Errorf("after erasing: %+v", erased)
	}
	d.press("Back")
	d.until("the list without the name", func() bool { return d.says("Erased person") && !d.says("Kari") })
}

func TestAccessFileIsWrittenWhereTheReaderSaysAndWarns(t *testing.T) {
	d, _ := among(t)
	out := t.TempDir()
	if err := os.Mkdir(filepath.Join(out, "earlier requests"), 0o700); err != nil {
		t.Fatal(err)
	}
	d.press("More")
	d.press("Hand out everything …")
	d.see("The file is not encrypted")
	d.press("Choose a folder and write …")
	d.see("Choose this folder")
	d.enter(0, out)
	d.entries()[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.see("earlier requests")
	d.press("Choose this folder")
	d.see("The file is in " + out)
	files := must(filepath.Glob(filepath.Join(out, "*.zip")))
	if len(files) != 1 || strings.Contains(files[0], "Kari") {
		t.Fatalf("written: %v", files)
	}
	archive := must(zip.OpenReader(files[0]))
	defer archive.Close()
	if !slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == "README.txt" }) {
		t.Error("nothing in it explains what it holds")
	}
	if info := must(os.Stat(files[0])); info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v", info.Mode())
	}
}

func TestTwoRegistrationsAreComparedMergedAndTakenApart(t *testing.T) {
	d := seated(t)
	shoot := d.session().Shoots()[0].ID
	register := func(name string) capture.Person {
		return must(d.session().Register(d.Context(), capture.Registration{Shoot: shoot, Name: name, Phone: "90123456"}))
	}
	one, other := register("Kari Nordmann"), register("Kari Normann")
	d.press("People")
	d.see("2 people")
	d.pick("Maybe registered twice")
	d.see("1 pair that may be one person")
	d.choose(0)
	d.see("One person or two?")
	d.see("the same phone")
	d.pick(string(one.Code))
	d.press("One person …")
	d.see(string(other.Code) + " becomes part of " + string(one.Code))
	d.press("Make " + string(other.Code) + " part of the other")
	d.see("One person now.")
	if got := must(d.session().Person(other.ID)); got.ID != one.ID {
		t.Fatalf("%s stands for both, want %s", got.Code, one.Code)
	}
	d.see("0 pairs that may be one person")
	d.press("History")
	d.press("Take apart …")
	d.press("Take apart")
	d.see("Two people again.")
	if got := must(d.session().Person(other.ID)); got.ID != other.ID {
		t.Error("they are one still")
	}
	d.see("1 pair that may be one person")
}

func TestTwoPeopleAreNotTakenForOneAgain(t *testing.T) {
	d := seated(t)
	shoot := d.session().Shoots()[0].ID
	for _, name := range []string{"Kari Nordmann", "Kari Normann"} {
		must(d.session().Register(d.Context(), capture.Registration{Shoot: shoot, Name: name, Phone: "90123456"}))
	}
	d.press("People")
	d.see("2 people")
	d.choose(0)
	d.see("Maybe the same person as")
	d.press("Compare")
	d.press("Two people")
	d.see("Remembered: these are two people.")
	d.until("no suspicion", func() bool { return d.says("Answers") && !d.says("Maybe the same person") })
	if left := d.session().Doubles(""); len(left) != 0 {
		t.Errorf("still suspected: %+v", left)
	}
}

func TestWhoMustBeAskedAgainIsListedWithTheReason(t *testing.T) {
	d := seated(t)
	shoot := d.session().Shoots()[0].ID
	d.register("Per Hansen")
	child := must(d.session().Register(d.Context(), capture.Registration{Shoot: shoot, Name: "Kari Nordmann", Born: time.Now().AddDate(-9, 0, 0).Format(time.DateOnly),
		Guardians: []consent.Guardian{{Name: "Ola Nordmann"}, {Name: "Anne Nordmann"}}}))
	d.signAs(child.ID, 1)
	d.press("People")
	d.see("2 people")
	d.pick("To be asked again")
	d.see("1 person must be asked again")
	d.see("Another guardian has to answer")
	if d.says("Per Hansen") {
		t.Error("whoever never answered is not asked again, but for the first time")
	}
	d.choose(0)
	d.see("Another guardian has to answer about")
	d.press("Hand over")
	d.see("Choose a language")
}

// signAs lets a guardian say yes to everything.
func (d *desk) signAs(id consent.SubjectID, guardian int) {
	answers := map[consent.Scope]consent.Decision{}
	for _, scope := range must(d.session().CurrentForm("default")).Scopes() {
		answers[scope] = consent.DecisionYes
	}
	must(d.session().RecordConsent(d.Context(), capture.Signing{Subject: id, Shoot: d.session().Shoots()[0].ID, Form: "default", Language: "nb",
		Answers: answers, Method: capture.Typed, TypedName: "signed", Guardian: guardian}))
}

func TestAvoidingIsSetAndClearedFromThePane(t *testing.T) {
	d, person := among(t)
	d.press("More")
	d.press("Do not photograph")
	d.press("May be photographed") // which shows only once she is avoided
	d.until("she is not", func() bool { return !must(d.session().Person(person.ID)).Avoid })
	d.press("Answers")
	d.see("Withdraw …")
}

func TestClassAndNotesAreCorrectedWithTheRest(t *testing.T) {
	d, person := among(t)
	d.press("Correct")
	d.enter(5, "4B")
	d.enter(6, "sits by the window")
	d.press("Save")
	d.see("4B")
	d.see("sits by the window")
	if p := must(d.session().Person(person.ID)).Profile; p.Group != "4B" || p.Notes != "sits by the window" {
		t.Errorf("corrected: %+v", p)
	}
}

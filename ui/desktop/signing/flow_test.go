package signing_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/picture"
	"samtykke/app/problem"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// toAnswers goes from the first page to the first question as an adult who registers in English.
func (d *desk) toAnswers() {
	d.Helper()
	d.press("English", "Myself")
	d.fill("Ola Nordmann", "1980", "912 34 567", "ola@example.no")
	d.press("Next", "Next")
	d.expect("Open to all online")
}

func TestAdultAnswersSomeYesAndSomeNo(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "nb")
	d.toAnswers()
	d.press("Our websites, Pictures: Yes", "Our websites, Video: No", "Our websites, Sound: No",
		"Social media, Pictures: No", "Social media, Video: No", "Social media, Sound: No", "Next")
	for range 3 {
		d.pressAll("Yes to all")
		d.press("Next")
	}
	d.expect("Is this right?", "Our websites: yes to pictures, no to video and sound.", "Social media: no to pictures, video and sound.",
		"Printed matter: yes to pictures, video and sound.")
	d.press("Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	d.expect("Thank you! Your answers are saved.")
	for scope, want := range map[string]consent.Status{"web:photo": consent.StatusGiven, "web:video": consent.StatusRefused,
		"social:photo": consent.StatusRefused, "open:audio": consent.StatusGiven} {
		if got := d.standing(scope); got != want {
			t.Errorf("%s is %s, want %s", scope, got, want)
		}
	}
	person, err := d.session.Person(d.who[0])
	d.must(err)
	if person.Profile.Name != "Ola Nordmann" || person.Profile.Phone != "+4791234567" || person.Profile.Born != "1980" {
		t.Errorf("registered as %+v", person.Profile)
	}
	d.expect("Card with the code " + string(person.Code))
	history, err := d.session.History(person.ID)
	d.must(err)
	if len(history) != 1 || history[0].Record.Language != "en" || !slices.ContainsFunc(history[0].Record.Evidence, func(e consent.EvidenceRef) bool {
		return e.Kind == consent.EvidenceDrawn
	}) {
		t.Errorf("recorded %+v", history)
	}
}

// pressAll presses every button of a name.
func (d *desk) pressAll(name string) {
	d.Helper()
	for _, o := range d.objects() {
		if b, ok := o.(*part.Button); ok && b.Text() == name {
			b.Tapped(nil)
		}
	}
}

func TestRefusingEverythingTakesAsManyPressesAsAgreeing(t *testing.T) {
	for _, answer := range []string{"No", "Yes"} {
		d := newDesk(t)
		d.open(nil, "nb")
		d.toAnswers()
		d.press(answer+" to everything", "Yes, that is right")
		d.draw()
		d.sign("Sign and save")
		want := map[string]consent.Status{"No": consent.StatusRefused, "Yes": consent.StatusGiven}[answer]
		for _, scope := range []string{"web:photo", "social:video", "open:audio"} {
			if got := d.standing(scope); got != want {
				t.Errorf("after %q %s is %s", answer, scope, got)
			}
		}
	}
}

func TestNothingIsPreselectedAndNextNamesWhatIsUnanswered(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.toAnswers()
	if d.says(", chosen") {
		t.Error("something is chosen already")
	}
	d.press("Our websites, Pictures: Yes", "Next")
	d.expect("Open to all online", "no answer yet: Our websites (video, sound); Social media (pictures, video, sound)")
	if focused, ok := d.window.Canvas().Focused().(fyne.Accessible); !ok || focused.AccessibilityLabel() != "Our websites, Video: Yes" {
		t.Error("the focus does not go to the first question without an answer")
	}
	if len(d.saved) > 0 {
		t.Error("something was saved")
	}
}

func TestBackKeepsWhatWasEntered(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.toAnswers()
	d.press("Our websites, Pictures: Yes", "No to everything", "Change", "Our websites, Pictures: Yes", "Next", "Change")
	d.expect("Our websites, Pictures: Yes, chosen", "Our websites, Video: No, chosen")
	d.press("Next")
	d.expect("Is this right?", "Our websites: yes to pictures, no to video and sound.")
	d.press("Yes, that is right")
	d.draw()
	d.fill("O. Nordmann")
	strokes := len(d.pad().Strokes())
	for !d.says("Who are you?") {
		d.press("Back")
	}
	if got := d.entries(); !slices.Equal(got, []string{"Ola Nordmann", "1980", "912 34 567", "ola@example.no"}) {
		t.Errorf("the fields hold %q", got)
	}
	for !d.says("Is this right?") {
		d.press("Next")
	}
	d.press("Yes, that is right")
	if len(d.pad().Strokes()) != strokes || d.entries()[0] != "O. Nordmann" {
		t.Error("the signature is gone")
	}
}

func TestTypedNameIsASignatureForThoseWhoCannotDraw(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.toAnswers()
	d.press("Yes to everything", "Yes, that is right", "Sign and save")
	d.expect("Sign on the field, or type your name beside it.")
	d.draw()
	d.press("Undo last stroke")
	d.press("Sign and save")
	d.expect("Sign on the field")
	d.fill("Ola Nordmann")
	d.sign("Sign and save")
	history, err := d.session.History(d.who[0])
	d.must(err)
	for _, e := range history[0].Record.Evidence {
		if e.Kind == consent.EvidenceDrawn {
			t.Error("a typed name was stored as a drawing")
		}
	}
	if d.standing("web:photo") != consent.StatusGiven {
		t.Error("the typed signature does not count")
	}
}

func TestWhatIsMissingAboutAPersonIsSaidBeforeAnythingIsAsked(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.press("English", "Myself")
	for _, c := range []struct{ name, born, phone, email, want string }{
		{"", "1980", "", "", "Write the name first."},
		{"Ola", "", "", "", "Write the year of birth"},
		{"Ola", "80", "", "", "The year cannot be read."},
		{"Ola", "1980", "12", "", "This phone number cannot be called."},
		{"Ola", "1980", "", "ola@", "The e-mail address is not complete."},
		{"Ola", "2022", "", "", "You are so young"},
	} {
		d.fill(c.name, c.born, c.phone, c.email)
		d.press("Next")
		d.expect(c.want, "So that we know who has answered.") // still the same page, whose title gives way
	}
	if people := d.session.People(""); len(people) > 0 {
		t.Errorf("%d people were registered", len(people))
	}
}

func child(d *desk, guardians ...string) *capture.Person {
	r := capture.Registration{Name: "Kari Nordmann", Born: "2015"}
	for _, name := range guardians {
		r.Guardians = append(r.Guardians, consent.Guardian{Name: name})
	}
	return d.register(r)
}

func TestChildWithTwoGuardiansWhoSignOneAfterTheOther(t *testing.T) {
	d := newDesk(t)
	d.open(child(d, "Ola Nordmann", "Eva Nordmann"), "nb")
	d.press("English")
	d.expect("Is it about this child?", "Kari Nordmann")
	d.press("Yes, that is right")
	d.expect("I am Kari Nordmann", "I am Ola Nordmann", "I am Eva Nordmann")
	d.press("I am Ola Nordmann, parent or guardian", "Next")
	d.expect("Where may we use Kari Nordmann?")
	d.press("Yes to everything", "Yes, that is right")
	d.expect("Signed by Ola Nordmann", "parental responsibility")
	d.draw()
	d.sign("Sign and save")
	d.expect("Another parent or guardian has to answer")
	if got := d.standing("web:photo"); got != consent.StatusAwaitingGuardian {
		t.Errorf("after one of two web is %s", got)
	}
	if got := d.standing("internal:photo"); got != consent.StatusGiven {
		t.Errorf("internal needs one guardian and is %s", got)
	}
	d.press("Another guardian signs now")
	if d.says("I am Ola Nordmann") {
		t.Error("whoever has signed is asked again")
	}
	d.press("I am Eva Nordmann, parent or guardian", "Next")
	if d.says(", chosen") {
		t.Error("the second guardian sees what the first one answered")
	}
	d.press("Yes to everything", "Yes, that is right")
	if !d.pad().Empty() {
		t.Error("the second guardian sees the first one's signature")
	}
	d.draw()
	d.sign("Sign and save")
	if got := d.standing("web:photo"); got != consent.StatusGiven {
		t.Errorf("after both web is %s", got)
	}
	if d.find("Another guardian signs now") != nil {
		t.Error("asks for a third guardian")
	}
}

func TestGuardianAgainstGuardianIsANo(t *testing.T) {
	d := newDesk(t)
	d.open(child(d, "Ola", "Eva"), "en")
	d.press("English", "Yes, that is right", "I am Ola, parent or guardian", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	d.press("Another guardian signs now", "I am Eva, parent or guardian", "Next", "No to everything", "Yes, that is right")
	d.fill("Eva")
	d.sign("Sign and save")
	if got := d.standing("web:photo"); got != consent.StatusRefused {
		t.Errorf("web is %s", got)
	}
}

func TestGuardianWhoIsAloneSaysWhyAndIsEnough(t *testing.T) {
	d := newDesk(t)
	d.open(child(d, "Ola Nordmann"), "en")
	d.press("English", "Yes, that is right", "I am Ola Nordmann, parent or guardian", "Next")
	d.expect("Choose yes or no first.")
	d.press("No, I alone am responsible", "Next")
	d.expect("Write a few words about why.")
	d.fill("sole custody")
	d.press("Next", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	if got := d.standing("web:photo"); got != consent.StatusGiven {
		t.Errorf("web is %s", got)
	}
}

func TestGuardianNamesTheOtherWhoSignsLater(t *testing.T) {
	d := newDesk(t)
	person := child(d, "Ola Nordmann")
	d.open(person, "en")
	d.press("English", "Yes, that is right", "I am Ola Nordmann, parent or guardian", "Yes, there are two of us")
	d.fill("Eva Nordmann")
	d.press("Next", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	d.press("Done")
	d.expect("Please give the screen back to the photographer.")
	after, err := d.session.Person(person.ID)
	d.must(err)
	if len(after.Profile.Guardians) != 2 || after.Profile.Guardians[1].Name != "Eva Nordmann" {
		t.Fatalf("guardians are %+v", after.Profile.Guardians)
	}
	if got := d.standing("web:photo"); got != consent.StatusAwaitingGuardian {
		t.Errorf("web is %s", got)
	}

	d.open(&after, "en") // a later day
	d.press("English", "Yes, that is right", "I am Eva Nordmann, parent or guardian", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	if got := d.standing("web:photo"); got != consent.StatusGiven {
		t.Errorf("web is %s", got)
	}
}

func TestGuardianRegistersAChildAndSigns(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.press("English", "A child I am responsible for")
	d.fill("Kari Nordmann", "1980")
	d.press("Next")
	d.expect("By the year of birth this person is of age")
	d.fill("Kari Nordmann", "2021")
	d.press("Next")
	d.expect("I am a parent or guardian")
	if d.find("I am Kari Nordmann") != nil {
		t.Error("a child of five is asked alone")
	}
	d.press("I am a parent or guardian", "Next")
	d.expect("Write your name first.")
	d.fill("Eva Nordmann", "", "eva@example.no")
	d.press("Next", "Yes, there are two of us")
	d.fill("Ola Nordmann")
	d.press("Next", "Next", "Yes to everything", "Yes, that is right")
	d.expect("Signed by Eva Nordmann")
	d.draw()
	d.sign("Sign and save")
	person, err := d.session.Person(d.who[0])
	d.must(err)
	if g := person.Profile.Guardians; len(g) != 2 || g[0].Name != "Eva Nordmann" || g[0].Email != "eva@example.no" || g[1].Name != "Ola Nordmann" {
		t.Errorf("guardians are %+v", g)
	}
	d.press("Another guardian signs now", "I am Ola Nordmann, parent or guardian", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	if len(d.session.People("")) != 1 || d.standing("web:photo") != consent.StatusGiven {
		t.Errorf("%d people, web is %s", len(d.session.People("")), d.standing("web:photo"))
	}
	d.press("Done")
	d.expect("Choose a language") // for the next person
}

func TestChildWhoIsOldEnoughIsHeardAndItsNoHolds(t *testing.T) {
	d := newDesk(t)
	person := d.register(capture.Registration{Name: "Kari", Born: "2012", Guardians: []consent.Guardian{{Name: "Ola"}}})
	d.open(person, "en")
	d.press("English", "Yes, that is right", "I am Kari", "Next", "No to everything", "Yes, that is right")
	d.expect("the answers are my own")
	d.draw()
	d.sign("Sign and save")
	d.press("Done")
	d.open(person, "en")
	d.press("English", "Yes, that is right", "I am Ola, parent or guardian", "No, I alone am responsible")
	d.fill("sole custody")
	d.press("Next", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	if got := d.standing("web:photo"); got != consent.StatusRefused {
		t.Errorf("the child's no became %s", got)
	}
}

func TestSavedIsShownOnlyWhenTheVaultHasAnswered(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.toAnswers()
	d.press("Yes to everything", "Yes, that is right")
	d.draw()
	gate := make(chan struct{})
	d.store.set(nil, gate)
	d.press("Sign and save")
	d.expect("Saving …")
	if d.says("saved.") || len(d.saved) > 0 {
		t.Error("says that it is saved while the vault is still writing")
	}
	d.store.set(nil, nil)
	close(gate)
	d.until("it is saved", func() bool { return len(d.saved) == 1 })
	d.expect("Thank you!")
}

func TestFailureLosesNothingAndIsSaid(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.toAnswers()
	d.press("Yes to everything", "Yes, that is right")
	d.draw()
	d.store.set(problem.New(problem.Unavailable, "test-refusal", "The disk is full; nothing was saved; make room and try again."), nil)
	d.press("Sign and save")
	d.until("the failure is said", func() bool { return d.says("The disk is full; nothing was saved; make room and try again.") })
	if d.pad().Empty() || len(d.saved) > 0 {
		t.Error("the signature is lost, or it counts as saved")
	}
	d.store.set(nil, nil)
	d.sign("Sign and save")
	if n := len(d.session.People("")); n != 1 {
		t.Errorf("%d people are registered after trying twice", n)
	}
}

func TestFailureAfterTheRegistrationRegistersNobodyTwice(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.press("English", "A child I am responsible for")
	d.fill("Kari", "2021")
	d.press("Next", "I am a parent or guardian")
	d.fill("Eva", "", "")
	d.press("Next", "No, I alone am responsible")
	d.fill("alone")
	d.press("Next", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.store.refuseFrom(3) // registering and adding the guardian come through, the consent does not
	d.press("Sign and save")
	d.until("the failure is said", func() bool { return d.says("no room") })
	d.store.set(nil, nil)
	d.sign("Sign and save")
	people := d.session.People("")
	if len(people) != 1 || len(people[0].Profile.Guardians) != 1 || d.standing("web:photo") != consent.StatusGiven {
		t.Errorf("%d people, guardians %+v, web %s", len(people), people[0].Profile.Guardians, d.standing("web:photo"))
	}
}

func TestIdleAsksAndThenClears(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "nb")
	d.toAnswers()
	d.press("Our websites, Pictures: Yes")
	d.wait(59 * time.Second)
	d.expect("Open to all online")
	d.wait(2 * time.Second)
	d.expect("Are you still there?")
	if d.says("Our websites") {
		t.Error("what was entered still shows")
	}
	d.press("Yes, I am here")
	d.expect("Our websites, Pictures: Yes, chosen")
	d.wait(91 * time.Second)
	d.expect("Velg språk")
	d.press("English", "Myself")
	if got := strings.Join(d.entries(), ""); got != "" {
		t.Errorf("the next person reads %q", got)
	}
	d.wait(10 * time.Minute)
	d.expect("Velg språk")
}

func TestIdleOnThanksHidesTheCode(t *testing.T) {
	d := newDesk(t)
	person := d.register(capture.Registration{Name: "Ola", Born: "1980"})
	d.open(person, "en")
	d.press("English", "Yes, that is me", "Next", "No to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	d.expect(string(person.Code))
	d.wait(61 * time.Second)
	d.expect("Are you still there?", "Your answers are saved")
	if d.says("clear what you have entered") {
		t.Error("it reads as if what was signed could be lost")
	}
	d.wait(30 * time.Second)
	if d.says(string(person.Code)) {
		t.Error("the code still shows")
	}
	d.expect("Please give the screen back")
}

func TestOnlyWhoHoldsTheCornerLeaves(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.toAnswers()
	var corner *part.HoldButton
	for _, o := range d.objects() {
		if b, ok := o.(*part.HoldButton); ok {
			corner = b
		}
	}
	corner.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	d.wait(1900 * time.Millisecond)
	corner.MouseUp(&desktop.MouseEvent{})
	d.wait(time.Second)
	if d.left != 0 {
		t.Fatal("a short press leaves")
	}
	d.expect("Open to all online")
	corner.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	d.wait(2 * time.Second)
	if d.left != 1 {
		t.Fatal("holding does not leave")
	}
	d.wait(time.Hour)
	if d.left != 1 || len(d.session.People("")) > 0 {
		t.Error("something happens after leaving")
	}
}

func TestWrongPersonSaysSoAndSavesNothing(t *testing.T) {
	d := newDesk(t)
	person := d.register(capture.Registration{Name: "Ola", Born: "1980"})
	d.open(person, "en")
	d.press("English")
	d.expect("Is this you?", "Ola", string(person.Code))
	d.press("No, that is wrong")
	d.expect("give the screen back")
	if d.find("Next") != nil || d.says("Ola") {
		t.Error("goes on with somebody else's name")
	}
}

func TestReadingEverythingShowsTheWholeNotice(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.press("English", "Myself")
	d.fill("Ola", "1980", "", "")
	d.press("Next", "Read everything")
	form, err := d.session.CurrentForm("default")
	d.must(err)
	read := ""
	for {
		read += d.said()
		if d.find("I have read it") != nil {
			break
		}
		d.press("Next")
	}
	for _, section := range form.Texts["en"].Notice {
		if !strings.Contains(read, section.Heading) || !strings.Contains(read, section.Text) {
			t.Errorf("%q cannot be read", section.Heading)
		}
	}
	d.press("Back")
	d.press("Next", "I have read it")
	d.expect(form.Texts["en"].Summary[0])
}

func TestReceiptIsOpenedAndGoesWhenThePersonHasGone(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.toAnswers()
	d.press("Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	d.press("Open or print the receipt")
	var files []string
	d.until("the receipt is written", func() bool { files = filesIn(t, d.shown); return len(files) == 1 })
	if !strings.HasSuffix(files[0], ".pdf") || strings.Contains(files[0], "Ola") {
		t.Errorf("wrote %v", files)
	}
	d.press("Done")
	if left := filesIn(t, d.shown); len(left) > 0 {
		t.Errorf("%v stays behind", left)
	}
}

var errNoRoom = errors.New("no room")

func TestPersonalLinkIsShownWhenThereIsALibrary(t *testing.T) {
	d := newDesk(t)
	d.enrol("https://mediebank.example.no")
	d.open(nil, "en")
	d.toAnswers()
	d.press("Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	if !strings.HasPrefix(d.saved[0].Link, "https://mediebank.example.no/") {
		t.Fatalf("the link is %q", d.saved[0].Link)
	}
	d.expect("Take a picture of this: your personal link")
	for _, size := range []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(1024, 768)} {
		d.window.Resize(size)
		d.photograph(fmt.Sprintf("link-%.0f", size.Width))
		picture := d.picture()
		if min := d.window.Content().MinSize(); min.Width > size.Width || min.Height > size.Height {
			t.Errorf("needs %v of %v", min, size)
		}
		found, err := readCodes(picture)
		d.must(err)
		if !slices.Contains(found, d.saved[0].Link) || !slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, "SMK1:") }) {
			t.Errorf("at %v a camera reads %q", size, found)
		}
	}
}

// enrol makes the device one of a library's.
func (d *desk) enrol(address string) {
	d.Helper()
	library, err := evidence.NewKey(rand.Reader)
	d.must(err)
	device := d.session.Device()
	certificate, err := evidence.SignCertificate(library, evidence.Certificate{Device: device.ID, PublicKey: device.PublicKey, Name: device.Name, IssuedAt: time.Now()})
	d.must(err)
	trust, err := evidence.SignTrustList(library, evidence.TrustList{IssuedAt: time.Now(), Devices: []evidence.Certificate{certificate}})
	d.must(err)
	d.must(d.session.Enrol(context.Background(), capture.Enrolment{Address: address, PublicURL: address, LibraryKey: library.Public(),
		Certificate: certificate, Trust: trust}, d.session.Organisation(), nil))
}

func TestReceiptIsQueuedForEMailOnlyWhereALibraryCanSendIt(t *testing.T) {
	d := newDesk(t)
	sign := func() {
		d.toAnswers()
		d.press("Yes to everything", "Yes, that is right")
		d.draw()
		d.sign("Sign and save")
	}
	d.open(nil, "en")
	sign()
	if d.says("Send me the receipt by e-mail") {
		t.Error("an e-mail is promised that nobody can send")
	}
	d.enrol("https://mediebank.example.no")
	d.press("Done")
	sign()
	before, err := d.session.Status(context.Background())
	d.must(err)
	d.press("Send me the receipt by e-mail")
	d.until("it is queued", func() bool { return d.says("The receipt will be sent to ola@example.no") })
	after, err := d.session.Status(context.Background())
	d.must(err)
	if after.PendingBlobs != before.PendingBlobs+1 || d.find("Send me the receipt by e-mail") != nil {
		t.Errorf("%d receipts wait for the library", after.PendingBlobs-before.PendingBlobs)
	}
}

// readCodes reads what a camera would read off the screen.
func readCodes(screen image.Image) ([]string, error) {
	var file bytes.Buffer
	if err := png.Encode(&file, screen); err != nil {
		return nil, err
	}
	found, err := picture.FindSlates(context.Background(), bytes.NewReader(file.Bytes()), int64(file.Len()), func(text string) (string, bool) { return text, true })
	return found.Values, err
}

// The embedded form asks for every channel; this version of it lets one be left open.
func TestOptionalChannelIsLeftOpenAndSaidSo(t *testing.T) {
	d := newDesk(t)
	file := strings.Replace(string(assets.DefaultForm()), `{"key": "ads",`, `{"key": "ads", "optional": true,`, 1)
	_, err := d.session.PublishForm(context.Background(), []byte(strings.Replace(file, `"2026.1"`, `"2026.2"`, 1)))
	d.must(err)
	d.open(nil, "nb")
	d.toAnswers()
	for range 3 {
		d.pressAll("No to all")
		d.press("Next")
	}
	d.expect("You need not answer this")
	d.press("Next")
	d.expect("These have no answer yet: Free download")
	if d.says("no answer yet: Advertising") {
		t.Error("the optional channel is asked for")
	}
	d.pressAll("Yes to all")
	d.press("Leave open", "Advertising and campaigns, Video: No", "Next")
	d.expect("Advertising and campaigns: no to video, no answer about pictures and sound.", "Free download: yes to pictures, video and sound.")
	d.press("Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	for scope, want := range map[string]consent.Status{"ads:photo": consent.StatusUnanswered, "ads:video": consent.StatusRefused,
		"open:photo": consent.StatusGiven} {
		if got := d.standing(scope); got != want {
			t.Errorf("%s is %s, want %s", scope, got, want)
		}
	}
}

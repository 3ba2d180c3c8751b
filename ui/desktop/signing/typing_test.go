package signing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/part"
)

// isKey tells whether something is a key of the keyboard on the screen.
func isKey(o fyne.CanvasObject) bool { return strings.HasSuffix(fmt.Sprintf("%T", o), "keyCap") }

// touch puts a finger on the screen where something that is called so can be seen, and nowhere else.
func (d *desk) touch(wanted func(fyne.CanvasObject) bool, names ...string) {
	d.Helper()
	for _, name := range names {
		at := slices.IndexFunc(d.objects(), func(o fyne.CanvasObject) bool {
			a, named := o.(fyne.Accessible)
			_, tappable := o.(fyne.Tappable)
			return tappable && named && a.AccessibilityLabel() == name && wanted(o)
		})
		if at < 0 {
			d.Fatalf("there is no %q; the screen says: %s", name, d.said())
		}
		d.touchAt(d.objects()[at])
	}
}

func (d *desk) touchAt(o fyne.CanvasObject) {
	d.Helper()
	corner, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
	at := corner.AddXY(size.Width/2, size.Height/2)
	if screen := d.window.Canvas().Size(); at.X < 0 || at.Y < 0 || at.X > screen.Width || at.Y > screen.Height {
		d.Fatalf("a finger cannot reach %v of %v", at, screen)
	}
	test.TapCanvas(d.window.Canvas(), at)
}

// typeOnScreen writes with the keyboard on the screen.
func (d *desk) typeOnScreen(text string) {
	d.Helper()
	for _, r := range text {
		name := string(r)
		if r == ' ' {
			name = "Space"
		}
		d.touch(isKey, name)
	}
}

func noKey(o fyne.CanvasObject) bool { return !isKey(o) }

func (d *desk) keyboardShows() bool { return slices.ContainsFunc(d.objects(), isKey) }

func TestWholeSigningByTouchAlone(t *testing.T) {
	for _, size := range screens {
		d := newDesk(t)
		d.open(nil, "nb")
		d.window.Resize(size)
		d.touch(noKey, "English", "Myself")
		d.typeOnScreen("Ola Nordmann")
		d.touch(isKey, "Next")
		d.typeOnScreen("1980")
		next := func() { // to the next field, which stands on the next page where there is no room for both
			if d.says("Done") {
				d.touch(isKey, "Done")
				d.touch(noKey, "Next")
				return
			}
			d.touch(isKey, "Next")
		}
		next()
		d.typeOnScreen("+4791234567")
		d.touch(isKey, "Next")
		d.typeOnScreen("ola@example.no")
		d.touch(isKey, "Done")
		for d.find("No to everything") == nil {
			d.touch(noKey, "Next")
		}
		d.touch(noKey, "No to everything")
		for d.find("Yes, that is right") != nil {
			d.touch(noKey, "Yes, that is right")
		}
		for _, o := range d.objects() {
			if e, ok := o.(*part.Entry); ok {
				d.touchAt(e)
			}
		}
		d.typeOnScreen("Ola")
		d.touch(isKey, "Done")
		before := len(d.saved)
		d.touch(noKey, "Sign and save")
		d.until("it is saved", func() bool { return len(d.saved) > before })
		person, err := d.session.Person(d.who[0])
		d.must(err)
		if p := person.Profile; p.Name != "Ola Nordmann" || p.Born != "1980" || p.Phone != "+4791234567" || p.Email != "ola@example.no" {
			t.Errorf("%v: registered as %+v", size, p)
		}
		if got := d.standing("web:photo"); got != consent.StatusRefused {
			t.Errorf("%v: web is %s", size, got)
		}
		d.touch(noKey, "Done")
	}
}

// tab goes on with the Tab key until something that is called so has the focus.
func (d *desk) tab(name string) {
	d.Helper()
	for range 80 {
		d.window.Canvas().FocusNext()
		o, ok := d.window.Canvas().Focused().(fyne.CanvasObject)
		if !ok {
			continue
		}
		if !slices.Contains(d.objects(), o) {
			d.Fatalf("the focus is on %T, which cannot be seen", o)
		}
		if a, ok := o.(fyne.Accessible); ok && a.AccessibilityLabel() == name {
			return
		}
	}
	d.Fatalf("Tab does not lead to %q; the screen says: %s", name, d.said())
}

// key presses a key on whatever has the focus.
func (d *desk) key(name fyne.KeyName) {
	d.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

func TestWholeSigningByKeyboardAlone(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "nb")
	enter := func(names ...string) {
		t.Helper()
		for _, name := range names {
			d.tab(name)
			d.key(fyne.KeyReturn)
		}
	}
	enter("English", "Myself")
	for i, text := range []string{"Ola Nordmann", "1980", "91234567", "ola@example.no"} {
		if i > 0 {
			d.window.Canvas().FocusNext()
		}
		field, ok := d.window.Canvas().Focused().(*part.Entry)
		if !ok {
			t.Fatalf("Tab leads to %T instead of field %d", d.window.Canvas().Focused(), i+1)
		}
		test.Type(field, text)
		if d.keyboardShows() {
			t.Error("the keyboard on the screen stays although there is a real one")
		}
	}
	d.key(fyne.KeyReturn)
	d.expect("Consent to pictures, video and sound")
	enter("Next")
	answers := "ynyynn" // web yes, no, yes; social yes, no, no
	d.tab("Our websites, Pictures: Yes")
	for _, r := range answers {
		d.window.Canvas().Focused().TypedRune(r)
	}
	d.key(fyne.KeyUp)
	d.key(fyne.KeyRight)
	if focused := d.window.Canvas().Focused().(fyne.Accessible).AccessibilityLabel(); !strings.HasPrefix(focused, "Our websites, Sound") {
		t.Errorf("the arrows lead to %q", focused)
	}
	enter("Next")
	for range 3 {
		for range 2 {
			d.tab("No to all")
			d.key(fyne.KeySpace)
		}
		enter("Next")
	}
	d.expect("Our websites: yes to pictures and sound, no to video.", "Social media: yes to pictures, no to video and sound.")
	enter("Yes, that is right")
	for {
		d.window.Canvas().FocusNext()
		if field, ok := d.window.Canvas().Focused().(*part.Entry); ok {
			test.Type(field, "Ola Nordmann")
			break
		}
	}
	enter("Sign and save")
	d.until("it is saved", func() bool { return len(d.saved) == 1 })
	for scope, want := range map[string]consent.Status{"web:photo": consent.StatusGiven, "web:video": consent.StatusRefused, "press:photo": consent.StatusRefused} {
		if got := d.standing(scope); got != want {
			t.Errorf("%s is %s, want %s", scope, got, want)
		}
	}
	enter("Done")
	d.expect("Choose a language")
}

func TestKeyboardOnTheScreenGoesForARealOneAndComesWhenAFieldIsTouched(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "en")
	d.press("English")
	if d.keyboardShows() {
		t.Error("a keyboard shows where there is nothing to type")
	}
	d.press("Myself")
	if !d.keyboardShows() {
		t.Fatal("there is no keyboard for the field that has the focus")
	}
	test.Type(d.window.Canvas().Focused(), "O")
	if d.keyboardShows() {
		t.Error("it stays although a real key was pressed")
	}
	d.touch(noKey, "Keyboard")
	if !d.keyboardShows() {
		t.Error("the button does not show it")
	}
	d.touch(isKey, "Hide the keyboard")
	if d.keyboardShows() {
		t.Error("its key does not put it away")
	}
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok && e.Text == "" {
			d.touchAt(e)
			break
		}
	}
	if !d.keyboardShows() {
		t.Error("touching a field does not show it")
	}
	d.wait(61e9)
	d.expect("Are you still there?")
	if d.keyboardShows() {
		t.Error("the keyboard covers the question")
	}
}

func TestWhoeverComesBackSeesWhatTheySaidAndAnswersAnew(t *testing.T) {
	d := newDesk(t)
	person := d.register(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	sign := func() {
		t.Helper()
		d.press("Yes, that is right")
		d.draw()
		d.sign("Sign and save")
	}
	begin := func() {
		t.Helper()
		d.open(person, "en")
		d.until("what was said is known", func() bool { return d.find("English") != nil })
		d.press("English", "Yes, that is me", "Next")
	}
	begin()
	if d.says("Last time") || d.find("The rest as last time") != nil {
		t.Error("somebody who has never answered is told what they said")
	}
	d.press("Yes to everything")
	sign()

	begin()
	d.expect("Last time: yes to pictures, video and sound.")
	if d.says(", chosen") {
		t.Error("an old answer is chosen already")
	}
	d.press("Next")
	d.expect("These have no answer yet") // what was said before is not an answer now
	d.press("Social media, Pictures: No", "The rest as last time")
	d.expect("Social media: yes to video and sound, no to pictures.", "Our websites: yes to pictures, video and sound.")
	sign()
	for scope, want := range map[string]consent.Status{"social:photo": consent.StatusRefused, "social:video": consent.StatusGiven, "web:photo": consent.StatusGiven} {
		if got := d.standing(scope); got != want {
			t.Errorf("%s is %s, want %s", scope, got, want)
		}
	}
}

func TestRestAsLastTimeLeavesOpenWhatWasNeverAnswered(t *testing.T) {
	d := newDesk(t)
	person := d.register(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	file := strings.Replace(string(assets.DefaultForm()), `{"key": "ads",`, `{"key": "ads", "optional": true,`, 1)
	form, err := d.session.PublishForm(context.Background(), []byte(strings.Replace(file, `"2026.1"`, `"2026.2"`, 1)))
	d.must(err)
	answers := map[consent.Scope]consent.Decision{}
	for _, scope := range form.Form.Scopes() {
		if scope.Channel != "ads" {
			answers[scope] = consent.DecisionYes
		}
	}
	_, err = d.session.RecordConsent(context.Background(), capture.Signing{Subject: person.ID, Shoot: d.shoot, Form: form.Form.Key, Language: "en",
		Answers: answers, Method: capture.Typed, TypedName: "Ola Nordmann"})
	d.must(err)
	d.open(person, "en")
	d.press("English", "Yes, that is me", "Next", "The rest as last time")
	d.expect("Our websites: yes to pictures, video and sound.", "Advertising and campaigns: no answer")
	if d.says("Advertising and campaigns: yes") {
		t.Error("what was never answered is a yes")
	}
}

func TestGuardianDoesNotSeeWhatTheOtherSaid(t *testing.T) {
	d := newDesk(t)
	person := child(d, "Ola", "Eva")
	d.open(person, "en")
	d.press("English", "Yes, that is right", "I am Ola, parent or guardian", "Next", "Yes to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	for name, sees := range map[string]bool{"Ola": true, "Eva": false} {
		d.open(person, "en")
		d.press("English", "Yes, that is right", "I am "+name+", parent or guardian", "Next")
		if d.says("Last time") != sees {
			t.Errorf("%s sees what was said: %v", name, !sees)
		}
	}
}

func TestChildWhoIsOldEnoughIsAskedBesideTheGuardians(t *testing.T) {
	d := newDesk(t)
	d.open(child(d, "Ola", "Eva"), "en")
	d.press("English", "Yes, that is right")
	d.expect("Kari Nordmann is old enough to be asked.")
	d.press("I am Ola, parent or guardian", "Next", "No to everything", "Yes, that is right")
	d.draw()
	d.sign("Sign and save")
	d.press("I am Kari Nordmann", "Next")
	d.expect("Where may we use you?")
	d.press("No to everything", "Yes, that is right")
	d.expect("the answers are my own")
	d.draw()
	d.sign("Sign and save")
	if d.find("I am Kari Nordmann") != nil {
		t.Error("the child is asked twice")
	}
}

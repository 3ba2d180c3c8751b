package pictures_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/ui/desktop/part"
)

// filterSays is what the filter says that it shows.
func (d *desk) filterSays() string { d.Helper(); return only[*part.Select](d, 1).Selected }

// show chooses a filter by its word.
func (d *desk) show(word string) {
	d.Helper()
	f := only[*part.Select](d, 1)
	at := slices.IndexFunc(f.Options, func(o string) bool { return strings.HasPrefix(o, word) })
	if at < 0 {
		d.Fatalf("there is no %q among %q", word, f.Options)
	}
	f.SetSelectedIndex(at)
	d.settle()
}

// key types a key on whatever has the focus.
func (d *desk) key(name fyne.KeyName) {
	d.Helper()
	focused := d.window.Canvas().Focused()
	if focused == nil {
		d.Fatal("nothing has the focus")
	}
	focused.TypedKey(&fyne.KeyEvent{Name: name})
	d.settle()
}

func TestSeveralNamesWithCommasLinkEverybodyInOneAct(t *testing.T) {
	d := newDesk(t)
	ola, kari := d.person("Ola Nordmann", consent.DecisionYes), d.person("Kari Olsen", consent.DecisionYes)
	d.load(d.card(2))
	d.open("en")
	d.selectPictures(0, 1)
	d.enter(d.name(), "nordm, "+string(kari.Code))
	for i, codes := range linked(d) {
		if !strings.Contains(codes, string(ola.Code)) || !strings.Contains(codes, string(kari.Code)) {
			t.Errorf("picture %d has %q", i, codes)
		}
	}
	if len(d.toasts) != 1 || !strings.Contains(d.toasts[0], "Ola Nordmann") || !strings.Contains(d.toasts[0], "Kari Olsen") {
		t.Errorf("said %q", d.toasts)
	}
	d.screen.Undo()
	d.settle()
	if got := linked(d); got[0] != "" || got[1] != "" {
		t.Errorf("undone once, %q are linked", got)
	}
}

func TestCommaTakesWhoIsSetApart(t *testing.T) {
	d := newDesk(t)
	d.person("Ola Hansen", "")
	second, kari := d.person("Ola Nordmann", ""), d.person("Kari Olsen", "")
	d.load(d.card(1))
	d.open("en")
	d.selectPictures(0)
	d.window.Canvas().Focus(d.name())
	d.keys("ola")
	d.settle()
	d.key(fyne.KeyDown)
	d.keys(", kari")
	d.settle()
	d.expect(string(second.Code) + "  Ola Nordmann")
	d.key(fyne.KeyReturn)
	if got := linked(d)[0]; !strings.Contains(got, string(second.Code)) || !strings.Contains(got, string(kari.Code)) || strings.Count(got, "-") != 2 {
		t.Errorf("linked %q", got)
	}
}

func TestNameThatFitsSeveralBeforeACommaLinksNobodyAndIsGivenBack(t *testing.T) {
	d := newDesk(t)
	d.person("Ola Hansen", "")
	d.person("Ola Nordmann", "")
	d.person("Kari Olsen", "")
	d.load(d.card(1))
	d.open("en")
	d.selectPictures(0)
	d.name().SetText("ola, kari") // as pasted: nobody has chosen which one
	d.settle()
	d.window.Canvas().Focus(d.name())
	d.key(fyne.KeyReturn)
	if got := linked(d)[0]; got != "" || len(d.errors) != 1 {
		t.Errorf("linked %q, told %v", got, d.errors)
	}
	d.key(fyne.KeyBackspace)
	d.key(fyne.KeyBackspace)
	d.keys("ri") // what was typed is there to be corrected, and has the keys
	d.expect("Kari Olsen")
}

func TestLinkingBelowAFilterGoesOnToTheNextPicture(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.load(d.card(3))
	d.open("en")
	d.show("Nobody linked")
	d.selectPictures(0)
	d.window.Canvas().Focus(d.grid().Focusable())
	for left := 2; left >= 0; left-- { // a name, Enter, and so on, without the pointer
		d.keys("ola")
		d.settle()
		d.key(fyne.KeyReturn)
		if want := fmt.Sprintf("Nobody linked (%d)", left); d.filterSays() != want {
			t.Fatalf("it shows %q, want %q", d.filterSays(), want)
		}
	}
	for i, code := range linked(d) {
		if code != string(ola.Code) {
			t.Errorf("picture %d has %q", i, code)
		}
	}
}

func TestCountsOfTheFiltersStayTrue(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.load(d.card(4))
	d.open("en")
	d.selectPictures(0, 1)
	d.enter(d.name(), "ola")
	d.window.Canvas().Focus(d.grid().Focusable())
	d.keys("1")
	d.settle()
	options := func() []string { return slices.Clone(only[*part.Select](d, 1).Options) }
	changed := options()
	want := []string{"All (4)", "May be used (2)", "Something is missing (2)", "May not be used (0)", "To decide (0)", "Nobody linked (2)", "Number of people missing (2)"}
	if !slices.Equal(changed, want) {
		t.Errorf("counts %q", changed)
	}
	d.selectPictures(0)
	d.press("Show all with this person")
	d.settle()
	if got := d.filterSays(); got != string(ola.Code)+"  Ola Nordmann (2)" || d.grid().Length() != 2 {
		t.Errorf("shows %q, %d pictures", got, d.grid().Length())
	}
}

func TestSelectionIsTakenOffGivenAGroundAndRemoved(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.load(d.card(3))
	ctx := context.Background()
	all := d.session.Images(capture.ImageFilter{Shoot: d.shoot})
	d.must(d.session.Link(ctx, ola.ID, all[0].ID, all[1].ID))
	d.open("en")
	d.selectPictures(0, 1)
	d.expect("Ola Nordmann · 2 of 2")
	d.press("Remove")
	d.settle()
	if got := linked(d); got[0] != "" || got[1] != "" {
		t.Errorf("%q are still linked", got)
	}
	ground := only[*part.Select](d, 2)
	ground.SetSelectedIndex(slices.Index(consent.Grounds, consent.GroundAnonymised))
	for _, o := range d.objects() {
		if e, ok := o.(*part.Entry); ok && e.MultiLine {
			e.SetText("Nobody can be recognised.")
		}
	}
	d.press("Save the ground")
	d.settle()
	if got := d.session.Images(capture.ImageFilter{Shoot: d.shoot}); got[0].Ground != consent.GroundAnonymised || got[1].Ground != consent.GroundAnonymised || got[2].Ground != consent.GroundConsent {
		t.Errorf("the grounds are %s, %s, %s", got[0].Ground, got[1].Ground, got[2].Ground)
	}
	d.press("Remove 2 pictures …")
	d.settle()
	d.expect("It cannot be undone.", "2 exist here alone")
	if n := len(d.session.Images(capture.ImageFilter{})); n != 3 {
		t.Fatalf("after the first press %d are left", n)
	}
	d.press("Keep")
	d.settle()
	if d.says("It cannot be undone.") {
		t.Error("it still asks")
	}
	d.press("Remove 2 pictures …")
	d.settle()
	d.press("Remove 2 pictures for good")
	d.settle()
	if got := d.session.Images(capture.ImageFilter{}); len(got) != 1 || got[0].ID != all[2].ID {
		t.Errorf("%d are left", len(got))
	}
	d.expect("1 picture")
	if len(d.errors) > 0 {
		t.Error(d.errors)
	}
}

func TestPicturesAreSelectedByTime(t *testing.T) {
	d := newDesk(t)
	d.load(d.card(5)) // one a second, from 10:00:01
	d.open("en")
	only[field](d, 0).SetText("10:00:02")
	only[field](d, 1).SetText("10:00:04")
	d.press("Select these")
	d.settle()
	if got := d.grid().Selected(); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("selected %v; %v", got, d.errors)
	}
}

func TestEnterShowsAPictureLargeAndTheArrowsGoOn(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", consent.DecisionYes)
	d.load(d.card(4))
	d.open("en")
	d.window.Canvas().Focus(d.grid().Focusable())
	d.grid().Go(1)
	d.settle()
	d.key(fyne.KeyReturn)
	large := only[*part.LargeLook](d, 0)
	all := d.session.Images(capture.ImageFilter{Shoot: d.shoot})
	if large.Shown() != string(all[1].ID) {
		t.Error("another picture shows")
	}
	d.key(fyne.KeyRight)
	d.expect("3 of 4", "IMG_0002.JPG")
	if large.Shown() != string(all[2].ID) {
		t.Error("the arrow does not go on")
	}
	d.keys("2")
	d.settle()
	d.keys("ola")
	d.settle()
	d.key(fyne.KeyReturn)
	if got := linked(d); got[2] != string(ola.Code) || got[1] != "" {
		t.Errorf("linked %q", got)
	}
	if n := d.session.Images(capture.ImageFilter{Shoot: d.shoot})[2].PeopleCount; n != 2 {
		t.Errorf("counted %d", n)
	}
	d.key(fyne.KeyRight) // the keys are back at the picture
	if large.Shown() != string(all[3].ID) {
		t.Error("after linking the arrow does not go on")
	}
	d.screen.Escape()
	d.settle()
	if got := d.grid().Selected(); !slices.Equal(got, []int{3}) || d.window.Canvas().Focused() != d.grid().Focusable() {
		t.Errorf("back in the grid %v are selected", got)
	}
}

func TestLetterReachesTheNameFieldWithoutFocus(t *testing.T) {
	d := newDesk(t)
	ola := d.person("Ola Nordmann", "")
	d.load(d.card(1))
	d.open("en")
	d.selectPictures(0)
	d.window.Canvas().Unfocus()
	d.screen.Letter('o')
	d.keys("la")
	d.settle()
	d.key(fyne.KeyReturn)
	if got := linked(d)[0]; got != string(ola.Code) {
		t.Errorf("linked %q", got)
	}
}

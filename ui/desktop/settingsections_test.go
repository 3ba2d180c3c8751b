package desktop_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"samtykke/app/consent"
	"samtykke/ui/desktop/look"
	"samtykke/ui/desktop/part"
	"samtykke/ui/desktop/screentest"
)

func TestCorrectedOrganisationIsWhatPeopleSignAndWhatIsShown(t *testing.T) {
	d := seated(t)
	d.setting("Organisation")
	d.see("Org. no. 964965226")
	d.press("Change …")
	d.enter(0, "Stavanger og Sandnes kommuner")
	d.enter(2, "no address")
	d.press("Save and publish the form")
	d.see("is not an e-mail address")
	if now := d.session().Organisation(); now != organisation {
		t.Errorf("it is %+v already", now)
	}
	d.enter(2, "bilder@example.no")
	d.press("Save and publish the form")
	d.see("Stavanger og Sandnes kommuner")
	form := must(d.session().CurrentForm("default"))
	if form.Version != "2026.1.1" || form.Organisation.Name != "Stavanger og Sandnes kommuner" {
		t.Errorf("people sign version %s of %s", form.Version, form.Organisation.Name)
	}
}

func TestNumberOfTheOrganisationIsClosedOnceSomebodyHasSigned(t *testing.T) {
	d, _ := chosen(t)
	d.setting("Organisation")
	d.press("Change …")
	d.see("The number can no longer be changed")
	if !d.entries()[1].Disabled() || d.entries()[0].Disabled() {
		t.Error("the wrong field is closed")
	}
}

func TestOrganisationOfALibraryIsShownWithWhyItStays(t *testing.T) {
	d := seated(t)
	if err := enrol(t.Context(), d.session(), ""); err != nil {
		t.Fatal(err)
	}
	d.setting("Organisation")
	d.see("The media library decides this")
	if d.pressable("Change …") != nil {
		t.Error("it can be changed all the same")
	}
	d.press("Device and library")
	d.see("Belongs to it since")
}

func TestPolicyAboutChildrenIsReadInWordsAndTheOrganisationDecidesBeyondIt(t *testing.T) {
	d := seated(t)
	d.setting("Children")
	d.see("From the age of 18 people answer alone.")
	d.see("From the age of 12 the child's own no is enough")
	d.see("2 guardians have to say yes to: Our websites, Social media")
	for _, wrong := range []string{"sixty", "366"} {
		d.enter(0, wrong)
		d.press("Save")
		d.see(map[string]string{"sixty": "That is no number.", "366": "cannot be asked again 366 days before"}[wrong])
		if days := d.session().Policy().ReaskDays; days != consent.DefaultReaskDays {
			t.Errorf("%q decided %d days", wrong, days)
		}
	}
	d.enter(0, "90")
	d.press("Save")
	d.see("90 days before")
	if days := d.session().Policy().ReaskDays; days != 90 {
		t.Errorf("decided are %d days", days)
	}
}

func TestAppearanceFollowsAtOnceAndIsRemembered(t *testing.T) {
	d := seated(t)
	d.setting("Appearance")
	d.choice("As the system").SetSelected("Dark")
	d.tick("High contrast")
	d.choice("100 %").SetSelected("150 %")
	want := look.Appearance{Preference: look.Dark, HighContrast: true, Text: 150}.Theme()
	follows := func() {
		t.Helper()
		now := d.app.Settings().Theme()
		for _, name := range []fyne.ThemeColorName{theme.ColorNameForeground, look.ColorLine} {
			if now.Color(name, theme.VariantLight) != want.Color(name, theme.VariantLight) {
				t.Errorf("%s is %v", name, now.Color(name, theme.VariantLight))
			}
		}
		if now.Size(theme.SizeNameText) != 21 {
			t.Errorf("text is %v", now.Size(theme.SizeNameText))
		}
	}
	follows()
	d.window.Stop()
	if err := d.door.Close(); err != nil {
		t.Fatal(err)
	}
	d.app.Settings().SetTheme(look.New(look.Light))
	d.open()
	follows()
}

func TestScreensThatWereBuiltBeforeTakeOverTheSizeOfText(t *testing.T) {
	d, _ := chosen(t)
	room := fyne.NewSize(1366, 768)
	sentences := func(text string) bool { return strings.Contains(text, " ") && !strings.Contains(text, "Nordmann") }
	for _, screen := range []string{"Sync", "People", "Shoots"} { // so that all have been built
		d.press(screen)
	}
	for i, percent := range []string{"125 %", "150 %", "200 %"} {
		d.setting("Appearance")
		d.choice([]string{"100 %", "125 %", "150 %"}[i]).SetSelected(percent)
		for _, section := range []string{"Appearance", "Passphrase and recovery", "Children", "Consent forms", "About"} {
			d.press(section)
			for _, cut := range screentest.Cut(d.window.Fyne().Content(), room, sentences) {
				t.Errorf("%s at %s: %s", section, percent, cut)
			}
		}
		for _, screen := range []string{"Sync", "People", "Shoots"} {
			d.press(screen)
			for _, cut := range screentest.Cut(d.window.Fyne().Content(), room, func(string) bool { return false }) {
				t.Errorf("%s at %s: %s", screen, percent, cut)
			}
		}
	}
}

func TestSectionsAreWalkedWithTheKeysAndChosenFromAListWhereThereIsNoRoom(t *testing.T) {
	d := seated(t)
	d.setting("Organisation")
	var tab *part.Tab
	for _, o := range d.shown() {
		if side, ok := o.(*part.Tab); ok && side.Text() == "Organisation" {
			tab = side
		}
	}
	d.window.Fyne().Canvas().Focus(tab)
	tab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	d.see("This computer")
	d.until("the focus goes along", func() bool {
		next, ok := d.window.Fyne().Canvas().Focused().(*part.Tab)
		return ok && next.Text() == "Device and library"
	})
	d.window.Fyne().Resize(fyne.NewSize(500, 512))
	if d.pressable("About") != nil {
		t.Error("the list takes the room of what it leads to")
	}
	d.choice("Device and library").SetSelected("About")
	d.see("Where the vault lies")
}

func TestBackupsAreMadeFromTheSettingsToo(t *testing.T) {
	d := seated(t)
	d.setting("Backups")
	d.see("No backup has been made")
}

func TestLanguageChangesWhereTheReaderIs(t *testing.T) {
	d := seated(t)
	d.setting("Languages")
	d.choice("English").SetSelected("Norsk bokmål")
	d.see("Språket i vinduet")
	d.press("Utseende")
	d.see("Høy kontrast")
}

func TestFormIsTriedAsTheSubjectMeetsItAndNothingIsStored(t *testing.T) {
	d := seated(t)
	before := must(d.session().Status(t.Context()))
	d.setting("Consent forms")
	d.press("Try it as a subject")
	d.see("A try: nothing is stored")
	d.press("English")
	d.see("Who are you answering for?")
	d.press("Myself")
	d.press("Next")
	d.enter(0, "Kari Nordmann")
	d.enter(1, "1990")
	d.press("Next")
	d.see("Read everything")
	d.press("Next")
	d.press("No to everything")
	for d.pressable("Sign and save") == nil { // as many pages to check as there is room for
		d.press("Yes, that is right")
	}
	d.enter(0, "Kari Nordmann")
	d.press("Sign and save")
	d.see("Here the person would have signed")
	d.press("Once more")
	d.see("A try: nothing is stored")
	if d.says("Kari Nordmann") {
		t.Error("what was entered is still there")
	}
	d.key(fyne.KeyEscape)
	d.see("Used at: Opening of Storhaug school")
	if after := must(d.session().Status(t.Context())); after != before || after.Subjects > 0 {
		t.Errorf("it was %+v and is %+v", before, after)
	}
}

func TestEveryPartOfTheProgramIsListedWithItsLicenceText(t *testing.T) {
	d := seated(t)
	d.setting("About")
	d.see("Samtykke 1.2.3")
	d.press("Parts and licences")
	d.see("parts are linked into this program")
	var list *part.RowList
	for _, o := range d.shown() {
		if rows, ok := o.(*part.RowList); ok {
			list = rows
		}
	}
	found := map[string]string{}
	for i := range list.Length() {
		cells := make([]part.Cell, 3)
		list.Row(i, cells)
		found[cells[0].Text] = cells[2].Text
		if cells[0].Text == "github.com/gen2brain/heic" {
			list.Select(i)
		}
	}
	if found["Go"] != "BSD-3-Clause" || !strings.Contains(found["fyne.io/fyne/v2"], "OFL-1.1") {
		t.Errorf("listed are %v", found)
	}
	d.press("Read the licence")
	d.see("Copyright (c) 2024 gen2brain")
	for range 30 {
		if d.says("GNU LESSER GENERAL PUBLIC LICENSE") || d.says("GNU General Public License") {
			break
		}
		d.press("Next")
	}
	d.see("GNU")
	d.key(fyne.KeyEscape)
	d.see("parts are linked into this program")
	d.key(fyne.KeyEscape)
	d.see("Where the vault lies")
}

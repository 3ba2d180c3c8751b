package signing_test

import (
	"bytes"
	"context"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"github.com/go-text/typesetting/font"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/look"
)

func TestLanguagesFitWithoutScrollingAsTargetsForAFinger(t *testing.T) {
	const target = 56 // 12 mm, see look.SizeTarget
	d := newDesk(t)
	form, err := d.session.CurrentForm("default")
	d.must(err)
	d.open(nil, "nb")
	for _, size := range []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(1024, 768)} {
		d.window.Resize(size)
		d.photograph("languages")
		for _, lang := range form.Languages() {
			button, ok := d.find(form.Texts[lang].Name).(fyne.CanvasObject)
			if !ok {
				t.Errorf("%s is not offered", lang)
				continue
			}
			if got := button.Size(); got.Height < target || got.Width < 3*target {
				t.Errorf("%v: %s is %v", size, lang, got)
			}
		}
		for _, o := range d.objects() {
			if scroll, ok := o.(*container.Scroll); ok && scroll.Content.Size().Height > scroll.Size().Height {
				t.Errorf("%v: %.0f of %.0f in sight", size, scroll.Size().Height, scroll.Content.Size().Height)
			}
		}
	}
}

func TestEasyReadTextStandsBesideItsLanguage(t *testing.T) {
	d := newDesk(t)
	d.open(nil, "nb")
	d.photograph("languages")
	at := func(name string) fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(d.find(name).(fyne.CanvasObject))
	}
	for base, easy := range map[string]string{"Norsk bokmål": "Norsk bokmål, lettlest", "English": "English, easy to read"} {
		if a, b := at(base), at(easy); a.Y != b.Y || a.X >= b.X {
			t.Errorf("%s stands at %v, %s at %v", base, a, easy, b)
		}
	}
	d.press("Norsk bokmål, lettlest")
	d.press(assets.NewTexts("nb").T("signing.who.me", nil), "Neste")
	d.fill("Ola Nordmann", "1980", "", "")
	d.press("Neste")
	d.expect("Ja eller nei til bilder, video og lyd")
}

func TestMachineMadeLanguageSaysSoUntilItHasBeenRead(t *testing.T) {
	d := newDesk(t)
	polish, norwegian := assets.NewTexts("pl"), assets.NewTexts("nb")
	mark := polish.T("receipt.machine-made", nil)
	notice := func() {
		d.press("Polski", polish.T("signing.who.me", nil))
		d.fill("Ola Nordmann", "1980", "", "")
		d.press(polish.T("signing.next", nil))
	}
	d.open(nil, "nb")
	d.expect(mark, norwegian.T("receipt.machine-made", nil))
	notice()
	d.expect("Zgoda na zdjęcia, wideo i dźwięk", mark)

	form, err := consent.ParseForm(assets.DefaultForm())
	d.must(err)
	file := string(assets.DefaultForm())
	file = strings.Replace(file, `"version": "`+form.Version+`"`, `"version": "2099.1"`, 1)
	_, err = d.session.PublishForm(context.Background(), []byte(strings.ReplaceAll(file, `      "machine_made": true,`+"\n", "")))
	d.must(err)
	d.open(nil, "nb")
	if d.says(mark) || d.says(norwegian.T("receipt.machine-made", nil)) {
		t.Error("the languages still say that a machine made them")
	}
	notice()
	d.expect("Zgoda na zdjęcia, wideo i dźwięk")
	if d.says(mark) {
		t.Error("a text that has been read still says that a machine made it")
	}
}

// The program's own problems are there in the photographer's languages; a subject who reads neither gets their own words around them.
func TestProblemReachesTheSubjectInTheirLanguageAndThePhotographerInTheirs(t *testing.T) {
	d := newDesk(t)
	ukrainian := assets.NewTexts("uk")
	d.open(nil, "nb")
	d.press("Українська", ukrainian.T("signing.who.me", nil), ukrainian.T("signing.next", nil))
	d.expect(ukrainian.T("signing.problem.name-missing", nil))
	d.fill("Ола Нордманн", "1980", "", "")
	d.press(ukrainian.T("signing.next", nil), ukrainian.T("signing.next", nil))
	d.press(ukrainian.T("signing.all.no", nil), ukrainian.T("signing.check.right", nil))
	d.draw()
	d.store.set(errNoRoom, nil)
	d.press(ukrainian.T("signing.sign.save", nil))
	around, _, _ := strings.Cut(ukrainian.T("signing.problem.failed", map[string]any{"Sentence": "|"}), "|")
	d.until("it has failed", func() bool { return d.says(around) })
	d.store.set(nil, nil)
	d.sign(ukrainian.T("signing.sign.save", nil))
}

func TestGermanNounsStayLargeInsideASentence(t *testing.T) {
	d := newDesk(t)
	german := assets.NewTexts("de")
	person := d.register(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	d.open(person, "nb")
	d.press("Deutsch", german.T("signing.isit.yes", nil), german.T("signing.next", nil), german.T("signing.all.yes", nil))
	d.expect("Ja (Bilder, Video und Ton).")
}

// A letter that the window's fonts lack would be a box.
func TestEveryLetterOfEveryLanguageIsInTheWindowsFonts(t *testing.T) {
	form, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := fs.Glob(assets.Translations(), "*.json")
	if err != nil || len(raw) == 0 {
		t.Fatal("no translations", err)
	}
	said := map[string]string{"form": string(assets.DefaultForm())}
	for _, name := range raw {
		content, err := fs.ReadFile(assets.Translations(), name)
		if err != nil {
			t.Fatal(err)
		}
		said[name] = string(content)
	}
	missing := func(style fyne.TextStyle, text string) string {
		face, err := font.ParseTTF(bytes.NewReader(look.New(look.Light).Font(style).Content()))
		if err != nil {
			t.Fatal(err)
		}
		var found []rune
		for _, r := range regexp.MustCompile(`\s`).ReplaceAllString(text, "") {
			if _, ok := face.NominalGlyph(r); !ok {
				found = append(found, r)
			}
		}
		return string(found)
	}
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		for name, text := range said {
			if found := missing(style, text); found != "" {
				t.Errorf("%+v: %s has letters without a glyph: %q", style, name, found)
			}
		}
		if missing(style, "Ola 山") != "山" {
			t.Error("a letter that is not there is not missed")
		}
	}
	if len(form.Texts) < 12 {
		t.Errorf("only %d languages", len(form.Texts))
	}
}

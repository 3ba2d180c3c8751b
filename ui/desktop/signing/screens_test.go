package signing_test

import (
	"fmt"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/assets"
	"samtykke/ui/desktop/look"
)

// TestEveryPageFitsTheScreen goes through all pages in every language and looks at each in the sizes of a laptop and of a tablet,
// in light and dark. With SAMTYKKE_SHOTS=DIR the pictures are kept to be looked at.
func TestEveryPageFitsTheScreen(t *testing.T) {
	form, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range form.Languages() {
		for _, preference := range []look.Preference{look.Light, look.Dark} {
			for _, size := range []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(1024, 768)} {
				variant := map[look.Preference]string{look.Light: "light", look.Dark: "dark"}[preference]
				name := fmt.Sprintf("%s-%s-%.0f", lang, variant, size.Width)
				if os.Getenv("SAMTYKKE_SHOTS") == "" && (preference != look.Light || size.Width > 1024) {
					continue // what differs is looked at, not measured
				}
				t.Run(name, func(t *testing.T) { walkThrough(t, lang, preference, size, name) })
			}
		}
	}
}

func walkThrough(t *testing.T, lang string, preference look.Preference, size fyne.Size, name string) {
	d := newDesk(t)
	fyne.CurrentApp().Settings().SetTheme(look.New(preference))
	texts := assets.NewTexts(lang)
	w := func(id string) string { return texts.T("signing."+id, nil) }
	form, err := d.session.CurrentForm("default")
	d.must(err)
	person := d.register(capture.Registration{Name: "Kari Nordmann-Hansen", Born: "2015",
		Guardians: []consent.Guardian{{Name: "Ola Nordmann", Phone: "91234567"}}})

	d.open(nil, lang)
	d.window.Resize(size)
	n := 0
	see := func(page string) {
		t.Helper()
		n++
		d.photograph(fmt.Sprintf("%s-%02d-%s", name, n, page))
		if min := d.window.Content().MinSize(); min.Width > size.Width || min.Height > size.Height {
			t.Errorf("%s needs %v of %v", page, min, size)
		}
		if wide := d.window.Canvas().Size().Width; wide != size.Width {
			t.Errorf("%s made the window %v wide", page, wide)
		}
		if page == "answers-unanswered" || page == "answers-explained" {
			return // what was opened on top of the answers leaves a bar to drag
		}
		for _, o := range d.objects() {
			if scroll, ok := o.(*container.Scroll); ok && scroll.Content.Size().Height > scroll.Size().Height {
				t.Errorf("%s has %.0f of %.0f in sight", page, scroll.Size().Height, scroll.Content.Size().Height)
			}
		}
	}
	see("language")
	d.press(form.Texts[lang].Name)
	see("who")
	d.press(w("who.me"))
	d.press(w("next"))
	see("self-wrong")
	d.fill("Ola Nordmann", "1980", "912 34 567", "ola@example.no")
	see("self")
	d.press(w("next"))
	see("notice")
	d.press(w("read.all"))
	see("read-1")
	d.press(w("next"))
	see("read-2")
	for d.find(w("read.done")) == nil {
		d.press(w("next"))
	}
	see("read-last")
	d.press(w("read.done"), w("next"))
	see("answers-empty")
	d.press(w("next"))
	see("answers-unanswered")
	d.press(w("row.yes"))
	test.Tap(d.find(w("explain")))
	see("answers-explained")
	d.press(w("all.yes"))
	see("check")
	d.press(w("change"), w("row.no"))
	for d.find(w("check.right")) == nil {
		d.press(w("next"))
	}
	see("check-mixed")
	d.press(w("check.right"))
	see("sign-empty")
	d.draw()
	see("sign")
	d.sign(w("sign.save"))
	see("thanks")
	d.wait(61e9)
	see("idle")

	d.open(person, lang)
	d.window.Resize(size)
	d.press(form.Texts[lang].Name)
	see("child-isit")
	d.press(w("isit.no"))
	see("child-not")
	d.press(w("back"), w("isit.right"))
	see("child-signer")
	d.press(texts.T("signing.signer.guardian", map[string]any{"Name": "Ola Nordmann"}))
	see("child-another")
	d.press(w("another.no"))
	see("child-sole")
	d.press(w("another.yes"))
	see("child-second")
	d.press(w("next"), w("next"), w("all.no"), w("check.right"))
	see("child-sign")
	d.fill("Ola Nordmann")
	d.sign(w("sign.save"))
	see("child-thanks")
	d.press(w("thanks.done"))
	see("child-over")
}

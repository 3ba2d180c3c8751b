package web_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"samtykke/app/consent"
	"samtykke/app/library"
	"samtykke/assets"
	"samtykke/ui/web/webtest"
)

func TestLanguageIsWhatTheReaderAskedForThenTheirRecordsThenTheirBrowsers(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	for _, tt := range []struct {
		query, cookie, record, accept, want string
	}{
		{"nn", "en", "nb", "en", "nn"},
		{"", "en", "nb", "nn", "en"},
		{"", "", "nn", "en", "nn"},
		{"xx", "", "en", "nb", "en"},
		{"", "zz", "en", "nb", "en"},
		{"", "", "xx", "nn-NO,en;q=0.5", "nn"},
		{"", "", "xx", "no", "nb"},
		{"", "", "xx", "pl,de;q=0.8", "pl"},
		{"", "", "uk", "nb", "uk"},
		{"se", "", "nb", "nb", "se"},
		{"nn-simple", "", "nb", "en", "nn"},
		{"", "nb-simple", "pl", "en", "nb"},
		{"", "", "xx", "ja", "en"},
		{"", "", "xx", "", "nb"},
	} {
		secret := d.Add(t, tt.record)
		r := newReader(t, pages(d, c))
		r.accept = tt.accept
		r.open(secret)
		if tt.cookie != "" {
			r.open(secret)
			r.get("/my?lang=" + tt.cookie)
		}
		path := "/my"
		if tt.query != "" {
			path += "?lang=" + tt.query
		}
		page := r.get(path)
		if page.language() != tt.want || page.header.Get("Content-Language") != tt.want {
			t.Errorf("%+v: the page is in %q", tt, page.language())
		}
		if again := r.get("/my"); again.language() != tt.want {
			t.Errorf("%+v: the next page is in %q", tt, again.language())
		}
	}
}

func TestLanguagesAreOfferedInTheirOwnNames(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	r := newReader(t, pages(d, c))
	for tag, name := range map[string]string{"nb": "Bokmål", "nn": "Nynorsk", "en": "English", "uk": "Українська"} {
		page := r.get("/?lang=" + tag)
		nav := all(page.page, "nav")[0]
		if got := text(all(nav, "ul")[0]); got != "Bokmål Nynorsk English Deutsch Lietuvių Polski Davvisámegiella Soomaali Українська" {
			t.Errorf("offered are %q", got)
		}
		for _, a := range all(nav, "a") {
			if current := attr(a, "aria-current") == "true"; current != (text(a) == name) {
				t.Errorf("in %s, %q is current: %v", tag, text(a), current)
			}
		}
	}
}

func TestLanguageCanBeFoundByWhoCannotReadThePage(t *testing.T) {
	c := newClock()
	r := newReader(t, pages(webtest.NewDesk(t, c.now), c))
	for lang, want := range map[string]string{"uk": "Мова · Språk · Language", "nb": "Språk · Language", "en": "Language · Språk"} {
		if got := text(all(all(r.get("/?lang="+lang).page, "nav")[0], "summary")[0]); got != want {
			t.Errorf("in %s the languages are called %q, want %q", lang, got, want)
		}
	}
}

func TestErrorsSpeakTheReadersLanguage(t *testing.T) {
	c := newClock()
	r := newReader(t, pages(webtest.NewDesk(t, c.now), c))
	r.accept = "en-GB"
	if got := r.get("/P/x"); got.heading() != "This link is not known here" {
		t.Errorf("heading is %q", got.heading())
	}
	r.get("/P/x").shows(t, library.ErrLinkUnknown.Error())
	if got := r.get("/P/x?lang=nn"); got.heading() != "Lenkja er ikkje kjend her" {
		t.Errorf("heading is %q", got.heading())
	}
}

func TestClosedAnswersSpeakTheLanguageTheyWereReadIn(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	r := newReader(t, pages(d, c))
	r.accept = "en"
	front := r.follow(r.submit(r.open(d.Add(t, "nn")), "/my/leave"))
	if front.language() != "nn" {
		t.Errorf("after leaving: %q", front.language())
	}
	if got := r.get("/my"); got.language() != "nn" {
		t.Errorf("without a session: %q", got.language())
	}
	if got := r.open(d.Add(t, "nb")); got.language() != "nb" {
		t.Errorf("the next person's page is in %q", got.language())
	}
}

func TestFurtherLanguageOfTheFormIsKept(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	french := d.Form.Texts["en"]
	french.Name, french.Purpose = "Français", "En français."
	french.Media = map[consent.MediaKind]string{"photo": "Photos", "video": "Vidéo", "audio": "Son"}
	d.Form.Texts["fr"] = french
	secret := d.Add(t, "fr")
	r := newReader(t, pages(d, c))
	r.accept = "fr,nn;q=0.5"
	page := r.open(secret)
	if page.language() != "nn" {
		t.Errorf("the page around the form is in %q", page.language())
	}
	page.shows(t, "En français.")
	page.shows(t, "Vidéo")
	if got := text(all(page.page, "nav")[0]); !strings.Contains(got, "Deutsch Français Lietuvių") {
		t.Errorf("offered are %q", got)
	}
	if n := elementsIn(page, "fr"); n < 10 {
		t.Errorf("%d elements say that they are French", n)
	}
	r.get("/my?lang=en").shows(t, "would like to use pictures")
	r.get("/my?lang=fr").shows(t, "En français.")
}

// elementsIn counts the elements that say that they are in a language which the page around them need not have.
func elementsIn(page reply, lang string) int {
	n := 0
	for node := range page.page.Descendants() {
		if attr(node, "lang") == lang && attr(node, "dir") == "auto" {
			n++
		}
	}
	return n
}

func TestEveryLanguageOfTheFormHasItsPage(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	for _, lang := range d.Form.Languages() {
		r := newReader(t, pages(d, c))
		page := r.open(d.Add(t, lang))
		around := assets.NewTexts(lang)
		if want := assets.BaseLanguage(lang); page.language() != want {
			t.Errorf("%s: the page around the form is in %q", lang, page.language())
		}
		if want := around.T("web.my.title", nil); page.heading() != want {
			t.Errorf("%s: heading is %q, want %q", lang, page.heading(), want)
		}
		page.shows(t, d.Form.Texts[lang].Summary[0])
		if n := elementsIn(page, lang); n < 10 {
			t.Errorf("%d elements say that they are in %s", n, lang)
		}
		for _, a := range all(all(page.page, "nav")[0], "a") {
			if current := attr(a, "aria-current") == "true"; current != (attr(a, "lang") == lang) {
				t.Errorf("%s: %q is current: %v", lang, text(a), current)
			}
		}
		confirm := r.submit(page, "/my/withdraw", "scope", "web:photo")
		if want := around.T("web.confirm.title", nil); confirm.heading() != want {
			t.Errorf("%s: heading is %q, want %q", lang, confirm.heading(), want)
		}
	}
}

func TestMachineMadeTranslationSaysSoUntilItHasBeenRead(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	mark := assets.NewTexts("pl").T("receipt.machine-made", nil)
	marked := func(lang string) bool {
		return strings.Contains(text(newReader(t, pages(d, c)).open(d.Add(t, lang)).page), mark)
	}
	if !marked("pl") {
		t.Error("the Polish page does not say that a machine made it")
	}
	if marked("nb") {
		t.Error("the Norwegian page says that a machine made it")
	}
	read := d.Form.Texts["pl"]
	read.MachineMade = false
	d.Form.Texts["pl"] = read
	if marked("pl") {
		t.Error("a Polish text that has been read still says that a machine made it")
	}
}

func TestLanguageCanChangeWhileConfirming(t *testing.T) {
	c := newClock()
	d := webtest.NewDesk(t, c.now)
	secret := d.Add(t, "nb")
	r := newReader(t, pages(d, c))
	confirm := r.submit(r.open(secret), "/my/withdraw", "scope", "web:photo")
	values := map[string][]string{}
	for _, form := range all(all(confirm.page, "nav")[0], "form") {
		for _, input := range all(form, "input") {
			values[attr(input, "name")] = append(values[attr(input, "name")], attr(input, "value"))
		}
	}
	values["lang"] = []string{"en"}
	english := r.do("POST", "/my/withdraw", values)
	if english.heading() != "Do you want to withdraw this?" {
		t.Fatalf("heading is %q", english.heading())
	}
	english.shows(t, "Our websites Pictures")
	r.follow(r.submit(english, "/my/withdraw/confirm")).shows(t, "It is saved and applies from now")
	if s := d.Statuses(secret); s["web:photo"] != consent.StatusWithdrawn {
		t.Errorf("web:photo is %s", s["web:photo"])
	}
}

func TestEveryTextIsInEveryLanguageAndInUse(t *testing.T) {
	known := map[string][]string{}
	for _, lang := range assets.SubjectLanguages {
		raw, err := fs.ReadFile(assets.Translations(), "web."+lang+".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatal(err)
		}
		known[lang] = slices.Sorted(maps.Keys(texts))
		for id, forms := range texts {
			for _, form := range forms {
				if strings.TrimSpace(form) == "" {
					t.Errorf("%s is empty in %s", id, lang)
				}
			}
		}
		if !slices.Equal(known[lang], known[assets.Languages[0]]) {
			t.Errorf("%s and %s have different identifiers", lang, assets.Languages[0])
		}
	}
	used := usedTexts(t)
	for id := range used {
		for _, lang := range assets.SubjectLanguages {
			if !assets.NewTexts(lang).Speaks(id) {
				t.Errorf("%s is used and not known in %s", id, lang)
			}
		}
	}
	for _, id := range known["nb"] {
		made := strings.HasPrefix(id, "web.history.by.") || strings.HasPrefix(id, "problem.") // put together in code
		if !made && !used[id] {
			t.Errorf("%s is used nowhere", id)
		}
	}
}

// usedTexts collects the identifiers that stand whole in the templates and the code.
func usedTexts(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	whole := regexp.MustCompile(`"((?:web|receipt)\.[a-z.-]*[a-z])"`)
	for _, pattern := range []string{"templates/*.html", "*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range whole.FindAllStringSubmatch(string(raw), -1) {
				used[m[1]] = true
			}
		}
	}
	return used
}

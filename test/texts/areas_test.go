package texts_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"samtykke/assets"
)

// texts are one area in one language: identifier → plural form → text.
type texts map[string]map[string]string

// subjectAreas are what a subject meets, and so stand in every language in which subjects are spoken to.
var subjectAreas = []string{"mail", "paper", "receipt", "signing", "web"}

// languagesOf are the languages that an area has to have.
func languagesOf(area string) []string {
	if slices.Contains(subjectAreas, area) {
		return assets.SubjectLanguages
	}
	return assets.Languages
}

// areas reads every translation file: area → language → texts.
func areas(t *testing.T) map[string]map[string]texts {
	t.Helper()
	names, err := fs.Glob(assets.Translations(), "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no translations: %v", err)
	}
	all := map[string]map[string]texts{}
	for _, name := range names {
		area, rest, _ := strings.Cut(name, ".")
		lang, ext, _ := strings.Cut(rest, ".")
		if ext != "json" || !slices.Contains(languagesOf(area), lang) {
			t.Errorf("%s is not named area.language.json in one of %v", name, languagesOf(area))
			continue
		}
		raw, err := fs.ReadFile(assets.Translations(), name)
		if err != nil {
			t.Fatal(err)
		}
		var in texts
		if err := json.Unmarshal(raw, &in); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, twice := range repeated(raw) {
			t.Errorf("%s has %s twice, and only the last one is seen", name, twice)
		}
		if all[area] == nil {
			all[area] = map[string]texts{}
		}
		all[area][lang] = in
	}
	return all
}

// repeated are the identifiers that stand more than once in a file; a JSON decoder silently keeps the last.
func repeated(raw []byte) []string {
	var twice []string
	seen := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(raw))
	depth, key := 0, true
	for {
		token, err := d.Token()
		if err != nil {
			return twice
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' {
				depth++
			} else if token == '}' {
				depth--
			}
			key = true
		case string:
			if depth == 1 && key {
				if seen[token] {
					twice = append(twice, token)
				}
				seen[token] = true
			}
		}
	}
}

// eachText calls visit for every text of every language.
func eachText(t *testing.T, visit func(where, lang, text string)) {
	t.Helper()
	for area, languages := range areas(t) {
		for lang, in := range languages {
			for id, forms := range in {
				for form, text := range forms {
					visit(fmt.Sprintf("%s.%s: %s (%s)", area, lang, id, form), lang, text)
				}
			}
		}
	}
}

func TestEveryAreaHasTheSameTextsInEveryLanguage(t *testing.T) {
	for area, languages := range areas(t) {
		first := languages[assets.Languages[0]]
		for _, lang := range languagesOf(area) {
			in, ok := languages[lang]
			if !ok {
				t.Errorf("%s is not there in %s", area, lang)
				continue
			}
			for id := range first {
				if _, ok := in[id]; !ok {
					t.Errorf("%s.%s lacks %s", area, lang, id)
				}
			}
			for id, forms := range in {
				if _, ok := first[id]; !ok {
					t.Errorf("%s.%s has %s, which %s lacks", area, lang, id, assets.Languages[0])
					continue
				}
				want := []string{"other"}
				if len(first[id]) > 1 {
					want = pluralForms[lang]
				}
				if got := slices.Sorted(maps.Keys(forms)); !slices.Equal(got, want) {
					t.Errorf("%s: %s has the plural forms %v in %s, want %v", area, id, got, lang, want)
				}
			}
		}
	}
}

func TestNoIdentifierStandsInTwoAreas(t *testing.T) {
	home := map[string]string{}
	for area, languages := range areas(t) {
		for id := range languages[assets.Languages[0]] {
			if other, ok := home[id]; ok {
				t.Errorf("%s stands in %s and %s, and which one is seen is chance", id, other, area)
			}
			home[id] = area
		}
	}
}

func TestATextAsksForTheSameValuesInEveryLanguage(t *testing.T) {
	for area, languages := range areas(t) {
		for id, forms := range languages[assets.Languages[0]] {
			want := asks(t, id, forms["other"])
			for _, lang := range languagesOf(area) {
				where := path.Join(area, lang, id)
				if got := asks(t, where, languages[lang][id]["other"]); !slices.Equal(got, want) {
					t.Errorf("%s asks for %v, in %s for %v", where, got, assets.Languages[0], want)
				}
				for form, text := range languages[lang][id] {
					for _, name := range asks(t, where, text) { // "one" need not say its number
						if !slices.Contains(want, name) {
							t.Errorf("%s (%s) asks for %s, which the plural does not", where, form, name)
						}
					}
				}
			}
		}
	}
}

// pluralForms are the plural forms of the languages (CLDR), sorted.
var pluralForms = map[string][]string{
	"nb": {"one", "other"}, "nn": {"one", "other"}, "en": {"one", "other"}, "de": {"one", "other"}, "so": {"one", "other"},
	"se": {"one", "other", "two"},
	"lt": {"few", "many", "one", "other"}, "pl": {"few", "many", "one", "other"}, "uk": {"few", "many", "one", "other"},
}

func TestPluralFormsAreThoseOfTheLanguages(t *testing.T) {
	for area, languages := range areas(t) {
		for lang, in := range languages {
			for id, forms := range in {
				for form := range forms {
					if !slices.Contains(pluralForms[lang], form) {
						t.Errorf("%s.%s: %s has a form %q, which the language does not have", area, lang, id, form)
					}
				}
				if forms["other"] == "" {
					t.Errorf("%s.%s: %s has no text for %q", area, lang, id, "other")
				}
			}
		}
	}
}

// leftovers are what an unfinished or badly copied text looks like.
var leftovers = regexp.MustCompile(`(?i)\b(todo|fixme|tbd|xxx+|lorem|ipsum|undefined|translation missing)\b|<no value>|` +
	`%[!dsvq]|\x{FFFD}|[\x00-\x08\x0b-\x1f]|Ã.|â€|\.\.\.|&(?:amp|quot|nbsp|#)|\\[nu]|  |^\s|\s$|\s[,;]|[{}]`)

func leftover(text string) string { return leftovers.FindString(braces.ReplaceAllString(text, "0")) }

func TestTextsAreFinished(t *testing.T) {
	eachText(t, func(where, _, text string) {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s is empty", where)
		}
		if found := leftover(text); found != "" {
			t.Errorf("%s: %q is left over in %q", where, found, text)
		}
	})
}

func TestLeftoversAreSeen(t *testing.T) {
	for _, text := range []string{"TODO: si det bedre", "Lagret %s", "pÃ¥ disken", "Vent...", "to  mellomrom", " foran", "bak ", "A &amp; B", "nei , ja", "linje\\n", "{.count} bilder", "{ {.count}}"} {
		if leftover(text) == "" {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"Vent …", "{{.count}} bilder (50 %)", "Skriv den som navn@eksempel.no."} {
		if found := leftover(text); found != "" {
			t.Errorf("%q is found in %q", found, text)
		}
	}
}

// foreign are everyday words that show that a text, or a part of it, stands in the file of another language.
var foreign = map[string][]string{
	"nb": append(strings.Fields("ikkje eg kva kven kvifor korleis kvar frå berre noko nokon ein eit dei vere blei vart sjølv òg namn bilete enno heile "+
		"gjer seier kjem fleire mogleg lenkje"), english...),
	"nn": append(strings.Fields("ikke jeg hva hvem hvor hvorfor hvordan hver noe noen være ble bare selv navn bilder ennå fra en et dem gjør sier kommer flere mulig lenke"), english...),
	"en": strings.Fields("ikke ikkje jeg hva kva noe noko og eller er av til på med den det bilde bilder bilete maskinen maskina mediebanken samtykket"),
	"de": nordic("den", "bilder"), "lt": nordic(), "pl": nordic(), "se": nordic("de"), "so": nordic(), "uk": nordic(),
}

// nordic are the words of a text that was left in Norwegian or English. Some languages have words of their own that look the same.
func nordic(except ...string) []string {
	all := strings.Fields("the this your please from what cannot there nothing ikke jeg hva hvor hvis den dette bilder svarene til av med")
	return slices.DeleteFunc(all, func(word string) bool { return slices.Contains(except, word) })
}

var english = strings.Fields("the and not is are this that with your please from of what cannot there nothing")

var (
	braces = regexp.MustCompile(`\{\{.*?\}\}`)
	words  = regexp.MustCompile(`\p{L}+(?:-\p{L}+)*`)
	quotes = regexp.MustCompile(`«[^»]*»|“[^”]*”|"[^"]*"|https?://\S+|file://\S+|\S+@\S+|--[a-z-]+`)
)

// strays are the words of a text that belong to another language. What is quoted, and addresses, may be in any.
func strays(lang, text string) []string {
	var found []string
	for _, word := range words.FindAllString(quotes.ReplaceAllString(braces.ReplaceAllString(text, " "), " "), -1) {
		if slices.Contains(foreign[lang], strings.ToLower(word)) {
			found = append(found, word)
		}
	}
	return found
}

func TestEveryTextIsInItsOwnLanguage(t *testing.T) {
	eachText(t, func(where, lang, text string) {
		if found := strays(lang, text); len(found) > 0 {
			t.Errorf("%s: %v in %q", where, found, text)
		}
	})
	for area, languages := range areas(t) {
		for id, forms := range languages["en"] {
			for _, lang := range languagesOf(area) {
				if lang == "en" {
					continue
				}
				bare := braces.ReplaceAllString(forms["other"], "")
				if forms["other"] == languages[lang][id]["other"] && len(words.FindAllString(bare, -1)) > 2 {
					t.Errorf("%s: %s has not been translated to %s", area, id, lang)
				}
			}
		}
	}
}

func TestStrayWordsAreSeen(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"nb", "Ikkje lagret", "Ikkje"},
		{"nn", "Bildet er ikke lagra", "ikke"},
		{"en", "Nothing er saved", "er"},
		{"nb", "Nothing was saved", "Nothing"},
		{"pl", "Svarene są zapisane", "Svarene"},
		{"de", "Den Link öffnen, please", "please"},
		{"nb", "Trykk «the button» i {{.of}}, --of", ""},
	} {
		if got := strings.Join(strays(c.lang, c.text), " "); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}

// Package texts_test holds what the program says to people to its rules: every language says everything, a sentence is given the
// values that it asks for, and a problem says more than that something went wrong.
//
// It reads the code itself, so a problem that is made in a new place is held to the rules from its first day.
package texts_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"samtykke/app/problem"
	"samtykke/assets"
)

const area = "problem"

// shared are identifiers that stand for different sentences in different places, with the reason. A reader of another language
// sees one text for all of them, so it may ask only for values that every place passes, and its English is no copy of a sentence.
var shared = map[string]string{
	"blob-too-large": "the library knows its limit, the vault also the size",
	"disk-full":      "the library's command says it in its own words",
	"library-full":   "the library says it of its own disk, the device of the library",
	"unknown-scope":  "a scope that is typed can be corrected, so there the choices are named",
	"vault-missing":  "the command says how to make one",
}

// translations are the sentences of the problems: language → identifier of the problem → text.
func translations(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for lang, in := range areas(t)[area] {
		all[lang] = map[string]string{}
		for key, forms := range in {
			id, ok := strings.CutPrefix(key, area+".")
			if !ok {
				t.Errorf("%s.%s: %s does not begin with %q", area, lang, key, area+".")
			}
			all[lang][id] = forms["other"]
		}
	}
	return all
}

func TestEveryProblemCanBeFoundInTheCode(t *testing.T) {
	c := program(t)
	for _, place := range c.unreadable {
		t.Error(place)
	}
	// So few would mean that the search looks in the wrong place and all other tests prove nothing.
	if ids := c.byID(); len(ids) < 100 {
		t.Errorf("only %d problems found", len(ids))
	}
}

func TestEveryProblemSpeaksEveryLanguage(t *testing.T) {
	known := translations(t)
	for id, places := range program(t).byID() {
		for _, lang := range assets.Languages {
			if known[lang][id] == "" {
				t.Errorf("%s: %s.%s lacks problem.%s", places[0].at, area, lang, id)
			}
		}
	}
}

func TestNoTranslationIsLeftWithoutItsProblem(t *testing.T) {
	used := program(t).byID()
	for lang, in := range translations(t) {
		for id := range in {
			if used[id] == nil {
				t.Errorf("%s.%s: no code makes problem.%s", area, lang, id)
			}
		}
	}
}

func TestTheEnglishTextIsTheSentenceInTheCode(t *testing.T) {
	known := translations(t)["en"]
	for id, places := range program(t).byID() {
		if all := sentences(places); len(all) == 1 && known[id] != all[0] {
			t.Errorf("%s: problem.%s is\n  %q, but in English\n  %q", places[0].at, id, all[0], known[id])
		}
	}
}

func TestOneIdentifierIsOneSentence(t *testing.T) {
	byID := program(t).byID()
	for id, places := range byID {
		if shared[id] != "" || len(sentences(places)) == 1 {
			continue
		}
		t.Errorf("%s stands for different sentences; give one of them another identifier", id)
		for _, m := range places {
			t.Logf("  %s: %q", m.at, m.sentence)
		}
	}
	for id := range shared {
		if len(sentences(byID[id])) < 2 {
			t.Errorf("%s has one sentence now; take it out of the list", id)
		}
	}
}

func TestASentenceIsGivenTheValuesItAsksFor(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+$`)
	for _, m := range program(t).places {
		for _, asked := range asks(t, m.at.String(), m.sentence) {
			if !name.MatchString(asked) {
				t.Errorf("%s: {{.%s}} is not a lower-case word", m.at, asked)
			}
			for _, given := range m.values {
				if !slices.Contains(given, asked) {
					t.Errorf("%s: the sentence asks for {{.%s}}, and is given %v", m.at, asked, given)
				}
			}
		}
	}
}

func TestATranslationAsksForTheValuesOfItsSentence(t *testing.T) {
	known := translations(t)
	for id, places := range program(t).byID() {
		for _, lang := range assets.Languages {
			got := asks(t, lang+" "+id, known[lang][id])
			for _, m := range places {
				want := asks(t, m.at.String(), m.sentence)
				if shared[id] == "" && !slices.Equal(got, want) {
					t.Errorf("%s: problem.%s asks for %v, in %s for %v", m.at, id, want, lang, got)
				}
				for _, asked := range got {
					if !slices.Contains(want, asked) {
						t.Errorf("%s: problem.%s in %s asks for {{.%s}}, which this place does not say", m.at, id, lang, asked)
					}
				}
			}
		}
	}
}

// The way that the window and the pages take: through the library that chooses a language.
func TestAReaderSeesTheSentenceOfTheirLanguage(t *testing.T) {
	known := translations(t)
	for id, places := range program(t).byID() {
		values := map[string]any{}
		for _, name := range asks(t, id, places[0].sentence) {
			values[name] = "‹" + name + "›"
		}
		for _, lang := range assets.Languages {
			want := problem.Fill(known[lang][id], values)
			if got := assets.NewTexts(lang).T("problem."+id, values); got != want {
				t.Errorf("problem.%s in %s reads\n  %q, want\n  %q", id, lang, got, want)
			}
			for name, value := range values {
				if slices.Contains(asks(t, id, known[lang][id]), name) && !strings.Contains(want, value.(string)) && !branching(known[lang][id]) {
					t.Errorf("problem.%s in %s does not show {{.%s}}: %q", id, lang, name, want)
				}
			}
		}
	}
}

func branching(text string) bool { return strings.Contains(text, "{{if") }

// partsOf counts the statements of a sentence: what stands between semicolons, or between full stops that end a statement.
func partsOf(text string) int {
	ends := regexp.MustCompile(`;\s|[.!?]\s+[\p{Lu}«“"{]`)
	return 1 + len(ends.FindAllString(text, -1))
}

// A problem says what happened, what is safe and what to do. Three parts cannot be counted by a program: sometimes one clause says
// two of them. But one clause alone never says more than that something went wrong.
func TestAProblemSaysMoreThanWhatHappened(t *testing.T) {
	for id, places := range program(t).byID() {
		for _, m := range places {
			if partsOf(m.sentence) < 2 {
				t.Errorf("%s: problem.%s does not say what is safe or what to do: %q", m.at, id, m.sentence)
			}
		}
	}
	for lang, in := range translations(t) {
		for _, id := range slices.Sorted(maps.Keys(in)) {
			if partsOf(in[id]) < 2 {
				t.Errorf("problem.%s in %s does not say what is safe or what to do: %q", id, lang, in[id])
			}
			if !strings.HasSuffix(in[id], ".") {
				t.Errorf("problem.%s in %s does not end with a full stop: %q", id, lang, in[id])
			}
		}
	}
}

func TestPartsAreCounted(t *testing.T) {
	for text, want := range map[string]int{
		"It failed.": 1,
		"It failed; nothing was saved; try again.":              3,
		"Det gikk ikke. Ingenting er lagret. Skriv som a.b.no.": 3,
		"{{.path}} mangler. «init» lager den.":                  2,
		"Skriv den som 127.0.0.1:8330.":                         1,
	} {
		if got := partsOf(text); got != want {
			t.Errorf("%q has %d parts, want %d", text, got, want)
		}
	}
}

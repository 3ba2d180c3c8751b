package consent_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"samtykke/app/consent"
	"samtykke/assets"
)

// embeddedForm is the form that the program carries, in which the languages must not drift apart.
func embeddedForm(t *testing.T) *consent.Form {
	t.Helper()
	form, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func TestLanguagesStandWithTheirEasyReadVariantsNorwegianAndEnglishFirst(t *testing.T) {
	want := "nb nb-simple nn nn-simple en en-simple de lt pl se so uk"
	if got := strings.Join(embeddedForm(t).Languages(), " "); got != want {
		t.Errorf("languages are %s, want %s", got, want)
	}
	few := &consent.Form{Texts: map[string]consent.FormText{"pl": {}, "en-simple": {}, "ar": {}, "fi": {}, "nb": {}}}
	if got := strings.Join(few.Languages(), " "); got != "nb en-simple fi pl" { // nobody signs what cannot be shown
		t.Errorf("languages are %s", got)
	}
	only := &consent.Form{Texts: map[string]consent.FormText{"ar": {}, "fa": {}}}
	if got := strings.Join(only.Languages(), " "); got != "ar fa" {
		t.Errorf("languages of a form from before are %q", got)
	}
}

var placeholders = regexp.MustCompile(`\{\w+\}`)

// everySentence is all that a reader meets of a text.
func everySentence(text consent.FormText) string {
	all := append([]string{text.Title, text.Purpose, text.Statement, text.GuardianStatement}, text.Summary...)
	for _, section := range text.Notice {
		all = append(all, section.Heading, section.Text)
	}
	for _, key := range slices.Sorted(maps.Keys(text.Channels)) {
		all = append(all, text.Channels[key].Title, text.Channels[key].Text)
	}
	return strings.Join(all, "\n")
}

func TestEveryLanguageOfTheEmbeddedFormIsBuiltTheSame(t *testing.T) {
	form := embeddedForm(t)
	model := form.Texts["nb"]
	asked := func(text consent.FormText) []string {
		names := placeholders.FindAllString(everySentence(text), -1)
		slices.Sort(names)
		return slices.Compact(names)
	}
	for lang, text := range form.Texts {
		for what, same := range map[string]bool{
			"channels":     slices.Equal(slices.Sorted(maps.Keys(text.Channels)), slices.Sorted(maps.Keys(model.Channels))),
			"groups":       slices.Equal(slices.Sorted(maps.Keys(text.Groups)), slices.Sorted(maps.Keys(model.Groups))),
			"media":        slices.Equal(slices.Sorted(maps.Keys(text.Media)), slices.Sorted(maps.Keys(model.Media))),
			"summary":      len(text.Summary) == len(model.Summary),
			"placeholders": slices.Equal(asked(text), asked(model)),
		} {
			if !same {
				t.Errorf("%s has other %s than nb", lang, what)
			}
		}
		simple := strings.HasSuffix(lang, "-"+consent.SimpleSubtag)
		if !simple && len(text.Notice) != len(model.Notice) {
			t.Errorf("%s has %d sections, nb %d", lang, len(text.Notice), len(model.Notice))
		}
		for i, section := range text.Notice {
			if !simple && strings.Count(section.Text, "\n") != strings.Count(model.Notice[i].Text, "\n") {
				t.Errorf("%s: section %q has other lines than in nb", lang, section.Heading)
			}
		}
		notice := everySentence(text)
		for _, must := range []string{"datatilsynet.no", "GDPR", "104", "18", "12", "7"} {
			if !strings.Contains(notice, must) {
				t.Errorf("%s does not say %s", lang, must)
			}
		}
	}
}

func TestMachineMadeStandsOnTheTranslationsNobodyHasRead(t *testing.T) {
	var marked []string
	for lang, text := range embeddedForm(t).Texts {
		if text.MachineMade {
			marked = append(marked, lang)
		}
	}
	slices.Sort(marked)
	if got := strings.Join(marked, " "); got != "de lt pl se so uk" {
		t.Errorf("marked are %s", got)
	}
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?:]+(\s|$)|\n`)
	words       = regexp.MustCompile(`\p{L}+(-\p{L}+)*`)
)

// reading measures a text: words in a sentence, and the share of words with more than six letters (their sum with the share in
// hundredths is Björnsson's LIX).
func reading(text string) (perSentence, long float64) {
	sentences, count, lengthy := 0, 0, 0
	for _, sentence := range sentenceEnd.Split(text, -1) {
		found := words.FindAllString(sentence, -1)
		if len(found) == 0 {
			continue
		}
		sentences++
		count += len(found)
		for _, word := range found {
			if utf8.RuneCountInString(word) > 6 {
				lengthy++
			}
		}
	}
	return float64(count) / float64(sentences), float64(lengthy) / float64(count)
}

func TestEasyReadTextsAreEasierToRead(t *testing.T) {
	form := embeddedForm(t)
	for _, base := range []string{"nb", "nn", "en"} {
		simple, ok := form.Texts[base+"-"+consent.SimpleSubtag]
		if !ok {
			t.Errorf("%s has no easy-read text", base)
			continue
		}
		length, long := reading(everySentence(form.Texts[base]))
		easyLength, easyLong := reading(everySentence(simple))
		t.Logf("%s: %.1f words a sentence, %.0f %% long; easy: %.1f, %.0f %%", base, length, 100*long, easyLength, 100*easyLong)
		if easyLength > 0.75*length || easyLength > 9 {
			t.Errorf("%s: %.1f words a sentence, easy to read %.1f", base, length, easyLength)
		}
		if easyLong > 0.9*long {
			t.Errorf("%s: %.0f %% long words, easy to read %.0f %%", base, 100*long, 100*easyLong)
		}
	}
}

func TestReadingIsMeasured(t *testing.T) {
	if length, long := reading("Du velger selv. Organisasjonen bestemmer ikke noe."); length != 3.5 || long != 2.0/7 {
		t.Errorf("%v words a sentence, %v long", length, long)
	}
}

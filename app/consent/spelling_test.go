package consent_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"samtykke/app/consent"
)

func TestNamesAreComparedHoweverTheyAreSpelled(t *testing.T) {
	for want, spellings := range map[string][]string{
		"ase":           {"Åse", "Aase", "ase", "ÅSE", "A\u030ase"},
		"bjorn sather":  {"Bjørn Sæther", "Björn  Säther", "BJORN SAETHER", "Bjørn-Sæther", " bjorn\u00a0sather "},
		"anders obrien": {"Anders O'Brien", "Anders O’Brien"},
		"danel dukic":   {"Daŋel Đukić"},
		"lukasz":        {"Łukasz"},
		"жилин":         {"Жилин"},
		"":              {"", "   ", "'"},
	} {
		for _, spelling := range spellings {
			if got := consent.Plain(spelling); got != want {
				t.Errorf("%q is compared as %q, want %q", spelling, got, want)
			}
		}
	}
}

// Whoever has typed the beginning of a word finds the word: what is added does not change what stood there before.
func TestPlainSpellingKeepsBeginnings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("aåæäeoøöAÅÆbn đŧß-'é")), 0, 20, -1).Draw(t, "name")
		typed := []rune(name)
		typed = typed[:rapid.IntRange(0, len(typed)).Draw(t, "typed")]
		if whole, begun := consent.Plain(name), consent.Plain(string(typed)); !strings.HasPrefix(whole, begun) {
			t.Errorf("%q is %q, but its beginning %q is %q", name, whole, string(typed), begun)
		}
		if again := consent.Plain(consent.Plain(name)); again != consent.Plain(name) {
			t.Errorf("%q becomes %q and then %q", name, consent.Plain(name), again)
		}
	})
}

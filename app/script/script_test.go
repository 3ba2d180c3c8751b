package script_test

import (
	"testing"

	"samtykke/app/script"
)

func TestLanguagesWithJoinedStackedOrMirroredLettersAreNotOffered(t *testing.T) {
	for _, tag := range []string{"ar", "fa", "ur", "he", "ps", "ckb", "hi", "bn", "ta", "th", "am", "ti", "my", "km", "zh", "ja", "ko", "yi", "ug", "uz-Arab",
		"ar-simple", "not a tag", ""} {
		if script.Speaks(tag) {
			t.Errorf("%q is offered", tag)
		}
	}
	for _, tag := range []string{"nb", "nb-simple", "nn", "en", "de", "lt", "pl", "se", "so", "uk", "ru", "el", "tr", "vi", "ku", "zh-Latn", "sr", "sma", "smj"} {
		if !script.Speaks(tag) {
			t.Errorf("%q is not offered", tag)
		}
	}
}

func TestForeignLettersAreFoundAndNothingElse(t *testing.T) {
	for text, want := range map[string]rune{"محمد": 'م', "Li 李": '李', "שרה": 'ש', "नमस्ते": 'न', "สมชาย": 'ส'} {
		if got, found := script.Foreign(text); !found || got != want {
			t.Errorf("%q: found %q, %v", text, got, found)
		}
	}
	for _, text := range []string{"", "Čálliidlágádus Đoŋŋá Ŧuokkus", "Zażółć gęślą jaźń", "Їжак Ґанок", "Νίκος", "A\u030ase O’Brien-Nuñez 3.", "«Ja» – 100 % 🦊 ✓"} {
		if got, found := script.Foreign(text); found {
			t.Errorf("%q: found %q", text, got)
		}
	}
}

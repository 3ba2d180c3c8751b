package part_test

import (
	"testing"

	"samtykke/ui/desktop/part"
)

func TestOneLineKeepsLettersAndDropsWhatSteers(t *testing.T) {
	for text, want := range map[string]string{
		"Ola Nordmann":                     "Ola Nordmann",
		"Ola\nNordmann\r\n":                "Ola Nordmann",
		"\u202egpj.innavn\u202c.exe":       "gpj.innavn.exe",
		"Åse\u200f \u2066Ødegård\u2069":    "Åse Ødegård",
		"a\u2028b\x1b[31m\x00\u009bc":      "a b[31mc",
		"दे\u200dव अली محمد e\u0301\u0301": "दे\u200dव अली محمد e\u0301\u0301", // joiners and marks belong to letters
	} {
		if got := part.OneLine(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

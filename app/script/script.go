// Package script says in which scripts the program can show text to people, on the signing screen and on paper alike.
//
// What it draws with sets one letter after the other from left to right. That is right for the Latin, Greek and Cyrillic scripts.
// Arabic, Devanagari, Thai and others join or stack their letters, Hebrew runs the other way, and for Chinese there is no font: set
// like that they would be wrong or empty, and nobody should sign what they could not read. A language in such a script is not
// offered, and a name in one is not printed.
package script

import (
	"unicode"

	"golang.org/x/text/language"
)

// offered are the scripts whose letters can be shown.
var offered = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic}

// offeredCodes are the same by their ISO 15924 codes.
var offeredCodes = map[string]bool{"Latn": true, "Grek": true, "Cyrl": true}

// Speaks tells whether texts in a language (BCP 47) can be shown: its own script, or the one that its tag names.
func Speaks(tag string) bool {
	parsed, err := language.Raw.Parse(tag)
	if err != nil {
		return false
	}
	code, _ := parsed.Script()
	return offeredCodes[code.String()]
}

// Foreign is the first letter of a text that cannot be shown; false when there is none. Figures, punctuation and symbols belong to no
// script and are not looked at.
func Foreign(text string) (rune, bool) {
	for _, r := range text {
		if (unicode.IsLetter(r) || unicode.IsMark(r)) && !unicode.In(r, offered...) && !unicode.In(r, unicode.Common, unicode.Inherited) {
			return r, true
		}
	}
	return 0, false
}

package capture

import (
	"encoding/binary"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"samtykke/app/consent"
)

// alphabet compares texts as a Norwegian reader looks for them: æ, ø and å after z, and aa as å. Both written forms have this one
// alphabet; the tables of the collation know it for nynorsk alone and give the English order for "no" and "nb".
func alphabet(options ...collate.Option) *collate.Collator {
	return collate.New(language.MustParse("nn"), options...)
}

// lastLetters are those after z, in order, each as a byte after z.
var lastLetters = strings.NewReplacer("aa", "}", "æ", "{", "ä", "{", "ø", "|", "ö", "|", "å", "}")

// initials are the first eight letters of a name as a number: names in the order of alphabet are in order by it, as far as it goes. It
// costs nothing to compare, which counts with a hundred thousand people.
func initials(name string) uint64 {
	var first [8]byte
	at := 0
	gap := false
	for _, r := range lastLetters.Replace(strings.ToLower(norm.NFC.String(name))) {
		letters := string(r)
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r):
			gap = at > 0
			continue
		case r < '{' || r > '}':
			letters = consent.Plain(letters)
		}
		if gap && letters != "" {
			letters, gap = " "+letters, false
		}
		at += copy(first[at:], letters)
	}
	return binary.BigEndian.Uint64(first[:])
}

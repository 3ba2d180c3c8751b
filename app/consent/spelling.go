package consent

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Plain is a text as it is compared and searched: lower case, without diacritics, hyphens as spaces, one space between words. What
// is one name in different spellings becomes one text: å, aa, æ, ae and ä are a; ø and ö are o.
func Plain(text string) string {
	plain := make([]byte, 0, len(text))
	space := false // a gap that is written once another letter follows
	add := func(letters string) {
		if space && len(plain) > 0 {
			plain = append(plain, ' ')
		}
		for _, letter := range []byte(letters) {
			if n := len(plain); n > 0 && !space && plain[n-1] == 'a' && (letter == 'a' || letter == 'e') {
				continue
			}
			space, plain = false, append(plain, letter)
		}
	}
	for i, r := range text {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			add(text[i : i+1])
		case 'A' <= r && r <= 'Z':
			add(string(r + 'a' - 'A'))
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r):
			space = true
		case r == '\'' || r == '’' || r == '`' || unicode.Is(unicode.Mn, r):
		case r < utf8.RuneSelf:
			add(text[i : i+1])
		default:
			add(plainLetter(unicode.ToLower(r)))
		}
	}
	return string(plain)
}

// plainLetter writes a lower-case letter without what sets it apart from the letter that people type in its place.
func plainLetter(r rune) string {
	switch r {
	case 'æ':
		return "a"
	case 'ø':
		return "o"
	case 'œ':
		return "oe"
	case 'đ', 'ð':
		return "d"
	case 'ŋ':
		return "n"
	case 'ŧ':
		return "t"
	case 'þ':
		return "th"
	case 'ł':
		return "l"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ß':
		return "ss"
	}
	letter := string(r)
	if parts := norm.NFD.PropertiesString(letter).Decomposition(); len(parts) > 0 {
		if base, size := utf8.DecodeRune(parts); !unicode.Is(unicode.Mn, base) {
			return string(parts[:size])
		}
	}
	return letter
}

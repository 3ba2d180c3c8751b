package part

import (
	"strings"
	"unicode"
)

// OneLine is a text that somebody else has written as it fits into a row or a title: ends of lines become spaces, and what draws nothing but
// turns or hides what stands beside it is left out.
func OneLine(text string) string {
	if strings.IndexFunc(text, steers) < 0 {
		return text
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case steers(r):
			return -1
		}
		return r
	}, text))
}

func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

package picture

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What Info.Texts may hold. A caption longer than this is cut; nobody types a short code behind two thousand letters.
const (
	maxTexts      = 64
	maxTextLength = 2000 // bytes
)

// addText adds something that a person wrote into the file: valid UTF-8, without control characters, once.
func (i *Info) addText(s string) {
	s = text(s)
	if len(s) > maxTextLength {
		s = strings.ToValidUTF8(s[:maxTextLength], "")
	}
	if s == "" || len(i.Texts) >= maxTexts || slices.Contains(i.Texts, s) {
		return
	}
	i.Texts = append(i.Texts, s)
}

// latin1 reads a text that should be UTF-8 and is ISO 8859-1 where it cannot be, as older programs wrote it.
func latin1(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

package main

import (
	"strconv"
	"strings"
	"unicode"
)

// plain is a name as one line that a terminal can print: a file may be called anything, also what moves the cursor.
func plain(name string) string {
	if strings.IndexFunc(name, steers) < 0 {
		return name
	}
	var text strings.Builder
	for _, r := range name {
		if steers(r) {
			text.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		} else {
			text.WriteRune(r)
		}
	}
	return text.String()
}

// steers tells whether a character does something to a terminal instead of being seen.
func steers(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// counted is a number of things in words.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// printable makes the control characters in a text visible, but for the ends of its lines.
func printable(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		parts := strings.Split(line, "\t")
		for k := range parts {
			parts[k] = plain(parts[k])
		}
		lines[i] = strings.Join(parts, "\t")
	}
	return strings.Join(lines, "\n")
}

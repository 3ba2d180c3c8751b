package roster

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"samtykke/app/problem"
)

// decode makes text of a file: by its byte order mark, else UTF-16 when every other byte is zero, else UTF-8, else Windows-1252,
// which has Latin-1 in it.
func decode(data []byte) (string, error) {
	for _, magic := range []string{"PK\x03\x04", "\xd0\xcf\x11\xe0"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return "", problem.New(problem.Invalid, "roster-spreadsheet",
				"This is a spreadsheet, not a CSV file; nobody was registered; save it as CSV and choose that file.")
		}
	}
	var text string
	switch endian, wide := wideness(data); {
	case wide:
		raw, err := unicode.UTF16(endian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", errNotText().Because(err)
		}
		text = string(raw)
	case utf8.Valid(data):
		text = strings.TrimPrefix(string(data), "\ufeff")
	default:
		raw, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return "", errNotText().Because(err)
		}
		text = string(raw)
	}
	if strings.ContainsRune(text, 0) || strings.ContainsRune(text, utf8.RuneError) {
		return "", errNotText()
	}
	if !strings.Contains(text, "\n") { // as an old Macintosh ends lines
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return spreadsheetText.ReplaceAllString(text, "$1$2"), nil
}

// spreadsheetText is how some programs keep a spreadsheet from taking digits for a number: ="0123".
var spreadsheetText = regexp.MustCompile(`(?m)(^|[;,\t])="([^"\n]*)"`)

// wideness tells whether a file is UTF-16, and which byte comes first where no mark says so.
func wideness(data []byte) (unicode.Endianness, bool) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) {
		return unicode.LittleEndian, true
	}
	if bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return unicode.BigEndian, true
	}
	var zeros [2]int
	start := data[:min(len(data), 1024)]
	for i, b := range start {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(start) / 2; {
	case half > 1 && zeros[1] > half*3/4 && zeros[0] == 0:
		return unicode.LittleEndian, true
	case half > 1 && zeros[0] > half*3/4 && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

func errNotText() *problem.Problem {
	return problem.New(problem.Invalid, "roster-not-text",
		"The file is not a list in text; nobody was registered; save the list as CSV in UTF-8 and choose that file.")
}

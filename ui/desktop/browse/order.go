package browse

import (
	"cmp"
	"strings"
	"unicode"
)

// piece is a part of a name: letters, or digits that count as a number.
type piece struct {
	text   string
	number bool
}

// pieces cuts a name where letters and digits meet.
func pieces(name string) []piece {
	var list []piece
	for _, r := range strings.ToLower(name) {
		digit := r <= unicode.MaxASCII && unicode.IsDigit(r)
		if len(list) == 0 || list[len(list)-1].number != digit {
			list = append(list, piece{number: digit})
		}
		list[len(list)-1].text += string(r)
	}
	for i, p := range list {
		if p.number {
			list[i].text = strings.TrimLeft(p.text, "0")
		}
	}
	return list
}

// compare orders numbers by what they are worth, before letters.
func (p piece) compare(q piece) int {
	if p.number && q.number {
		if order := cmp.Compare(len(p.text), len(q.text)); order != 0 {
			return order
		}
	}
	return strings.Compare(p.text, q.text)
}

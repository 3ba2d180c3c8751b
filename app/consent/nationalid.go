package consent

import (
	"regexp"

	"samtykke/app/problem"
)

var elevenDigits = regexp.MustCompile(`(?:^|[^0-9+])([0-9]{6}) ?([0-9]{5})(?:$|[^0-9])`)

// HasNationalID tells whether a text holds a Norwegian national identity number (fødselsnummer, D-nummer): eleven digits that begin
// with a day and end with two check digits. Such numbers have no place in a vault (design §3.13).
func HasNationalID(text string) bool {
	for {
		at := elevenDigits.FindStringSubmatchIndex(text)
		if at == nil {
			return false
		}
		if isNationalID(text[at[2]:at[3]] + text[at[4]:at[5]]) {
			return true
		}
		text = text[at[5]:]
	}
}

// isNationalID checks eleven digits: day and month, with the offsets of D-numbers (day + 40) and of the synthetic numbers that
// authorities test with (month + 40, 65 or 80), and both check digits modulo 11 (forskrift om folkeregistrering § 2-2-1).
func isNationalID(number string) bool {
	digit := func(i int) int { return int(number[i] - '0') }
	day, month := 10*digit(0)+digit(1), 10*digit(2)+digit(3)
	if day > 40 {
		day -= 40
	}
	for _, offset := range []int{80, 65, 40} {
		if month > offset {
			month -= offset
			break
		}
	}
	if day < 1 || day > 31 || month < 1 || month > 12 {
		return false
	}
	for at, weights := range [][]int{{3, 7, 6, 1, 8, 9, 4, 5, 2}, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}} {
		sum := 0
		for i, weight := range weights {
			sum += weight * digit(i)
		}
		if (11-sum%11)%11 != digit(9+at) {
			return false
		}
	}
	return true
}

func errNationalID() error {
	return problem.New(problem.Invalid, "national-id",
		"There is a national identity number in the text; nothing was saved, since such numbers are never kept here; leave it out.")
}

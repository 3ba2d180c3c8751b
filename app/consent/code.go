package consent

import (
	"io"
	"strings"

	"samtykke/app/problem"
)

// Code is a subject's short code, K7Q2-M9XD: seven random characters of Crockford's base32 and a check character. It is a
// pseudonym that people can read aloud, type and photograph; it says nothing about the person.
type Code string

// Crockford's alphabet leaves out I, L, O and U; readers take I and L for 1 and O for 0.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewCode draws a code from a source of randomness. Whether it is already taken is for the caller to see.
func NewCode(random io.Reader) (Code, error) {
	var raw [7]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", err
	}
	var digits [7]byte
	for i, b := range raw {
		digits[i] = b & 31
	}
	return formatCode(digits), nil
}

// ParseCode reads a code as people write it: any case, with or without the dash or spaces, with the letters Crockford's
// base32 takes for digits. A wrong check character is a problem, so that a slip of the pen never names someone else.
func ParseCode(text string) (Code, error) {
	bad := problem.New(problem.Invalid, "bad-code",
		"{{.code}} is not a short code; look at the card again, a code looks like K7Q2-M9XD.", "code", text)
	clean := strings.NewReplacer("-", "", " ", "", "I", "1", "L", "1", "O", "0").Replace(strings.ToUpper(text))
	if len(clean) != 8 {
		return "", bad
	}
	var digits [7]byte
	for i := range digits {
		v := strings.IndexByte(codeAlphabet, clean[i])
		if v < 0 {
			return "", bad
		}
		digits[i] = byte(v)
	}
	code := formatCode(digits)
	if code[8] != clean[7] {
		return "", bad
	}
	return code, nil
}

func formatCode(digits [7]byte) Code {
	var b strings.Builder
	for i, d := range digits {
		if i == 4 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[d])
	}
	b.WriteByte(codeAlphabet[checkDigit(digits)])
	return Code(b.String())
}

// checkDigit is a weighted sum over GF(32) with a different non-zero weight at every place. It finds every single wrong
// character and every swap of two characters.
func checkDigit(digits [7]byte) byte {
	var sum, weight byte = 0, 1
	for _, d := range digits {
		weight = gf32Double(weight)
		sum ^= gf32Multiply(d, weight)
	}
	return sum
}

// gf32Double multiplies by x in GF(2^5) modulo x^5+x^2+1, which is primitive: the weights of seven places all differ.
func gf32Double(a byte) byte {
	a <<= 1
	if a&32 != 0 {
		a ^= 0b100101
	}
	return a
}

func gf32Multiply(a, b byte) byte {
	var product byte
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			product ^= a
		}
		a = gf32Double(a)
	}
	return product
}

package evidence

import (
	"errors"
	"strings"
)

// base45 (RFC 9285) turns bytes into the 45 characters of QR's alphanumeric mode: two bytes become three characters.
const base45Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var errBase45 = errors.New("not base45")

func base45Encode(raw []byte) string {
	var b strings.Builder
	b.Grow((len(raw)*3 + 1) / 2)
	for i := 0; i+1 < len(raw); i += 2 {
		n := int(raw[i])<<8 | int(raw[i+1])
		b.WriteByte(base45Alphabet[n%45])
		b.WriteByte(base45Alphabet[n/45%45])
		b.WriteByte(base45Alphabet[n/45/45])
	}
	if len(raw)%2 == 1 {
		n := int(raw[len(raw)-1])
		b.WriteByte(base45Alphabet[n%45])
		b.WriteByte(base45Alphabet[n/45])
	}
	return b.String()
}

func base45Decode(text string) ([]byte, error) {
	if len(text)%3 == 1 {
		return nil, errBase45
	}
	raw := make([]byte, 0, len(text)/3*2+1)
	for len(text) > 0 {
		group := text[:min(3, len(text))]
		text = text[len(group):]
		n, weight := 0, 1
		for i := range len(group) {
			v := strings.IndexByte(base45Alphabet, group[i])
			if v < 0 {
				return nil, errBase45
			}
			n += v * weight
			weight *= 45
		}
		switch {
		case len(group) == 3 && n <= 0xffff:
			raw = append(raw, byte(n>>8), byte(n))
		case len(group) == 2 && n <= 0xff:
			raw = append(raw, byte(n))
		default:
			return nil, errBase45
		}
	}
	return raw, nil
}

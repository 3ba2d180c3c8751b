package capture

import (
	"encoding/hex"
	"io"
	"strings"

	"github.com/google/uuid"

	"samtykke/app/consent"
)

// These begin the text of a paper form's QR code, on the front and on the back.
const (
	paperPrefix     = "SMP1:"
	paperBackPrefix = "SMB1:"
)

// PaperCode is what the QR code of a printed consent form says: which shoot it is for, what stands on it, and which sheet it is. It
// says nothing about who fills it in but the short code of somebody who was registered when it was printed.
//
// Its text is SMP1:<shoot>.<form>.<language>.<serial>[.<code>], in the characters that a QR code packs two by two: the shoot's 128 bits
// as 26 characters of Crockford's base32, the first ten characters of the form's hash, the language in capitals, six random characters,
// and the short code without its dash. The back of a sheet has the same with another prefix.
type PaperCode struct {
	Shoot    consent.ShootID
	Form     string // the first characters of the form's hash
	Language string // as the form writes it, in lower case
	Serial   string // of the sheet, so that two photographs of it are known as one
	Code     consent.Code
	Back     bool // it is on the back, where nothing is answered
}

const (
	paperShootLength  = 26
	paperFormLength   = 10
	paperSerialLength = 6
	// crockford leaves out the letters that are taken for digits.
	crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// newPaperSerial draws the serial of a sheet.
func newPaperSerial(random io.Reader) (string, error) {
	var raw [paperSerialLength]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", err
	}
	for i, b := range raw {
		raw[i] = crockford[b&31]
	}
	return string(raw[:]), nil
}

// String is the text of the QR code. The shoot must be a UUID, as all are.
func (p PaperCode) String() string {
	id, _ := uuid.Parse(string(p.Shoot)) // what is no UUID becomes the zero one, which is no shoot's
	parts := []string{encodeUUID(id), strings.ToUpper(p.Form[:min(len(p.Form), paperFormLength)]), strings.ToUpper(p.Language), p.Serial}
	if p.Code != "" {
		parts = append(parts, strings.ReplaceAll(string(p.Code), "-", ""))
	}
	prefix := paperPrefix
	if p.Back {
		prefix = paperBackPrefix
	}
	return prefix + strings.Join(parts, ".")
}

// ParsePaperCode reads the text of a paper form's QR code; false for every other text.
func ParsePaperCode(text string) (PaperCode, bool) {
	rest, ok := strings.CutPrefix(text, paperPrefix)
	back := false
	if !ok {
		rest, back = strings.CutPrefix(text, paperBackPrefix)
		ok = back
	}
	parts := strings.Split(rest, ".")
	if !ok || len(parts) < 4 || len(parts) > 5 {
		return PaperCode{}, false
	}
	shoot, ok := decodeUUID(parts[0])
	form, language, serial := strings.ToLower(parts[1]), strings.ToLower(parts[2]), parts[3]
	_, err := hex.DecodeString(form)
	if !ok || err != nil || len(form) != paperFormLength || !isLanguage(language) || len(serial) != paperSerialLength || strings.Trim(serial, crockford) != "" {
		return PaperCode{}, false
	}
	p := PaperCode{Shoot: consent.ShootID(shoot.String()), Form: form, Language: language, Serial: serial, Back: back}
	if len(parts) == 5 {
		if p.Code, err = consent.ParseCode(parts[4]); err != nil {
			return PaperCode{}, false
		}
	}
	return p, p.String() == text // one text for one meaning
}

// isLanguage tells whether a text can be a BCP 47 tag in lower case.
func isLanguage(tag string) bool {
	return len(tag) >= 2 && len(tag) <= 35 && strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// encodeUUID writes 128 bits as 26 characters, the first of which holds three of them.
func encodeUUID(id uuid.UUID) string {
	var out [paperShootLength]byte
	var held uint
	bits, at := 0, len(out)
	for i := len(id) - 1; i >= 0; i-- {
		held |= uint(id[i]) << bits
		for bits += 8; bits >= 5; bits -= 5 {
			at--
			out[at] = crockford[held&31]
			held >>= 5
		}
	}
	out[0] = crockford[held&31]
	return string(out[:])
}

func decodeUUID(text string) (id uuid.UUID, ok bool) {
	if len(text) != paperShootLength {
		return id, false
	}
	var held uint
	bits, at := 0, len(id)
	for i := len(text) - 1; i >= 0; i-- {
		digit := strings.IndexByte(crockford, text[i])
		if digit < 0 {
			return id, false
		}
		held |= uint(digit) << bits
		for bits += 5; bits >= 8 && at > 0; bits -= 8 {
			at--
			id[at] = byte(held)
			held >>= 8
		}
	}
	return id, held == 0
}

package receipt

import (
	"bytes"
	"errors"
)

// ErrNoToken says that a file carries no verification token: it is no receipt, or it was printed and scanned, or saved
// again by another program. The token can then still be read from the QR code on the paper.
var ErrNoToken = errors.New("no verification token in the file")

// The token is also kept in the file's keywords, because programs do not look at QR codes inside a PDF. It is no personal
// data: it holds the record's hash and pseudonyms only.
var tokenKey = []byte("/Keywords (")

// maxToken is more than any QR code holds.
const maxToken = 4296

// Token finds the verification token in a receipt's PDF. It tells nothing about the pages: who gets a token must verify
// its signature, and then trust the record it names, not the print around it.
func Token(pdf []byte) (string, error) {
	// The file's properties come last; what a page might quote comes before.
	at := bytes.LastIndex(pdf, tokenKey)
	if at < 0 || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return "", ErrNoToken
	}
	var token []byte
	rest := pdf[at+len(tokenKey):]
	for i := 0; i < len(rest); i++ {
		if len(token) > maxToken {
			break
		}
		switch c := rest[i]; {
		case c == ')':
			if len(token) == 0 {
				return "", ErrNoToken
			}
			return string(token), nil
		case c == '\\' && i+1 < len(rest):
			i++
			if rest[i] < ' ' || rest[i] > '~' {
				return "", ErrNoToken
			}
			token = append(token, rest[i])
		case c < ' ' || c > '~':
			return "", ErrNoToken
		default:
			token = append(token, c)
		}
	}
	return "", ErrNoToken
}

package vault

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
)

// A recovery key is 28 random characters of Crockford's base32 (140 bits) and four that check them, in groups of four:
// XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-CCCC. It is printed once, so it must survive a pen, a phone and a tired reader.
const (
	recoveryAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	recoverySecret   = 28
	recoveryCheck    = 4
)

// newRecoveryKey draws a key; secret is what parseRecoveryKey makes of the printed text.
func newRecoveryKey(random io.Reader) (printed string, secret []byte, err error) {
	secret = make([]byte, recoverySecret)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", nil, fmt.Errorf("draw recovery key: %w", err)
	}
	for i, b := range secret {
		secret[i] = recoveryAlphabet[b&31]
	}
	return printRecoveryKey(secret), secret, nil
}

func printRecoveryKey(secret []byte) string {
	all := string(secret) + recoveryChecksum(secret)
	var b strings.Builder
	for i := range len(all) {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(all[i])
	}
	return b.String()
}

// parseRecoveryKey reads a key as people type it: any case, any spacing, and the letters Crockford's base32 takes for digits.
func parseRecoveryKey(text string) (secret []byte, err error) {
	clean := strings.NewReplacer("-", "", " ", "", "\t", "", "\n", "", "\r", "", "–", "", "I", "1", "L", "1", "O", "0").
		Replace(strings.ToUpper(text))
	if len(clean) != recoverySecret+recoveryCheck {
		return nil, errRecoveryKeyMistyped
	}
	secret = []byte(clean[:recoverySecret])
	for _, c := range secret {
		if strings.IndexByte(recoveryAlphabet, c) < 0 {
			return nil, errRecoveryKeyMistyped
		}
	}
	if clean[recoverySecret:] != recoveryChecksum(secret) {
		return nil, errRecoveryKeyMistyped
	}
	return secret, nil
}

// recoveryChecksum is 20 bits of a SHA-256: one typing error in a million goes unseen, and then the key opens nothing.
func recoveryChecksum(secret []byte) string {
	sum := sha256.Sum256(append([]byte("samtykke-recovery-check-v1\n"), secret...))
	bits := uint32(sum[0])<<16 | uint32(sum[1])<<8 | uint32(sum[2])
	check := make([]byte, recoveryCheck)
	for i := range check {
		check[i] = recoveryAlphabet[bits>>(19-5*i)&31]
	}
	return string(check)
}

package hub

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/problem"
	"samtykke/sync/wire"
)

var (
	errTokenMissing = problem.New(problem.Unauthorised, "token-missing",
		"The request carries no token; nothing was changed; sign in with the device's key first.")
	errTokenStale = problem.New(problem.Unauthorised, "token-expired",
		"The device's token has run out or is not one of this media library; nothing was changed; sign in again with the device's key.")
	errNonceStale = problem.New(problem.Unauthorised, "nonce-expired",
		"The sign-in took too long; nothing was changed; begin it again.")
	errTokenProof = problem.New(problem.Unauthorised, "token-refused",
		"The sign-in was not signed with the key that this device is enrolled with; nothing was changed; enrol the device again with a new invitation.")
)

const nonceLifetime = 2 * time.Minute

// words makes and checks nonces and bearer tokens. A word is base64url of its expiry (8 bytes, milliseconds), 16 random bytes
// and an HMAC-SHA-256 over both, its purpose and the device; a bearer token has the device and a dot before that.
type words struct {
	secret [32]byte
	now    func() time.Time
}

func newWords(secret [32]byte, now func() time.Time) words {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte("words"))
	return words{secret: [32]byte(mac.Sum(nil)), now: now}
}

const wordHead = 8 + 16

func (w words) make(purpose string, device consent.DeviceID, lifetime time.Duration) (word string, expires time.Time) {
	expires = w.now().Add(lifetime).UTC().Truncate(time.Second)
	head := make([]byte, wordHead)
	binary.BigEndian.PutUint64(head, uint64(expires.UnixMilli()))
	_, _ = rand.Read(head[8:]) // crypto/rand never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(w.sign(purpose, device, head)), expires
}

func (w words) sign(purpose string, device consent.DeviceID, head []byte) []byte {
	mac := hmac.New(sha256.New, w.secret[:])
	mac.Write([]byte(purpose + "\n" + string(device) + "\n"))
	mac.Write(head)
	return mac.Sum(head[:len(head):len(head)])
}

func (w words) check(purpose string, device consent.DeviceID, word string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(word)
	if err != nil || len(raw) != wordHead+sha256.Size {
		return false
	}
	expires := time.UnixMilli(int64(binary.BigEndian.Uint64(raw)))
	return hmac.Equal(raw, w.sign(purpose, device, raw[:wordHead])) && w.now().Before(expires)
}

func (w words) nonce(device consent.DeviceID) (string, time.Time) {
	return w.make("nonce", device, nonceLifetime)
}

func (w words) bearer(device consent.DeviceID) (string, time.Time) {
	word, expires := w.make("token", device, wire.TokenLifetime)
	return string(device) + "." + word, expires
}

// device reads an Authorization header.
func (w words) device(authorization string) (consent.DeviceID, error) {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return "", errTokenMissing
	}
	device, word, _ := strings.Cut(token, ".")
	if !w.check("token", consent.DeviceID(device), word) {
		return "", errTokenStale
	}
	return consent.DeviceID(device), nil
}

package web

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"samtykke/app/evidence"
)

// sessionLength is how long a session lives after its last use: long enough to read everything, short enough for a borrowed phone.
const sessionLength = 30 * time.Minute

const sessionCookie = "samtykke_my"

// session is one person at their answers. It lives in the browser's cookie alone.
type session struct {
	secret evidence.LinkSecret
	// mark is random, stays the same while the session is prolonged, and ties forms to it.
	mark [16]byte
}

// sealer makes and opens session cookies and the tokens of forms, under two keys derived from the server's.
type sealer struct {
	box      cipher.AEAD
	tokenKey []byte
}

func newSealer(key [32]byte) sealer {
	derive := func(purpose string) []byte {
		k, err := hkdf.Key(sha256.New, key[:], nil, "samtykke-web-v1 "+purpose, chacha20poly1305.KeySize)
		if err != nil {
			panic(err) // only a key of an impossible length fails
		}
		return k
	}
	box, err := chacha20poly1305.NewX(derive("session"))
	if err != nil {
		panic(err) // only a key of another length fails
	}
	return sealer{box: box, tokenKey: derive("form")}
}

func newSession(secret evidence.LinkSecret) session {
	s := session{secret: secret}
	rand.Read(s.mark[:]) // never fails, since Go 1.24
	return s
}

// cookieValue is nonce || XChaCha20-Poly1305(end of life, 8 bytes of Unix seconds || mark || secret), in base64url. The cookie's name is
// the associated data, so that nothing else sealed under the key opens as one.
func (k sealer) cookieValue(s session, end time.Time) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(end.Unix()))
	plain = append(plain, s.mark[:]...)
	plain = append(plain, s.secret...)
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	rand.Read(nonce) // never fails, since Go 1.24
	return base64.RawURLEncoding.EncodeToString(k.box.Seal(nonce, nonce, plain, []byte(sessionCookie)))
}

// openCookie is the session in a cookie; false when it was not made here, was changed, or has ended.
func (k sealer) openCookie(value string, now time.Time) (session, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(raw) < chacha20poly1305.NonceSizeX {
		return session{}, false
	}
	plain, err := k.box.Open(nil, raw[:chacha20poly1305.NonceSizeX], raw[chacha20poly1305.NonceSizeX:], []byte(sessionCookie))
	if err != nil || len(plain) < 8+16 {
		return session{}, false
	}
	s := session{}
	copy(s.mark[:], plain[8:])
	secret, ok := evidence.ParseLinkSecret(string(plain[8+16:]))
	s.secret = secret
	end := time.Unix(int64(binary.BigEndian.Uint64(plain)), 0)
	return s, ok && now.Before(end)
}

// token proves that a form was made for this session, for this use and, where the form is about scopes, for exactly these.
func (k sealer) token(s session, use string, parts ...string) string {
	mac := hmac.New(sha256.New, k.tokenKey)
	mac.Write(s.mark[:])
	mac.Write([]byte(strings.Join(append([]string{use}, parts...), "\n"))) // neither uses nor scopes hold a line break
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (k sealer) tokenHolds(given string, s session, use string, parts ...string) bool {
	return hmac.Equal([]byte(given), []byte(k.token(s, use, parts...)))
}

// session reads the request's session.
func (s *site) session(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	return s.seal.openCookie(cookie.Value, s.now())
}

// prolong gives the browser the session for another while.
func (s *site) prolong(w http.ResponseWriter, r *http.Request, held session) {
	setCookie(w, r, sessionCookie, s.seal.cookieValue(held, s.now().Add(sessionLength)), "/my", int(sessionLength/time.Second),
		http.SameSiteStrictMode)
}

func endSession(w http.ResponseWriter, r *http.Request) {
	setCookie(w, r, sessionCookie, "", "/my", -1, http.SameSiteStrictMode)
}

// setCookie sets a cookie that no script can read. maxAge is in seconds: 0 for as long as the browser is open, -1 to remove it.
func setCookie(w http.ResponseWriter, r *http.Request, name, value, path string, maxAge int, sites http.SameSite) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever TLS is: a library tried out on plain HTTP could set no cookie otherwise
		Name: name, Value: value, Path: path, MaxAge: maxAge, HttpOnly: true, Secure: byTLS(r), SameSite: sites})
}

// byTLS tells whether the browser reached us encrypted, itself or through a proxy that says so. A cookie marked Secure over plain
// HTTP would never come back, which is all that a lie in the header can cause.
func byTLS(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// fromHere tells whether a form was sent by our own page, as far as the browser says. Sec-Fetch-Site cannot be set by a page. Older
// browsers send only Origin, which Referrer-Policy no-referrer turns into "null"; for those SameSite and the token have to do.
func fromHere(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin := r.Header.Get("Origin")
	if origin == "" || origin == "null" {
		return true
	}
	_, host, _ := strings.Cut(origin, "://")
	return strings.EqualFold(host, r.Host)
}

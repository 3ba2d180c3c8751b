package evidence

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"
	"github.com/veraison/go-cose"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Token is what a verification token says: this device holds this record, made then, for this person, on this form.
type Token struct {
	Kind         TokenKind
	Organisation string            // organisation number of the controller
	Code         consent.Code      // the subject's short code
	Record       consent.RecordID  // the consent.decided event; of a withdrawal the consent.withdrawn event
	RecordHash   string            // SHA-256 of its canonical envelope, hex
	Form         string            // the form's key and version, "default 2026.1"
	Issued       time.Time         // whole seconds
	Until        time.Time         // whole seconds; zero for a withdrawal, which does not end
	Device       consent.DeviceID  // who signed; filled in by reading
	File         *consent.BlobHash // SHA-256 of the sealed file; only in seals
}

// TokenKind is what a token is about.
type TokenKind uint

// The kinds. That of consent is left out of the token, so that tokens from before there were others say the same as ever.
const (
	TokenConsent    TokenKind = 0
	TokenWithdrawal TokenKind = 1
)

func (k TokenKind) String() string {
	switch k {
	case TokenConsent:
		return "consent"
	case TokenWithdrawal:
		return "withdrawal"
	}
	return "unknown"
}

// The labels are those of CWT (RFC 8392) where it has them; the private ones are below -65536.
type tokenClaims struct {
	Issuer     string `cbor:"1,keyasint"`
	Subject    string `cbor:"2,keyasint"`
	Expires    int64  `cbor:"4,keyasint,omitempty"`
	IssuedAt   int64  `cbor:"6,keyasint"`
	ID         []byte `cbor:"7,keyasint"`
	RecordHash []byte `cbor:"-65537,keyasint"`
	Form       string `cbor:"-65538,keyasint"`
	File       []byte `cbor:"-65540,keyasint,omitempty"`
	Kind       uint   `cbor:"-65541,keyasint,omitempty"`
}

// tokenPrefix names the format and its version, as HC1: does for health certificates. It stays within QR's alphanumeric mode.
const tokenPrefix = "SMT1:"

// maxToken bounds a token's text; a real one has some 330 characters.
const maxToken = 2000

var badToken = problem.New(problem.Damaged, "token-unreadable",
	"This is not a whole verification token; nothing was changed; scan it again or type it with all its characters.")

// EncodeToken signs a token: COSE_Sign1 with EdDSA, in base45, with a prefix.
func EncodeToken(key Key, t Token) (string, error) {
	record, err := uuid.Parse(string(t.Record))
	if err != nil {
		return "", fmt.Errorf("token for record %q: %w", t.Record, err)
	}
	hash, err := hex.DecodeString(t.RecordHash)
	if err != nil {
		return "", fmt.Errorf("token for record %s: %w", t.Record, err)
	}
	claims := tokenClaims{Issuer: t.Organisation, Subject: string(t.Code), IssuedAt: t.Issued.Unix(),
		ID: record[:], RecordHash: hash, Form: t.Form, Kind: uint(t.Kind)}
	if !t.Until.IsZero() {
		claims.Expires = t.Until.Unix()
	}
	if t.File != nil {
		if claims.File, err = hex.DecodeString(string(*t.File)); err != nil {
			return "", fmt.Errorf("seal of record %s: %w", t.Record, err)
		}
	}
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return "", err
	}
	payload, err := mode.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("write token: %w", err)
	}
	signer, err := cose.NewSigner(cose.AlgorithmEdDSA, crypto.Signer(key.private))
	if err != nil {
		return "", err
	}
	headers := cose.Headers{
		Protected:   cose.ProtectedHeader{cose.HeaderLabelAlgorithm: cose.AlgorithmEdDSA},
		Unprotected: cose.UnprotectedHeader{cose.HeaderLabelKeyID: key.Public().keyID()},
	}
	raw, err := cose.Sign1(rand.Reader, signer, headers, payload, nil)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return tokenPrefix + base45Encode(raw), nil
}

// Keys are the public keys that somebody trusts.
type Keys []PublicKey

func (k Keys) byKeyID(id []byte) (PublicKey, bool) {
	for _, key := range k {
		if bytes.Equal(key.keyID(), id) {
			return key, true
		}
	}
	return nil, false
}

// DecodeToken reads a token and checks it against the keys. It returns what the token claims together with an error when the
// signature does not fit or its key is not among those known; a token that cannot be read at all claims nothing.
func DecodeToken(keys Keys, text string) (Token, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxToken || !strings.HasPrefix(text, tokenPrefix) {
		return Token{}, badToken
	}
	raw, err := base45Decode(text[len(tokenPrefix):])
	if err != nil {
		return Token{}, badToken.Because(err)
	}
	var message cose.Sign1Message
	if err := message.UnmarshalCBOR(raw); err != nil {
		return Token{}, badToken.Because(err)
	}
	var claims tokenClaims
	if err := cbor.Unmarshal(message.Payload, &claims); err != nil {
		return Token{}, badToken.Because(err)
	}
	record, err := uuid.FromBytes(claims.ID)
	if err != nil || len(claims.RecordHash) != sha256.Size || claims.Kind > uint(TokenWithdrawal) {
		return Token{}, badToken
	}
	t := Token{Kind: TokenKind(claims.Kind), Organisation: claims.Issuer, Code: consent.Code(claims.Subject), Record: consent.RecordID(record.String()),
		RecordHash: hex.EncodeToString(claims.RecordHash), Form: claims.Form, Issued: time.Unix(claims.IssuedAt, 0).UTC()}
	if claims.Expires != 0 {
		t.Until = time.Unix(claims.Expires, 0).UTC()
	}
	if claims.File != nil {
		file := consent.BlobHash(hex.EncodeToString(claims.File))
		t.File = &file
	}
	id, _ := message.Headers.Unprotected[cose.HeaderLabelKeyID].([]byte)
	key, known := keys.byKeyID(id)
	if !known {
		return t, problem.New(problem.Unauthorised, "token-stranger",
			"The token was signed by a device that is not known here; it may still be genuine; sync to fetch the library's list of devices, then try again.")
	}
	verifier, err := cose.NewVerifier(cose.AlgorithmEdDSA, ed25519.PublicKey(key))
	if err != nil {
		return t, err
	}
	if err := message.Verify(nil, verifier); err != nil {
		return Token{}, problem.New(problem.Damaged, "token-forged",
			"The token's signature does not fit what it says: it was changed or forged; trust the record in the library instead.").Because(err)
	}
	t.Device = key.Device()
	return t, nil
}

// SealFile appends a token and a seal over all bytes before it, as comments after the end of a PDF, where every reader ignores
// them. A single changed byte breaks the seal.
func SealFile(key Key, pdf []byte, t Token) ([]byte, error) {
	t.File = nil
	token, err := EncodeToken(key, t)
	if err != nil {
		return nil, err
	}
	sealed := bytes.Clone(pdf)
	if !bytes.HasSuffix(sealed, []byte("\n")) {
		sealed = append(sealed, '\n')
	}
	sealed = append(sealed, "%SAMTYKKE-TOKEN "+token+"\n"...)
	file := blobHash(sealed)
	t.File = &file
	seal, err := EncodeToken(key, t)
	if err != nil {
		return nil, err
	}
	return append(sealed, sealMark+seal+"\n"...), nil
}

const sealMark = "%SAMTYKKE-SEAL "

// OpenFile checks the seal of a receipt file. It returns what the seal claims together with an error when the file was changed
// or the seal is not trusted.
func OpenFile(keys Keys, pdf []byte) (Token, error) {
	at := bytes.LastIndex(pdf, []byte(sealMark))
	if at < 0 {
		return Token{}, problem.New(problem.Invalid, "receipt-unsealed",
			"This file carries no seal of ours, so it says nothing; scan the verification code on the receipt instead, or ask for the receipt again.")
	}
	body, seal := pdf[:at], string(pdf[at+len(sealMark):])
	t, err := DecodeToken(keys, seal)
	if problem.KindOf(err) == problem.Damaged { // the seal itself was changed, or something stands after it
		return Token{}, receiptChanged().Because(err)
	} else if err != nil {
		return t, err
	}
	if t.File == nil || *t.File != blobHash(body) || strings.TrimSpace(seal)+"\n" != seal {
		return t, receiptChanged()
	}
	return t, nil
}

func receiptChanged() *problem.Problem {
	return problem.New(problem.Damaged, "receipt-changed",
		"The receipt was changed after it was sealed; the record itself is safe; write the receipt again from the record.")
}

func blobHash(b []byte) consent.BlobHash {
	sum := sha256.Sum256(b)
	return consent.BlobHash(hex.EncodeToString(sum[:]))
}

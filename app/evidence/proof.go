package evidence

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gowebpki/jcs"
	"github.com/mr-tron/base58"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Proof is a W3C Data Integrity proof (Recommendation of 2025-05-15) with the cryptosuite eddsa-jcs-2022. It stands in the
// document that it signs, under "proof", together with a copy of the document's context.
type Proof struct {
	Type               string `json:"type"`
	Cryptosuite        string `json:"cryptosuite"`
	Created            string `json:"created"`
	VerificationMethod string `json:"verificationMethod"`
	ProofPurpose       string `json:"proofPurpose"`
	ProofValue         string `json:"proofValue,omitempty"`
}

const (
	proofType    = "DataIntegrityProof"
	proofSuite   = "eddsa-jcs-2022"
	proofPurpose = "assertionMethod"
)

// The members of a signed document that its proof is about.
const (
	memberProof   = "proof"
	memberContext = "@context"
	memberValue   = "proofValue"
)

// MaxDocument bounds a signed document, in bytes.
const MaxDocument = 4 << 20

// multibase begins base58btc (Multibase); multicodecEd25519 begins an Ed25519 public key (Multicodec 0xed as a varint).
const multibase = "z"

var multicodecEd25519 = []byte{0xed, 0x01}

// DID is the key as a did:key: the key itself, so that a document can be checked without asking anybody for it.
func (p PublicKey) DID() string {
	return "did:key:" + multibase + base58.Encode(append(bytes.Clone(multicodecEd25519), p...))
}

// verificationMethod is how a proof names the key: its did:key with the key once more as the fragment.
func (p PublicKey) verificationMethod() string {
	did := p.DID()
	return did + "#" + strings.TrimPrefix(did, "did:key:")
}

// keyOfMethod reads the key back from a verification method.
func keyOfMethod(method string) (PublicKey, error) {
	did, _, _ := strings.Cut(method, "#")
	text, ok := strings.CutPrefix(did, "did:key:"+multibase)
	if !ok || len(text) > 64 { // a key has 47 characters
		return nil, errors.New("verification method is no did:key")
	}
	raw, err := base58.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("read did:key: %w", err)
	}
	key, ok := bytes.CutPrefix(raw, multicodecEd25519)
	if !ok || len(key) != ed25519.PublicKeySize || PublicKey(key).verificationMethod() != method {
		return nil, errors.New("did:key is not of an Ed25519 key")
	}
	return key, nil
}

// SignDocument signs a JSON-LD document, which must have an @context, and returns its canonical JSON with the proof in it.
func SignDocument(key Key, document any, created time.Time) ([]byte, error) {
	return signWith(key, document, Proof{Type: proofType, Cryptosuite: proofSuite, Created: documentTime(created),
		VerificationMethod: key.Public().verificationMethod(), ProofPurpose: proofPurpose})
}

// signWith adds the proof that a configuration describes.
func signWith(key Key, document any, config Proof) ([]byte, error) {
	body, err := Canonical(document)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, fmt.Errorf("sign document: %w", err)
	}
	context, ok := members[memberContext]
	if _, signed := members[memberProof]; !ok || signed {
		return nil, errors.New("sign document: it needs a context and no proof")
	}
	withContext := struct {
		Proof
		Context json.RawMessage `json:"@context"`
	}{config, context}
	unsigned, err := Canonical(withContext)
	if err != nil {
		return nil, err
	}
	withContext.ProofValue = multibase + base58.Encode(ed25519.Sign(key.private, proofHash(unsigned, body)))
	if members[memberProof], err = Canonical(withContext); err != nil {
		return nil, err
	}
	return Canonical(members)
}

// proofHash is what the signature covers: the hash of the proof without its value, then the hash of the document without its
// proof, both in canonical JSON.
func proofHash(config, document []byte) []byte {
	first, second := sha256.Sum256(config), sha256.Sum256(document)
	return append(first[:], second[:]...)
}

// SignedDocument is who signed a document and when, and the document in canonical JSON without its proof.
type SignedDocument struct {
	Device  consent.DeviceID
	Created time.Time
	Body    []byte
}

// OpenDocument checks the proof of a document. Only keys of those given count. It returns what the document claims together with
// an error when the key is not among them; one that was changed or cannot be read claims nothing. White space and the order of
// members do not matter, as RFC 8785 has it.
func OpenDocument(keys Keys, raw []byte) (SignedDocument, error) {
	members, proof, err := splitDocument(raw)
	if err != nil {
		return SignedDocument{}, documentUnreadable().Because(err)
	}
	changed := problem.New(problem.Damaged, "document-changed",
		"The receipt was changed after it was signed, or forged; the record itself is safe; export the receipt again from the record.")
	var named Proof
	if err := json.Unmarshal(proof.raw, &named); err != nil {
		return SignedDocument{}, changed.Because(err)
	}
	key, err := keyOfMethod(named.VerificationMethod)
	if err != nil {
		return SignedDocument{}, changed.Because(err)
	}
	body, err := verifyProof(key, members, proof.members)
	if err != nil {
		return SignedDocument{}, changed.Because(err)
	}
	created, err := time.Parse(time.RFC3339, named.Created)
	if err != nil {
		return SignedDocument{}, changed.Because(err)
	}
	found := SignedDocument{Device: key.Device(), Created: created, Body: body}
	if !slices.ContainsFunc(keys, func(known PublicKey) bool { return bytes.Equal(known, key) }) {
		return found, problem.New(problem.Unauthorised, "document-stranger",
			"The receipt was signed by a device that is not known here; it may still be genuine; sync to fetch the library's list of devices, then try again.")
	}
	return found, nil
}

func documentUnreadable() *problem.Problem {
	return problem.New(problem.Damaged, "document-unreadable",
		"This is not a whole signed consent receipt in JSON-LD; nothing was changed; ask for the receipt again.")
}

// proofPart is the proof of a document, whole and by members.
type proofPart struct {
	raw     json.RawMessage
	members map[string]json.RawMessage
}

// splitDocument takes a document and its proof apart. Canonicalising first refuses members that stand twice, which two readers
// could understand in two ways.
func splitDocument(raw []byte) (map[string]json.RawMessage, proofPart, error) {
	var proof proofPart
	if len(raw) > MaxDocument || !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, proof, errors.New("document is no JSON, or too long")
	}
	canonical, err := jcs.Transform(raw)
	if err != nil {
		return nil, proof, fmt.Errorf("canonicalise document: %w", err)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(canonical, &members); err != nil {
		return nil, proof, err
	}
	proof.raw = members[memberProof]
	delete(members, memberProof)
	if len(proof.raw) == 0 {
		return nil, proof, errors.New("document has no proof")
	}
	return members, proof, json.Unmarshal(proof.raw, &proof.members)
}

// verifyProof checks a proof made with eddsa-jcs-2022 by the holder of the key. It returns what was signed, in canonical JSON.
func verifyProof(key PublicKey, document, proof map[string]json.RawMessage) ([]byte, error) {
	for member, want := range map[string]string{"type": proofType, "cryptosuite": proofSuite, "proofPurpose": proofPurpose} {
		if string(proof[member]) != `"`+want+`"` {
			return nil, fmt.Errorf("proof has another %s than %s", member, want)
		}
	}
	if !bytes.Equal(proof[memberContext], document[memberContext]) {
		return nil, errors.New("proof has another context than the document")
	}
	signature, err := proofValue(proof[memberValue])
	if err != nil {
		return nil, err
	}
	config := maps.Clone(proof)
	delete(config, memberValue)
	unsigned, err := Canonical(config)
	if err != nil {
		return nil, err
	}
	body, err := Canonical(document)
	if err != nil {
		return nil, err
	}
	if !ed25519.Verify(ed25519.PublicKey(key), proofHash(unsigned, body), signature) {
		return nil, ErrSignature
	}
	return body, nil
}

// proofValue reads the signature, which has one spelling only.
func proofValue(raw json.RawMessage) ([]byte, error) {
	var value string
	if err := json.Unmarshal(raw, &value); err != nil {
		return nil, fmt.Errorf("read proof value: %w", err)
	}
	text, ok := strings.CutPrefix(value, multibase)
	if !ok || len(text) > 100 { // a signature has 88 characters
		return nil, errors.New("proof value is not base58btc")
	}
	signature, err := base58.Decode(text)
	if err != nil || base58.Encode(signature) != text {
		return nil, errors.Join(errors.New("proof value is not base58btc"), err)
	}
	return signature, nil
}

// documentTime is a time as documents write it (xsd:dateTime): RFC 3339 in UTC, whole seconds.
func documentTime(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

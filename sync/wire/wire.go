// Package wire has the types that travel between a device and the library, and nothing else: no transport, no storage. Both
// sides compile against it, so a change here is a change of the protocol (docs/sync.md).
//
// Errors travel as an Error with the HTTP status that fits; everything else is the answer's type.
package wire

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/problem"
)

// Version is that of the exchange, which every path begins with, for showing.
const Version = 1

// Paths of the endpoints.
const (
	PathEnrol      = "/v1/enrol"
	PathToken      = "/v1/token"
	PathEvents     = "/v1/events"
	PathChanges    = "/v1/changes"
	PathSubjects   = "/v1/subjects/" // + id + "/profile"
	PathBlobs      = "/v1/blobs/"    // + sha256 + "/receipt"
	PathBlobsCheck = "/v1/blobs/check"
	PathUploads    = "/v1/uploads/"
	PathDetails    = "/v1/details"
	PathCheckpoint = "/v1/checkpoint"
)

// Limits that both sides hold to.
const (
	MaxEvents      = 500       // envelopes in one request
	MaxChanges     = 500       // changes in one answer
	MaxBlobsCheck  = 1000      // hashes in one request
	MaxJSON        = 40 << 20  // bytes of one JSON request or answer
	MaxDetails     = 200       // hashes in one request
	UploadChunk    = 8 << 20   // bytes of one upload request
	MaxUpload      = 200 << 30 // bytes of one upload
	TokenLifetime  = time.Hour
	InviteLifetime = 24 * time.Hour
)

// Error is the body of every answer that is not a success. The sentence is for people; the ID is problem.Problem's.
type Error struct {
	Kind     problem.Kind `json:"kind"`
	ID       string       `json:"id"`
	Sentence string       `json:"sentence"`
	// Values fill a translation of the sentence; numbers and short texts.
	Values map[string]any `json:"values,omitempty"`
}

// Invitation is what `mediebank invite` hands out: where the library is, and a one-time code. As text it is one word that can
// be typed, pasted or shown as a QR code.
type Invitation struct {
	Address string // the library's public address, https://mediebank.example.no
	Secret  string // the one-time code
}

const invitationPrefix = "SMI1-"

// Code is the invitation as one word.
func (i Invitation) Code() string {
	return invitationPrefix + base64.RawURLEncoding.EncodeToString([]byte(i.Address+"\n"+i.Secret))
}

// URL is the invitation as an address; the secret stands in the fragment, which no server and no log sees.
func (i Invitation) URL() string { return strings.TrimRight(i.Address, "/") + "/enrol#" + i.Secret }

// ParseInvitation reads what a person pasted: the code, the address with the code in its fragment, or both with a space or a
// bar between them.
func ParseInvitation(text string) (Invitation, error) {
	bad := problem.New(problem.Invalid, "invitation-unreadable",
		"This is not an invitation from a media library; nothing was changed; paste the whole code or address that the library printed.")
	var address string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '|' || r == '\n' || r == '\t' }) {
		if encoded, ok := strings.CutPrefix(word, invitationPrefix); ok {
			raw, err := base64.RawURLEncoding.DecodeString(encoded)
			at, secret, found := strings.Cut(string(raw), "\n")
			if err != nil || !found || !usableAddress(at) {
				return Invitation{}, bad
			}
			if address == "" {
				address = at
			}
			return Invitation{Address: address, Secret: secret}, nil
		}
		base, secret, found := strings.Cut(word, "/enrol#")
		if !usableAddress(base) {
			return Invitation{}, bad
		}
		if found && secret != "" {
			return Invitation{Address: base, Secret: secret}, nil
		}
		address = strings.TrimRight(base, "/")
	}
	return Invitation{}, bad
}

func usableAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// EnrolClaim is what a device signs to show that it holds its key (evidence.DomainEnrol).
type EnrolClaim struct {
	Secret    string             `json:"secret"`
	PublicKey evidence.PublicKey `json:"public_key"`
	Name      string             `json:"name"`
}

// EnrolRequest asks the library to take a device in.
type EnrolRequest struct {
	EnrolClaim
	Proof []byte `json:"proof"` // the device's signature over the claim
	// Organisation is the device's own; a library that has none yet takes it as its own.
	Organisation consent.Organisation `json:"organisation"`
}

// EnrolResponse makes the device one of the library's.
type EnrolResponse struct {
	Certificate  evidence.Certificate `json:"certificate"`
	LibraryKey   evidence.PublicKey   `json:"library_key"`
	PublicURL    string               `json:"public_url"` // what personal links begin with
	Organisation consent.Organisation `json:"organisation"`
	Forms        []json.RawMessage    `json:"forms"` // published forms, canonical JSON
	Trust        evidence.TrustList   `json:"trust"`
}

// TokenRequest asks for a nonce (Nonce empty) or trades a signed one for a bearer token.
type TokenRequest struct {
	Device    consent.DeviceID `json:"device"`
	Nonce     string           `json:"nonce,omitempty"`
	Signature []byte           `json:"signature,omitempty"` // over TokenClaim (evidence.DomainToken)
}

// TokenClaim is what the device signs.
type TokenClaim struct {
	Device consent.DeviceID `json:"device"`
	Nonce  string           `json:"nonce"`
}

// TokenResponse carries the nonce, or the token.
type TokenResponse struct {
	Nonce     string    `json:"nonce,omitempty"`
	Token     string    `json:"token,omitempty"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

// EventsRequest brings events in the order of their numbers.
type EventsRequest struct {
	Events []evidence.SignedEvent `json:"events"`
}

// Outcome is what the library did with one event.
type Outcome string

// The outcomes. A quarantined event is kept, alarmed and looked at by a person; a rejected one was never a valid event.
const (
	Accepted    Outcome = "accepted"
	Duplicate   Outcome = "duplicate"
	Rejected    Outcome = "rejected"
	Quarantined Outcome = "quarantined"
)

// EventResult answers for one event.
type EventResult struct {
	ID         consent.EventID `json:"id"`
	Outcome    Outcome         `json:"outcome"`
	ServerSeq  uint64          `json:"server_seq,omitempty"` // place in the library's log, from 1
	ReceivedAt time.Time       `json:"received_at,omitzero"` // by the library's clock
	Reason     string          `json:"reason,omitempty"`     // for rejected and quarantined
}

// EventsResponse answers for every event, in the order asked.
type EventsResponse struct {
	Results []EventResult `json:"results"`
}

// Change is one thing that is new at the library: an event, or a profile revision. Exactly one is set.
type Change struct {
	Seq        uint64                `json:"seq"` // grows; the cursor
	ReceivedAt time.Time             `json:"received_at"`
	Event      *evidence.SignedEvent `json:"event,omitempty"`
	Profile    *consent.Profile      `json:"profile,omitempty"`
}

// ChangesResponse is a page of the change feed. The trust list comes along when asked for from the start of a sync (after and
// trust=1), as do forms the library has published.
type ChangesResponse struct {
	Changes []Change            `json:"changes"`
	Next    uint64              `json:"next"` // the cursor to go on from
	More    bool                `json:"more"`
	Trust   *evidence.TrustList `json:"trust,omitempty"`
	Forms   []json.RawMessage   `json:"forms,omitempty"`
}

// ProfileRequest stores a profile; its Revision must be one above what the library has.
type ProfileRequest struct {
	Profile consent.Profile `json:"profile"`
}

// ProfileConflict is the body of a 409: what the library has.
type ProfileConflict struct {
	Error
	Current consent.Profile `json:"current"`
}

// BlobsCheckRequest asks which blobs the library lacks. Only hashes that this device has declared in its events are answered.
type BlobsCheckRequest struct {
	Hashes []consent.BlobHash `json:"hashes"`
}

// BlobsCheckResponse lists the missing ones, and the storage receipts of those that are there.
type BlobsCheckResponse struct {
	Missing  []consent.BlobHash        `json:"missing"`
	Receipts []evidence.StorageReceipt `json:"receipts"`
}

// DetailsRequest asks for the details of shoots, by the hashes that their events name.
type DetailsRequest struct {
	Hashes []consent.BlobHash `json:"hashes"`
}

// DetailsResponse has those that the library holds; what a colleague's laptop has not sent yet is left out.
type DetailsResponse struct {
	Details []Detail `json:"details"`
}

// Detail is one small blob.
type Detail struct {
	SHA256 consent.BlobHash `json:"sha256"`
	Data   []byte           `json:"data"` // base64 in JSON
}

// Upload metadata keys (tus Upload-Metadata). No file names: they may name people.
const (
	MetaSHA256 = "sha256" // of the whole blob, lower-case hex
)

// HeaderReceipt carries the signed storage receipt (base64 of its JSON) on the answer that completes an upload. It is a header
// because tus completes with 204, which has no body.
const HeaderReceipt = "Storage-Receipt"

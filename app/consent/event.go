package consent

import (
	"encoding/json"
	"time"
)

// The identifiers are pseudonyms or hashes: none of them says who a person is.
type (
	// SubjectID is a random UUIDv4, so that it does not even tell when somebody was registered.
	SubjectID string
	// ShootID is a UUIDv7.
	ShootID string
	// EventID is a UUIDv7.
	EventID string
	// RecordID is the EventID of the consent.decided event that is the record.
	RecordID string
	// AssetID is the SHA-256 of the asset's bytes in lower-case hex.
	AssetID string
	// DeviceID follows from the device's public key.
	DeviceID string
	// BlobHash is the SHA-256 of a blob's bytes in lower-case hex.
	BlobHash string
)

// EventType names what happened.
type EventType string

// The event types. A device keeps, chains and passes on types it does not know.
const (
	ShootCreated           EventType = "shoot.created"
	ShootChanged           EventType = "shoot.changed"
	SubjectRegistered      EventType = "subject.registered"
	SubjectAmended         EventType = "subject.amended"
	SubjectMerged          EventType = "subject.merged"
	SubjectErased          EventType = "subject.erased"
	SubjectAvoid           EventType = "subject.avoid"
	ConsentDecided         EventType = "consent.decided"
	ConsentWithdrawn       EventType = "consent.withdrawn"
	ReceiptIssued          EventType = "receipt.issued"
	AssetImported          EventType = "asset.imported"
	AssetAppearance        EventType = "asset.appearance"
	AssetAppearanceRemoved EventType = "asset.appearance_removed"
	AssetPeople            EventType = "asset.people"
	AssetGround            EventType = "asset.ground"
	AssetApproved          EventType = "asset.approved"
	AssetRejected          EventType = "asset.rejected"
	AssetRemoved           EventType = "asset.removed"
	FormPublished          EventType = "form.published"
	PolicyChanged          EventType = "policy.changed"
	DeliveryMade           EventType = "delivery.made"
	ChainMended            EventType = "chain.mended"
)

// Envelope is one event as it is signed and chained. Its canonical JSON (RFC 8785) is what hashes and signatures cover.
type Envelope struct {
	V       int             `json:"v"` // format version, 1
	ID      EventID         `json:"id"`
	Type    EventType       `json:"type"`
	Device  DeviceID        `json:"device"`
	Seq     uint64          `json:"seq"`  // per device, gapless from 1
	Prev    string          `json:"prev"` // SHA-256 of the device's previous canonical envelope in hex; "" for the first
	At      time.Time       `json:"at"`   // the device's clock in UTC, whole milliseconds
	TZ      string          `json:"tz"`   // the device's offset from UTC at that moment, "+01:00"
	Subject SubjectID       `json:"subject,omitempty"`
	Shoot   ShootID         `json:"shoot,omitempty"`
	Asset   AssetID         `json:"asset,omitempty"`
	Body    json.RawMessage `json:"body"`
}

// Signer is who gave an answer.
type Signer struct {
	Role SignerRole `json:"role"`
	// Guardian is the pseudonym of the guardian in the subject's profile, for RoleGuardian.
	Guardian string `json:"guardian,omitempty"`
}

// SignerRole says on which authority somebody answers.
type SignerRole string

// The roles.
const (
	RoleSelf     SignerRole = "self"
	RoleGuardian SignerRole = "guardian"
	// RoleStaff is an employee who registers what a person told the organisation. Staff can withdraw, never consent.
	RoleStaff SignerRole = "staff"
)

// ErasureReason says why a person was erased.
type ErasureReason string

// The reasons (GDPR art. 17(1)).
const (
	ErasedOnRequest ErasureReason = "request"   // the person, or who answers for them, asked for it
	ErasedMistake   ErasureReason = "mistake"   // should not have been registered
	ErasedRetention ErasureReason = "retention" // kept as long as the plan says
	ErasedMinor     ErasureReason = "minor"     // registered as a child, and no longer wants to be
	ErasedOther     ErasureReason = "other"     // something else; it stands in the organisation's case files, not here
)

// ErasureReasons lists them.
var ErasureReasons = []ErasureReason{ErasedOnRequest, ErasedMistake, ErasedRetention, ErasedMinor, ErasedOther}

// Decision is what was said to one scope.
type Decision string

// The decisions. There is no third: a scope nobody answered has none.
const (
	DecisionYes Decision = "yes"
	DecisionNo  Decision = "no"
)

// EvidenceRef names one sealed blob of evidence.
type EvidenceRef struct {
	Kind   EvidenceKind `json:"kind"`
	SHA256 BlobHash     `json:"sha256"`
	Size   int64        `json:"size"` // bytes
	MIME   string       `json:"mime"`
}

// EvidenceKind is what a blob of evidence is.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceDrawn     EvidenceKind = "drawn"     // a drawn signature
	EvidencePaper     EvidenceKind = "paper"     // a scan or photograph of a signed paper
	EvidenceVerbal    EvidenceKind = "verbal"    // a consent given aloud, described in the statement
	EvidenceStatement EvidenceKind = "statement" // who signed what, with names; JSON
	EvidenceReceipt   EvidenceKind = "receipt"   // a receipt that the library is to mail
)

// Bodies of the events. A body carries pseudonyms, hashes and rules; never personal data.
type (
	// ShootBody is the body of shoot.created and shoot.changed. Title, place and photographer may name people, so they stand
	// in a sealed blob.
	ShootBody struct {
		Details BlobHash `json:"details"`
	}

	// SubjectBody is the body of subject.registered and subject.amended.
	SubjectBody struct {
		Code Code `json:"code,omitempty"`
		// PIICommit is the HMAC of the profile under a key kept in the profile (hex): proof of what it said, until erased.
		PIICommit string `json:"pii_commit,omitempty"`
	}

	// AvoidBody is the body of subject.avoid: do not photograph this person, or no longer so.
	AvoidBody struct {
		Avoid bool `json:"avoid"`
	}

	// MergedBody is the body of subject.merged: the event's subject is the same person as Into.
	MergedBody struct {
		Into SubjectID `json:"into"`
		Undo bool      `json:"undo,omitempty"`
		// Guardians says which guardians of the event's subject are guardians of Into under another pseudonym, so that one
		// guardian who signed under both counts once.
		Guardians map[string]string `json:"guardians,omitempty"`
	}

	// ErasedBody is the body of subject.erased. The reason is one word of a fixed list: words of somebody's own could name the
	// person whom this event is to forget.
	ErasedBody struct {
		Reason ErasureReason `json:"reason,omitempty"`
	}

	// DecidedBody is the body of consent.decided: the consent record.
	DecidedBody struct {
		Form     FormHash           `json:"form"`
		Language string             `json:"language"`
		Answers  map[Scope]Decision `json:"answers"` // of every scope of the form, save optional ones left open
		Signer   Signer             `json:"signer"`
		// Minor: the subject was below the form's age of sole consent. MayRefuse: old enough for their own no to win.
		Minor     bool `json:"minor,omitempty"`
		MayRefuse bool `json:"may_refuse,omitempty"`
		// SoleGuardian: this guardian decides alone; the reason stands in the statement.
		SoleGuardian bool `json:"sole_guardian,omitempty"`
		// Until is when a yes of this record ends: the form's validity, or earlier the month in which a child comes of age.
		Until    time.Time     `json:"until"`
		Evidence []EvidenceRef `json:"evidence"`
		// Link is the SHA-256 (hex) of the personal link's secret.
		Link string `json:"link"`
	}

	// WithdrawnBody is the body of consent.withdrawn. No scopes means all of them.
	WithdrawnBody struct {
		Scopes []Scope `json:"scopes,omitempty"`
		Signer Signer  `json:"signer"`
		// Via says how it came: "device", "link".
		Via      string        `json:"via"`
		Evidence []EvidenceRef `json:"evidence,omitempty"`
	}

	// ReceiptBody is the body of receipt.issued.
	ReceiptBody struct {
		Record RecordID `json:"record"`
		SHA256 BlobHash `json:"sha256"` // of the receipt's bytes
		// Mail asks the library to send it to the signer's e-mail address. Evidence is then the receipt itself, and Language the one
		// in which it is written.
		Mail     bool          `json:"mail,omitempty"`
		Language string        `json:"language,omitempty"`
		Evidence []EvidenceRef `json:"evidence,omitempty"`
	}

	// ImportedBody is the body of asset.imported. The file's name and camera stand in the sealed details.
	ImportedBody struct {
		Kind    MediaKind `json:"kind"`
		Size    int64     `json:"size"`
		MIME    string    `json:"mime"`
		Details BlobHash  `json:"details"`
		// Companions are further files of the same picture. Several imports of an asset may each name some; all of them count.
		Companions []Companion `json:"companions,omitempty"`
	}

	// Companion is a file that belongs to an asset and shows nothing else than it: the camera's raw file beside the JPEG of the same
	// exposure, a sidecar with metadata. Whatever stands for the asset stands for it: its people, its clearance, its removal.
	Companion struct {
		SHA256 BlobHash `json:"sha256"`
		Size   int64    `json:"size"` // bytes
		MIME   string   `json:"mime"`
	}

	// AppearanceBody is the body of asset.appearance and asset.appearance_removed; the subject stands in the envelope.
	AppearanceBody struct {
		From float64 `json:"from,omitempty"` // seconds into a film or recording
		To   float64 `json:"to,omitempty"`   // 0 for the whole
	}

	// RemovedBody is the body of asset.removed. The reason stands in a sealed blob, since it may name people.
	RemovedBody struct {
		Why BlobHash `json:"why,omitempty"`
	}

	// RejectedBody is the body of asset.rejected and asset.approved: what the person said of this very asset. The evidence is their
	// reason, sealed with their key.
	RejectedBody struct {
		Evidence []EvidenceRef `json:"evidence,omitempty"`
	}

	// PeopleBody is the body of asset.people.
	PeopleBody struct {
		Count int `json:"count"`
	}

	// UncountedBody is the body of an asset.people that takes a count back: nobody has said how many people there are. Every version
	// reads it so, since a body without a count never was an answer.
	UncountedBody struct{}

	// GroundBody is the body of asset.ground. The justification stands in a sealed blob, since it may name people.
	GroundBody struct {
		Ground Ground   `json:"ground"`
		Why    BlobHash `json:"why,omitempty"`
	}

	// DeliveryBody is the body of delivery.made: an asset left the library or this device for use. It records what was checked,
	// so that whoever has the asset can be told when a consent ends (GDPR art. 19).
	DeliveryBody struct {
		Channel Channel `json:"channel"`
		Order   string  `json:"order"` // UUIDv7 of the export or order that the asset went out with
		// Ground is why it could be used; Records are the consent records that said so, for GroundConsent.
		Ground  Ground     `json:"ground"`
		Records []RecordID `json:"records,omitempty"`
	}

	// ChainMendedBody is the body of chain.mended: this device lost events of its own beyond repair, which the library never had,
	// and signed those after them anew.
	ChainMendedBody struct {
		Lost []NumberRange `json:"lost"`
	}

	// NumberRange are numbers of events of one device, both ends included.
	NumberRange struct {
		From uint64 `json:"from"`
		To   uint64 `json:"to"`
	}

	// PolicyBody is the body of policy.changed: what the organisation decides beyond its forms.
	PolicyBody struct {
		// ReaskDays is how many days before a consent ends its people are to be asked again, 1 to 365.
		ReaskDays int `json:"reask_days"`
	}

	// FormBody is the body of form.published.
	FormBody struct {
		Form FormHash `json:"form"`
		Key  string   `json:"key"`
	}
)

// Received is an event with the moment the library received it; zero until that is known. The moment is not part of what the
// device signed: it is the library's word, and it shows clocks that run ahead.
type Received struct {
	Envelope
	ReceivedAt time.Time
}

// ClockTolerance is how far a device's clock may run ahead of the library before its consents wait for review.
const ClockTolerance = 5 * time.Minute

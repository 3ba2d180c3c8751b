package evidence

import "samtykke/app/consent"

// The types below are the shapes of a consent receipt in JSON-LD, with the terms of the W3C Data Privacy Vocabulary 2.3 and the
// fields that ISO/IEC TS 27560:2023 asks for. Members are compact IRIs of the context that each document carries, so nothing has
// to be fetched to read one.

// ConsentReceipt is a dpv:ConsentReceipt: one signed act and everything that happened to it until Created.
type ConsentReceipt struct {
	Context    map[string]any     `json:"@context"`
	ID         string             `json:"@id"`
	Type       string             `json:"@type"`
	Identifier consent.RecordID   `json:"dct:identifier"` // the consent record of the log
	ConformsTo string             `json:"dct:conformsTo"`
	Created    string             `json:"dct:created"`
	Publisher  string             `json:"dct:publisher"`
	Event      EventReference     `json:"smk:event"`
	Entities   []ReceiptEntity    `json:"dpv:hasEntity"`
	Notice     ReceiptNotice      `json:"dpv:hasNotice"`
	Purpose    ReceiptConcept     `json:"dpv:hasPurpose"`
	Data       []ReceiptConcept   `json:"dpv:hasPersonalData"`
	Recipients []ReceiptConcept   `json:"dpv:hasRecipient"`
	Control    ReceiptControl     `json:"dpv:hasConsentControl"`
	Rights     []ReceiptRight     `json:"dpv:hasRight"`
	Records    []ConsentRecordDPV `json:"dpv:hasRecordOfActivity"`
}

// EventReference ties the receipt to the log: the event that is the record, by the hash of its envelope.
type EventReference struct {
	Type   string                `json:"@type"`
	SHA256 string                `json:"smk:sha256"`
	Device consent.DeviceID      `json:"smk:device"`
	Proofs []EvidenceDescription `json:"smk:evidence,omitempty"`
}

// EvidenceDescription names a sealed blob of evidence by its hash.
type EvidenceDescription struct {
	Kind   consent.EvidenceKind `json:"smk:kind"`
	SHA256 consent.BlobHash     `json:"smk:sha256"`
}

// ReceiptEntity is somebody: the controller, the subject or a guardian, the latter two by pseudonym only.
type ReceiptEntity struct {
	ID         string         `json:"@id"`
	Type       []string       `json:"@type"`
	Identifier string         `json:"dpv:hasIdentifier,omitempty"`
	Name       string         `json:"dpv:hasName,omitempty"`
	Address    string         `json:"dpv:hasAddress,omitempty"`
	Contact    string         `json:"dpv:hasContact,omitempty"`
	DPO        *ReceiptEntity `json:"dpv:hasDataProtectionOfficer,omitempty"`
}

// ReceiptNotice is the form as it was shown: its hash says what it was to the letter.
type ReceiptNotice struct {
	ID       string           `json:"@id"`
	Type     string           `json:"@type"`
	Title    ReceiptText      `json:"dct:title"`
	Form     string           `json:"dct:identifier"` // key and version
	Language string           `json:"dct:language"`
	Date     string           `json:"dct:date,omitempty"` // published
	SHA256   consent.FormHash `json:"smk:sha256"`
	Policy   string           `json:"dct:references,omitempty"`
}

// ReceiptText is a text with its language.
type ReceiptText struct {
	Value    string `json:"@value"`
	Language string `json:"@language"`
}

// ReceiptConcept is a concept of the form under the nearest concept of the vocabulary: its purpose, a media kind, a channel.
type ReceiptConcept struct {
	ID      string      `json:"@id"`
	Type    string      `json:"@type"`
	Broader string      `json:"skos:broader,omitempty"`
	Title   ReceiptText `json:"dct:title"`
	// ThirdCountry: what is shown there leaves the EEA (GDPR art. 44).
	ThirdCountry *ReceiptNode `json:"dpv:hasThirdCountry,omitempty"`
}

// ReceiptNode is a node of which only the type is known.
type ReceiptNode struct {
	Type string `json:"@type"`
}

// ReceiptControl is where consent is given, renewed and withdrawn.
type ReceiptControl struct {
	ID   string   `json:"@id"`
	Type []string `json:"@type"`
	At   string   `json:"dpv:isExercisedAt"`
}

// ReceiptRight is one right of the subject and where it is exercised.
type ReceiptRight struct {
	Type []string `json:"@type"`
	At   string   `json:"dpv:isExercisedAt"`
}

// ConsentRecordDPV is a dpv:ConsentRecord: what was said to one scope, and what became of it.
type ConsentRecordDPV struct {
	ID           string   `json:"@id"`
	Type         string   `json:"@type"`
	Identifier   string   `json:"dct:identifier"`
	ConformsTo   string   `json:"dct:conformsTo"`
	Replaces     []string `json:"dct:replaces,omitempty"`
	ReplacedBy   []string `json:"dct:isReplacedBy,omitempty"`
	Subject      string   `json:"dpv:hasDataSubject"`
	Controller   string   `json:"dpv:hasDataController"`
	Jurisdiction string   `json:"dpv:hasJurisdiction"`
	Law          string   `json:"dpv:hasApplicableLaw"`
	Notice       string   `json:"dpv:hasNotice"`
	// Process is what the scope allows, Status what was said to it, oldest first. The last one stands; RDF keeps no order, so
	// Stands says it once more.
	Process ReceiptProcess  `json:"dpv:hasProcess"`
	Status  []ReceiptStatus `json:"dpv:hasConsentStatus"`
	Stands  string          `json:"smk:stands"`
}

// ReceiptProcess is what a yes to the scope allows.
type ReceiptProcess struct {
	Type       string             `json:"@type"`
	Scope      consent.Scope      `json:"smk:scope"`
	Purpose    string             `json:"dpv:hasPurpose"`
	Data       string             `json:"dpv:hasPersonalData"`
	Processing []string           `json:"dpv:hasProcessing"`
	Recipient  string             `json:"dpv:hasRecipient"`
	Basis      string             `json:"dpv:hasLegalBasis"`
	Storage    []StorageCondition `json:"dpv:hasStorageCondition"`
	Control    string             `json:"dpv:hasConsentControl"`
}

// StorageCondition is where, or how long, material is kept.
type StorageCondition struct {
	Type     string           `json:"@type"`
	Location string           `json:"dpv:hasLocation,omitempty"`
	Duration *ReceiptDuration `json:"dpv:hasDuration,omitempty"`
}

// ReceiptDuration is a length of time (xsd:duration) or an end (xsd:dateTime).
type ReceiptDuration struct {
	Type  string     `json:"@type"`
	Value TypedValue `json:"rdf:value"`
}

// TypedValue is a literal with its type.
type TypedValue struct {
	Value string `json:"@value"`
	Type  string `json:"@type"`
}

// ReceiptStatus is one thing that was said, or happened, to a scope.
type ReceiptStatus struct {
	Type     []string         `json:"@type"`
	By       string           `json:"dpv:isIndicatedBy,omitempty"`
	Method   string           `json:"dpv:hasIndicationMethod,omitempty"`
	At       string           `json:"dpv:isIndicatedAtTime,omitempty"`
	Duration *ReceiptDuration `json:"dpv:hasDuration,omitempty"`
	Event    string           `json:"dct:source,omitempty"`
	Missing  int              `json:"smk:guardiansMissing,omitempty"`
}

// vocabulary is the namespace of the terms that DPV lacks. It is a UUID, so that nobody has to own a domain for as long as
// receipts are kept.
const vocabulary = "urn:uuid:dfde2e1a-1d78-496f-b3a1-c09d8a8bdbc4#"

// documentContext is the inline JSON-LD 1.1 context of every document.
func documentContext() map[string]any {
	reference, moment := map[string]any{"@type": "@id"}, map[string]any{"@type": "xsd:dateTime"}
	context := map[string]any{
		"dpv": "https://w3id.org/dpv#", "pd": "https://w3id.org/dpv/pd#", "loc": "https://w3id.org/dpv/loc#",
		"eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#", "legal-eu": "https://w3id.org/dpv/legal/eu#",
		"dct": "http://purl.org/dc/terms/", "skos": "http://www.w3.org/2004/02/skos/core#",
		"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
		"sec": "https://w3id.org/security#", "smk": vocabulary,
		"dct:created": moment, "dct:date": map[string]any{"@type": "xsd:date"}, "dpv:isIndicatedAtTime": moment,
		memberProof: map[string]any{"@id": "sec:proof", "@container": "@graph", memberContext: map[string]any{
			"type": "@type", proofType: "sec:DataIntegrityProof",
			"cryptosuite": map[string]any{"@id": "sec:cryptosuite", "@type": "sec:cryptosuiteString"},
			"created":     map[string]any{"@id": "dct:created", "@type": "xsd:dateTime"},
			"proofPurpose": map[string]any{"@id": "sec:proofPurpose", "@type": "@vocab",
				memberContext: map[string]any{proofPurpose: "sec:assertionMethod"}},
			"verificationMethod": map[string]any{"@id": "sec:verificationMethod", "@type": "@id"},
			memberValue:          map[string]any{"@id": "sec:proofValue", "@type": "sec:multibase"},
		}},
	}
	for _, member := range []string{"dct:conformsTo", "dct:publisher", "dct:references", "dct:replaces", "dct:isReplacedBy", "dct:source",
		"skos:broader", "dpv:hasDataSubject", "dpv:hasDataController", "dpv:hasJurisdiction", "dpv:hasApplicableLaw", "dpv:hasNotice",
		"dpv:hasPurpose", "dpv:hasPersonalData", "dpv:hasProcessing", "dpv:hasRecipient", "dpv:hasLegalBasis", "dpv:hasLocation",
		"dpv:hasConsentControl", "dpv:isIndicatedBy", "dpv:hasIndicationMethod", "dpv:isExercisedAt",
		"smk:stands"} {
		context[member] = reference
	}
	return context
}

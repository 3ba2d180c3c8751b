package picture

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/beevik/etree"
)

// The reasons why metadata is not written into a JPEG. In both cases a sidecar can carry it instead.
var (
	// ErrC2PA: the file carries, or refers to, a C2PA manifest, whose seal any change would break.
	ErrC2PA = errors.New("the file is sealed with C2PA content credentials")
	// ErrTooLargeForJPEG: the file's own XMP and ours do not fit together in one JPEG segment.
	ErrTooLargeForJPEG = errors.New("the XMP packet is too large for a JPEG segment")
)

// Profile says who a copy is for.
type Profile string

const (
	// ProfileInternal is for the organisation's own systems: pseudonymous ids, short codes and the event are written,
	// and everything else in the file is kept.
	ProfileInternal Profile = "internal"
	// ProfilePublic is for copies that leave the organisation, and what an empty Profile means. Nothing about persons,
	// places, the event or the consent records is written. Of what the file holds only this is kept: who made the
	// picture and who has which rights in it, technical facts about camera, exposure, size, colour and time, and the
	// status of the release. Everything else goes, because any text can name somebody: captions, keywords, comments,
	// file names, owners, serial numbers, positions, and whatever no list foresees; [WriteJPEG] says it field by field.
	//
	// The photographer's name stays on purpose: whoever makes a picture has the right to be named when it is made
	// available to the public (åndsverkloven § 5), and we must not take that from a file.
	ProfilePublic Profile = "public"
)

// ModelReleaseStatus answers IPTC's "Model Release Status" for all people in the picture together.
//
// The vocabulary's fourth term, MR-UMR (unlimited), cannot be expressed: a consent is always bound to channels and can
// be withdrawn, GDPR art. 7(3).
type ModelReleaseStatus uint8

// The statuses. Any other value means ModelReleaseNone.
const (
	// ModelReleaseNone (MR-NON): someone is recognisable and no consent covers any use.
	ModelReleaseNone ModelReleaseStatus = iota
	// ModelReleaseNotApplicable (MR-NAP): nobody is recognisable.
	ModelReleaseNotApplicable
	// ModelReleaseLimited (MR-LMR): there are consents, for some uses or from some of the people.
	ModelReleaseLimited
)

const plusVocabulary = "http://ns.useplus.org/ldf/vocab/"

func (s ModelReleaseStatus) uri() string {
	switch s {
	case ModelReleaseNotApplicable:
		return plusVocabulary + "MR-NAP"
	case ModelReleaseLimited:
		return plusVocabulary + "MR-LMR"
	}
	return plusVocabulary + "MR-NON"
}

// DataMining is PLUS "Data Mining": whether the picture may be read by machines for mining and training.
type DataMining string

// The terms of the PLUS vocabulary. An empty DataMining means DataMiningProhibited.
const (
	DataMiningProhibited          DataMining = "DMI-PROHIBITED"
	DataMiningUnspecified         DataMining = "DMI-UNSPECIFIED"
	DataMiningAllowed             DataMining = "DMI-ALLOWED"
	DataMiningNoTraining          DataMining = "DMI-PROHIBITED-AIMLTRAINING"
	DataMiningNoGenerative        DataMining = "DMI-PROHIBITED-GENAIMLTRAINING"
	DataMiningSearchEngines       DataMining = "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"
	DataMiningSeeConstraints      DataMining = "DMI-PROHIBITED-SEECONSTRAINT"
	DataMiningSeeEmbeddedLicence  DataMining = "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR"
	DataMiningSeeLicenceElsewhere DataMining = "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR"
)

func (d DataMining) uri() (string, error) {
	switch d {
	case "":
		return plusVocabulary + string(DataMiningProhibited), nil
	case DataMiningProhibited, DataMiningUnspecified, DataMiningAllowed, DataMiningNoTraining, DataMiningNoGenerative,
		DataMiningSearchEngines, DataMiningSeeConstraints, DataMiningSeeEmbeddedLicence, DataMiningSeeLicenceElsewhere:
		return plusVocabulary + string(d), nil
	}
	return "", fmt.Errorf("%q is no term of the PLUS data mining vocabulary", string(d))
}

// XMP is what a copy says about the consent of the people in it, as of one moment. It is a snapshot: the library's
// answer is the one that counts, and UsageTerms should tell the reader so.
//
// The fields from ModelReleaseStatus to DataMining, ConsentState and CheckedAt replace what the file held, also when
// they are empty. The other texts replace it only when set.
type XMP struct {
	// Profile decides which of the fields are written and what is removed; empty means [ProfilePublic].
	Profile Profile
	// Kind is the medium: people are shown in a [Photo], which an empty Kind means, heard in [Audio], and both in a [Video].
	Kind Kind
	// ModelReleaseStatus is always written.
	ModelReleaseStatus ModelReleaseStatus
	// ModelReleaseIDs are the ids of the consent records. Internal only.
	ModelReleaseIDs []string
	// PersonCodes are the short codes of the people shown or heard, PersonIDs their pseudonymous ids as "urn:uuid:…", in the same
	// order. Either may be longer or empty. Never names. Internal only.
	PersonCodes, PersonIDs []string
	// DataMining is always written; empty means prohibited.
	DataMining DataMining
	// UsageTerms and OtherConstraints are sentences for a human, in the organisation's language.
	UsageTerms, OtherConstraints string
	// WebStatement is the address of the terms; it must hold no secret.
	WebStatement string
	// Marked says that the picture is under rights management. False writes nothing, because XMP reads False as
	// "public domain".
	Marked bool
	// EventName and EventID name the shoot. Internal only.
	EventName, EventID string
	// ConsentState is the answer in one word, as msk:ConsentState. Internal only.
	ConsentState string
	// Creator is who made the picture; written where the file names nobody. Whoever makes a picture has the right to be named,
	// see [ProfilePublic].
	Creator string
	// CheckedAt is when the answer was computed; as msk:CheckedAt internal only, as xmp:MetadataDate always.
	CheckedAt time.Time
}

var urnUUID = regexp.MustCompile(`^urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// check refuses what must not reach a file.
func (x XMP) check() error {
	switch x.Profile {
	case "", ProfileInternal, ProfilePublic:
	default:
		return fmt.Errorf("write XMP: unknown profile %q", string(x.Profile))
	}
	if _, err := x.DataMining.uri(); err != nil {
		return fmt.Errorf("write XMP: %w", err)
	}
	for _, id := range x.PersonIDs {
		if !urnUUID.MatchString(id) {
			return errors.New("write XMP: a person id is not of the form urn:uuid:…")
		}
	}
	return nil
}

func (x XMP) public() bool { return x.Profile != ProfileInternal }

// Packet returns the snapshot as a complete XMP packet in UTF-8 with two kilobytes of room for later changes in place.
func (x XMP) Packet() ([]byte, error) {
	if err := x.check(); err != nil {
		return nil, err
	}
	return packet(x.apply(newXMPDocument()), packetPadding)
}

// Namespaces, by the prefix this package writes.
var namespaces = map[string]string{
	"x":           "adobe:ns:meta/",
	"rdf":         "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
	"dc":          "http://purl.org/dc/elements/1.1/",
	"xmp":         "http://ns.adobe.com/xap/1.0/",
	"xmpRights":   "http://ns.adobe.com/xap/1.0/rights/",
	"xmpNote":     "http://ns.adobe.com/xmp/note/",
	"photoshop":   "http://ns.adobe.com/photoshop/1.0/",
	"Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
	"plus":        "http://ns.useplus.org/ldf/xmp/1.0/",
	"tiff":        "http://ns.adobe.com/tiff/1.0/",
	"exif":        "http://ns.adobe.com/exif/1.0/",
	"exifEX":      "http://cipa.jp/exif/1.0/",
	"cc":          "http://creativecommons.org/ns#",
	"msk":         NamespaceMSK,
}

// NamespaceMSK is the XML namespace of our own properties, msk:ConsentState and msk:CheckedAt.
const NamespaceMSK = "https://samtykke.example/ns/consent/1.0/"

// description builds the rdf:Description that holds all our properties, in a fixed order.
func (x XMP) description(about string) *etree.Element {
	b := descriptionBuilder{element: etree.NewElement("rdf:Description")}
	b.element.CreateAttr("rdf:about", about)
	mining, _ := x.DataMining.uri()
	at := ""
	if !x.CheckedAt.IsZero() {
		at = x.CheckedAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	b.simple("xmp", "MetadataDate", at)
	if x.Marked {
		b.simple("xmpRights", "Marked", "True")
	}
	b.simple("xmpRights", "WebStatement", x.WebStatement)
	b.simple("plus", "ModelReleaseStatus", x.ModelReleaseStatus.uri())
	b.simple("plus", "DataMining", mining)
	if !x.public() {
		b.simple("msk", "ConsentState", x.ConsentState)
		b.simple("msk", "CheckedAt", at)
	}
	b.alternative("xmpRights", "UsageTerms", x.UsageTerms)
	b.alternative("plus", "OtherConstraints", x.OtherConstraints)
	if !x.public() {
		b.alternative("Iptc4xmpExt", "Event", x.EventName)
		if x.EventID != "" {
			b.bag("Iptc4xmpExt", "EventId", []string{x.EventID})
		}
		b.bag("plus", "ModelReleaseID", x.ModelReleaseIDs)
		if x.Kind != Audio {
			b.bag("Iptc4xmpExt", "PersonInImage", x.PersonCodes)
			b.persons(x.PersonIDs, x.PersonCodes)
		}
		if x.Kind == Audio || x.Kind == Video {
			b.heard(x.PersonIDs, x.PersonCodes)
		}
	}
	return b.element
}

// replaces tells whether the snapshot takes the place of a property that the file holds.
func (x XMP) replaces(namespace, name string) bool {
	switch namespace {
	case NamespaceMSK:
		return true
	case namespaces["xmp"]:
		return name == "MetadataDate" && !x.CheckedAt.IsZero()
	case namespaces["xmpRights"]:
		return name == "UsageTerms" && x.UsageTerms != "" || name == "WebStatement" && x.WebStatement != "" ||
			name == "Marked" && x.Marked
	case namespaces["plus"]:
		switch name {
		case "ModelReleaseStatus", "ModelReleaseID", "DataMining":
			return true
		case "OtherConstraints":
			return x.OtherConstraints != ""
		}
	case namespaces["Iptc4xmpExt"]:
		switch name {
		case "PersonInImage", "PersonInImageWDetails", "PersonHeard":
			return true
		case "Event":
			return x.EventName != ""
		case "EventId":
			return x.EventID != ""
		}
	}
	return false
}

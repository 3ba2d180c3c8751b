package evidence

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"samtykke/app/consent"
)

// Account is what is known about one consent record. It holds pseudonyms, hashes and the organisation's own details, nothing of
// the person's profile (design §3.8), so it can be given also after the person was erased.
type Account struct {
	Record  consent.RecordID
	Hash    string // SHA-256 of the record's canonical envelope, hex
	Device  consent.DeviceID
	Subject consent.SubjectID
	Code    consent.Code
	Body    consent.DecidedBody
	At      time.Time // when it was signed
	Form    *consent.Form
	// Address is where the library answers personal links, "" while none is known. It never holds a link's secret.
	Address string
	// History are all acts of the person, oldest first, this record among them; Standings what stands for each of its scopes.
	History   []consent.HistoryEntry
	Standings map[consent.Scope]consent.Standing
	Created   time.Time
}

// Document is the account as a dpv:ConsentReceipt with one dpv:ConsentRecord for each scope that was answered. Equal accounts
// give equal documents.
func (a Account) Document() (ConsentReceipt, error) {
	id, err := uuid.Parse(string(a.Record))
	if err != nil {
		return ConsentReceipt{}, fmt.Errorf("receipt of record %q: %w", a.Record, err)
	}
	text, err := a.Form.Text(a.Body.Language)
	if err != nil {
		return ConsentReceipt{}, err
	}
	at := slices.IndexFunc(a.History, func(e consent.HistoryEntry) bool { return e.ID == consent.EventID(a.Record) })
	if at < 0 {
		return ConsentReceipt{}, fmt.Errorf("receipt of record %s: it is not among the person's acts", a.Record)
	}
	b := receiptBuilder{Account: a, id: id, text: text, before: a.History[:at], after: a.History[at+1:]}
	doc := ConsentReceipt{Context: documentContext(), ID: urn(a.Record), Type: "dpv:ConsentReceipt", Identifier: a.Record,
		ConformsTo: "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr", Created: documentTime(a.Created), Publisher: b.controller(),
		Event: b.event(), Entities: b.entities(), Notice: b.notice(),
		Purpose: ReceiptConcept{ID: b.purpose(), Type: "dpv:Purpose", Broader: "dpv:PublicRelations", Title: b.say(text.Purpose)},
		Control: ReceiptControl{ID: b.control(), Type: []string{"dpv:ProvideConsent", "dpv:ReaffirmConsent", "dpv:WithdrawConsent"}, At: b.address()},
		Rights:  b.rights()}
	for _, media := range a.Form.Media {
		doc.Data = append(doc.Data, ReceiptConcept{ID: mediaConcept(media), Type: "dpv:PersonalData", Broader: broaderData[media], Title: b.say(text.Media[media])})
	}
	for _, channel := range a.Form.Channels {
		shown := ReceiptConcept{ID: channelConcept(channel.Key), Type: "dpv:Recipient", Title: b.say(text.Channels[channel.Key].Title)}
		if channel.ThirdCountry {
			shown.ThirdCountry = &ReceiptNode{Type: "dpv:ThirdCountry"}
		}
		doc.Recipients = append(doc.Recipients, shown)
	}
	for _, scope := range consent.SortedScopes(a.Body.Answers) {
		doc.Records = append(doc.Records, b.record(scope))
	}
	return doc, nil
}

// broaderData are the concepts of the DPV personal data taxonomy above each media kind; it has none for film.
var broaderData = map[consent.MediaKind]string{consent.Photo: "pd:Picture", consent.Video: "pd:Picture", consent.Audio: "pd:VoiceCommunicationRecording"}

// receiptBuilder writes one account down.
type receiptBuilder struct {
	Account
	id            uuid.UUID
	text          consent.FormText
	before, after []consent.HistoryEntry // the person's other acts
}

func urn[T ~string](id T) string { return "urn:uuid:" + string(id) }

func mediaConcept(m consent.MediaKind) string { return "smk:media-" + url.PathEscape(string(m)) }

func channelConcept(c consent.Channel) string { return "smk:channel-" + url.PathEscape(string(c)) }

func (b receiptBuilder) say(text string) ReceiptText {
	return ReceiptText{Value: text, Language: b.Body.Language}
}

func (b receiptBuilder) purpose() string { return urn(b.Record) + "#purpose" }
func (b receiptBuilder) control() string { return urn(b.Record) + "#control" }

// noticeID is the form's hash as a name (RFC 6920), with the language that was read.
func (b receiptBuilder) noticeID() string {
	hash, _ := hex.DecodeString(string(b.Body.Form)) // a hash that cannot be read finds no form
	return "ni:///sha-256;" + base64.RawURLEncoding.EncodeToString(hash) + "#" + b.Body.Language
}

// controller names the organisation: by its entry in the Norwegian register when the number can be one there.
func (b receiptBuilder) controller() string {
	number := b.Form.Organisation.Number
	if len(number) == 9 && strings.Trim(number, "0123456789") == "" {
		return "https://data.brreg.no/enhetsregisteret/api/enheter/" + number
	}
	return urn(uuid.NewSHA1(uuid.NameSpaceOID, []byte("samtykke organisation "+number)).String())
}

// address is where consent is changed: the library, or the organisation's mail while it has none.
func (b receiptBuilder) address() string {
	if b.Address != "" {
		return b.Address
	}
	return "mailto:" + b.Form.Organisation.Contact
}

func (b receiptBuilder) event() EventReference {
	e := EventReference{Type: "smk:Event", SHA256: b.Hash, Device: b.Device}
	for _, ref := range b.Body.Evidence {
		e.Proofs = append(e.Proofs, EvidenceDescription{Kind: ref.Kind, SHA256: ref.SHA256})
	}
	return e
}

// entities are the controller, the subject, and every guardian that the statuses name.
func (b receiptBuilder) entities() []ReceiptEntity {
	o := b.Form.Organisation
	subject := ReceiptEntity{ID: urn(b.Subject), Type: []string{"dpv:DataSubject"}, Identifier: string(b.Code)}
	if b.Body.Minor {
		subject.Type = append(subject.Type, "dpv:Child")
	}
	controller := ReceiptEntity{ID: b.controller(), Type: []string{"dpv:DataController", "dpv:Organisation"}, Name: o.Name, Identifier: o.Number,
		Address: o.Address, Contact: o.Contact}
	if o.DPO != "" {
		controller.DPO = &ReceiptEntity{ID: urn(b.Record) + "#dpo", Type: []string{"dpv:DataProtectionOfficer"}, Contact: o.DPO}
	}
	entities := []ReceiptEntity{controller, subject}
	named := map[string]bool{}
	guardian := func(by consent.Signer) {
		if id := b.signer(by); by.Role == consent.RoleGuardian && !named[id] {
			named[id] = true
			entities = append(entities, ReceiptEntity{ID: id, Type: []string{"dpv:GuardianOfDataSubject"}})
		}
	}
	guardian(b.Body.Signer)
	for _, e := range b.after {
		guardian(e.By)
	}
	for _, scope := range consent.SortedScopes(b.Standings) {
		guardian(b.Standings[scope].By)
	}
	return entities
}

// signer names whoever said something, by pseudonym.
func (b receiptBuilder) signer(by consent.Signer) string {
	switch by.Role {
	case consent.RoleGuardian:
		return urn(b.Subject) + "#guardian-" + url.PathEscape(by.Guardian)
	case consent.RoleStaff:
		return b.controller()
	}
	return urn(b.Subject)
}

func (b receiptBuilder) notice() ReceiptNotice {
	return ReceiptNotice{ID: b.noticeID(), Type: "dpv:ConsentNotice", Title: b.say(b.text.Title), Form: b.Form.Key + " " + b.Form.Version,
		Language: b.Body.Language, Date: b.Form.Published, SHA256: b.Body.Form, Policy: b.Form.Organisation.Policy}
}

// rights are those of GDPR art. 13(2): withdrawal at the library, the others by writing to the organisation.
func (b receiptBuilder) rights() []ReceiptRight {
	right := func(article, at string) ReceiptRight {
		return ReceiptRight{Type: []string{"dpv:DataSubjectRight", "eu-gdpr:" + article}, At: at}
	}
	rights := []ReceiptRight{right("A7-3", b.address())}
	for _, article := range []string{"A13", "A15", "A16", "A17", "A18", "A20"} {
		rights = append(rights, right(article, "mailto:"+b.Form.Organisation.DPOOrContact()))
	}
	return append(rights, right("A77", "https://www.datatilsynet.no/"))
}

// recordID names what one record says to one scope: a UUIDv5 under the record's own.
func recordID(record uuid.UUID, scope consent.Scope) string {
	return uuid.NewSHA1(record, []byte(scope.String())).String()
}

func (b receiptBuilder) record(scope consent.Scope) ConsentRecordDPV {
	id := recordID(b.id, scope)
	months := b.Form.ValidityMonths
	if b.Body.Minor {
		months = b.Form.MinorValidityMonths
	}
	statuses := b.statuses(scope)
	return ConsentRecordDPV{ID: urn(id), Type: "dpv:ConsentRecord", Identifier: id,
		ConformsTo: "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr",
		Replaces:   b.others(b.before, scope), ReplacedBy: b.others(b.after, scope),
		Subject: urn(b.Subject), Controller: b.controller(), Jurisdiction: "loc:NO", Law: "legal-eu:law-GDPR", Notice: b.noticeID(),
		Process: ReceiptProcess{Type: "dpv:Process", Scope: scope, Purpose: b.purpose(), Data: mediaConcept(scope.Media),
			Processing: []string{"dpv:Collect", "dpv:Store", "dpv:Use", "dpv:MakeAvailable"}, Recipient: channelConcept(scope.Channel),
			Basis: "eu-gdpr:A6-1-a", Control: b.control(), Storage: []StorageCondition{
				{Type: "dpv:StorageLocation", Location: "smk:media-library"},
				{Type: "dpv:StorageDuration", Duration: &ReceiptDuration{Type: "dpv:TemporalDuration",
					Value: TypedValue{Value: fmt.Sprintf("P%dM", months), Type: "xsd:duration"}}}}},
		Status: statuses, Stands: statuses[len(statuses)-1].Type[0]}
}

// takesOver tells whether an act is a later, or an earlier, word of the same signer on a scope, or that of the child come of age.
func (b receiptBuilder) takesOver(e consent.HistoryEntry, scope consent.Scope) bool {
	if e.Record == nil || e.Record.Answers[scope] == "" {
		return false
	}
	return e.By == b.Body.Signer || (e.By.Role == consent.RoleSelf && !e.Record.Minor)
}

// others are the records before or after this one that said something to the same scope.
func (b receiptBuilder) others(acts []consent.HistoryEntry, scope consent.Scope) []string {
	var ids []string
	for _, e := range acts {
		if id, err := uuid.Parse(string(e.ID)); err == nil && b.takesOver(e, scope) {
			ids = append(ids, urn(recordID(id, scope)))
		}
	}
	return ids
}

// ReadReceipt reads the body of a signed document back. It says nothing about whether to trust it: OpenDocument does.
func ReadReceipt(body []byte) (ConsentReceipt, error) {
	var r ConsentReceipt
	if err := json.Unmarshal(body, &r); err != nil {
		return r, fmt.Errorf("read receipt: %w", err)
	}
	if r.Type != "dpv:ConsentReceipt" || r.Identifier == "" {
		return r, fmt.Errorf("a signed document of the type %q is no consent receipt", r.Type)
	}
	return r, nil
}

// About tells whether a receipt is of a record, or says that a withdrawal took something of it back.
func (r ConsentReceipt) About(id consent.RecordID) bool {
	return r.Identifier == id || slices.ContainsFunc(r.Records, func(record ConsentRecordDPV) bool {
		return slices.ContainsFunc(record.Status, func(st ReceiptStatus) bool { return st.Event == urn(id) })
	})
}

// OpenReceipt checks the proof of a receipt document (see OpenDocument) and returns the essentials that its token would say, Issued
// being when the document was signed.
func OpenReceipt(keys Keys, raw []byte) (Token, error) {
	document, trusted := OpenDocument(keys, raw)
	if document.Body == nil {
		return Token{}, trusted
	}
	r, err := ReadReceipt(document.Body)
	if err != nil {
		return Token{}, documentUnreadable().Because(err)
	}
	t := Token{Record: r.Identifier, RecordHash: r.Event.SHA256, Form: r.Notice.Form, Issued: document.Created, Device: document.Device}
	for _, e := range r.Entities {
		switch {
		case slices.Contains(e.Type, "dpv:DataController"):
			t.Organisation = e.Identifier
		case slices.Contains(e.Type, "dpv:DataSubject"):
			t.Code = consent.Code(e.Identifier)
		}
	}
	for _, record := range r.Records {
		for _, st := range record.Status {
			if st.Duration == nil || st.Event != urn(r.Identifier) {
				continue
			}
			if until, err := time.Parse(time.RFC3339, st.Duration.Value.Value); err == nil {
				t.Until = until
			}
		}
	}
	return t, trusted
}

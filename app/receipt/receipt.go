// Package receipt draws what a person takes home: the receipt of a consent, a refusal or a withdrawal as a PDF, and the card with the
// short code that is handed out and photographed as a slate.
//
// A receipt is made from a Document, which holds finished facts and words only. The package decides nothing about consent:
// it prints the statuses it is given, and refuses a status that it does not know rather than guess. The order of the pages
// follows what a reader needs: the answers and how to change them on the first page, what applies and the text that was
// answered after it.
//
// Equal documents give equal bytes: the times in the file come from the document, never from a clock. It is safe to draw
// several receipts at once; nothing is shared between calls.
//
// The package is the only one that knows the PDF library. Texts come through Document.Texts under identifiers that begin
// with "receipt."; they live in assets/translations/receipt.<language>.json.
package receipt

import (
	"fmt"
	"image"
	"io"
	"time"
)

// Texts answers with the translation of an identifier, filled with data. Names in data begin with a capital letter.
type Texts = func(id string, data map[string]any) string

// Document is everything that a receipt says.
type Document struct {
	Kind     Kind   // what it is a receipt of; KindConsent when empty
	Language string // BCP 47, printed in the footer
	Texts    Texts  // translations of the receipt.* identifiers into Language; required

	Number       string       // the receipt's number, a UUID
	Issued       time.Time    // when the receipt was made, in the zone to print
	Signed       time.Time    // when the person answered or withdrew, in the zone to print; required
	Organisation Organisation // the data controller

	SubjectName string // who is pictured or heard
	SubjectCode string // the short code, such as K7Q2-M9XD
	SignerName  string // who answered
	SignerRole  string // "self", "child" (heard beside the guardians), "guardian", or for a withdrawal "staff", who wrote it down
	Method      string // "drawn", "typed", "paper" or "verbal"; none for a withdrawal
	TypedName   string // what was typed, for "typed"
	Witness     string // who was present, or ""

	Guardians    Guardians // how far the guardians of a child have come; "" for whoever answers alone
	SoleGuardian string    // why one guardian decides alone, for GuardiansSole

	// Before is when the same signer had answered before, for KindChange and KindRenewal; Cell.Was says what.
	Before time.Time
	// Withdrawn is what a withdrawal took back, a line for each channel, nil for everything; Concerns are the records it is about.
	Withdrawn []string
	Concerns  []Concern

	MediaKinds  []string // keys of the columns in order: photo, video, audio
	MediaTitles []string // their titles in Language, one for each kind
	Answers     []Answer // one row for each channel, in the form's order

	FormTitle   string
	FormKey     string
	FormVersion string
	FormHash    string    // SHA-256 of the form's canonical JSON, in hex
	SignedIn    string    // own name of the language that was read and signed, when the receipt is in another; else ""
	MachineMade bool      // no reader of Language has reviewed the form's text yet, which the receipt then says
	Purpose     string    // what the person was asked for, as shown
	Summary     []string  // the short lines, as shown
	Notice      []Section // the whole notice, as shown
	Statement   string    // the sentence that was signed

	ShootTitle   string
	ShootPlace   string
	Photographer string
	Device       string // the device's name or id

	Signature image.Image // the drawn signature or the signed paper; nil when there is none to print

	Link  string // the full personal link, or "" when no library address is known yet
	Token string // the verification token, or "" when there is none
	KeyID string // the key that signed the token

	// Record is the same as a signed document for machines (JSON-LD), attached to the file as AttachedRecord; nil for none.
	Record []byte

	unnamed bool // a name could not be printed; see drawable
}

// AttachedRecord is the name of the file that Document.Record becomes within the PDF; Attached takes it out again.
const AttachedRecord = "consent.jsonld"

// Organisation is the data controller. What is empty is left out of the receipt.
type Organisation struct {
	Name    string
	Number  string
	Address string
	Contact string // e-mail address or phone number
	DPO     string // contact of the data protection officer
	Policy  string // web address of the privacy notice
}

// Answer is one channel's row in the table of answers.
type Answer struct {
	Title string // the channel's title in the document's language
	Text  string // what a yes means there, as shown
	Cells []Cell // one for each media kind, in the order of Document.MediaKinds
}

// Cell is the answer for one channel and one media kind.
type Cell struct {
	Status string    // given, refused, withdrawn, expired, unanswered, awaiting-guardian or under-review
	Until  time.Time // the last day of a given answer, in the zone to print; zero when it has none
	Was    string    // the status before the act that this is a receipt of, when that was another; else ""
	Said   string    // the status that was answered, when something else stands; else ""
}

// Section is one part of the notice. A line break in Text is kept.
type Section struct {
	Heading string
	Text    string
}

// Write draws the receipt as A4 pages, at most two for a form of ordinary length, and writes the PDF to w. It fails when the document
// contradicts itself (a row with too few cells, an unknown status, role or method) or when w fails.
func Write(w io.Writer, d Document) error {
	if err := d.check(); err != nil {
		return fmt.Errorf("check receipt: %w", err)
	}
	title := d.Texts(d.Kind.title(), nil) + " " + d.Number
	s, err := newSheet(paperA4, documentInfo{
		title:  title,
		author: d.Organisation.Name, language: d.Language,
		token: d.Token,
		at:    d.Issued,
	})
	if err != nil {
		return fmt.Errorf("prepare receipt: %w", err)
	}
	s.margins = narrow
	p := page{sheet: s, doc: d.drawable()}
	p.addPage()
	p.drawHead()
	p.drawFacts()
	p.drawAnswers()
	if err := p.drawStatement(); err != nil {
		return err
	}
	if err := p.drawWays(); err != nil {
		return err
	}
	size, recordFirst := p.textSize(), p.recordFirst()
	if recordFirst {
		p.y = p.bottom() - p.recordHeight()
		p.drawRecord()
	}
	p.drawTerms(size)
	p.drawNotice(size)
	if !recordFirst {
		p.drawRecord()
	}
	p.drawFooters()
	s.attach(AttachedRecord, title, d.Record)
	if err := s.write(w); err != nil {
		return fmt.Errorf("write receipt: %w", err)
	}
	return nil
}

// page is a document on its sheet; the parts of the receipt are its methods, one file each.
type page struct {
	*sheet
	doc Document
}

// t is a text of the receipt, named without its prefix.
func (p *page) t(id string) string { return p.doc.Texts("receipt."+id, nil) }

// tf is a text of the receipt with one value filled in.
func (p *page) tf(id, name, value string) string {
	return p.doc.Texts("receipt."+id, map[string]any{name: value})
}

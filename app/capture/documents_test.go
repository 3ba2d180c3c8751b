package capture_test

import (
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
)

// document opens the signed JSON-LD of a record with this device's key.
func (b *bench) document(record consent.RecordID) (evidence.ConsentReceipt, string) {
	b.tb.Helper()
	raw, err := b.RecordDocument(b.ctx, record)
	if err != nil {
		b.tb.Fatal(err)
	}
	found, err := evidence.OpenDocument(evidence.Keys{b.Device().PublicKey}, raw)
	if err != nil {
		b.tb.Fatal(err)
	}
	receipt, err := evidence.ReadReceipt(found.Body)
	if err != nil {
		b.tb.Fatal(err)
	}
	return receipt, string(raw)
}

func stands(tb testing.TB, r evidence.ConsentReceipt, scope consent.Scope) string {
	tb.Helper()
	for _, record := range r.Records {
		if record.Process.Scope == scope {
			return record.Stands
		}
	}
	tb.Fatalf("the receipt has no record of %s", scope)
	return ""
}

// Invariant 8: no name, phone, e-mail or birth date of anybody in the document; and it follows what happens to the record.
func TestRecordDocumentFollowsTheRecordAndNamesNobody(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann", Phone: "41234567", Email: "ola@example.no", Born: "2015-04-30",
		Guardians: []consent.Guardian{{Name: "Kari Nordmann", Phone: "41234568"}}})
	signing := b.signing(p, "web:*,internal:*")
	signing.Guardian = 1
	signed, err := b.RecordConsent(b.ctx, signing)
	if err != nil {
		t.Fatal(err)
	}
	internal := consent.Scope{Channel: "internal", Media: consent.Photo}
	before, raw := b.document(signed.Record)
	if got := stands(t, before, webPhoto); got != "dpv:ConsentRequested" {
		t.Errorf("with one of two guardians web stands at %s", got)
	}
	if got := stands(t, before, internal); got != "dpv:ConsentGiven" {
		t.Errorf("internal stands at %s", got)
	}
	for _, personal := range []string{"Nordmann", "Ola", "41234567", "41234568", "ola@", "2015", strings.TrimPrefix(signed.Link, "/P/")} {
		if strings.Contains(raw, personal) {
			t.Errorf("the document holds %q", personal)
		}
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{internal}}); err != nil {
		t.Fatal(err)
	}
	after, _ := b.document(signed.Record)
	if got := stands(t, after, internal); got != "dpv:ConsentWithdrawn" {
		t.Errorf("after the withdrawal internal stands at %s", got)
	}
	b.now = b.now.AddDate(2, 0, 0)
	if got := stands(t, must(b.document(signed.Record)), webPhoto); got != "dpv:ConsentExpired" {
		t.Errorf("two years later web stands at %s", got)
	}
}

func must(r evidence.ConsentReceipt, _ string) evidence.ConsentReceipt { return r }

func TestRecordDocumentNamesTheEventOfTheLog(t *testing.T) {
	b := mustBench(t)
	signed := b.sign(b.person(capture.Registration{Name: "Ola Nordmann"}), "web:*")
	receipt, _ := b.document(signed.Record)
	token, err := evidence.DecodeToken(evidence.Keys{b.Device().PublicKey}, signed.Token)
	if err != nil || receipt.Event.SHA256 != token.RecordHash || receipt.Event.Device != b.Device().ID {
		t.Errorf("the receipt names event %s, the token %s (%v)", receipt.Event.SHA256, token.RecordHash, err)
	}
	if _, err := b.RecordDocument(b.ctx, "no such record"); err == nil {
		t.Error("a record that does not exist has a document")
	} else {
		wantProblem(t, err, "record-unknown")
	}
	if created, err := time.Parse(time.RFC3339, receipt.Created); err != nil || created.After(b.now) {
		t.Errorf("made at %s: %v", receipt.Created, err)
	}
}

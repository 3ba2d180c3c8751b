package capture_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/evidence"
	"samtykke/app/receipt"
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

// detached takes the attached document out of a receipt with an outside reader.
func detached(tb testing.TB, pdf []byte) []byte {
	tb.Helper()
	if _, err := exec.LookPath("pdfdetach"); err != nil {
		if os.Getenv("SAMTYKKE_NO_TOOLS") != "" {
			tb.Skip("pdfdetach is not installed and SAMTYKKE_NO_TOOLS is set")
		}
		tb.Fatal("pdfdetach is needed for this test (package poppler-utils); set SAMTYKKE_NO_TOOLS=1 to do without")
	}
	dir := tb.TempDir()
	file, out := filepath.Join(dir, "receipt.pdf"), filepath.Join(dir, "out.jsonld")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		tb.Fatal(err)
	}
	list, err := exec.Command("pdfdetach", "-list", file).CombinedOutput()
	if err != nil || !strings.Contains(string(list), receipt.AttachedRecord) {
		tb.Fatalf("pdfdetach lists %q: %v", list, err)
	}
	if said, err := exec.Command("pdfdetach", "-save", "1", "-o", out, file).CombinedOutput(); err != nil {
		tb.Fatalf("pdfdetach: %v: %s", err, said)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestReceiptCarriesTheRecordForMachines(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(p, "web:*")
	pdf, err := b.WriteReceipt(b.ctx, signed.Record, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(pdf) > 150_000 {
		t.Errorf("the receipt has %d bytes, more than 150 kB", len(pdf))
	}
	document := detached(t, pdf)
	found, err := b.Verify(document)
	if err != nil || found.Record != signed.Record || found.SignedBy != "laptop" || found.WithdrawnSince || !found.KnownHere || found.Code != p.Code {
		t.Errorf("the attached document: %+v, %v", found, err)
	}
	ofFile, err := b.Verify(pdf)
	if err != nil || ofFile.Record != found.Record || ofFile.RecordHash != found.RecordHash || ofFile.Organisation != found.Organisation ||
		ofFile.Form != found.Form || !ofFile.Until.Equal(found.Until) {
		t.Errorf("file and document differ:\n%+v\n%+v\n%v", ofFile.Token, found.Token, err)
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
		t.Fatal(err)
	}
	if found, err := b.Verify(document); err != nil || !found.WithdrawnSince {
		t.Errorf("after a withdrawal: %+v, %v", found, err)
	}
	changed := bytes.Replace(document, []byte("dpv:ConsentRefused"), []byte("dpv:ConsentGiven"), 1)
	if _, err := b.Verify(changed); err == nil {
		t.Error("a no turned into a yes verifies")
	} else {
		wantProblem(t, err, "document-changed")
	}
}

// Design §9: the whole receipt, document, signature and seal, within 40 ms and 150 kB.
func BenchmarkWriteReceipt(b *testing.B) {
	s := mustBench(b)
	signed := s.sign(s.person(capture.Registration{Name: "Ola Nordmann"}), "web:*")
	b.Run("whole receipt", func(b *testing.B) {
		size := 0
		for b.Loop() {
			file, err := s.WriteReceipt(s.ctx, signed.Record, "")
			if err != nil {
				b.Fatal(err)
			}
			size = len(file)
		}
		b.ReportMetric(float64(size), "bytes/receipt")
	})
	b.Run("document alone", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.RecordDocument(s.ctx, signed.Record); err != nil {
				b.Fatal(err)
			}
		}
	})
}

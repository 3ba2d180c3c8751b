package capture_test

import (
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
	"samtykke/app/problem"
)

func TestReceiptCodesAreThoseOfThePaperAndAreNotLogged(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	signed, err := b.RecordConsent(b.ctx, b.signing(ola, "web:*"))
	if err != nil {
		t.Fatal(err)
	}
	before, _ := b.Status(b.ctx)
	codes, err := b.ReceiptCodes(b.ctx, signed.Record)
	if err != nil || codes.Token != signed.Token || codes.Code != ola.Code || codes.Link != "" {
		t.Errorf("%+v, %v", codes, err)
	}
	if after, _ := b.Status(b.ctx); after.PendingEvents != before.PendingEvents {
		t.Errorf("%d events wait, before %d", after.PendingEvents, before.PendingEvents)
	}
	if _, err := b.ReceiptCodes(b.ctx, consent.RecordID("none")); problem.KindOf(err) != problem.NotFound {
		t.Errorf("of no record: %v", err)
	}
}

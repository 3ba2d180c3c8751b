package capture_test

import (
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// Who was registered twice gets receipts of what was said under either name, of records and of withdrawals, before and after the two
// are told apart again. The personal link on them is the one that was handed out.
func TestReceiptsAfterAMergeAreOfWhatWasSaidUnderEitherName(t *testing.T) {
	b := mustBench(t)
	b.enrolled()
	first, again := b.person(capture.Registration{Name: "Ola Normann"}), b.person(capture.Registration{Name: "Ola Nordmann"})
	signed := b.sign(first, "web:*")
	b.merge(first, again)
	b.now = b.now.AddDate(0, 0, 1)
	done, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: again.ID, Scopes: []consent.Scope{webPhoto}})
	if err != nil {
		t.Fatal(err)
	}
	_, record := b.receiptOf(signed.Record)
	pdf, withdrawal := b.receiptOf(consent.RecordID(done.Event))
	link := signed.Link[strings.LastIndex(signed.Link, "/")+1:]
	plain := func(text string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(text) }
	for what, text := range map[string]string{"the record": record, "the withdrawal": withdrawal} {
		if !strings.Contains(text, "Withdrawn") || !strings.Contains(plain(text), plain(link)) {
			t.Errorf("the receipt of %s lacks the withdrawal or the link %s:\n%s", what, signed.Link, text)
		}
	}
	if v, err := b.Verify(pdf); err != nil || len(v.StillGiven) != 0 {
		t.Errorf("verified as %+v, %v", v, err)
	}
	if _, err := b.Unmerge(b.ctx, first.ID); err != nil {
		t.Fatal(err)
	}
	_, record = b.receiptOf(signed.Record)
	if v, err := b.Verify([]byte(signed.Token)); err != nil || len(v.StillGiven) == 0 || strings.Contains(record, "Withdrawn") {
		t.Errorf("told apart, the other's withdrawal still takes the first one's word back: %+v, %v\n%s", v, err, record)
	}
	if _, err := b.WriteReceipt(b.ctx, consent.RecordID(done.Event), ""); err == nil {
		t.Error("told apart, there is a receipt of taking back what somebody else had said")
	}
}

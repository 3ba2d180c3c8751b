package capture_test

import (
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

func TestTheSameReceiptIsMailedOnce(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann", Email: "ola@example.no"})
	signed, err := b.RecordConsent(b.ctx, b.signing(ola, "web:photo"))
	if err != nil {
		t.Fatal(err)
	}
	type asking func(language string) (capture.MailAsked, error)
	usual := func(language string) (capture.MailAsked, error) { return b.MailReceipt(b.ctx, signed.Record, language) }
	again := func(language string) (capture.MailAsked, error) {
		return b.MailReceiptAgain(b.ctx, signed.Record, language)
	}
	seen := map[consent.EventID]bool{}
	ask := func(what string, ask asking, language string, fresh bool) {
		t.Helper()
		asked, err := ask(language)
		if err != nil || asked.Fresh != fresh || seen[asked.Event] == fresh {
			t.Errorf("%s: %+v, %v", what, asked, err)
		}
		seen[asked.Event] = true
	}
	ask("the first", usual, "", true)
	b.now = b.now.Add(23 * time.Hour)
	ask("the same within a day", usual, "nb", false)
	ask("in another language", usual, "en", true)
	ask("on purpose", again, "en", true)
	b.reopen()
	b.now = b.now.Add(72 * time.Hour)
	ask("while it waits for the library", usual, "en", false)
	corrected := "ola.nordmann@example.no"
	if _, err := b.Amend(b.ctx, ola.ID, capture.Amendment{Email: &corrected}); err != nil {
		t.Fatal(err)
	}
	ask("to a corrected address", usual, "en", true)
}

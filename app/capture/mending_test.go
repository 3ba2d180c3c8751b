package capture_test

import (
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// The last event, a withdrawal, is lost to a bad disk. Nobody can tell what it was, so nothing leaves until somebody has looked.
func TestNothingIsExportedWhileALostEventMayBeAWithdrawal(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola"})
	b.sign(p, "web:*")
	frames := b.importCard(1, p)
	if err := b.SetPeople(b.ctx, 1, frames...); err != nil {
		t.Fatal(err)
	}
	if got := b.exported(); got.Exported != 1 {
		t.Fatalf("before: %+v", got)
	}
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: p.ID}); err != nil {
		t.Fatal(err)
	}
	lost := hand{Store: b.vault, events: func(all []capture.StoredEvent) []capture.StoredEvent { return all[:len(all)-1] }}
	parts := b.Parts
	parts.Store = &lost
	s, err := capture.Open(b.ctx, parts)
	if err != nil {
		t.Fatal(err)
	}
	uncleared := capture.ImageFilter{Channel: "web", Verdict: consent.NotYet}
	if got := s.Images(uncleared); len(got) != len(s.Images(capture.ImageFilter{})) {
		t.Errorf("%d images wait while an event is lost", len(got))
	}
	if got, err := s.Clear(frames[0], "web", "en"); err != nil || got.Answer != consent.NotYet || got.Reasons[0].Status != string(consent.ReasonIncomplete) {
		t.Errorf("cleared %+v, %v", got, err)
	}
	out := capture.Export{Channel: "web", Out: t.TempDir()}
	_, err = s.Export(b.ctx, out, "en")
	wantProblem(t, err, "event-lost")

	lost.events = nil // it came back, by a sync or from a backup
	if _, err := s.Export(b.ctx, out, "en"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if got, err := s.Clear(frames[0], "web", "en"); err != nil || got.Reasons[0].Status == string(consent.ReasonIncomplete) {
		t.Errorf("afterwards: %+v, %v", got, err)
	}
}

package capture_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// exported exports everything for the web.
func (b *bench) exported() capture.ExportReport {
	b.tb.Helper()
	report, err := b.Export(b.ctx, capture.Export{Channel: "web", Out: b.tb.TempDir()}, "en")
	if err != nil {
		b.tb.Fatal(err)
	}
	return report
}

// GDPR art. 19: whoever has copies is told when a consent ends, so it is recorded what left and on which consents.
func TestAWithdrawalNamesTheCopiesThatLeft(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	signed := b.sign(ola, "*:photo")
	ids := b.importCard(2, ola)
	if err := b.SetPeople(b.ctx, 1, ids...); err != nil {
		t.Fatal(err)
	}
	if err := b.SetGround(b.ctx, ids[1], consent.GroundSection104C, "17. mai"); err != nil {
		t.Fatal(err)
	}
	if report := b.exported(); report.Exported != 2 {
		t.Fatalf("%+v", report)
	}
	b.reopen()
	sent := b.Deliveries(ids[0])
	if len(sent) != 1 || sent[0].Channel != "web" || sent[0].Ground != consent.GroundConsent || len(sent[0].Records) != 1 || sent[0].Records[0] != signed.Record {
		t.Fatalf("recorded %+v, want one that rests on %s", sent, signed.Record)
	}
	if other := b.Deliveries(ids[1]); len(other) != 1 || other[0].Ground != consent.GroundSection104C || len(other[0].Records) != 0 || other[0].Order != sent[0].Order {
		t.Errorf("recorded %+v of the same export", other)
	}
	withdraw := func(want int, scopes ...consent.Scope) {
		t.Helper()
		done, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: ola.ID, Scopes: scopes})
		if err != nil || len(done.Delivered) != want {
			t.Errorf("%+v, %v; want %d copies", done.Delivered, err, want)
		}
	}
	withdraw(0, consent.Scope{Channel: "print", Media: consent.Photo})
	withdraw(1) // what left on another ground is not touched
}

func TestNothingLeavesThatIsNoLongerClearedWhenItsCopyIsReady(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	b.sign(ola, "*:photo")
	ids := b.importCard(1, ola)
	if err := b.SetPeople(b.ctx, 1, ids...); err != nil {
		t.Fatal(err)
	}
	standings, err := b.Standings(ola.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.now = standings[webPhoto].Until.Add(-5500 * time.Millisecond).In(time.Local) // it ends while the copy is made
	report := b.exported()
	if report.Exported != 0 || len(report.Refused) != 1 || report.Refused[0].Reasons[0].Status != "export-no-longer-cleared" {
		t.Errorf("%+v", report)
	}
	if sent := b.Deliveries(ids[0]); len(sent) != 0 {
		t.Errorf("recorded %+v", sent)
	}
}

func TestAWithdrawalHoldsAlsoWhenTheClockWasSetBackAfterSigning(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	b.sign(ola, "*:photo")
	b.now = b.now.Add(-24 * time.Hour)
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: ola.ID}); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(48 * time.Hour)
	if got := b.status(ola, webPhoto); got != consent.StatusWithdrawn {
		t.Errorf("%s after a withdrawal", got)
	}
}

func TestPeopleAreDueAsLongAheadAsThePolicySays(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	b.sign(ola, "web:photo")
	due := func(f capture.DueFilter, want ...consent.DueReason) {
		t.Helper()
		entries := b.Due(f, "en")
		if len(entries) != len(want) {
			t.Fatalf("%+v, want %v", entries, want)
		}
		for i, e := range entries {
			if e.Reason != want[i] || e.Person.Profile.Name == "" || e.Text == "" || e.Text == "due."+string(e.Reason) {
				t.Errorf("%+v, want %s", e, want[i])
			}
		}
	}
	due(capture.DueFilter{})
	b.now = b.now.AddDate(3, 0, -90)
	due(capture.DueFilter{})
	due(capture.DueFilter{Within: 100}, consent.DueExpiring)
	wantProblem(t, b.SetPolicy(b.ctx, consent.Policy{ReaskDays: 366}), "reask-days-wrong")
	if err := b.SetPolicy(b.ctx, consent.Policy{ReaskDays: 100}); err != nil {
		t.Fatal(err)
	}
	due(capture.DueFilter{}, consent.DueExpiring)
	due(capture.DueFilter{Shoot: "another"})
	due(capture.DueFilter{Subject: ola.ID}, consent.DueExpiring)
	due(capture.DueFilter{Subject: b.person(capture.Registration{Name: "Ola Nordmann"}).ID})
	b.now = b.now.AddDate(0, 0, 91)
	due(capture.DueFilter{Shoot: b.shoot}, consent.DueExpired)
}

func TestWhoeverComesOfAgeIsDueThemselves(t *testing.T) {
	b := mustBench(t)
	kid := b.person(capture.Registration{Name: "Lille", Born: "2009-05-17", Guardians: []consent.Guardian{{Name: "Anne"}}})
	g := b.signing(kid, "internal:photo")
	g.Guardian, g.SoleGuardian = 1, "den eneste"
	if _, err := b.RecordConsent(b.ctx, g); err != nil {
		t.Fatal(err)
	}
	b.now = time.Date(2027, 5, 10, 12, 0, 0, 0, time.Local) // in the month, before the day
	if due := b.Due(capture.DueFilter{}, "en"); len(due) != 1 || due[0].Reason != consent.DueExpired {
		t.Errorf("%+v", due)
	}
	b.now = time.Date(2027, 5, 17, 12, 0, 0, 0, time.Local)
	if due := b.Due(capture.DueFilter{}, "en"); len(due) != 1 || due[0].Reason != consent.DueOfAge {
		t.Errorf("%+v", due)
	}
}

// Two sealed originals that somebody exchanged on the disk both open; neither leaves under the other's consent.
func TestAnExchangedOriginalDoesNotLeave(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola"})
	b.sign(ola, "*:photo")
	ids := b.importCard(2, ola)
	if err := b.SetPeople(b.ctx, 1, ids[0]); err != nil { // the other is not cleared
		t.Fatal(err)
	}
	store := b.vault.Originals()
	file := func(id consent.AssetID) string {
		return filepath.Join(b.dir, "originals", filepath.FromSlash(store.FileName(id)))
	}
	if err := os.WriteFile(file(ids[0]), must1(os.ReadFile(file(ids[1]))), 0o600); err != nil {
		t.Fatal(err)
	}
	report := b.exported()
	if report.Exported != 0 || !slices.ContainsFunc(report.Refused, func(r capture.RefusedAsset) bool {
		return r.Asset == ids[0] && r.Reasons[0].Status == "original-other-bytes"
	}) {
		t.Errorf("%+v", report)
	}
	if sent := b.Deliveries(ids[0]); len(sent) > 0 {
		t.Errorf("recorded as delivered: %+v", sent)
	}
}

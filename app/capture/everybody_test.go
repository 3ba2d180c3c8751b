package capture_test

import (
	"slices"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

func TestEverybodyIsListedOnceTheLastRegisteredFirst(t *testing.T) {
	b := mustBench(t)
	old := b.person(capture.Registration{Name: "Per Hansen"})
	b.now = b.now.Add(time.Hour)
	if _, err := b.ImportRoster(b.ctx, capture.RosterImport{Shoot: b.shoot, Data: []byte("navn\nÅse Lie\nBjørn Lie\n")}); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(time.Hour)
	twice := b.person(capture.Registration{Name: "Per Hanssen"})
	if got, want := b.everybody(), []string{"Per Hanssen", "Bjørn Lie", "Åse Lie", "Per Hansen"}; !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	if _, err := b.Merge(b.ctx, twice.ID, old.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 { // now, and after the next start
		if got, want := b.everybody(), []string{"Bjørn Lie", "Åse Lie", "Per Hansen"}; !slices.Equal(got, want) {
			t.Errorf("after the merge %v, want %v", got, want)
		}
		if len(b.Everybody()) != len(b.People("")) {
			t.Error("the list of everybody and that of people are not the same people")
		}
		b.reopen()
	}
}

func (b *bench) everybody() []string {
	var names []string
	for _, id := range b.Everybody() {
		p, err := b.Person(id)
		if err != nil {
			b.tb.Fatal(err)
		}
		names = append(names, p.Profile.Name)
	}
	return names
}

func TestWithdrawalTellsBeforehandWhatItWillDo(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Kari Nordmann", Born: "1980"})
	b.sign(p, "web:*")
	pictures := b.importCard(2, p)
	video, photo := consent.Scope{Channel: "web", Media: consent.Video}, consent.Scope{Channel: "web", Media: consent.Photo}
	for scope, affected := range map[consent.Scope]int{video: 0, photo: len(pictures)} {
		planned, err := b.WithdrawalOf(capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{scope}})
		if err != nil || len(planned.Affected) != affected || planned.Event != "" {
			t.Errorf("%v would affect %v (%v), want %d pictures", scope, planned.Affected, err, affected)
		}
	}
	if history, err := b.History(p.ID); err != nil || len(history) != 1 {
		t.Fatalf("asking has changed the history: %v, %v", history, err)
	}
	w := capture.Withdrawal{Subject: p.ID, Scopes: []consent.Scope{photo}}
	planned, err := b.WithdrawalOf(w)
	if err != nil {
		t.Fatal(err)
	}
	done, err := b.Withdraw(b.ctx, w)
	if err != nil || len(done.Affected) != len(pictures) || !slices.Equal(done.Affected, planned.Affected) || len(done.Delivered) != len(planned.Delivered) {
		t.Errorf("said %+v beforehand, did %+v, %v", planned, done, err)
	}
	if _, err := b.WithdrawalOf(capture.Withdrawal{Subject: "nobody"}); err == nil {
		t.Error("somebody unknown can withdraw")
	}
}

package capture_test

import (
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// before is what somebody is told about their own answers; no answer at all is "".
func (b *bench) before(p capture.Person, by int, scope consent.Scope) consent.Decision {
	b.tb.Helper()
	said, err := b.AnsweredBefore(p.ID)
	if err != nil {
		b.tb.Fatal(err)
	}
	return said[by][scope]
}

func TestWhoeverComesBackIsToldWhatTheySaidLast(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	if said, err := b.AnsweredBefore(p.ID); err != nil || len(said) > 0 {
		t.Errorf("before the first answer: %v, %v", said, err)
	}
	b.sign(p, "web:photo")
	if got := b.before(p, 0, webPhoto); got != consent.DecisionYes {
		t.Errorf("after a yes: %q", got)
	}
	b.sign(p, "print:photo")
	if got := b.before(p, 0, webPhoto); got != consent.DecisionNo {
		t.Errorf("after a later no: %q", got)
	}
	if _, err := b.AnsweredBefore("nobody"); err == nil {
		t.Error("somebody unknown has answered")
	}
}

func TestGuardiansAreToldTheirOwnAnswersAndNobodyElses(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Kari", Born: "2015", Guardians: []consent.Guardian{{Name: "Ola"}, {Name: "Eva"}}})
	for guardian, yes := range map[int]string{1: "web:photo", 2: "print:photo"} {
		g := b.signing(p, yes)
		g.Guardian = guardian
		if _, err := b.RecordConsent(b.ctx, g); err != nil {
			t.Fatal(err)
		}
	}
	if one, two, child := b.before(p, 1, webPhoto), b.before(p, 2, webPhoto), b.before(p, 0, webPhoto); one != consent.DecisionYes || two != consent.DecisionNo || child != "" {
		t.Errorf("the first said %q, the second %q, the child %q", one, two, child)
	}
}

func TestNobodyFindsAYesAgainThatWasWithdrawnOrHasEnded(t *testing.T) {
	b := mustBench(t)
	withdrawn, ended := b.person(capture.Registration{Name: "Ola", Born: "1980"}), b.person(capture.Registration{Name: "Eva", Born: "1981"})
	b.sign(withdrawn, "web:photo,web:video")
	b.sign(ended, "web:photo")
	if _, err := b.Withdraw(b.ctx, capture.Withdrawal{Subject: withdrawn.ID, Scopes: []consent.Scope{webPhoto}}); err != nil {
		t.Fatal(err)
	}
	webVideo := consent.Scope{Channel: "web", Media: consent.Video}
	if photo, video := b.before(withdrawn, 0, webPhoto), b.before(withdrawn, 0, webVideo); photo != consent.DecisionNo || video != consent.DecisionYes {
		t.Errorf("after withdrawing pictures: %q to pictures, %q to video", photo, video)
	}
	b.now = b.now.Add(20 * 365 * 24 * time.Hour)
	if yes, no := b.before(ended, 0, webPhoto), b.before(ended, 0, webVideo); yes != "" || no != consent.DecisionNo {
		t.Errorf("after many years: %q where it was yes, %q where it was no", yes, no)
	}
}

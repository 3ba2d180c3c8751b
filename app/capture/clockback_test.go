package capture_test

import (
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// Somebody corrects the clock of a device that ran ahead. What is said after that is said later, whatever the clock read before.

// A yes that was taken while the clock ran a day ahead must not come back to life when that day has come.
func TestANoAfterTheClockWasPutBackHoldsForGood(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	for _, ahead := range []time.Duration{3 * time.Minute, 24 * time.Hour} {
		today := b.now
		b.now = today.Add(ahead)
		b.sign(p, "*:*")
		b.now = today
		b.sign(p, "")
		for _, later := range []time.Duration{0, 3 * time.Minute, 25 * time.Hour, 72 * time.Hour} {
			b.now = today.Add(later)
			if status := b.status(p, webPhoto); status == consent.StatusGiven {
				t.Errorf("the clock ran %s ahead: %s after the no the answer is %s", ahead, later, status)
			}
		}
		b.reopen()
		if status := b.status(p, webPhoto); status != consent.StatusRefused {
			t.Errorf("the clock ran %s ahead: it ends as %s", ahead, status)
		}
	}
}

// The same of a yes that came from another device on a stick, where no library has said that its clock ran ahead.
func TestANoBeatsTheYesOfADeviceWhoseClockRanAhead(t *testing.T) {
	a, b := mustBench(t), mustBench(t)
	b.shoot = a.shoot
	p := a.person(capture.Registration{Name: "Ola Nordmann", Born: "1980"})
	today := b.now
	a.now = today.Add(24 * time.Hour)
	a.sign(p, "*:*")
	b.now = today
	b.uniteWith(a)
	b.now = today
	b.sign(p, "")
	b.now = today.Add(72 * time.Hour)
	if status := b.status(p, webPhoto); status != consent.StatusRefused {
		t.Errorf("the answer is %s", status)
	}
}

// Whoever was a child on the day that the clock now shows is one, whatever it showed before.
func TestAgeIsThatOfTheCorrectedClock(t *testing.T) {
	b := mustBench(t)
	today := b.now
	p := b.person(capture.Registration{Name: "Kari Nordmann", Born: today.AddDate(-17, 0, 0).Format(time.DateOnly),
		Guardians: []consent.Guardian{{Name: "Per Nordmann"}}})
	b.now = today.AddDate(4, 0, 0)
	b.sign(p, "*:*")
	b.now = today
	g := b.signing(p, "")
	g.Guardian = 1
	if _, err := b.RecordConsent(b.ctx, g); err != nil {
		t.Errorf("the guardian of a child of 17: %v", err)
	}
}

func TestAShootIsCalledWhatItWasCalledLastAlsoAfterTheClockWasPutBack(t *testing.T) {
	b := mustBench(t)
	today := b.now
	wrong, right := "Wrong", "Right"
	b.now = today.AddDate(4, 0, 0)
	b.changeShoot(capture.ShootChange{Title: &wrong})
	b.now = today
	b.changeShoot(capture.ShootChange{Title: &right})
	if got := b.shootNow(b.shoot).Title; got != right {
		t.Errorf("it is called %q", got)
	}
	b.reopen()
	if got := b.shootNow(b.shoot).Title; got != right {
		t.Errorf("after reopening it is called %q", got)
	}
}

func TestDoNotPhotographHoldsAfterTheClockWasPutBack(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "red jacket"})
	today := b.now
	on, off := true, false
	b.now = today.AddDate(0, 0, 2)
	for _, avoid := range []*bool{&on, &off} {
		if _, err := b.Amend(b.ctx, p.ID, capture.Amendment{Avoid: avoid}); err != nil {
			t.Fatal(err)
		}
	}
	b.now = today
	for _, avoid := range []*bool{&on, &off, &on} {
		got, err := b.Amend(b.ctx, p.ID, capture.Amendment{Avoid: avoid})
		if err != nil {
			t.Fatal(err)
		}
		if got.Avoid != *avoid {
			t.Errorf("somebody of whom it was said %v is marked %v", *avoid, got.Avoid)
		}
	}
}

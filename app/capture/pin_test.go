package capture_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"samtykke/app/capture"
	"samtykke/app/problem"
)

// atPIN is a session with a PIN and a clock of its own, which stands still.
type atPIN struct {
	*bench
	clock time.Time
	store capture.Store
}

const pin = "4711"

func mustSetPIN(t *testing.T) *atPIN {
	t.Helper()
	p := &atPIN{bench: mustBench(t), clock: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	p.store = p.vault
	p.restart()
	if set, err := p.HasPIN(p.ctx); set || err != nil {
		t.Fatal("a PIN before one was set:", set, err)
	}
	if err := p.SetPIN(p.ctx, pin); err != nil {
		t.Fatal(err)
	}
	return p
}

// restart is what starting the program anew does.
func (p *atPIN) restart() {
	p.tb.Helper()
	parts := p.parts()
	parts.Store, parts.Clock = p.store, func() time.Time { return p.clock }
	s, err := capture.Open(p.ctx, parts)
	if err != nil {
		p.tb.Fatal(err)
	}
	p.Session = s
}

// try wants a problem, or nil for "".
func (p *atPIN) try(pin, id string, values ...any) {
	p.tb.Helper()
	err := p.TryPIN(p.ctx, pin)
	if id == "" {
		if err != nil {
			p.tb.Fatalf("%s: %v", pin, err)
		}
		return
	}
	got := problem.Of(err)
	if err == nil || got.ID != id {
		p.tb.Fatalf("%s gives %v, want %s", pin, err, id)
	}
	for i := 0; i < len(values); i += 2 {
		if got.Values[values[i].(string)] != values[i+1] {
			p.tb.Fatalf("%s says %q, want %v", pin, got, values)
		}
	}
}

func TestPINHasFourToEightDigits(t *testing.T) {
	p := mustSetPIN(t)
	for _, unfit := range []string{"", "123", "123456789", "12a4", "12 4", "１２３４", "-123"} {
		if err := p.SetPIN(p.ctx, unfit); problem.Of(err).ID != "pin-unfit" {
			t.Errorf("%q: %v", unfit, err)
		}
	}
	p.try(pin, "") // it stays what it was
	for _, fit := range []string{"0000", "12345678"} {
		if err := p.SetPIN(p.ctx, fit); err != nil {
			t.Fatal(err)
		}
		p.try(fit, "")
		p.try(pin, "wrong-pin")
	}
	if err := p.RemovePIN(p.ctx); err != nil {
		t.Fatal(err)
	}
	p.try(pin, "pin-none")
	if set, err := p.HasPIN(p.ctx); set || err != nil {
		t.Error(set, err)
	}
}

func TestFiveWrongPINsMakeOneWaitAndEachFurtherOneTwiceAsLong(t *testing.T) {
	p := mustSetPIN(t)
	for left := 4; left > 0; left-- {
		p.try("0000", "wrong-pin", "left", left)
	}
	for _, wait := range []struct {
		told string
		long time.Duration
	}{
		{"30 s", 30 * time.Second}, {"60 s", time.Minute}, {"2 min", 2 * time.Minute}, {"4 min", 4 * time.Minute}, {"8 min", 8 * time.Minute},
		{"15 min", 15 * time.Minute}, {"15 min", 15 * time.Minute}, {"15 min", 15 * time.Minute},
	} {
		p.try("0000", "pin-wait", "wait", wait.told)
		p.try(pin, "pin-wait", "wait", wait.told) // the right one is not looked at either, and costs nothing
		p.clock = p.clock.Add(wait.long - time.Second)
		p.try(pin, "pin-wait", "wait", "1 s")
		p.clock = p.clock.Add(time.Second)
	}
	p.try(pin, "")
	p.try("0000", "wrong-pin", "left", 4) // all is forgiven
}

func TestWaitForThePINSurvivesARestart(t *testing.T) {
	p := mustSetPIN(t)
	for range 4 {
		p.try("0000", "wrong-pin")
		p.restart()
	}
	p.try("0000", "pin-wait", "wait", "30 s")
	p.restart()
	p.try(pin, "pin-wait", "wait", "30 s")
	if err := p.ForgivePINTries(p.ctx); err != nil { // the passphrase was given
		t.Fatal(err)
	}
	p.try(pin, "")
}

// powerCut is a store whose power goes before an Update is written.
type powerCut struct {
	capture.Store
	left int // Updates until then
}

var errPower = errors.New("no power")

func (p *powerCut) Update(ctx context.Context, fn func(capture.Tx) error) error {
	if p.left--; p.left < 0 {
		return errPower
	}
	return p.Store.Update(ctx, fn)
}

func TestPowerCutBetweenTriesSavesNone(t *testing.T) {
	p := mustSetPIN(t)
	for tries := 1; tries <= 5; tries++ {
		p.store = &powerCut{Store: p.vault, left: 1} // the try is counted, and then the power goes
		p.restart()
		_ = p.TryPIN(p.ctx, "0000")
		if err := p.SetPIN(p.ctx, "0000"); !errors.Is(err, errPower) {
			t.Fatal("the power did not go:", err)
		}
		p.store = p.vault
		p.restart()
	}
	p.try(pin, "pin-wait", "wait", "30 s")

	p.clock = p.clock.Add(time.Hour)
	p.store = &powerCut{Store: p.vault, left: 1} // whoever knows it is let through
	p.restart()
	p.try(pin, "")

	p.clock = p.clock.Add(time.Hour)
	p.store = &powerCut{Store: p.vault} // what cannot be counted is not looked at
	p.restart()
	if err := p.TryPIN(p.ctx, pin); !errors.Is(err, errPower) {
		t.Error("an uncounted try:", err)
	}
}

func TestClockThatIsSetBackDoesNotLengthenTheWait(t *testing.T) {
	p := mustSetPIN(t)
	for range 4 {
		p.try("0000", "wrong-pin")
	}
	p.try("0000", "pin-wait")
	p.clock = p.clock.Add(-24 * time.Hour)
	p.try(pin, "pin-wait", "wait", "30 s")
	p.clock = p.clock.Add(30 * time.Second)
	p.try(pin, "")
}

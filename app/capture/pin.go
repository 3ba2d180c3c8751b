package capture

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"strconv"
	"time"

	"golang.org/x/crypto/argon2"

	"samtykke/app/problem"
)

// The PIN keeps the photographer's screens from those who sign: it is asked for when subject mode is left. It is no key, the vault is
// open behind it, so the passphrase always does instead.

// How many digits a PIN has.
const (
	minPIN = 4
	maxPIN = 8
)

// How often somebody may be wrong before they have to wait, how long they wait then, and at most. Each further wrong one doubles it.
const (
	freePINTries = 5
	firstPINWait = 30 * time.Second
	maxPINWait   = 15 * time.Minute
)

// pinRecord is the setting. It is sealed like all settings; the hash keeps the digits from whoever can read settings.
type pinRecord struct {
	Salt      []byte `json:"salt"`
	Hash      []byte `json:"hash"` // argon2id, 32 bytes
	Time      uint32 `json:"time"` // passes
	MemoryKiB uint32 `json:"memory_kib"`
	// Tries counts since the last right one. A try is counted before it is looked at, so that pulling the plug saves none.
	Tries int `json:"tries"`
	// Until is when the next try is looked at; zero when nobody has to wait.
	Until time.Time `json:"until,omitzero"`
}

// The cost of one try: the second choice of RFC 9106 would be slow on a tablet, and ten thousand PINs are few however slow each is.
const (
	pinTime      = 2
	pinMemoryKiB = 19 << 10
)

func (r *pinRecord) stretch(pin string) []byte {
	return argon2.IDKey([]byte(pin), r.Salt, r.Time, r.MemoryKiB, 1, 32)
}

// pinWait is how long to wait after so many tries.
func pinWait(tries int) time.Duration {
	if tries < freePINTries {
		return 0
	}
	wait := firstPINWait
	for range min(tries-freePINTries, 10) {
		wait *= 2
	}
	return min(wait, maxPINWait)
}

// HasPIN tells whether a PIN is set.
func (s *Session) HasPIN(ctx context.Context) (set bool, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		set, err = tx.Setting(settingPIN, &pinRecord{})
		return err
	})
	return set, err
}

// SetPIN sets the PIN, in the place of an earlier one. Problems: pin-unfit, and those of the store.
func (s *Session) SetPIN(ctx context.Context, pin string) error {
	if len(pin) < minPIN || len(pin) > maxPIN {
		return errPINUnfit
	}
	for _, c := range pin {
		if c < '0' || c > '9' {
			return errPINUnfit
		}
	}
	r := pinRecord{Salt: make([]byte, 16), Time: pinTime, MemoryKiB: pinMemoryKiB}
	if _, err := io.ReadFull(s.Random, r.Salt); err != nil {
		return fmt.Errorf("draw salt: %w", err)
	}
	r.Hash = r.stretch(pin)
	return s.Store.Update(ctx, func(tx Tx) error { return tx.PutSetting(settingPIN, r) })
}

// RemovePIN takes the PIN away; without one nothing happens.
func (s *Session) RemovePIN(ctx context.Context) error {
	return s.Store.Update(ctx, func(tx Tx) error { return tx.DeleteSetting(settingPIN) })
}

// TryPIN answers nil when the PIN is right. Problems: wrong-pin, which says how many tries are left; pin-wait, which says for how long
// no try is looked at; pin-none when no PIN is set; and those of the store, when the try could not be counted.
func (s *Session) TryPIN(ctx context.Context, pin string) error {
	r, wait, err := s.countPINTry(ctx, s.Clock())
	switch {
	case err != nil:
		return err
	case wait > 0:
		return errPINWait(wait)
	case subtle.ConstantTimeCompare(r.stretch(pin), r.Hash) == 1:
		if err := s.ForgivePINTries(ctx); err != nil { // whoever knows the PIN is let through; the next one has fewer tries
			s.Log.Warn("tries of the PIN are not forgotten", "err", err)
		}
		return nil
	case r.Tries >= freePINTries:
		return errPINWait(pinWait(r.Tries))
	}
	return problem.New(problem.Unauthorised, "wrong-pin",
		"That is not the PIN; nothing was changed; tries left: {{.left}}; or use the passphrase.", "left", freePINTries-r.Tries)
}

// countPINTry counts a try, unless there is still a time to wait.
func (s *Session) countPINTry(ctx context.Context, now time.Time) (r pinRecord, wait time.Duration, err error) {
	err = s.Store.Update(ctx, func(tx Tx) error {
		found, err := tx.Setting(settingPIN, &r)
		switch {
		case err != nil:
			return err
		case !found:
			return errNoPIN
		}
		wait = r.Until.Sub(now)
		if most := pinWait(r.Tries); wait > most { // the clock was set back; nobody waits longer than they were told
			wait, r.Until = most, now.Add(most)
		}
		if wait <= 0 {
			r.Tries++
			if r.Until = (time.Time{}); pinWait(r.Tries) > 0 {
				r.Until = now.Add(pinWait(r.Tries))
			}
		}
		return tx.PutSetting(settingPIN, r)
	})
	return r, wait, err
}

// ForgivePINTries forgets wrong tries, after the right PIN or the passphrase.
func (s *Session) ForgivePINTries(ctx context.Context) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		var r pinRecord
		found, err := tx.Setting(settingPIN, &r)
		if err != nil || !found || r.Tries == 0 && r.Until.IsZero() {
			return err
		}
		r.Tries, r.Until = 0, time.Time{}
		return tx.PutSetting(settingPIN, r)
	})
}

var (
	errPINUnfit = problem.New(problem.Invalid, "pin-unfit",
		"A PIN has {{.least}} to {{.most}} digits and nothing else; nothing was changed; choose another.", "least", minPIN, "most", maxPIN)
	errNoPIN = problem.New(problem.Invalid, "pin-none",
		"No PIN is set; nothing was changed; set one in Settings, or use the passphrase.")
)

func errPINWait(wait time.Duration) error {
	shown := strconv.Itoa(int((wait+time.Second-1)/time.Second)) + " s"
	if wait > 90*time.Second {
		shown = strconv.Itoa(int((wait+time.Minute-1)/time.Minute)) + " min"
	}
	return problem.New(problem.Unauthorised, "pin-wait",
		"There were too many wrong PINs; nothing was changed; wait {{.wait}} and try again, or use the passphrase.", "wait", shown)
}

package consent_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"samtykke/app/consent"
)

// Design §3.5: the same set of events gives the same state, in any order, delivered any number of times.
func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		want := picture(s.state(), s.form, noon.Add(time.Hour))
		again := append(rapid.Permutation(s.events).Draw(rt, "order"), rapid.Permutation(s.events).Draw(rt, "repeated")...)
		if got := picture(s.fold(again), s.form, noon.Add(time.Hour)); got != want {
			rt.Fatalf("another order gives another state\n got %s\nwant %s", got, want)
		}
	})
}

// A receipt time that becomes known later counts as if it had always been known.
func TestReceiptTimesMayArriveLater(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		want := picture(s.state(), s.form, noon.Add(time.Hour))
		var first []consent.Received
		for _, e := range s.events {
			e.ReceivedAt = time.Time{}
			first = append(first, e)
		}
		if got := picture(s.fold(append(first, s.events...)), s.form, noon.Add(time.Hour)); got != want {
			rt.Fatalf("receipt times that arrive later give another state\n got %s\nwant %s", got, want)
		}
	})
}

// Design §3.4: a withdrawal wins over every consent captured before it, in whatever order they arrive.
func TestWithdrawalWinsOverEveryEarlierConsent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		at := noon.Add(7 * time.Minute) // after everything that was drawn
		s.withdrawn("ola", at)
		s.withdrawn("kari", at)
		state := s.fold(rapid.Permutation(s.events).Draw(rt, "order"))
		for _, sub := range state.Subjects() {
			for scope, st := range state.Standings(sub.ID, s.form, noon.Add(time.Hour)) {
				if st.Status != consent.StatusWithdrawn {
					rt.Fatalf("%s %s is %s after everything was withdrawn", sub.ID, scope, st.Status)
				}
			}
		}
	})
}

// Design §3.6: only a given consent of everybody who appears makes a yes; silence never does.
func TestNoYesWithoutEverybodysConsent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		state, now := s.state(), noon.Add(time.Hour)
		for _, a := range state.Assets() {
			for _, c := range s.form.Channels {
				if state.Clear(a.ID, c.Key, now).Verdict != consent.Yes {
					continue
				}
				people := map[consent.SubjectID]bool{}
				for _, ap := range a.Appearances {
					id := state.Canonical(ap.Subject)
					people[id] = true
					if st := state.Standing(id, consent.Scope{Channel: c.Key, Media: a.Kind}, now); st.Status != consent.StatusGiven {
						rt.Fatalf("%s is cleared for %s although %s is %s", a.ID, c.Key, id, st.Status)
					}
				}
				if a.PeopleCount < 0 || a.PeopleCount > len(people) {
					rt.Fatalf("%s is cleared for %s with %d people counted and %d known", a.ID, c.Key, a.PeopleCount, len(people))
				}
			}
		}
	})
}

// A no that comes in addition never turns anything into a yes.
func TestAnotherNoNeverOpensAnything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		now := noon.Add(time.Hour)
		before := s.state()
		s.withdrawn(rapid.SampledFrom([]consent.SubjectID{"ola", "kari"}).Draw(rt, "who"), noon.Add(time.Duration(rapid.IntRange(-8, 8).Draw(rt, "at"))*time.Minute))
		after := s.state()
		for _, a := range after.Assets() {
			for _, c := range s.form.Channels {
				if after.Clear(a.ID, c.Key, now).Verdict == consent.Yes && before.Clear(a.ID, c.Key, now).Verdict != consent.Yes {
					rt.Fatalf("a withdrawal cleared %s for %s", a.ID, c.Key)
				}
			}
		}
	})
}

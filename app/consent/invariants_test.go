package consent_test

import (
	"maps"
	"slices"
	"strings"
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
		for _, who := range people {
			s.withdrawn(who, at)
		}
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
				if a.Ground != consent.GroundConsent {
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

// restrictions are events that only ever close something, about a person or an asset.
func restrictions(s *story, t *rapid.T) {
	who, asset := rapid.SampledFrom(people).Draw(t, "who is restricted"), rapid.SampledFrom(pictures).Draw(t, "what is restricted")
	minutes := time.Duration(rapid.IntRange(-8, 8).Draw(t, "restricted at")) * time.Minute
	var e *consent.Received
	switch rapid.IntRange(0, 9).Draw(t, "restriction") {
	case 0:
		e = s.withdrawn(who, noon)
	case 1:
		e = s.withdrawn(who, noon, webPhoto())
	case 2:
		e = s.decided(who, "", noon, nil)
	case 3:
		e = s.guardian(who, "g1", "", noon, true)
	case 4:
		e = s.child(who, "", noon, rapid.Bool().Draw(t, "may refuse"))
	case 5:
		e = s.add(consent.Envelope{Type: consent.SubjectAvoid, Subject: who}, consent.AvoidBody{Avoid: true})
	case 6:
		e = s.add(consent.Envelope{Type: consent.SubjectErased, Subject: who}, consent.ErasedBody{})
	case 7:
		e = s.add(consent.Envelope{Type: consent.AssetRejected, Subject: who, Asset: asset}, consent.RejectedBody{})
	case 8:
		e = s.add(consent.Envelope{Type: consent.AssetRemoved, Asset: asset}, consent.RemovedBody{})
	case 9:
		kind := rapid.SampledFrom([]consent.EventType{consent.ConsentDecided, consent.ConsentWithdrawn, consent.AssetPeople, consent.AssetGround,
			consent.AssetRejected, consent.SubjectAvoid}).Draw(t, "kind that cannot be read")
		e = s.add(consent.Envelope{Type: kind, Subject: who, Asset: asset}, []int{1})
	}
	e.At, e.Device, e.Seq = noon.Add(minutes), rapid.SampledFrom([]consent.DeviceID{"device-a", "device-d"}).Draw(t, "restricted on"), 100
}

// Design §3.4 and §3.6: what only closes never opens anything, whenever and wherever it was said. So a state that has not heard of
// some of these is wrong at most by allowing too much until they arrive, and never by what it then takes back from a no.
func TestANoInAdditionNeverOpensAnything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		before := s.state()
		for range rapid.IntRange(1, 3).Draw(rt, "restrictions") {
			restrictions(s, rt)
		}
		after, now := s.state(), noon.Add(time.Hour)
		for _, a := range pictures {
			for _, c := range s.form.Channels {
				if after.Clear(a, c.Key, now).Verdict == consent.Yes && before.Clear(a, c.Key, now).Verdict != consent.Yes {
					rt.Fatalf("a restriction cleared %s for %s: %+v, before %+v", a, c.Key, after.Clear(a, c.Key, now), before.Clear(a, c.Key, now))
				}
			}
		}
	})
}

// opens tells whether an event can make something more allowed: a yes, a link that identifies somebody, a merge, a count and so on.
// Everything else can only close.
func opens(e consent.Received) bool {
	switch e.Type {
	case consent.ConsentWithdrawn, consent.SubjectErased, consent.AssetRejected, consent.AssetRemoved, consent.DeliveryMade, consent.PolicyChanged:
		return false
	case consent.ConsentDecided:
		return strings.Contains(string(e.Body), `"yes"`)
	case consent.SubjectAvoid:
		return !strings.Contains(string(e.Body), "true")
	}
	return true
}

// What a device that has heard only a part does not allow, the whole does not allow either, unless something that opens is among
// what it has not heard: it is never kept from a use by ignorance of a no.
func TestTheWholeAllowsNoMoreThanAPartThatKnowsEveryYes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		var part []consent.Received
		for _, e := range s.events {
			if opens(e) || rapid.Bool().Draw(rt, "heard") {
				part = append(part, e)
			}
		}
		whole, heard, now := s.state(), s.fold(rapid.Permutation(part).Draw(rt, "order")), noon.Add(time.Hour)
		for _, a := range pictures {
			for _, c := range s.form.Channels {
				if whole.Clear(a, c.Key, now).Verdict == consent.Yes && heard.Clear(a, c.Key, now).Verdict != consent.Yes {
					rt.Fatalf("%s is cleared for %s only when more is closed: %+v", a, c.Key, heard.Clear(a, c.Key, now))
				}
			}
		}
	})
}

// Three devices deliver what they signed in their own order, in pieces, some of it twice: all end with the same state.
func TestAnyInterleavingOfThreeDevicesEndsTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		queues := map[consent.DeviceID][]consent.Received{}
		for _, e := range s.events {
			queues[e.Device] = append(queues[e.Device], e)
		}
		state := consent.NewState()
		formFirst := rapid.Bool().Draw(rt, "form first")
		if formFirst {
			state.AddForm(s.hash, s.form)
		}
		for len(queues) > 0 {
			device := rapid.SampledFrom(slices.Sorted(maps.Keys(queues))).Draw(rt, "whose turn")
			n := rapid.IntRange(1, len(queues[device])).Draw(rt, "piece")
			for range rapid.IntRange(1, 2).Draw(rt, "times") {
				for _, e := range queues[device][:n] {
					_ = state.Apply(e)
				}
			}
			if queues[device] = queues[device][n:]; len(queues[device]) == 0 {
				delete(queues, device)
			}
		}
		if !formFirst {
			state.AddForm(s.hash, s.form)
		}
		if got, want := picture(state, s.form, noon.Add(time.Hour)), picture(s.state(), s.form, noon.Add(time.Hour)); got != want {
			rt.Fatalf("another interleaving gives another state\n got %s\nwant %s", got, want)
		}
	})
}

// The kept index says what Clear says, after any events in any order, at any time, also earlier ones.
func TestIndexAlwaysSaysWhatClearSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawStory(t, rt)
		state := consent.NewState()
		index := consent.NewIndex(state)
		compare := func() {
			now := noon.Add(time.Duration(rapid.IntRange(-90, 240).Draw(rt, "now")) * time.Minute)
			for _, a := range pictures {
				for _, c := range []consent.Channel{"web", "print", "radio"} {
					want := state.Clear(a, c, now).Verdict
					got, until := index.Verdict(a, c, now)
					if got != want {
						rt.Fatalf("%s for %s at %s: the index says %s, Clear %s", a, c, now, got, want)
					}
					if !until.IsZero() && !until.After(now) {
						rt.Fatalf("a verdict of %s holds until %s", now, until)
					}
					if last := until.Add(-time.Nanosecond); !until.IsZero() && state.Clear(a, c, last).Verdict != want {
						rt.Fatalf("a verdict of %s does not hold until %s", now, until)
					}
				}
			}
			for _, who := range people {
				want := consent.VerdictOf(state.Standing(who, webPhoto(), now).Status)
				if got := index.Word(who, webPhoto(), now); got != want {
					rt.Fatalf("%s at %s: the index says %s, the state %s", who, now, got, want)
				}
			}
		}
		late := rapid.IntRange(0, len(s.events)).Draw(rt, "form after")
		for i, e := range rapid.Permutation(s.events).Draw(rt, "order") {
			if i == late {
				state.AddForm(s.hash, s.form)
			}
			unknown := e
			unknown.ReceivedAt = time.Time{}
			_ = state.Apply(unknown)
			compare()
			_ = state.Apply(e) // its receipt time becomes known
			compare()
		}
	})
}

func TestTheIndexSeesAMergeAndItsUndoing(t *testing.T) {
	s := newStory(t)
	s.imported("a")
	s.people("a", 1)
	s.appears("ola-again", "a")
	s.decided("ola", "*:*", noon, nil)
	state := s.state()
	index := consent.NewIndex(state)
	for _, undo := range []bool{true, false, true, false} {
		s.merged("ola-again", "ola", undo, nil)
		_ = state.Apply(s.events[len(s.events)-1])
		want := map[bool]consent.Verdict{false: consent.Yes, true: consent.NotYet}[undo]
		if got, _ := index.Verdict("a", "web", noon.Add(time.Hour)); got != want {
			t.Errorf("undone %v: %s, want %s", undo, got, want)
		}
		if got := index.Word("ola-again", webPhoto(), noon.Add(time.Hour)); got != want {
			t.Errorf("undone %v: their word is %s, want %s", undo, got, want)
		}
	}
}

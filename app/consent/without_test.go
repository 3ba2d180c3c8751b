package consent_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samtykke/app/consent"
)

// What AssetWithout answers is what a state answers that never saw those events.
func TestAnAssetWithoutEventsIsOneThatNeverHadThem(t *testing.T) {
	kinds := []consent.EventType{consent.AssetAppearance, consent.AssetAppearanceRemoved, consent.AssetPeople, consent.AssetGround}
	rapid.Check(t, func(rt *rapid.T) {
		s := film(t)
		told := len(s.events)
		for range rapid.IntRange(1, 12).Draw(rt, "events") {
			subject := rapid.SampledFrom([]consent.SubjectID{"ola", "kari"}).Draw(rt, "subject")
			at := noon.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "at")) * time.Second)
			e := consent.Envelope{Type: rapid.SampledFrom(kinds).Draw(rt, "kind"), Asset: "film", At: at}
			switch e.Type {
			case consent.AssetPeople:
				s.add(e, rapid.SampledFrom([]any{consent.PeopleBody{Count: 1}, consent.PeopleBody{Count: 2}, consent.UncountedBody{}}).Draw(rt, "count"))
			case consent.AssetGround:
				s.add(e, rapid.SampledFrom([]any{consent.GroundBody{Ground: consent.GroundConsent}, consent.GroundBody{Ground: consent.GroundAnonymised, Why: "w"}}).Draw(rt, "ground"))
			default:
				e.Subject = subject
				s.add(e, rapid.SampledFrom([]consent.AppearanceBody{{}, {From: 1, To: 2}, {From: 3, To: 4}}).Draw(rt, "part"))
			}
		}
		gone := map[consent.EventID]bool{}
		var left []consent.Received
		for i, e := range s.events {
			if i >= told && rapid.Bool().Draw(rt, "gone") {
				gone[e.ID] = true
				continue
			}
			left = append(left, e)
		}
		got, ok := s.state().AssetWithout("film", func(id consent.EventID) bool { return gone[id] })
		s.events = left
		want, _ := s.state().Asset("film")
		if !ok || !reflect.DeepEqual(got, want) {
			rt.Fatalf("without %v it is\n%+v, want\n%+v", gone, got, want)
		}
	})
}

// A count that was taken back is unanswered on every device, in whatever order the events arrive.
func TestACountThatWasTakenBackIsUnansweredInAnyOrder(t *testing.T) {
	s := newStory(t)
	s.add(consent.Envelope{Type: consent.AssetImported, Asset: "a"}, consent.ImportedBody{Kind: consent.Photo})
	s.add(consent.Envelope{Type: consent.AssetPeople, Asset: "a"}, consent.PeopleBody{Count: 2})
	s.add(consent.Envelope{Type: consent.AssetPeople, Asset: "a"}, consent.UncountedBody{})
	for range 2 {
		if a, _ := s.state().Asset("a"); a.PeopleCount != -1 {
			t.Errorf("it shows %d people", a.PeopleCount)
		}
		if c := s.state().Clear("a", "web", noon.AddDate(0, 0, 1)); c.Verdict != consent.NotYet {
			t.Errorf("it is %s", c.Verdict)
		}
		slices.Reverse(s.events)
	}
	s.add(consent.Envelope{Type: consent.AssetPeople, Asset: "a"}, consent.PeopleBody{Count: 1})
	if a, _ := s.state().Asset("a"); a.PeopleCount != 1 {
		t.Errorf("counted again it shows %d people", a.PeopleCount)
	}
}

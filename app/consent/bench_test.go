package consent_test

import (
	"fmt"
	"testing"

	"samtykke/app/consent"
)

// big is a state of 50,000 assets with two of 5,000 people on each, everybody signed.
func big(b *testing.B) (*story, *consent.State, []consent.AssetID) {
	b.Helper()
	const people, pictures = 5_000, 50_000
	s := newStory(b)
	subject := func(i int) consent.SubjectID { return consent.SubjectID(fmt.Sprintf("subject-%05d", i%people)) }
	for i := range people {
		s.decided(subject(i), "web:*,print:photo", noon, nil)
	}
	assets := make([]consent.AssetID, pictures)
	for i := range assets {
		assets[i] = consent.AssetID(fmt.Sprintf("asset-%06d", i))
		s.imported(assets[i])
		s.appears(subject(i), assets[i])
		s.appears(subject(i*7+1), assets[i])
		s.people(assets[i], 2)
	}
	return s, s.state(), assets
}

// Budget (design §9): 50,000 assets × 8 channels in at most 500 ms.
func BenchmarkClearEverything(b *testing.B) {
	s, state, assets := big(b)
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range assets {
			for _, c := range s.form.Channels {
				state.Clear(a, c.Key, noon)
			}
		}
	}
}

// The same over a new index, as the list of images asks: everybody's word is asked for once.
func BenchmarkIndexEverything(b *testing.B) {
	s, state, assets := big(b)
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		index := consent.NewIndex(state)
		for _, a := range assets {
			for _, c := range s.form.Channels {
				index.Verdict(a, c.Key, noon)
			}
		}
	}
}

// Budget (design §9): at most 1 ms after one event. A person on twenty pictures withdraws, and all of them are asked again.
func BenchmarkIndexAfterOneEvent(b *testing.B) {
	s, state, assets := big(b)
	index := consent.NewIndex(state)
	for _, a := range assets {
		for _, c := range s.form.Channels {
			index.Verdict(a, c.Key, noon)
		}
	}
	b.ResetTimer()
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		who := consent.SubjectID(fmt.Sprintf("subject-%05d", n%5_000)) // one after the other, so that nobody's history grows long
		touched := state.AssetsOf(who)
		e := *s.withdrawn(who, noon)
		e.ID = consent.EventID(fmt.Sprintf("withdrawal-%d", n))
		s.events = s.events[:len(s.events)-1]
		b.StartTimer()
		if err := state.Apply(e); err != nil {
			b.Fatal(err)
		}
		for _, a := range touched {
			for _, c := range s.form.Channels {
				index.Verdict(a, c.Key, noon)
			}
		}
	}
}

// A log with thousands of people who were registered twice: each merge looks at the two alone, since a start folds them all.
func BenchmarkFoldMerges(b *testing.B) {
	const merges = 3_000
	s := newStory(b)
	for i := range merges {
		one, two := consent.SubjectID(fmt.Sprintf("one-%05d", i)), consent.SubjectID(fmt.Sprintf("two-%05d", i))
		s.decided(one, "web:*", noon, nil)
		s.add(consent.Envelope{Type: consent.SubjectMerged, Subject: one, At: noon}, consent.MergedBody{Into: two})
	}
	b.ReportAllocs()
	for b.Loop() {
		s.state()
	}
}

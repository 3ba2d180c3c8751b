package consent_test

import (
	"testing"
	"time"

	"samtykke/app/consent"
)

// film is an asset with two people, of whom ola said yes and kari no.
func film(t *testing.T) *story {
	s := newStory(t)
	s.add(consent.Envelope{Type: consent.AssetImported, Asset: "film", Shoot: "shoot"}, consent.ImportedBody{Kind: consent.Video})
	s.people("film", 2)
	s.decided("ola", "*:*", noon, nil)
	s.decided("kari", "", noon, nil)
	return s
}

func (s *story) appearance(kind consent.EventType, subject consent.SubjectID, from, to float64) *consent.Received {
	return s.add(consent.Envelope{Type: kind, Asset: "film", Subject: subject}, consent.AppearanceBody{From: from, To: to})
}

func TestACutNeedsOnlyThePeopleInIt(t *testing.T) {
	s := film(t)
	s.appearance(consent.AssetAppearance, "ola", 0, 0)
	s.appearance(consent.AssetAppearance, "kari", 10, 20)
	s.appearance(consent.AssetAppearance, "kari", 40, 50)
	for _, c := range []struct {
		cut  consent.Span
		want consent.Verdict
	}{
		{consent.Span{}, consent.No},
		{consent.Span{From: 0, To: 9.9}, consent.Yes},
		{consent.Span{From: 0, To: 10}, consent.No}, // the moment in which she comes in
		{consent.Span{From: 12, To: 13}, consent.No},
		{consent.Span{From: 21, To: 39}, consent.Yes},
		{consent.Span{From: 21, To: 60}, consent.No},
		{consent.Span{From: 51, To: 60}, consent.Yes},
	} {
		if got := s.state().ClearPart("film", "web", c.cut, noon.Add(time.Hour)); got.Verdict != c.want {
			t.Errorf("%v is %s, want %s", c.cut, got.Verdict, c.want)
		}
	}
}

func TestSomebodyUnidentifiedAnywhereHoldsUpEveryCut(t *testing.T) {
	s := film(t)
	s.appearance(consent.AssetAppearance, "ola", 0, 5)
	if c := s.state().ClearPart("film", "web", consent.Span{From: 1, To: 2}, noon.Add(time.Hour)); c.Verdict != consent.NotYet || c.Reasons[0].Kind != consent.ReasonUnidentified {
		t.Errorf("one of two people is known: %+v", c)
	}
}

func TestRemovingARangeLeavesTheOthersAndRemovingTheWholeLeavesNone(t *testing.T) {
	s := film(t)
	spans := func(want int) {
		t.Helper()
		if a, _ := s.state().Asset("film"); len(a.Appearances) != want {
			t.Errorf("appears in %+v, want %d", a.Appearances, want)
		}
	}
	s.appearance(consent.AssetAppearance, "ola", 1, 2)
	s.appearance(consent.AssetAppearance, "ola", 3, 4)
	s.appearance(consent.AssetAppearance, "ola", 0, 0)
	spans(3)
	s.appearance(consent.AssetAppearanceRemoved, "ola", 3, 4)
	spans(2)
	s.appearance(consent.AssetAppearanceRemoved, "ola", 3, 5) // never linked so
	spans(2)
	s.appearance(consent.AssetAppearanceRemoved, "ola", 0, 0)
	spans(0)
	s.appearance(consent.AssetAppearance, "ola", 3, 4)
	spans(1)
}

func TestARemovalWinsTheMomentAlsoOfAPart(t *testing.T) {
	s := film(t)
	s.appearance(consent.AssetAppearance, "ola", 1, 2).At = noon
	s.appearance(consent.AssetAppearanceRemoved, "ola", 1, 2).At = noon
	s.appearance(consent.AssetAppearance, "kari", 1, 2).At = noon
	s.appearance(consent.AssetAppearanceRemoved, "kari", 0, 0).At = noon
	if a, _ := s.state().Asset("film"); len(a.Appearances) != 0 {
		t.Errorf("still appear: %+v", a.Appearances)
	}
}

func TestAnImpossibleRangeIsTheWholeAndRemovesNothing(t *testing.T) {
	s := film(t)
	s.appearance(consent.AssetAppearance, "ola", 5, 2)
	s.appearance(consent.AssetAppearanceRemoved, "ola", 5, 2)
	s.add(consent.Envelope{Type: consent.AssetAppearanceRemoved, Asset: "film", Subject: "ola"}, "nonsense")
	s.add(consent.Envelope{Type: consent.AssetAppearance, Asset: "film", Subject: "kari"}, "nonsense")
	if a, _ := s.state().Asset("film"); len(a.Appearances) != 2 || !a.Appearances[0].Whole() || !a.Appearances[1].Whole() {
		t.Errorf("appear in %+v, want both in the whole", a.Appearances)
	}
}

func TestARejectionCountsOnlyWhereThePersonIs(t *testing.T) {
	s := film(t)
	s.appearance(consent.AssetAppearance, "ola", 1, 2)
	s.appearance(consent.AssetAppearance, "kari", 3, 4)
	s.add(consent.Envelope{Type: consent.AssetGround, Asset: "film"}, consent.GroundBody{Ground: consent.GroundSection104C, Why: "hash"})
	s.add(consent.Envelope{Type: consent.AssetRejected, Asset: "film", Subject: "kari"}, consent.RejectedBody{})
	if c := s.state().Clear("film", "web", noon); c.Verdict != consent.No || c.Reasons[0].Kind != consent.ReasonObjection {
		t.Errorf("the whole: %+v", c)
	}
	if c := s.state().ClearPart("film", "web", consent.Span{From: 1, To: 2}, noon); c.Verdict != consent.Yes {
		t.Errorf("a cut without her: %+v", c)
	}
}

package consent_test

import (
	"slices"
	"testing"
	"time"

	"samtykke/app/consent"
)

// What is unreadable, impossible or unheard of counts as the most restrictive thing it can be (design §3.6).

func TestADecisionThatCannotBeReadMakesEarlierYesesWait(t *testing.T) {
	for _, body := range []any{[]int{1}, "text", nil, struct{}{}, map[string]any{"answers": map[string]string{"not a scope": "yes"}}} {
		s := newStory(t)
		s.decided("ola", "web:photo", noon, nil)
		s.add(consent.Envelope{Type: consent.ConsentDecided, Subject: "ola", At: noon.Add(time.Minute)}, body)
		wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusUnderReview)
		wantStatus(t, s, "print:photo", noon.Add(time.Hour), consent.StatusRefused)
		s.decided("ola", "web:photo", noon.Add(2*time.Minute), nil)
		wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
		if entries := s.state().History("ola"); len(entries) != 2 {
			t.Errorf("%v: the history has %d entries, want the two that can be read", body, len(entries))
		}
	}
}

func TestAWithdrawalOfAnUnknownScopeLeavesTheOthers(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	s.withdrawn("ola", noon.Add(time.Minute), consent.Scope{Channel: "radio", Media: consent.Photo})
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
	wantStatus(t, s, "radio:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
}

func TestAWithdrawalWithAStarReachesEverythingItMayMean(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "*:*", noon, nil)
	s.withdrawn("ola", noon.Add(time.Minute), consent.Scope{Channel: "web", Media: "*"})
	wantStatus(t, s, "web:video", noon.Add(time.Hour), consent.StatusWithdrawn)
	wantStatus(t, s, "print:video", noon.Add(time.Hour), consent.StatusGiven)
}

func TestAYesToAScopeThatTheFormLacksIsNone(t *testing.T) {
	s := newStory(t)
	radio := consent.Scope{Channel: "radio", Media: consent.Photo}
	s.decided("ola", "web:photo", noon, func(b *consent.DecidedBody) { b.Answers[radio] = consent.DecisionYes })
	wantStatus(t, s, "radio:photo", noon.Add(time.Hour), consent.StatusUnanswered)
	s.decided("ola", "web:photo", noon.Add(time.Second), func(b *consent.DecidedBody) { b.Answers[radio] = consent.DecisionYes })
	wantStatus(t, s, "radio:photo", noon.Add(time.Hour), consent.StatusUnanswered)
	s.decided("ola", "web:photo", noon.Add(time.Minute), func(b *consent.DecidedBody) { b.Answers[radio] = consent.DecisionNo })
	wantStatus(t, s, "radio:photo", noon.Add(time.Hour), consent.StatusRefused)
}

func TestAConsentNeverHoldsLongerThanItsFormSays(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, func(b *consent.DecidedBody) { b.Until = noon.AddDate(100, 0, 0) })
	wantStatus(t, s, "web:photo", noon.AddDate(3, 0, -1), consent.StatusGiven)
	wantStatus(t, s, "web:photo", noon.AddDate(3, 0, 5), consent.StatusExpired)
	s.guardian("kari", "g1", "internal:photo", noon, false)
	if st := standing(t, s, "kari", "internal:photo", noon.AddDate(1, 0, 5)); st.Status != consent.StatusExpired {
		t.Errorf("a child's consent is %s after more than the form's year", st.Status)
	}
}

func TestAConsentThatEndsBeforeItBeginsIsExpired(t *testing.T) {
	s := newStory(t)
	for _, until := range []time.Time{{}, noon.Add(-time.Hour), noon} {
		s.decided("ola", "web:photo", noon, func(b *consent.DecidedBody) { b.Until = until })
		wantStatus(t, s, "web:photo", noon.Add(time.Second), consent.StatusExpired)
	}
}

func TestTwoRecordsOfTheSameMomentWhicheverArrivesFirst(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	s.decided("ola", "web:photo,print:photo", noon, nil)
	for _, events := range [][]consent.Received{s.events, {s.events[1], s.events[0]}} {
		state := s.fold(events)
		if st := state.Standing("ola", consent.Scope{Channel: "print", Media: consent.Photo}, noon); st.Status != consent.StatusRefused {
			t.Errorf("print is %s, want the no", st.Status)
		}
		if st := state.Standing("ola", webPhoto(), noon); st.Status != consent.StatusGiven || st.Record != "event-0001" {
			t.Errorf("web is %s by %s, want given by the greater id", st.Status, st.Record)
		}
	}
}

func TestACountThatMakesNoSenseIsNoAnswer(t *testing.T) {
	for _, body := range []any{consent.PeopleBody{Count: -1}, consent.PeopleBody{Count: -2}, struct{}{}, nil, []int{0}, map[string]any{"count": "none"}} {
		s := newStory(t)
		s.imported("a")
		s.people("a", 0)
		s.add(consent.Envelope{Type: consent.AssetPeople, Asset: "a"}, body)
		if c := s.state().Clear("a", "web", noon.Add(time.Hour)); c.Verdict != consent.NotYet || c.Reasons[0].Kind != consent.ReasonPeopleUnanswered {
			t.Errorf("%v clears: %+v", body, c)
		}
	}
}

func TestOfTwoCountsOfTheSameMomentTheGreaterHolds(t *testing.T) {
	s := newStory(t)
	s.imported("a")
	for _, n := range []int{2, 1} {
		s.add(consent.Envelope{Type: consent.AssetPeople, Asset: "a", At: noon}, consent.PeopleBody{Count: n})
	}
	if a, _ := s.state().Asset("a"); a.PeopleCount != 2 {
		t.Errorf("%d people", a.PeopleCount)
	}
}

func TestAGroundWithoutJustificationCarriesNothing(t *testing.T) {
	for _, body := range []any{consent.GroundBody{Ground: consent.GroundSection104A}, consent.GroundBody{Ground: "whim", Why: "hash"}, struct{}{}, []int{1}} {
		s := newStory(t)
		s.imported("a")
		s.add(consent.Envelope{Type: consent.AssetGround, Asset: "a"}, consent.GroundBody{Ground: consent.GroundSection104C, Why: "hash"})
		if c := s.state().Clear("a", "web", noon.Add(time.Hour)); c.Verdict != consent.Yes {
			t.Fatalf("a justified ground gives %+v", c)
		}
		s.add(consent.Envelope{Type: consent.AssetGround, Asset: "a"}, body)
		if c := s.state().Clear("a", "web", noon.Add(time.Hour)); c.Verdict != consent.NotYet {
			t.Errorf("%v clears: %+v", body, c)
		}
	}
}

func TestSomebodyLinkedBeforeTheImportArrivesAppears(t *testing.T) {
	s := newStory(t)
	s.appears("ola", "a")
	s.people("a", 1)
	if c := s.state().Clear("a", "web", noon); c.Verdict != consent.NotYet || c.Reasons[0].Kind != consent.ReasonUnknownAsset {
		t.Errorf("an asset that was never imported: %+v", c)
	}
	s.imported("a")
	if c := s.state().Clear("a", "web", noon); c.Verdict != consent.NotYet || c.Reasons[0].Subject != "ola" {
		t.Errorf("somebody who appears and never answered: %+v", c)
	}
}

func TestUnknownTypesChangeNothing(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	before := picture(s.state(), s.form, noon)
	s.add(consent.Envelope{Type: "subject.moved", Subject: "ola", Asset: "a"}, []int{1})
	state := s.state()
	if picture(state, s.form, noon) != before {
		t.Error("an event of a type that is not known changed the state")
	}
	if !state.Knows(s.events[1].ID) {
		t.Error("it was forgotten")
	}
}

func TestAnErasedPersonsPictureIsNotUsedOnAnyGround(t *testing.T) {
	s := newStory(t)
	s.imported("a")
	s.appears("ola", "a")
	s.people("a", 1)
	s.decided("ola", "*:*", noon, nil)
	s.add(consent.Envelope{Type: consent.SubjectErased, Subject: "ola"}, consent.ErasedBody{})
	for range 2 {
		if c := s.state().Clear("a", "web", noon.Add(time.Hour)); c.Verdict != consent.No || c.Reasons[0].Kind != consent.ReasonErased {
			t.Errorf("it clears: %+v", c)
		}
		s.add(consent.Envelope{Type: consent.AssetGround, Asset: "a"}, consent.GroundBody{Ground: consent.GroundSection104C, Why: "hash"})
	}
}

func TestSomebodyToAvoidIsAvoidedUnderEveryRegistration(t *testing.T) {
	for _, avoided := range []consent.SubjectID{"ola", "ola-again"} {
		s := newStory(t)
		s.imported("a")
		s.people("a", 1)
		s.appears(map[consent.SubjectID]consent.SubjectID{"ola": "ola-again", "ola-again": "ola"}[avoided], "a")
		s.decided("ola", "*:*", noon, nil)
		s.decided("ola-again", "*:*", noon, nil)
		s.add(consent.Envelope{Type: consent.SubjectAvoid, Subject: avoided}, consent.AvoidBody{Avoid: true})
		for _, undo := range []bool{false, true} {
			s.merged("ola-again", "ola", undo, nil)
			want := map[bool]consent.Verdict{false: consent.No, true: consent.Yes}[undo]
			if c := s.state().Clear("a", "web", noon.Add(time.Hour)); c.Verdict != want {
				t.Errorf("%s is to be avoided, undone %v: %+v", avoided, undo, c)
			}
		}
	}
}

// Whatever arrives, the fold goes on, and takes it the same way twice.
func FuzzApply(f *testing.F) {
	for _, kind := range []consent.EventType{consent.ConsentDecided, consent.ConsentWithdrawn, consent.AssetPeople, consent.AssetGround, consent.AssetAppearance,
		consent.AssetAppearanceRemoved, consent.SubjectMerged, consent.SubjectAvoid, consent.DeliveryMade, consent.PolicyChanged, consent.AssetImported, "unheard.of"} {
		for _, body := range []string{`{}`, `null`, `[]`, `{"count":9223372036854775807}`, `{"from":1e308,"to":-1}`, `{"into":"ola","guardians":{"a":"a","b":""}}`,
			`{"answers":{"web:photo":"maybe"},"until":"9999-12-31T23:59:59Z"}`, `{"scopes":["*:*"]}`, `{"ground":"","why":"x"}`, `{"reask_days":-1}`, `{`} {
			f.Add(string(kind), []byte(body))
		}
	}
	s := newStory(f)
	s.imported("a")
	s.appears("ola", "a")
	s.people("a", 1)
	s.decided("ola", "web:photo", noon, nil)
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		event := consent.Received{Envelope: consent.Envelope{V: 1, ID: "fuzzed", Type: consent.EventType(kind), Subject: "ola", Asset: "a", At: noon.Add(time.Minute), Body: body}}
		first, last := s.fold(append([]consent.Received{event}, s.events...)), s.fold(append(slices.Clone(s.events), event))
		if a, b := picture(first, s.form, noon.Add(time.Hour)), picture(last, s.form, noon.Add(time.Hour)); a != b {
			t.Errorf("%s %s\nfirst %s\nlast  %s", kind, body, a, b)
		}
		if last.Clear("a", "print", noon.Add(time.Hour)).Verdict == consent.Yes && !opensPrint(event) {
			t.Errorf("%s %s cleared what was refused", kind, body)
		}
	})
}

// opensPrint tells whether an event can turn the refusal in FuzzApply into a yes: another answer, ground or nobody appearing.
func opensPrint(e consent.Received) bool {
	switch e.Type {
	case consent.ConsentDecided, consent.AssetGround, consent.AssetAppearanceRemoved, consent.AssetPeople, consent.AssetImported, consent.SubjectMerged:
		return true
	}
	return false
}

package consent_test

import (
	"slices"
	"testing"
	"time"

	"samtykke/app/consent"
)

func standing(t *testing.T, s *story, subject consent.SubjectID, scope string, now time.Time) consent.Standing {
	t.Helper()
	var parsed consent.Scope
	if err := parsed.UnmarshalText([]byte(scope)); err != nil {
		t.Fatal(err)
	}
	return s.state().Standing(subject, parsed, now)
}

func wantStatus(t *testing.T, s *story, scope string, now time.Time, want consent.Status) {
	t.Helper()
	if got := standing(t, s, "ola", scope, now); got.Status != want {
		t.Errorf("%s is %s, want %s (%+v)", scope, got.Status, want, got)
	}
}

func TestNobodyAskedIsUnanswered(t *testing.T) {
	s := newStory(t)
	s.add(consent.Envelope{Type: consent.SubjectRegistered, Subject: "ola"}, consent.SubjectBody{Code: "K7Q2-M9XD"})
	wantStatus(t, s, "web:photo", noon, consent.StatusUnanswered)
}

func TestAdultsLatestWordStands(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:*", noon, nil)
	wantStatus(t, s, "web:photo", noon, consent.StatusGiven)
	wantStatus(t, s, "print:photo", noon, consent.StatusRefused)
	s.decided("ola", "print:photo", noon.Add(time.Hour), nil)
	wantStatus(t, s, "web:photo", noon.Add(2*time.Hour), consent.StatusRefused)
	wantStatus(t, s, "print:photo", noon.Add(2*time.Hour), consent.StatusGiven)
}

func TestNoWinsAgainstYesOfTheSameMoment(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	s.decided("ola", "print:photo", noon, nil)
	wantStatus(t, s, "web:photo", noon, consent.StatusRefused)
	wantStatus(t, s, "print:photo", noon, consent.StatusRefused)
}

func TestWithdrawalBeatsLaterArrivingConsent(t *testing.T) {
	s := newStory(t)
	s.withdrawn("ola", noon)
	s.decided("ola", "web:photo", noon.Add(-time.Minute), nil) // signed before, arrives after
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
}

func TestWithdrawalBeatsConsentOfTheSameMoment(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	s.withdrawn("ola", noon)
	wantStatus(t, s, "web:photo", noon, consent.StatusWithdrawn)
}

func TestLaterYesReopensWhatWasWithdrawn(t *testing.T) {
	s := newStory(t)
	s.withdrawn("ola", noon)
	s.decided("ola", "web:photo", noon.Add(time.Second), nil)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestWithdrawalOfOneScopeLeavesTheOthers(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo,print:photo", noon, nil)
	s.withdrawn("ola", noon.Add(time.Minute), webPhoto())
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
	wantStatus(t, s, "print:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestWithdrawalThatCannotBeReadWithdrawsEverything(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	s.add(consent.Envelope{Type: consent.ConsentWithdrawn, Subject: "ola", At: noon.Add(time.Minute)}, "nonsense")
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
}

func TestConsentExpires(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, func(b *consent.DecidedBody) { b.Until = noon.Add(time.Hour) })
	wantStatus(t, s, "web:photo", noon.Add(time.Hour-time.Second), consent.StatusGiven)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusExpired)
}

func TestClockAheadOfTheLibraryMakesYesWaitAndWithdrawalHold(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon.Add(time.Hour), nil).ReceivedAt = noon
	wantStatus(t, s, "web:photo", noon.Add(2*time.Hour), consent.StatusUnderReview)
	wantStatus(t, s, "print:photo", noon.Add(2*time.Hour), consent.StatusRefused)
	s.decided("ola", "web:photo", noon.Add(time.Second), nil).ReceivedAt = noon.Add(time.Second)
	wantStatus(t, s, "web:photo", noon.Add(2*time.Hour), consent.StatusGiven) // asked again under a good clock
	s.withdrawn("ola", noon.Add(24*time.Hour)).ReceivedAt = noon.Add(time.Minute)
	wantStatus(t, s, "web:photo", noon.Add(2*time.Hour), consent.StatusWithdrawn)
}

func TestClockWithinTheToleranceIsTrusted(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon.Add(consent.ClockTolerance), nil).ReceivedAt = noon
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestUnknownFormWaitsForReview(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, func(b *consent.DecidedBody) { b.Form = "another" })
	wantStatus(t, s, "web:photo", noon, consent.StatusUnderReview)
}

func TestChildNeedsAsManyGuardiansAsTheFormAsks(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "*:photo", noon, false)
	wantStatus(t, s, "internal:photo", noon, consent.StatusGiven) // one is enough
	wantStatus(t, s, "web:photo", noon, consent.StatusAwaitingGuardian)
	if st := standing(t, s, "ola", "web:photo", noon); st.GuardiansMissing != 1 {
		t.Errorf("%d guardians missing, want 1", st.GuardiansMissing)
	}
	s.guardian("ola", "g1", "*:photo", noon.Add(time.Second), false) // the same guardian again is still one
	wantStatus(t, s, "web:photo", noon, consent.StatusAwaitingGuardian)
	s.guardian("ola", "g2", "*:photo", noon.Add(time.Minute), false)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestSoleGuardianIsEnough(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "*:photo", noon, true)
	wantStatus(t, s, "web:photo", noon, consent.StatusGiven)
}

func TestOneGuardiansNoWins(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "internal:photo", noon, false)
	s.guardian("ola", "g2", "print:photo", noon.Add(-time.Hour), false)
	wantStatus(t, s, "internal:photo", noon, consent.StatusRefused)
	wantStatus(t, s, "print:photo", noon, consent.StatusRefused)
}

func TestAGuardiansNoOutlastsAnothersWithdrawalAndNewYes(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "print:photo", noon, false) // no to internal
	s.guardian("ola", "g2", "internal:photo", noon.Add(time.Second), false)
	s.withdrawn("ola", noon.Add(time.Minute))
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
	s.guardian("ola", "g2", "internal:photo", noon.Add(2*time.Minute), false)
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusRefused)
	s.guardian("ola", "g1", "internal:photo", noon.Add(3*time.Minute), false)
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestChildsOwnNoWinsFromTheSetAge(t *testing.T) {
	s := newStory(t)
	s.child("ola", "print:photo", noon, false)
	s.guardian("ola", "g1", "internal:photo,print:photo", noon.Add(time.Second), false)
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusGiven) // heard, too young to refuse
	s.child("ola", "print:photo", noon.Add(time.Minute), true)
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusRefused)
	wantStatus(t, s, "print:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestChildsYesAloneIsNotEnough(t *testing.T) {
	s := newStory(t)
	s.child("ola", "*:*", noon, true)
	wantStatus(t, s, "internal:photo", noon, consent.StatusAwaitingGuardian)
}

func TestOfAgeTheOwnWordReplacesTheGuardians(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "*:*", noon, true)
	s.decided("ola", "print:photo", noon.Add(time.Hour), nil)
	wantStatus(t, s, "web:photo", noon.Add(2*time.Hour), consent.StatusRefused)
	wantStatus(t, s, "print:photo", noon.Add(2*time.Hour), consent.StatusGiven)
}

func TestErasureEndsEveryConsent(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "*:*", noon, nil)
	s.add(consent.Envelope{Type: consent.SubjectErased, Subject: "ola", At: noon.Add(time.Minute)}, struct{}{})
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
}

func TestClearanceGivesTheFirstReasonThatApplies(t *testing.T) {
	const asset = "asset-one-0000"
	s := newStory(t)
	s.add(consent.Envelope{Type: consent.SubjectRegistered, Subject: "ola"}, consent.SubjectBody{Code: "K7Q2-M9XD"})
	clear := func(channel consent.Channel, verdict consent.Verdict, kind consent.ReasonKind) {
		t.Helper()
		c := s.state().Clear(asset, channel, noon.Add(time.Hour))
		if c.Verdict != verdict || len(c.Reasons) == 0 || c.Reasons[0].Kind != kind {
			t.Errorf("%s: %s %+v, want %s because %s", channel, c.Verdict, c.Reasons, verdict, kind)
		}
	}
	clear("web", consent.NotYet, consent.ReasonUnknownAsset)
	s.imported(asset)
	clear("web", consent.NotYet, consent.ReasonPeopleUnanswered)
	s.people(asset, 0)
	clear("web", consent.Yes, consent.ReasonNobody)
	s.people(asset, 2)
	s.appears("ola", asset)
	clear("web", consent.NotYet, consent.ReasonUnidentified)
	s.people(asset, 1)
	clear("web", consent.NotYet, consent.ReasonKind(consent.StatusUnanswered))
	s.decided("ola", "web:photo", noon.Add(time.Minute), nil)
	clear("web", consent.Yes, consent.ReasonKind(consent.StatusGiven))
	clear("print", consent.No, consent.ReasonKind(consent.StatusRefused))
	s.add(consent.Envelope{Type: consent.AssetRejected, Asset: asset, Subject: "ola"}, struct{}{})
	clear("web", consent.No, consent.ReasonRejected)
	s.add(consent.Envelope{Type: consent.AssetGround, Asset: asset}, consent.GroundBody{Ground: consent.GroundSection104A, Why: "hash"})
	clear("web", consent.No, consent.ReasonObjection)
	s.add(consent.Envelope{Type: consent.AssetApproved, Asset: asset, Subject: "ola"}, struct{}{})
	clear("print", consent.Yes, consent.ReasonGround)
	s.add(consent.Envelope{Type: consent.AssetRemoved, Asset: asset}, struct{}{})
	clear("web", consent.No, consent.ReasonRemoved)
}

func TestSomebodyRegisteredTwiceIsOnePersonOnAPicture(t *testing.T) {
	const asset = "asset-one-0000"
	s := newStory(t)
	s.imported(asset)
	s.appears("ola", asset)
	s.appears("ola-again", asset)
	s.people(asset, 2)
	s.decided("ola", "web:photo", noon.Add(time.Minute), nil)
	s.add(consent.Envelope{Type: consent.SubjectMerged, Subject: "ola-again"}, consent.MergedBody{Into: "ola"})
	if c := s.state().Clear(asset, "web", noon.Add(time.Hour)); c.Verdict != consent.NotYet || c.Reasons[0].Count != 1 {
		t.Errorf("two people counted, one known: %+v", c)
	}
	s.people(asset, 1)
	if c := s.state().Clear(asset, "web", noon.Add(time.Hour)); c.Verdict != consent.Yes {
		t.Errorf("one person who said yes: %+v", c)
	}
}

func TestRemovedAppearanceOfTheSameMomentWins(t *testing.T) {
	const asset = "asset-one-0000"
	s := newStory(t)
	s.imported(asset)
	for _, kind := range []consent.EventType{consent.AssetAppearance, consent.AssetAppearanceRemoved} {
		s.add(consent.Envelope{Type: kind, Asset: asset, Subject: "ola", At: noon}, consent.AppearanceBody{})
	}
	if a, _ := s.state().Asset(asset); len(a.Appearances) != 0 {
		t.Errorf("still appears: %+v", a.Appearances)
	}
}

// GDPR art. 17: after an erasure nobody is left who could be asked what a consent that arrives later was worth.
func TestNoConsentReopensWhatAnErasureClosed(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	s.add(consent.Envelope{Type: consent.SubjectErased, Subject: "ola", At: noon.Add(time.Hour)}, consent.ErasedBody{Reason: consent.ErasedOnRequest})
	s.decided("ola", "web:photo", noon.Add(2*time.Hour), nil) // on a laptop that had not heard of it
	wantStatus(t, s, "web:photo", noon.Add(3*time.Hour), consent.StatusWithdrawn)
	wantStatus(t, s, "print:photo", noon.Add(3*time.Hour), consent.StatusWithdrawn)
}

func TestCompanionsOfAllImportsBelongToTheAsset(t *testing.T) {
	raw, sidecar := consent.Companion{SHA256: "aa", Size: 3, MIME: "image/x-nikon-nef"}, consent.Companion{SHA256: "bb", Size: 1, MIME: "application/rdf+xml"}
	for _, order := range [][]consent.Companion{{raw, sidecar}, {sidecar, raw}} {
		s := newStory(t)
		for _, c := range order {
			s.add(consent.Envelope{Type: consent.AssetImported, Asset: "picture", Shoot: "shoot"},
				consent.ImportedBody{Kind: consent.Photo, Companions: []consent.Companion{c, c}})
		}
		if a, _ := s.state().Asset("picture"); !slices.Equal(a.Companions, []consent.Companion{raw, sidecar}) {
			t.Errorf("companions %v", a.Companions)
		}
	}
}

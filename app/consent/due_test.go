package consent_test

import (
	"testing"
	"time"

	"samtykke/app/consent"
)

// dueAt lists the reasons to ask somebody again at a time, two months ahead.
func dueAt(s *consent.State, now time.Time, ofAge ...consent.SubjectID) map[consent.DueReason]consent.Due {
	due := map[consent.DueReason]consent.Due{}
	for _, d := range s.Due(consent.Asking{Now: now, Within: 60 * 24 * time.Hour, OfAge: func(id consent.SubjectID) bool {
		return len(ofAge) > 0 && ofAge[0] == id
	}}) {
		due[d.Reason] = d
	}
	return due
}

func wantDue(t *testing.T, due map[consent.DueReason]consent.Due, want ...consent.DueReason) {
	t.Helper()
	for _, reason := range want {
		if _, found := due[reason]; !found {
			t.Errorf("not due because %s: %+v", reason, due)
		}
	}
	if len(due) != len(want) {
		t.Errorf("due %+v, want %v", due, want)
	}
}

func TestConsentIsDueWhenItEndsSoonAndWhenItHasEnded(t *testing.T) {
	s := newStory(t)
	until := noon.AddDate(1, 0, 0)
	s.decided("ola", "web:photo,print:photo", noon, func(b *consent.DecidedBody) { b.Until = until })
	wantDue(t, dueAt(s.state(), until.AddDate(0, 0, -61)))
	due := dueAt(s.state(), until.AddDate(0, 0, -60))
	wantDue(t, due, consent.DueExpiring)
	if d := due[consent.DueExpiring]; len(d.Scopes) != 2 || !d.Until.Equal(until) {
		t.Errorf("got %+v", d)
	}
	wantDue(t, dueAt(s.state(), until), consent.DueExpired)
	s.decided("ola", "web:photo,print:photo", until.Add(time.Hour), func(b *consent.DecidedBody) { b.Until = until.AddDate(1, 0, 0) })
	wantDue(t, dueAt(s.state(), until.Add(2*time.Hour)))
}

func TestSomebodyIsDueWhoseGuardianOrAnswerIsMissing(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "web:photo", noon, false)
	wantDue(t, dueAt(s.state(), noon.Add(time.Hour)), consent.DueGuardianMissing)
	s.decided("kari", "web:photo", noon.Add(time.Hour), nil).ReceivedAt = noon
	wantDue(t, dueAt(s.state(), noon.Add(time.Hour)), consent.DueGuardianMissing, consent.DueUnderReview)
}

func TestSomebodyWhoHasComeOfAgeIsAskedThemselves(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "internal:photo", noon, true)
	wantDue(t, dueAt(s.state(), noon.Add(time.Hour)))
	wantDue(t, dueAt(s.state(), noon.Add(time.Hour), "ola"), consent.DueOfAge)
	s.decided("ola", "internal:photo", noon.Add(time.Hour), nil)
	wantDue(t, dueAt(s.state(), noon.Add(2*time.Hour), "ola"))
}

func TestAMaterialChangeOfTheFormAsksAgainAndAnotherChangeDoesNot(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon, nil)
	changed := *s.form
	publish := func(version string, material bool) consent.FormHash {
		changed.Version, changed.MaterialChange = version, material
		hash, err := changed.Hash()
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	state := s.state()
	small := changed
	state.AddForm(publish("9998.1", false), &small)
	wantDue(t, dueAt(state, noon.Add(time.Hour)))
	hash := publish("9999.1", true)
	state.AddForm(hash, &changed)
	wantDue(t, dueAt(state, noon.Add(time.Hour)), consent.DueFormChanged)
	if st := state.Standing("ola", webPhoto(), noon.Add(time.Hour)); st.Status != consent.StatusGiven {
		t.Errorf("what was said is %s until then", st.Status)
	}
	again := s.decided("ola", "web:photo", noon.Add(time.Hour), func(b *consent.DecidedBody) { b.Form = hash })
	_ = state.Apply(*again)
	wantDue(t, dueAt(state, noon.Add(2*time.Hour)))
}

func TestWhoSaidNoIsLeftAlone(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "", noon, nil)
	s.decided("kari", "*:*", noon, nil)
	s.withdrawn("kari", noon.Add(time.Minute))
	for _, who := range []consent.SubjectID{"per", "eva"} {
		s.decided(who, "*:*", noon, func(b *consent.DecidedBody) { b.Until = noon.Add(time.Hour) })
	}
	s.add(consent.Envelope{Type: consent.SubjectErased, Subject: "per"}, consent.ErasedBody{})
	s.add(consent.Envelope{Type: consent.SubjectAvoid, Subject: "eva"}, consent.AvoidBody{Avoid: true})
	wantDue(t, dueAt(s.state(), noon.AddDate(5, 0, 0)))
}

func TestThePolicySaysHowLongAheadPeopleAreAsked(t *testing.T) {
	s := newStory(t)
	days := func(want int) {
		t.Helper()
		if got := s.state().Policy().ReaskDays; got != want {
			t.Errorf("%d days, want %d", got, want)
		}
	}
	days(consent.DefaultReaskDays)
	s.add(consent.Envelope{Type: consent.PolicyChanged}, consent.PolicyBody{ReaskDays: 30})
	days(30)
	for _, body := range []any{consent.PolicyBody{ReaskDays: 366}, consent.PolicyBody{}, "soon"} {
		s.add(consent.Envelope{Type: consent.PolicyChanged}, body)
		days(30)
	}
}

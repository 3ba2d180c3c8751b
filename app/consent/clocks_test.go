package consent_test

import (
	"testing"
	"time"

	"samtykke/app/consent"
)

// on says which device signed an event, and as its how manieth.
func on(e *consent.Received, device consent.DeviceID, seq uint64) *consent.Received {
	e.Device, e.Seq = device, seq
	return e
}

func TestAWithdrawalBeatsWhatItsDeviceTookBeforeItsClockWasSetBack(t *testing.T) {
	s := newStory(t)
	on(s.decided("ola", "web:photo", noon, nil), "device-a", 1)
	on(s.withdrawn("ola", noon.Add(-time.Hour)), "device-a", 2)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
	on(s.decided("ola", "web:photo", noon.Add(time.Minute), nil), "device-a", 3)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestANoBeatsWhatItsDeviceTookBeforeItsClockWasSetBack(t *testing.T) {
	s := newStory(t)
	on(s.decided("ola", "web:photo", noon, nil), "device-a", 1)
	on(s.decided("ola", "", noon.Add(-time.Hour), nil), "device-a", 2)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusRefused)
}

func TestAnEventThatWasSignedAnewCountsByItsNewNumber(t *testing.T) {
	s := newStory(t)
	on(s.decided("ola", "web:photo", noon, nil), "device-a", 7) // came back from the library after a restore
	again := *on(s.withdrawn("ola", noon.Add(-time.Hour)), "device-a", 7)
	again.Seq = 8
	s.events = append(s.events, again)
	for _, events := range [][]consent.Received{s.events, {again, s.events[0], s.events[1]}} {
		if st := s.fold(events).Standing("ola", webPhoto(), noon.Add(time.Hour)); st.Status != consent.StatusWithdrawn {
			t.Errorf("%s after a withdrawal that was signed anew", st.Status)
		}
	}
}

func TestTheNumberOfAnotherDevicesEventSaysNothing(t *testing.T) {
	s := newStory(t)
	on(s.decided("ola", "web:photo", noon, nil), "device-a", 1)
	on(s.withdrawn("ola", noon.Add(-time.Hour)), "device-b", 2)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestAnApprovalUnderASuspectClockWaitsAndARejectionHolds(t *testing.T) {
	s := newStory(t)
	s.imported("a")
	said := func(kind consent.EventType, at time.Time) *consent.Received {
		return s.add(consent.Envelope{Type: kind, Asset: "a", Subject: "ola", At: at}, consent.RejectedBody{})
	}
	rejected := func(want bool) {
		t.Helper()
		if a, _ := s.state().Asset("a"); (len(a.Rejected) > 0) != want {
			t.Errorf("rejected by %v", a.Rejected)
		}
	}
	said(consent.AssetRejected, noon)
	said(consent.AssetApproved, noon.AddDate(1, 0, 0)).ReceivedAt = noon.Add(time.Hour)
	rejected(true)
	said(consent.AssetApproved, noon.Add(time.Minute))
	rejected(false)
	said(consent.AssetRejected, noon.AddDate(1, 0, 0)).ReceivedAt = noon.Add(time.Hour)
	rejected(true)
	said(consent.AssetApproved, noon.Add(2*time.Hour)) // the rejection counts from when the library had it, not for a year
	rejected(false)
}

func TestAMarkToAvoidWinsTheMomentAndIsNotLiftedUnderASuspectClock(t *testing.T) {
	s := newStory(t)
	for _, avoid := range []bool{true, false} {
		s.add(consent.Envelope{Type: consent.SubjectAvoid, Subject: "ola", At: noon}, consent.AvoidBody{Avoid: avoid})
	}
	s.add(consent.Envelope{Type: consent.SubjectAvoid, Subject: "ola", At: noon.AddDate(1, 0, 0)}, consent.AvoidBody{}).ReceivedAt = noon.Add(time.Hour)
	if sub, _ := s.state().Subject("ola"); !sub.Avoid {
		t.Error("no longer to be avoided")
	}
	s.add(consent.Envelope{Type: consent.SubjectAvoid, Subject: "ola", At: noon.Add(time.Minute)}, consent.AvoidBody{})
	if sub, _ := s.state().Subject("ola"); sub.Avoid {
		t.Error("still to be avoided")
	}
}

func TestAWithdrawalMadeNowCountsFromTheNewestAnswer(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon.Add(time.Hour), nil) // by a laptop that goes an hour ahead
	at := s.state().AfterAnswers("ola", noon)
	s.withdrawn("ola", at)
	wantStatus(t, s, "web:photo", noon.Add(2*time.Hour), consent.StatusWithdrawn)
	if at := s.state().AfterAnswers("ola", noon.Add(3*time.Hour)); !at.Equal(noon.Add(3 * time.Hour)) {
		t.Errorf("a withdrawal after everything counts from %s", at)
	}
}

// A laptop whose clock runs a year ahead takes a yes, and another laptop a withdrawal after it. They exchange events on a stick,
// without a library that could say what came when.
func TestAYesFromTheFutureWaitsUntilTheLibraryHasSaidWhenItCame(t *testing.T) {
	s := newStory(t)
	s.withdrawn("ola", noon)
	yes := s.decided("ola", "web:photo", noon.AddDate(1, 0, 0), nil)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusUnderReview)
	yes.ReceivedAt = noon.Add(-time.Hour)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusWithdrawn)
}

func TestAClockThatIsAFewMinutesAheadIsTrusted(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "web:photo", noon.Add(consent.ClockTolerance), nil)
	wantStatus(t, s, "web:photo", noon, consent.StatusGiven)
	wantStatus(t, s, "web:photo", noon.Add(-time.Second), consent.StatusUnderReview)
}

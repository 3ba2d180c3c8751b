package consent_test

import (
	"testing"
	"time"

	"samtykke/app/consent"
)

// merged says that somebody is the same person as another, and which of their guardians are.
func (s *story) merged(from, into consent.SubjectID, undo bool, guardians map[string]string) {
	s.add(consent.Envelope{Type: consent.SubjectMerged, Subject: from}, consent.MergedBody{Into: into, Undo: undo, Guardians: guardians})
}

func TestOneMotherWhoSignedUnderBothRegistrationsIsOneGuardian(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "mother", "*:photo", noon, false)
	s.guardian("ola-again", "mama", "*:photo", noon.Add(time.Minute), false)
	s.merged("ola-again", "ola", false, map[string]string{"mama": "mother"})
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusAwaitingGuardian)
	s.guardian("ola-again", "father", "*:photo", noon.Add(2*time.Minute), false)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestOneMothersNewestWordCountsUnderEitherName(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "mother", "print:photo", noon, false) // no to internal
	s.guardian("ola-again", "mama", "internal:photo", noon.Add(time.Minute), false)
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusRefused)
	s.merged("ola-again", "ola", false, nil)
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusRefused) // two guardians, as far as anybody said
	s.merged("ola-again", "ola", false, map[string]string{"mama": "mother"})
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestGuardiansAreTwoAgainWhenAMergeIsUndone(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "*:photo", noon, false)
	s.guardian("ola", "g2", "*:photo", noon, false)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
	s.merged("ola-again", "ola", false, map[string]string{"g2": "g1"}) // somebody took two guardians for one
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusAwaitingGuardian)
	s.merged("ola-again", "ola", true, nil)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestGuardiansAreOneThroughAChainOfMerges(t *testing.T) {
	s := newStory(t)
	s.merged("third", "second", false, map[string]string{"m3": "m2"})
	s.merged("second", "ola", false, map[string]string{"m2": "m1"})
	s.guardian("third", "m3", "*:photo", noon, false)
	s.guardian("ola", "m1", "*:photo", noon.Add(time.Minute), false)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusAwaitingGuardian)
}

func TestASecondGuardianMaySignLaterOnAnotherDevice(t *testing.T) {
	s := newStory(t)
	first := s.guardian("ola", "g1", "*:photo", noon, false)
	first.Device, first.Seq = "device-a", 1
	second := s.guardian("ola", "g2", "*:photo", noon.Add(72*time.Hour), false)
	second.Device, second.Seq = "device-b", 1
	wantStatus(t, s, "web:photo", noon.Add(73*time.Hour), consent.StatusGiven)
	if rested := s.state().Supporting("ola", webPhoto(), noon.Add(73*time.Hour)); len(rested) != 2 {
		t.Errorf("it rests on %v, want both guardians' records", rested)
	}
}

func TestAChildWhoIsOnlyHeardClosesAndOpensNothing(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "*:photo", noon, true)
	s.child("ola", "", noon.Add(time.Minute), true) // twelve, and no
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusRefused)
	s.child("ola", "", noon.Add(2*time.Minute), false) // a record that takes them for younger does not take the no back
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusRefused)
	s.child("ola", "*:photo", noon.Add(3*time.Minute), true)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
}

func TestStaffNeverConsent(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "*:*", noon, func(b *consent.DecidedBody) { b.Signer.Role = consent.RoleStaff })
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusUnderReview)
}

func TestAGuardianHasNoSayForAnAdult(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "g1", "*:*", noon, true)
	s.decided("kari", "*:*", noon, func(b *consent.DecidedBody) {
		b.Signer, b.SoleGuardian = consent.Signer{Role: consent.RoleGuardian, Guardian: "g1"}, true
	})
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusGiven)
	if st := standing(t, s, "kari", "web:photo", noon.Add(time.Hour)); st.Status != consent.StatusUnderReview {
		t.Errorf("a guardian's yes for somebody of age is %s", st.Status)
	}
}

func TestAGuardianWithoutAPseudonymCountsForNobody(t *testing.T) {
	s := newStory(t)
	s.guardian("ola", "", "*:photo", noon, true)
	wantStatus(t, s, "web:photo", noon.Add(time.Hour), consent.StatusUnderReview)
}

func TestAMinorsOwnYesIsNeverEnough(t *testing.T) {
	s := newStory(t)
	s.decided("ola", "*:*", noon, func(b *consent.DecidedBody) { b.Minor, b.MayRefuse, b.SoleGuardian = true, true, true })
	wantStatus(t, s, "internal:photo", noon.Add(time.Hour), consent.StatusAwaitingGuardian)
}

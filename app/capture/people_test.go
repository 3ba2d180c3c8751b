package capture_test

import (
	"slices"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

func TestOneGuardianIsNotNamedTwice(t *testing.T) {
	b := mustBench(t)
	_, err := b.Register(b.ctx, capture.Registration{Shoot: b.shoot, Name: "Kari", Guardians: []consent.Guardian{{Name: "Åse Nordmann"}, {Name: "aase  nordmann", Phone: "41234567"}}})
	wantProblem(t, err, "guardian-twice")
	if p := b.person(capture.Registration{Name: "Kari", Guardians: []consent.Guardian{{Name: "Åse Nordmann"}, {Name: "Per Nordmann"}}}); len(p.Profile.Guardians) != 2 {
		t.Errorf("guardians without phone or e-mail: %+v", p.Profile.Guardians)
	}
}

// What a guardian signed stays theirs when the name was wrong, but nobody else gets it who shares the household's phone.
func TestAGuardianWhoseNameWasCorrectedStaysWhoTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		after consent.Guardian
		same  bool
	}{
		"married":          {consent.Guardian{Name: "Anne Hansen", Phone: "412 34 567"}, true},
		"misspelled":       {consent.Guardian{Name: "Ane Nordmann", Email: "ANNE@example.no"}, true},
		"other spelling":   {consent.Guardian{Name: "ANNE  NORDMANN"}, true},
		"the other parent": {consent.Guardian{Name: "Arne Nordmann", Phone: "41234567", Email: "anne@example.no"}, false},
		"another phone":    {consent.Guardian{Name: "Anne Hansen", Phone: "91234567"}, false},
	} {
		b := mustBench(t)
		kari := b.person(capture.Registration{Name: "Kari", Born: "2016", Guardians: []consent.Guardian{{Name: "Anne Nordmann", Phone: "41234567", Email: "anne@example.no"}}})
		guardians := []consent.Guardian{{Name: "Per Nordmann", Phone: "41234567"}, c.after}
		amended, err := b.Amend(b.ctx, kari.ID, capture.Amendment{Guardians: &guardians})
		if err != nil {
			t.Fatal(err)
		}
		if same := amended.Profile.Guardians[1].ID == kari.Profile.Guardians[0].ID; same != c.same {
			t.Errorf("%s: the same guardian is %t, want %t", name, same, c.same)
		}
		if amended.Profile.Guardians[0].ID == kari.Profile.Guardians[0].ID {
			t.Errorf("%s: the father has the mother's pseudonym", name)
		}
	}
}

// GDPR art. 16: a correction leaves a trace that says when, and nothing of what was there.
func TestCorrectionsLeaveATrace(t *testing.T) {
	b := mustBench(t)
	ola, other := b.person(capture.Registration{Name: "Ola"}), b.person(capture.Registration{Name: "Ola N"})
	phone, avoid := "41234567", true
	if _, err := b.Amend(b.ctx, ola.ID, capture.Amendment{Phone: &phone, Avoid: &avoid}); err != nil {
		t.Fatal(err)
	}
	b.merge(other, ola)
	want := []consent.EventType{consent.SubjectAmended, consent.SubjectAvoid, consent.SubjectMerged, consent.SubjectAmended}
	for range 2 { // now, and after the next start
		var got []consent.EventType
		for _, c := range b.Corrections(ola.ID) {
			got = append(got, c.Type)
			if c.At.IsZero() || c.Type == consent.SubjectMerged && c.Code != other.Code {
				t.Errorf("trace %+v", c)
			}
		}
		slices.Sort(got[:2]) // one moment, in the order of their random identifiers
		slices.Sort(got[2:])
		slices.Sort(want[:2])
		slices.Sort(want[2:])
		if !slices.Equal(got, want) {
			t.Errorf("trace %v, want %v", got, want)
		}
		b.reopen()
	}
}

// A scanner types what the card says.
func TestAPersonIsKnownByWhatAScannerReadsOffTheCard(t *testing.T) {
	b := mustBench(t)
	ola := b.person(capture.Registration{Name: "Ola Nordmann"})
	for _, text := range []string{string(ola.Code), capture.CardPayload(ola.Code), " smk1:" + string(ola.Code) + " "} {
		if id, err := b.Resolve(text); id != ola.ID || err != nil {
			t.Errorf("%q: %s, %v", text, id, err)
		}
		if code, err := capture.ParseCardCode(text); code != ola.Code || err != nil {
			t.Errorf("%q: %s, %v", text, code, err)
		}
	}
}

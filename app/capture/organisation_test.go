package capture_test

import (
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

func TestCorrectedOrganisationIsWhatPeopleReadFromThenOn(t *testing.T) {
	b := mustBench(t)
	p := b.person(capture.Registration{Name: "Ola"})
	before := b.sign(p, "web:*")
	renamed := organisation
	renamed.Name, renamed.DPO = "Eksempel og Omegn kommune", "personvern@eksempel.example"
	done, err := b.ChangeOrganisation(b.ctx, renamed)
	if err != nil || len(done.Published) != 1 || len(done.Behind) != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	if f := done.Published[0]; f.Form.Version != "2026.1.1" || !f.Current || f.Form.Organisation != renamed ||
		!strings.Contains(f.Form.Texts["nb"].Purpose, renamed.Name) || f.Form.MaterialChange {
		t.Errorf("published %+v", f.Form)
	}
	after := b.sign(p, "web:*")
	b.reopen()
	if b.Organisation() != renamed {
		t.Errorf("after opening again the organisation is %+v", b.Organisation())
	}
	for record, name := range map[consent.RecordID]string{before.Record: organisation.Name, after.Record: renamed.Name} {
		if signed, err := b.RecordForm(record); err != nil || signed.Form.Organisation.Name != name {
			t.Errorf("%s signed for %s, want %s, %v", record, signed.Form.Organisation.Name, name, err)
		}
	}
	again := renamed
	again.Name = "Eksempel kommune"
	if done, err = b.ChangeOrganisation(b.ctx, again); err != nil || len(done.Published) != 1 || done.Published[0].Form.Version != "2026.1.2" {
		t.Errorf("%+v, %v", done, err)
	}
	if done, err = b.ChangeOrganisation(b.ctx, again); err != nil || len(done.Published) != 0 {
		t.Errorf("the same again published %+v, %v", done, err)
	}
	if audit, err := b.Audit(b.ctx); err != nil || len(audit.Problems) > 0 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestNumberOfTheOrganisationStaysOnceSomebodyHasSigned(t *testing.T) {
	b := mustBench(t)
	other := organisation
	other.Number = "888888888"
	if _, err := b.ChangeOrganisation(b.ctx, other); err != nil {
		t.Fatal(err)
	}
	b.sign(b.person(capture.Registration{Name: "Ola"}), "web:*")
	if byLibrary, numberFixed := b.OrganisationFixed(); byLibrary || !numberFixed {
		t.Error("the number seems to be free still")
	}
	_, err := b.ChangeOrganisation(b.ctx, organisation)
	wantProblem(t, err, "organisation-number-signed")
	if b.Organisation() != other {
		t.Errorf("the organisation is %+v", b.Organisation())
	}
}

func TestOrganisationOfALibraryIsNotChangedHere(t *testing.T) {
	b := mustBench(t)
	b.enrolled()
	renamed := b.Organisation()
	renamed.Name = "Eksempel og Omegn kommune"
	_, err := b.ChangeOrganisation(b.ctx, renamed)
	wantProblem(t, err, "organisation-of-library")
}

func TestFormsThatSomebodyWroteAreNamedWhenTheyFallBehind(t *testing.T) {
	b := mustBench(t)
	mustPublish(b, nextVersion(t))
	renamed := organisation
	renamed.Contact = "bilder@eksempel.example"
	done, err := b.ChangeOrganisation(b.ctx, renamed)
	if err != nil || len(done.Published) != 0 || len(done.Behind) != 1 || done.Behind[0].Form.Version != "2026.2" {
		t.Errorf("%+v, %v", done, err)
	}
}

package consent_test

import (
	"testing"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

// Design §3.13. The numbers are synthetic ones, with 80 added to the month.
func TestNationalIdentityNumbersAreNeverKept(t *testing.T) {
	for text, want := range map[string]bool{
		"01819000049": true, "018190 00049": true, "elev 01819000049, 5B": true, "41819000032": true, "41234567 01819000049": true,
		"01819000048": false, "01819000059": false, "99819000049": false, "0181900004": false, "018190000490": false, "+4741234567": false, "+01819000049": false, "": false,
	} {
		if got := consent.HasNationalID(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	for _, p := range []consent.Profile{{Name: "Ola 01819000049"}, {Name: "Ola", Notes: "fnr 01819000049"}, {Name: "Ola", Group: "01819000049"},
		{Name: "Ola", Guardians: []consent.Guardian{{Name: "Kari 018190 00049"}}}} {
		if err := p.Normalise(); problem.Of(err).ID != "national-id" {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

package capture_test

import (
	"slices"
	"strings"
	"testing"

	"samtykke/app/capture"
	"samtykke/app/consent"
)

// kari is a person of many facts; a case changes some of them.
func kari(change func(*capture.Registration)) capture.Registration {
	r := capture.Registration{Name: "Kari Nordmann", Phone: "41234567", Email: "kari@example.no", Born: "2015-04-30"}
	change(&r)
	return r
}

func TestOnePersonRegisteredTwiceIsSuspected(t *testing.T) {
	mother := []consent.Guardian{{Name: "Anne Nordmann", Phone: "91234567"}}
	for what, c := range map[string]struct {
		a, b capture.Registration
		why  []capture.Likeness // none: two people
	}{
		"the same in everything":          {kari(func(*capture.Registration) {}), kari(func(*capture.Registration) {}), []capture.Likeness{"phone", "email", "birthday", "name"}},
		"names the other way round":       {capture.Registration{Name: "Nordmann, Kari"}, capture.Registration{Name: "Kari Nordmann"}, []capture.Likeness{"name"}},
		"misspelled, one phone":           {capture.Registration{Name: "Kristoffer Åsen", Phone: "41234567"}, capture.Registration{Name: "Christofer Aasen", Phone: "41234567"}, []capture.Likeness{"phone", "near-name"}},
		"first name alone, one phone":     {capture.Registration{Name: "Kari", Phone: "41234567"}, capture.Registration{Name: "Kari Nordmann", Phone: "41234567"}, []capture.Likeness{"phone", "part-name"}},
		"first name alone":                {capture.Registration{Name: "Kari"}, capture.Registration{Name: "Kari Nordmann"}, nil},
		"year and day of one birth":       {kari(func(r *capture.Registration) { r.Born, r.Phone, r.Email = "2015", "", "" }), kari(func(*capture.Registration) {}), []capture.Likeness{"year", "name"}},
		"one mother, two children":        {capture.Registration{Name: "Kari Nordmann", Phone: "41234567", Email: "anne@example.no", Guardians: mother}, capture.Registration{Name: "Ola Nordmann", Phone: "41234567", Email: "anne@example.no", Guardians: mother}, nil},
		"Anne and Arne of one family":     {capture.Registration{Name: "Anne Nordmann", Phone: "41234567"}, capture.Registration{Name: "Arne Nordmann", Phone: "41234567"}, nil},
		"one mother, one name":            {capture.Registration{Name: "Kari Nordmann", Guardians: mother}, capture.Registration{Name: "Kary Nordmann", Guardians: mother}, []capture.Likeness{"guardian", "near-name"}},
		"father and son of one name":      {capture.Registration{Name: "Ola Nordmann", Phone: "41234567", Born: "1980"}, capture.Registration{Name: "Ola Nordmann", Phone: "41234567", Born: "2015-04-30"}, nil},
		"one name, two phones":            {capture.Registration{Name: "Ola Nordmann", Phone: "41234567"}, capture.Registration{Name: "Ola Nordmann", Phone: "91234567"}, nil},
		"one name, two birthdays":         {kari(func(r *capture.Registration) { r.Phone, r.Email = "", "" }), kari(func(r *capture.Registration) { r.Phone, r.Email, r.Born = "", "", "2015-05-01" }), nil},
		"one name and year, two classes":  {capture.Registration{Name: "Ola Nordmann", Born: "2015", Group: "5A"}, capture.Registration{Name: "Ola Nordmann", Born: "2015", Group: "5B"}, nil},
		"two red jackets":                 {capture.Registration{Name: "red jacket", Avoid: true}, capture.Registration{Name: "red jacket", Avoid: true}, nil},
		"one of whom nothing fits at all": {capture.Registration{Name: "Ola Nordmann"}, capture.Registration{Name: "Ingrid Vik"}, nil},
	} {
		b := mustBench(t)
		one, two := b.person(c.a), b.person(c.b)
		for from, doubles := range map[string][]capture.Double{"all": b.Doubles(""), "the shoot": b.Doubles(b.shoot), "one": b.DoublesOf(one.ID), "the other": b.DoublesOf(two.ID)} {
			switch {
			case c.why == nil && len(doubles) > 0:
				t.Errorf("%s: of %s suspected for %v", what, from, doubles[0].Why)
			case c.why != nil && (len(doubles) != 1 || !slices.Equal(doubles[0].Why, c.why)):
				t.Errorf("%s: of %s suspected %+v, want %v", what, from, doubles, c.why)
			}
			for _, d := range doubles {
				if words := d.In("nb"); strings.Contains(words, "likeness") || words == d.In("en") {
					t.Errorf("%s: said as %q", what, words)
				}
			}
		}
	}
}

func TestWhoWasJudgedDifferentIsNotSuspectedAgain(t *testing.T) {
	b := mustBench(t)
	one, two := b.person(kari(func(*capture.Registration) {})), b.person(kari(func(*capture.Registration) {}))
	if err := b.Different(b.ctx, two.ID, one.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 { // now, and after the next start
		if len(b.Doubles("")) > 0 || len(b.DoublesOf(one.ID)) > 0 {
			t.Error("they are suspected again")
		}
		b.reopen()
	}
	wantProblem(t, b.Different(b.ctx, one.ID, one.ID), "same-person")
	wantProblem(t, b.Different(b.ctx, one.ID, "nobody"), "subject-unknown")
}

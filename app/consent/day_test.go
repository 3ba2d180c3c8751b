package consent_test

import (
	"testing"
	"time"

	"samtykke/app/consent"
)

func TestADayIsReadAsPeopleWriteIt(t *testing.T) {
	for _, text := range []string{"30.04.2015", "30.4.2015", "30/4-2015", "30-04-2015", "2015-04-30", "2015-4-30", " 30. 4. 2015 "} {
		if day, ok := consent.ReadDay(text); !ok || day.Format(time.DateOnly) != "2015-04-30" {
			t.Errorf("%q was read as %v, %v", text, day, ok)
		}
	}
	for _, text := range []string{"", "2015", "31.02.2015", "30.04.15", "04.30.2015", "30. april 2015", "30.04.2015 12345"} {
		if day, ok := consent.ReadDay(text); ok {
			t.Errorf("%q was read as %v", text, day)
		}
	}
}

func TestABirthDateIsStoredAsADayHoweverItWasWritten(t *testing.T) {
	for written, stored := range map[string]string{"30.04.2015": "2015-04-30", "2015-04-30": "2015-04-30", "2015": "2015", "": ""} {
		p := consent.Profile{Name: "Kari Nordmann", Born: written}
		if err := p.Normalise(); err != nil || p.Born != stored {
			t.Errorf("%q is stored as %q, %v", written, p.Born, err)
		}
	}
}

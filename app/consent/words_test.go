package consent_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"samtykke/app/consent"
	"samtykke/app/problem"
)

func TestCodeSurvivesHowPeopleWriteIt(t *testing.T) {
	code, err := consent.NewCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.ReplaceAll(string(code), "-", "")
	for _, written := range []string{string(code), plain, strings.ToLower(plain), plain[:3] + " " + plain[3:],
		strings.NewReplacer("1", "I", "0", "O").Replace(string(code)), strings.NewReplacer("1", "l", "0", "o").Replace(string(code))} {
		if got, err := consent.ParseCode(written); err != nil || got != code {
			t.Errorf("%q gives %q, %v; want %q", written, got, err, code)
		}
	}
}

func TestCodeFindsEveryWrongCharacterAndEverySwap(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	rapid.Check(t, func(rt *rapid.T) {
		code, err := consent.NewCode(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(rt, "random")))
		if err != nil {
			rt.Fatal(err)
		}
		plain := []byte(strings.ReplaceAll(string(code), "-", ""))
		at := rapid.IntRange(0, 7).Draw(rt, "at")
		wrong := bytes.Clone(plain)
		wrong[at] = alphabet[rapid.IntRange(0, 31).Draw(rt, "character")]
		if string(wrong) != string(plain) {
			if _, err := consent.ParseCode(string(wrong)); err == nil {
				rt.Fatalf("%s with a wrong character passes as %s", plain, wrong)
			}
		}
		swapped := bytes.Clone(plain)
		other := rapid.IntRange(0, 7).Draw(rt, "other")
		swapped[at], swapped[other] = swapped[other], swapped[at]
		if string(swapped) != string(plain) {
			if _, err := consent.ParseCode(string(swapped)); err == nil {
				rt.Fatalf("%s with two swapped characters passes as %s", plain, swapped)
			}
		}
	})
}

func TestScopesWithWildcards(t *testing.T) {
	form, _ := mustForm(t)
	for list, want := range map[string]int{"web:photo": 1, "web:*": 3, "*:photo": 8, "*:*": 24, "all": 24, "web:*,web:photo, print:video": 4, "": 0} {
		if got, err := consent.ParseScopes(list, form); err != nil || len(got) != want {
			t.Errorf("%q gives %v, %v; want %d scopes", list, got, err, want)
		}
	}
	for _, list := range []string{"radio:photo", "web:smell", "web", "web:photo:x", ":", "*:smell"} {
		if _, err := consent.ParseScopes(list, form); problem.KindOf(err) != problem.Invalid || !strings.Contains(err.Error(), "social") {
			t.Errorf("%q: %v; want a problem that names the channels", list, err)
		}
	}
}

func TestPublishedFormIsFilledAndNamedByItsHash(t *testing.T) {
	form, hash := mustForm(t)
	raw, err := form.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"{organisation}", "{number}", "{address}", "{contact}", "{dpo}", "{policy}", "Adresse: \""} {
		if bytes.Contains(raw, []byte(left)) {
			t.Errorf("the published form still holds %s", left)
		}
	}
	again, err := consent.ParseForm(raw)
	if err != nil {
		t.Fatal(err)
	}
	if h, _ := again.Hash(); h != hash {
		t.Errorf("reading a form back gives hash %s, not %s", h, hash)
	}
	again.Texts["nb"].Summary[0] += "!"
	if h, _ := again.Hash(); h == hash {
		t.Error("another text has the same hash")
	}
}

func TestFormWithAMissingTextIsRefusedByName(t *testing.T) {
	form, _ := mustForm(t)
	delete(form.Texts["nn"].Channels, "press")
	if err := form.Validate(); err == nil || !strings.Contains(err.Error(), "texts.nn.channels.press") {
		t.Errorf("got %v; want a problem that names texts.nn.channels.press", err)
	}
}

func TestAgesFromDateYearAndGuardians(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		born      string
		guardians int
		on        string
		minor     bool
	}{
		{"2008-11-22", 0, "2026-11-21", true},
		{"2008-11-22", 0, "2026-11-22", false},
		{"2008", 0, "2026-12-30", true}, // may still be 17 on the last day of the year
		{"2008", 0, "2027-01-01", false},
		{"", 0, "2026-11-22", false},
		{"", 1, "2026-11-22", true},
		{"1980", 1, "2026-11-22", false},
	} {
		p := consent.Profile{Born: c.born, Guardians: make([]consent.Guardian, c.guardians)}
		if got := p.Minor(18, day(c.on)); got != c.minor {
			t.Errorf("born %q with %d guardians on %s: minor %v, want %v", c.born, c.guardians, c.on, got, c.minor)
		}
	}
}

func TestConsentOfAChildEndsWhenTheyComeOfAge(t *testing.T) {
	form, _ := mustForm(t)
	for born, want := range map[string]time.Time{
		"2016-04-30": time.Date(2027, 11, 22, 23, 59, 59, 0, time.UTC), // the form's year for children
		"2009-05-17": time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC),      // the month they turn 18, not the day
		"2008-11-28": time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC),    // this very month: to the day
		"1980":       time.Date(2029, 11, 22, 23, 59, 59, 0, time.UTC), // the form's three years for adults
	} {
		p := consent.Profile{Born: born}
		if got := p.Until(form, noon); !got.Equal(want) {
			t.Errorf("born %s: until %s, want %s", born, got, want)
		}
	}
}

func TestProfileIsPutInOrderOrRefused(t *testing.T) {
	p := consent.Profile{Name: "  Ola   Nordmann ", Phone: "412 34 567", Email: "ola@example.no", Born: "1980"}
	if err := p.Normalise(); err != nil || p.Name != "Ola Nordmann" || p.Phone != "+4741234567" {
		t.Errorf("got %+v, %v", p, err)
	}
	for id, bad := range map[string]consent.Profile{
		"name-missing":          {Name: " "},
		"bad-phone":             {Name: "Ola", Phone: "12"},
		"bad-email":             {Name: "Ola", Email: "ola@"},
		"bad-birth-date":        {Name: "Ola", Born: "30.04.15"},
		"guardian-name-missing": {Name: "Ola", Guardians: []consent.Guardian{{Phone: "41234567"}}},
	} {
		if err := bad.Normalise(); problem.Of(err).ID != id {
			t.Errorf("%+v: %v, want %s", bad, err, id)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, seed := range []string{"K7Q2-M9XD", "k7q2m9xd", "", "OOOO-OOOO", "æøå", "K7Q2-M9XDK7Q2-M9XD"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := consent.ParseCode(text)
		if err != nil {
			return
		}
		if again, err := consent.ParseCode(string(code)); err != nil || again != code {
			t.Errorf("%q reads as %q, which reads as %q, %v", text, code, again, err)
		}
	})
}

func FuzzParseForm(f *testing.F) {
	f.Add([]byte(`{"key":"default"}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		form, err := consent.ParseForm(raw)
		if err != nil {
			return
		}
		if _, err := form.Hash(); err != nil {
			t.Errorf("a form that was accepted has no hash: %v", err)
		}
	})
}

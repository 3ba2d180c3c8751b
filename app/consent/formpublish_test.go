package consent_test

import (
	"strings"
	"testing"

	"samtykke/app/consent"
	"samtykke/assets"
)

func TestNobodyIsCalledDataProtectionOfficerWhoIsNot(t *testing.T) {
	template, err := consent.ParseForm(assets.DefaultForm())
	if err != nil {
		t.Fatal(err)
	}
	for _, officer := range []string{"", "personvernombud@eksempel.example"} {
		form, err := template.Publish(consent.Organisation{Name: "Eksempel", Number: "999999999", Contact: "post@eksempel.example", DPO: officer}, noon)
		if err != nil {
			t.Fatal(err)
		}
		for language, text := range form.Texts {
			first := text.Notice[0].Text
			if lines := strings.Count(first, "\n"); (officer != "") != (lines == 2) || strings.Contains(first, "{") || !strings.Contains(first, "post@eksempel.example") {
				t.Errorf("%s, officer %q: %q", language, officer, first)
			}
		}
	}
	form, text := *template, template.Texts["nb"]
	text.Notice = []consent.FormSection{{Heading: "Hvem?", Text: "Skriv til {contact} eller {dpo}."}} // the contact must not go
	form.Texts = map[string]consent.FormText{"nb": text}
	published, err := form.Publish(consent.Organisation{Name: "Eksempel", Number: "999999999", Contact: "post@eksempel.example"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got := published.Texts["nb"].Notice[0].Text; got != "Skriv til post@eksempel.example eller post@eksempel.example." {
		t.Errorf("%q", got)
	}
}
